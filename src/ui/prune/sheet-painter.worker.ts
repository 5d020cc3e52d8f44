/** @file The painter's worker. Vite knows it by `new Worker(new URL(…))` in `sheet-painter.ts`. */
import { SheetBrush, type Order } from "./sheet-brush.ts";

const brush = new SheetBrush();

self.addEventListener("message", ({ data }: MessageEvent<Order>) => {
  const picture = brush.paint(data);
  self.postMessage(picture, { transfer: [picture.bitmap] });
});
