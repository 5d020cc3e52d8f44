/**
 * @file A step that is left stands still until it is gone. What takes its place is rendered in slices meanwhile, and
 * a step that would follow the stores until then is rendered once more for nobody: all of it, in one task
 * (decision 023).
 */
import type { StoreApi } from "zustand/vanilla";
import type { PageStore } from "./page.ts";
import type { Workbench } from "./workbench.ts";

/**
 * The workbench as a step sees it: all stores as they are while the step is open, else as it saw them last.
 * @param isOpen — asked whenever a store changes
 */
export function whileOpen(workbench: Workbench, isOpen: () => boolean): Workbench {
  const { commands, ...stores } = workbench;
  const held = Object.entries(stores).map(([name, store]) => [
    name,
    hold<unknown>(store, workbench.page, isOpen),
  ]);
  return { commands, ...(Object.fromEntries(held) as typeof stores) };
}

function hold<S>(store: StoreApi<S>, page: PageStore, isOpen: () => boolean): StoreApi<S> {
  let seen = store.getState();
  const getState = (): S => {
    if (isOpen()) seen = store.getState();
    return seen;
  };
  return {
    ...store,
    getState,
    subscribe: (listener) => {
      let told = getState();
      const tell = (): void => {
        const [before, now] = [told, getState()];
        told = now;
        if (now !== before) listener(now, before);
      };
      // Gone back to before it was gone, the step sees at once what it has missed.
      const stops = [store.subscribe(tell), page.subscribe(tell)];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
