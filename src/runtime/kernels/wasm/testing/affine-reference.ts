/** @file Scale, shift, selection, activation and pooling, and back, a value at a time in double precision. */
import type { Layout } from "./slice.ts";

export interface Pass {
  readonly n: number;
  readonly height: number;
  readonly width: number;
  /** Of the input's channels. */
  readonly layout: Layout;
  /** Input channel of each output channel, −1 for none. */
  readonly gather: readonly number[];
  /** [4][physical]: scale, shift, mean, reciprocal deviation. */
  readonly affine: Float32Array;
  /** [physical] */
  readonly gamma: Float32Array;
  readonly activation: number;
  readonly pool: boolean;
  readonly x: Float32Array;
}

const activated = (z: number, activation: number): number =>
  activation === 0 ? z : Math.min(Math.max(z, 0), activation === 2 ? 6 : Infinity);

const isOpen = (z: number, activation: number): boolean =>
  activation === 0 || (z > 0 && (activation === 1 || z < 6));

/** x·scale + shift as a kernel without fused operations rounds it. */
function zAt({ x, affine, layout: { physical } }: Pass, pixel: number, channel: number): number {
  const product = Math.fround((x[pixel * physical + channel] ?? NaN) * (affine[channel] ?? NaN));
  return Math.fround(product + (affine[physical + channel] ?? NaN));
}

/** Calls `visit` for every output with the pixels of x that it looks at, row by row. */
function windows(given: Pass, visit: (output: number, pixels: readonly number[]) => void): void {
  const { n, height, width, pool } = given;
  const side = pool ? 2 : 1;
  const [rows, columns] = [Math.floor(height / side), Math.floor(width / side)];
  for (let output = 0; output < n * rows * columns; output++) {
    const image = Math.floor(output / (rows * columns));
    const i = (Math.floor(output / columns) % rows) * side;
    const first = (image * height + i) * width + (output % columns) * side;
    visit(output, pool ? [first, first + 1, first + width, first + width + 1] : [first]);
  }
}

/** y, [outputs][gather.length]. */
export function applyForward(given: Pass): Float64Array {
  const { gather, activation } = given;
  const y: number[] = [];
  windows(given, (output, pixels) => {
    gather.forEach((channel, j) => {
      const z = Math.max(...pixels.map((pixel) => zAt(given, pixel, channel)));
      y[output * gather.length + j] = channel < 0 ? 0 : activated(z, activation);
    });
  });
  return Float64Array.from(y);
}

/** Gradients by γ and β, logical, and by x, from that of y. */
export function gradientForward(
  given: Pass,
  dy: ArrayLike<number>,
): { gamma: number[]; beta: number[]; x: Float64Array } {
  const { affine, gather, layout, x } = given;
  const { physical } = layout;
  const g = new Float64Array(x.length);
  windows(given, (output, pixels) => {
    gather.forEach((channel, j) => {
      if (channel < 0) return;
      const z = pixels.map((pixel) => zAt(given, pixel, channel));
      const top = Math.max(...z);
      if (!isOpen(top, given.activation)) return;
      const winner = pixels[z.indexOf(top)] ?? NaN;
      g[winner * physical + channel] = dy[output * gather.length + j] ?? NaN;
    });
  });
  const m = x.length / physical;
  const column = (channel: number): number[] =>
    Array.from({ length: m }, (_, p) => p * physical + channel);
  const centred = (i: number): number =>
    ((x[i] ?? 0) - (affine[2 * physical + (i % physical)] ?? 0)) *
    (affine[3 * physical + (i % physical)] ?? 0);
  const beta = layout.map.map((c) => column(c).reduce((sum, i) => sum + (g[i] ?? 0), 0));
  const gamma = layout.map.map((c) =>
    column(c).reduce((sum, i) => sum + (g[i] ?? 0) * centred(i), 0),
  );
  const dx = new Float64Array(x.length);
  layout.map.forEach((c, l) => {
    const outer = (given.gamma[c] ?? 0) * (affine[3 * physical + c] ?? 0);
    for (const i of column(c)) {
      const [dGamma, dBeta] = [gamma[l] ?? 0, beta[l] ?? 0];
      dx[i] = outer * ((g[i] ?? 0) - dBeta / m - (centred(i) * dGamma) / m);
    }
  });
  return { gamma, beta, x: dx };
}
