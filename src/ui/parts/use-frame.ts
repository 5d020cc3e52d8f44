/**
 * @file Drawing outside of React: a painter that follows stores, at most once per frame. Only
 * drawing waits for a frame, so nothing stands still in a hidden tab but what nobody sees.
 */
import { useEffect, useRef } from "react";

interface Followed {
  subscribe(listener: () => void): () => void;
}

/**
 * Calls `paint` after each render of the component and once in the frame after any store has changed.
 * @returns asks for another frame, such as after a scroll
 */
export function useFrame(stores: readonly Followed[], paint: () => void): () => void {
  const latest = useRef(paint);
  const pending = useRef(0);
  const ask = useRef(() => {
    if (pending.current !== 0) return;
    pending.current = requestAnimationFrame(() => {
      pending.current = 0;
      latest.current();
    });
  });
  useEffect(() => {
    latest.current = paint;
    // Not in a frame: the first paint must be there with the DOM, hidden tab or not.
    paint();
  });
  useEffect(() => {
    const stops = stores.map((store) => store.subscribe(ask.current));
    // A canvas does not know that the theme has changed.
    const theme = new MutationObserver(ask.current);
    theme.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
    return () => {
      theme.disconnect();
      for (const stop of stops) stop();
      cancelAnimationFrame(pending.current);
      pending.current = 0;
    };
    // The stores live as long as the workbench.
    // eslint-disable-next-line react/exhaustive-deps
  }, []);
  return ask.current;
}

/** Sets a text node's words only when they differ, which spares a layout. */
export function setText(element: Element | null | undefined, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
