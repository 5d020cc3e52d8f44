/**
 * @file The scale of the drawing in its window: by buttons and keys around the middle, by the wheel with Ctrl and by
 * two fingers around where they are.
 */
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { clampScale, readableScale, scrollAfter, wholeScale, type Extent } from "./zoom.ts";

export interface Zoom {
  readonly scale: number;
  /** Makes it so many times as large, around the middle of the window. */
  zoom(by: number): void;
  showWhole(): void;
  /** So large that words can be read. */
  showWords(): void;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Of a wheel's pixel. */
const PER_PIXEL = 0.003;

export function useZoom(
  box: RefObject<HTMLDivElement | null>,
  room: Extent,
  drawing: Extent,
): Zoom {
  /** A number, all of it whatever the room, or as wide as there is room, with words. */
  const [chosen, setChosen] = useState<number | "whole" | "readable">("readable");
  const scale =
    chosen === "whole"
      ? wholeScale(room, drawing)
      : chosen === "readable"
        ? readableScale(room, drawing)
        : chosen;
  const drawn = useRef(scale);
  const around = useRef<Point | null>(null);

  useLayoutEffect(() => {
    const [element, point, before] = [box.current, around.current, drawn.current];
    drawn.current = scale;
    around.current = null;
    if (element === null || point === null || before === scale) return;
    const { clientWidth, scrollLeft, scrollTop } = element;
    const x = { at: point.x, scrolled: scrollLeft, room: clientWidth, size: drawing.width };
    // From the top, however much room there is.
    const y = { at: point.y, scrolled: scrollTop, room: 0, size: drawing.height };
    element.scrollLeft = scrollAfter(x, before, scale);
    element.scrollTop = scrollAfter(y, before, scale);
  }, [box, scale, drawing]);

  const zoomAt = (by: number, point: Point): void => {
    around.current = point;
    setChosen(clampScale(drawn.current * by, room, drawing));
  };
  useScalingHands(box, zoomAt);
  return {
    scale,
    zoom: (by) => zoomAt(by, { x: room.width / 2, y: room.height / 2 }),
    showWhole: () => {
      around.current = null;
      setChosen("whole");
    },
    showWords: () => {
      around.current = null;
      setChosen("readable");
    },
  };
}

/**
 * Hears the wheel with Ctrl and two fingers, by hand, as React's own listeners cannot keep the page from being
 * scaled.
 * @param zoomAt — told how many times as large, and around which point of the window
 */
function useScalingHands(
  box: RefObject<HTMLDivElement | null>,
  zoomAt: (by: number, point: Point) => void,
): void {
  const latest = useRef(zoomAt);
  useEffect(() => {
    latest.current = zoomAt;
  });

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const ends = new AbortController();
    const options = { passive: false, signal: ends.signal };
    const within = (x: number, y: number): Point => {
      const { left, top } = element.getBoundingClientRect();
      return { x: x - left, y: y - top };
    };
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      latest.current(Math.exp(-event.deltaY * PER_PIXEL), within(event.clientX, event.clientY));
    };
    let apart = 0;
    const onTouch = (event: TouchEvent): void => {
      const [a, b] = event.touches;
      if (a === undefined || b === undefined) {
        apart = 0;
        return;
      }
      event.preventDefault();
      const now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
      const middle = within((a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
      if (apart > 0 && now > 0) latest.current(now / apart, middle);
      apart = now;
    };
    element.addEventListener("wheel", onWheel, options);
    element.addEventListener("touchstart", onTouch, options);
    element.addEventListener("touchmove", onTouch, options);
    element.addEventListener("touchend", onTouch, options);
    return () => ends.abort();
  }, [box]);
}
