/** @file What the window is like: one hook over `matchMedia`. */
import { useSyncExternalStore } from "react";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Two columns from 1100 px on. */
export const useIsWide = (): boolean => useMedia("(min-width: 1100px)");
/** A phone. */
export const useIsPhone = (): boolean => useMedia("(max-width: 699px)");
/** A finger, where there is no finer pointer. */
export const useIsCoarse = (): boolean => useMedia("(pointer: coarse)");
