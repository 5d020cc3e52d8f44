/**
 * @file Escape closes what hangs over the page, words, refusals, the palette, wherever the focus is, before it means
 * anything else: what they stand on stays open, and nothing under way is cancelled by it. Of several it closes the
 * newest, which is the one on top.
 */
import { useEffect, useEffectEvent } from "react";

/** From the oldest to the newest. */
const closers: (() => void)[] = [];

function onKeyDown(event: KeyboardEvent): void {
  const close = closers.at(-1);
  // While characters are composed, it takes those back.
  if (event.key !== "Escape" || event.isComposing || close === undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  close();
}

export function useEscape(isOpen: boolean, close: () => void): void {
  const onEscape = useEffectEvent(close);
  useEffect(() => {
    if (!isOpen) return undefined;
    const closer = (): void => onEscape();
    // On its way down, before any control hears of it.
    if (closers.length === 0) document.addEventListener("keydown", onKeyDown, { capture: true });
    closers.push(closer);
    return () => {
      closers.splice(closers.indexOf(closer), 1);
      if (closers.length === 0)
        document.removeEventListener("keydown", onKeyDown, { capture: true });
    };
  }, [isOpen]);
}
