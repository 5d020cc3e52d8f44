/** @file The part of the drawing that is drawn: what is in sight and a little more, so that a scroll finds it there. */
import { useState, type UIEvent } from "react";

/** Steps of the window of what is drawn, in pixels of the screen. */
const STEP = 400;

/**
 * @param room — the window's height, CSS pixels
 * @returns from and to in the drawing's own pixels, and what follows the window's scrolling
 */
export function useDrawnPart(room: number, scale: number) {
  const [top, setTop] = useState(0);
  return {
    from: (top - STEP) / scale,
    to: (top + room + STEP) / scale,
    onScroll: ({ currentTarget }: UIEvent): void =>
      setTop(Math.floor(currentTarget.scrollTop / (STEP / 2)) * (STEP / 2)),
  };
}
