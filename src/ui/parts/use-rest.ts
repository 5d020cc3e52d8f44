/** @file Something that may wait until a drag rests. */
import { useEffect, useRef } from "react";

/** After the last move. */
const REST_MS = 200;

/** @returns puts `act` off; it is called once nobody has asked for a while */
export function useRest(act: () => void): () => void {
  const latest = useRef(act);
  const timer = useRef(0);
  const until = useRef(0);
  // A drag asks in every frame, so a timer is not set anew but looks, when it is due, whether it still is.
  const look = useRef(() => {
    const left = until.current - performance.now();
    timer.current = left > 0 ? window.setTimeout(look.current, left) : 0;
    if (left <= 0) latest.current();
  });
  useEffect(() => {
    latest.current = act;
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = 0;
    },
    [],
  );
  return () => {
    until.current = performance.now() + REST_MS;
    if (timer.current === 0) timer.current = window.setTimeout(look.current, REST_MS);
  };
}
