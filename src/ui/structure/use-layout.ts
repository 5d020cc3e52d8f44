/** @file A graph's layout, made beside the page; another order ends the one that is under way. */
import { useEffect, useState } from "react";
import type { LayoutOrder, PlacedGraph } from "./layout.ts";

interface Answer {
  readonly order: LayoutOrder;
  /** Null when it could not be had. */
  readonly placed: PlacedGraph | null;
}

/**
 * @param order — the same object as long as it asks for the same
 * @returns undefined while it is made, null when the worker fails
 */
export function useLayout(order: LayoutOrder): PlacedGraph | null | undefined {
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    // The literal form: Vite finds the worker by it.
    const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<PlacedGraph>) => {
      setAnswer({ order, placed: data });
      worker.terminate();
    });
    worker.addEventListener("error", () => setAnswer({ order, placed: null }));
    worker.postMessage(order);
    return () => worker.terminate();
  }, [order]);
  return answer?.order === order ? answer.placed : undefined;
}
