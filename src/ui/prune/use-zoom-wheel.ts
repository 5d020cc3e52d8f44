/** @file The wheel with Ctrl, or two fingers on a touchpad, over the rows: closer, and back. */
import { useEffect, useRef } from "react";

/** @param zoom — told closer (1) or back (−1), and the height in the rows' pixels */
export function useZoomWheel(
  box: { readonly current: HTMLElement | null },
  zoom: (by: 1 | -1, y: number) => void,
): void {
  const latest = useRef(zoom);
  const heard = useRef<HTMLElement | null>(null);
  const listen = useRef((event: WheelEvent): void => {
    if (!event.ctrlKey || event.deltaY === 0) return;
    // The page would grow as a whole; React hears the wheel too late to say no.
    event.preventDefault();
    const { top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    latest.current(event.deltaY < 0 ? 1 : -1, event.clientY - top);
  });
  // After every render: the rows may have appeared.
  useEffect(() => {
    latest.current = zoom;
    if (heard.current === box.current) return;
    heard.current?.removeEventListener("wheel", listen.current);
    heard.current = box.current;
    heard.current?.addEventListener("wheel", listen.current, { passive: false });
  });
}
