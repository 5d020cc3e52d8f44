/**
 * @file What may come a moment after what it stands in, such as what is below the fold: it is rendered once that is on
 * the page, in slices and in a task of its own, so that a step is there sooner and no task is long. One comes after
 * the other, in the order of the page; one in another comes after it.
 */
import { startTransition, useEffect, useRef, useState, type ReactNode } from "react";

interface LaterProps {
  /** What stands in its place until then. */
  readonly before?: ReactNode;
  readonly children: ReactNode;
}

/** Those that wait, in the order of asking. */
const waiting = new Map<object, () => void>();
/** The one that is being rendered. */
let coming: object | null = null;

function bringNext(): void {
  const [first] = waiting;
  coming = null;
  if (first === undefined) return;
  const [owner, bring] = first;
  waiting.delete(owner);
  coming = owner;
  bring();
}

/** It is there, or is not wanted any more. */
function giveWay(owner: object): void {
  waiting.delete(owner);
  if (coming === owner) bringNext();
}

export function Later({ before = null, children }: LaterProps): ReactNode {
  const [isDue, setIsDue] = useState(false);
  const owner = useRef({});
  useEffect(() => {
    const own = owner.current;
    waiting.set(own, () => startTransition(() => setIsDue(true)));
    if (coming === null) bringNext();
    return () => giveWay(own);
  }, []);
  useEffect(() => {
    if (isDue) giveWay(owner.current);
  }, [isDue]);
  return isDue ? children : before;
}
