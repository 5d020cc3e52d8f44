/** @file Opening and closing by a pointer that rests: at once or after a while, and what comes last holds. */
import { useEffect, useRef } from "react";

/** How long a pointer rests before words come or go, ms: long enough to go over to them. */
const REST_MS = 180;

/** @param set — opens and closes */
export function useLater(set: (isOpen: boolean) => void) {
  const timer = useRef(0);
  const awaited = useRef<boolean | null>(null);
  const forget = (): void => {
    clearTimeout(timer.current);
    awaited.current = null;
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    now: (isOpen: boolean): void => {
      forget();
      set(isOpen);
    },
    /** Counted from the first time it is asked for. */
    later: (isOpen: boolean): void => {
      if (awaited.current === isOpen) return;
      forget();
      awaited.current = isOpen;
      timer.current = window.setTimeout(() => {
        awaited.current = null;
        set(isOpen);
      }, REST_MS);
    },
  };
}
