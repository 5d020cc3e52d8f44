/**
 * @file What of the rows is in sight. Read when something scrolls or changes its size, and never in a
 * frame of a drag, where asking would force a layout.
 */
import { useEffect, useState } from "react";
import { createStore, type StoreApi } from "../../state/index.ts";

/** In the rows' own pixels. */
export interface Sight {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

/** A store that follows scrolling and resizing. */
export function useSight(box: { readonly current: HTMLElement | null }): StoreApi<Sight | null> {
  const [store] = useState(() => createStore<Sight | null>(() => null));
  // After every render: the rows may have appeared or moved.
  useEffect(() => {
    const look = (): void => {
      if (box.current === null) return;
      const { top, width } = box.current.getBoundingClientRect();
      store.setState({ from: -top, to: window.innerHeight - top, width }, true);
    };
    const onScroll = (event: Event): void => {
      if (event.target instanceof Node && event.target.contains(box.current)) look();
    };
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(document.body);
    if (box.current !== null) sizes.observe(box.current);
    document.addEventListener("scroll", onScroll, { capture: true, passive: true });
    return () => {
      sizes.disconnect();
      document.removeEventListener("scroll", onScroll, { capture: true });
    };
  });
  return store;
}
