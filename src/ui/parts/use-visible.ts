/** @file Whether any of an element is in sight, for what need not be drawn while none is. */
import { useEffect, useState, type RefObject } from "react";
import { createStore, type StoreApi } from "../../state/index.ts";

export function useVisible(box: RefObject<HTMLElement | null>): StoreApi<boolean> {
  const [store] = useState(() => createStore<boolean>(() => true));
  useEffect(() => {
    if (box.current === null) return undefined;
    const observer = new IntersectionObserver(([entry]) => {
      if (entry !== undefined) store.setState(entry.isIntersecting, true);
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box, store]);
  return store;
}
