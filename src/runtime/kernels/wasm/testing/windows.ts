/** @file Windows that slide over maps: which pixels each output sees, as a list. */
import * as fc from "fast-check";

/** A window's geometry along one axis. */
export interface Side {
  readonly size: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  readonly pixels: number;
}

/** Sizes 1–5, strides 1–3, padding that may differ and leaves no window without a pixel. */
export const side: fc.Arbitrary<Side> = fc
  .record({ size: fc.integer({ min: 1, max: 5 }), stride: fc.integer({ min: 1, max: 3 }) })
  .chain(({ size, stride }) =>
    fc
      .record({
        before: fc.integer({ min: 0, max: size - 1 }),
        after: fc.integer({ min: 0, max: size - 1 }),
      })
      .chain(({ before, after }) =>
        fc
          .integer({ min: Math.max(1, size - before - after), max: 12 })
          .map((pixels) => ({ size, stride, before, after, pixels })),
      ),
  );

export interface Windows {
  /** Pixels of all images. */
  readonly pixels: number;
  /** Of each output, the pixels it sees and through which tap, row by row. */
  readonly outputs: readonly (readonly { readonly pixel: number; readonly tap: number }[])[];
  /** The geometry as instructions take it. */
  readonly words: Record<
    | "height"
    | "width"
    | "kernelHeight"
    | "kernelWidth"
    | "strideY"
    | "strideX"
    | "padTop"
    | "padLeft"
    | "rows"
    | "columns",
    number
  >;
}

const outputsOf = ({ size, stride, before, after, pixels }: Side): number =>
  Math.floor((before + pixels + after - size) / stride) + 1;

export function windowsOf(n: number, y: Side, x: Side = y): Windows {
  const [rows, columns] = [outputsOf(y), outputsOf(x)];
  const outputs = Array.from({ length: n * rows * columns }, (_, output) => {
    const image = Math.floor(output / (rows * columns));
    const top = (Math.floor(output / columns) % rows) * y.stride - y.before;
    const left = (output % columns) * x.stride - x.before;
    return Array.from({ length: y.size * x.size }, (__, tap) => {
      const [h, w] = [top + Math.floor(tap / x.size), left + (tap % x.size)];
      const isThere = h >= 0 && h < y.pixels && w >= 0 && w < x.pixels;
      return isThere ? [{ pixel: (image * y.pixels + h) * x.pixels + w, tap }] : [];
    }).flat();
  });
  return {
    pixels: n * y.pixels * x.pixels,
    outputs,
    words: {
      height: y.pixels,
      width: x.pixels,
      kernelHeight: y.size,
      kernelWidth: x.size,
      strideY: y.stride,
      strideX: x.stride,
      padTop: y.before,
      padLeft: x.before,
      rows,
      columns,
    },
  };
}
