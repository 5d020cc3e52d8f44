/**
 * @file What may come a moment after what it stands in, such as what is below the fold: it is rendered once that is on
 * the page, by itself and in slices, so that a step is there sooner and no task is long. One in another comes after it.
 */
import { startTransition, useEffect, useState, type ReactNode } from "react";

interface LaterProps {
  /** What stands in its place until then. */
  readonly before?: ReactNode;
  readonly children: ReactNode;
}

export function Later({ before = null, children }: LaterProps): ReactNode {
  const [isDue, setIsDue] = useState(false);
  useEffect(() => startTransition(() => setIsDue(true)), []);
  return isDue ? children : before;
}
