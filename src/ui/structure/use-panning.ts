/**
 * @file The drawing is moved by a drag of the mouse or the pen; a finger scrolls it as any page. What ends a drag is
 * no click.
 */
import { useEffect, useRef, type RefObject } from "react";

/** Less than this is a click of an unsteady hand, pixels. */
const SLACK = 4;

/** @returns tells whether the press that has just ended was a drag */
export function usePanning(box: RefObject<HTMLDivElement | null>): () => boolean {
  const isDrag = useRef(false);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const ends = new AbortController();
    const options = { signal: ends.signal };
    let begin: { x: number; y: number; left: number; top: number } | null = null;
    const onDown = (event: PointerEvent): void => {
      isDrag.current = false;
      if (event.pointerType === "touch" || event.button !== 0) return;
      const { scrollLeft: left, scrollTop: top } = element;
      begin = { x: event.clientX, y: event.clientY, left, top };
    };
    const onEnd = (): void => {
      begin = null;
      delete element.dataset["dragged"];
    };
    const onMove = (event: PointerEvent): void => {
      if (begin === null) return;
      // It was let go where this hears nothing of it, such as on a scroll bar.
      if ((event.buttons & 1) === 0) {
        onEnd();
        return;
      }
      const [x, y] = [event.clientX - begin.x, event.clientY - begin.y];
      if (!isDrag.current && Math.hypot(x, y) < SLACK) return;
      if (!isDrag.current) element.setPointerCapture(event.pointerId);
      isDrag.current = true;
      element.dataset["dragged"] = "true";
      element.scrollLeft = begin.left - x;
      element.scrollTop = begin.top - y;
    };
    element.addEventListener("pointerdown", onDown, options);
    element.addEventListener("pointermove", onMove, options);
    element.addEventListener("pointerup", onEnd, options);
    element.addEventListener("pointercancel", onEnd, options);
    return () => ends.abort();
  }, [box]);
  return () => isDrag.current;
}
