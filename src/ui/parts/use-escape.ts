/**
 * @file Escape closes words that hang over the page, wherever the focus is, before it means anything else: what
 * they stand on stays open, and nothing under way is cancelled by it.
 */
import { useEffect, useEffectEvent } from "react";

export function useEscape(isOpen: boolean, close: () => void): void {
  const onKeyDown = useEffectEvent((event: KeyboardEvent): void => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close();
  });
  useEffect(() => {
    if (!isOpen) return undefined;
    const ends = new AbortController();
    // On its way down, before any control hears of it.
    document.addEventListener("keydown", onKeyDown, { signal: ends.signal, capture: true });
    return () => ends.abort();
  }, [isOpen]);
}
