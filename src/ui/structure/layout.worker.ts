/** @file The layout's worker. Vite knows it by `new Worker(new URL(…))` in `use-layout.ts`. */
import { layoutGraph, type LayoutOrder } from "./layout.ts";

self.addEventListener("message", ({ data }: MessageEvent<LayoutOrder>) => {
  self.postMessage(layoutGraph(data));
});
