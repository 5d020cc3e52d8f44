/** @file Tells the page how high what is docked at the window's end is, so that what lies over the page stays above it. */
import { useEffect, type RefObject } from "react";

/** As the custom property `--dock`, for as long as it is there. */
export function useDock(dock: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = dock.current;
    if (element === null) return undefined;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() =>
      style.setProperty("--dock", `${element.offsetHeight}px`),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      style.removeProperty("--dock");
    };
  }, [dock]);
}
