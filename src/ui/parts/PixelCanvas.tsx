/** @file A few pixels shown large, each as a square. */
import { useEffect, useRef } from "react";
import type { Pixels } from "../charts/pixels.ts";

interface PixelCanvasProps {
  readonly pixels: Pixels;
  /** What it shows, for a screen reader. */
  readonly label: string;
  /** Of the shown picture, CSS pixels; its height follows. */
  readonly width: number;
}

export function PixelCanvas({ pixels, label, width }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { width: columns, height: rows, data } = pixels;
    canvas.current?.getContext("2d")?.putImageData(new ImageData(data, columns, rows), 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      width={pixels.width}
      height={pixels.height}
      style={{
        width,
        height: (width * pixels.height) / Math.max(1, pixels.width),
        imageRendering: "pixelated",
      }}
    />
  );
}
