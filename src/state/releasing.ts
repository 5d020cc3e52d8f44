/**
 * @file Which networks the worker has to hold: those of the runs, of runs that can be had back, of the page,
 * of a training, and what is being written. A network that none of these needs any more is given back.
 */
import type { Engine, NetworkKey } from "./engine.ts";
import type { PageStore } from "./page.ts";
import type { Training } from "./training.ts";

export interface ReleasingParts {
  readonly engine: Pick<Engine, "release">;
  readonly page: PageStore;
  readonly training: Pick<Training, "store">;
  /** True while a network is being written. */
  readonly isWriting: (key: NetworkKey) => boolean;
}

/** Gives a network back to the worker unless something still needs it. */
export type Release = (key: NetworkKey) => Promise<void>;

export function createReleasing({ engine, page, training, isWriting }: ReleasingParts): Release {
  const isUsed = (key: NetworkKey): boolean => {
    const { from, outcome } = training.store.getState();
    const { runs, removed, session } = page.getState();
    return (
      [...runs, ...removed].some((run) => run.session.key === key) ||
      isWriting(key) ||
      [session?.key, from?.key, outcome?.key].includes(key)
    );
  };

  return async (key) => {
    // A crashed worker holds nothing anyway.
    if (!isUsed(key)) await Promise.allSettled([engine.release(key)]);
  };
}
