/** @file Something that may wait until a drag rests. */
import { useEffect, useRef } from "react";

/** After the last move. */
const REST_MS = 200;

/** @returns puts `act` off; it is called once nobody has asked for a while */
export function useRest(act: () => void): () => void {
  const latest = useRef(act);
  const timer = useRef(0);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => latest.current(), REST_MS);
  };
}
