/** @file A painter that lives as long as its component, and its pictures on the canvas. */
import { useEffect, useRef } from "react";
import type { Picture } from "./sheet-brush.ts";
import { SheetPainter } from "./sheet-painter.ts";

/** @returns orders a picture; it appears when it is painted */
export function useSheetPainter(canvas: {
  readonly current: HTMLCanvasElement | null;
}): SheetPainter["paint"] {
  const painter = useRef<SheetPainter | null>(null);
  useEffect(
    () => () => {
      painter.current?.close();
      painter.current = null;
    },
    [],
  );
  return (scene, view) => {
    painter.current ??= new SheetPainter((picture) => show(canvas.current, picture));
    painter.current.paint(scene, view);
  };
}

/** Puts a picture on the canvas, and both in their place over the rows, in one frame. */
function show(canvas: HTMLCanvasElement | null, { view, bitmap }: Picture): void {
  const context = canvas?.getContext("bitmaprenderer") ?? null;
  if (canvas === null || context === null) {
    bitmap.close();
    return;
  }
  const { style } = canvas;
  const place = { top: view.from, width: view.width, height: view.to - view.from };
  for (const side of ["top", "width", "height"] as const) {
    const length = `${place[side]}px`;
    if (style[side] !== length) style[side] = length;
  }
  context.transferFromImageBitmap(bitmap);
}
