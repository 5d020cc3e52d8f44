/** @file Convolution and its gradients as their definitions say, in double precision: slow and obvious. */

export interface ConvolutionCase {
  readonly n: number;
  readonly height: number;
  readonly width: number;
  readonly cin: number;
  readonly cout: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  /** Top, bottom, left, right. */
  readonly padding: readonly [number, number, number, number];
}

/** Output rows and columns. */
export function outputSize(c: ConvolutionCase): readonly [number, number] {
  const [top, bottom, left, right] = c.padding;
  return [
    Math.floor((c.height + top + bottom - c.kernel[0]) / c.stride[0]) + 1,
    Math.floor((c.width + left + right - c.kernel[1]) / c.stride[1]) + 1,
  ];
}

/** Calls `visit` for every pixel and tap with where their channels start in x, w and y. */
function taps(c: ConvolutionCase, visit: (x: number, w: number, y: number) => void): void {
  const [rows, columns] = outputSize(c);
  for (let at = 0; at < c.n * rows * columns; at++) {
    const n = Math.floor(at / (rows * columns));
    const i = Math.floor(at / columns) % rows;
    const j = at % columns;
    for (let tap = 0; tap < c.kernel[0] * c.kernel[1]; tap++) {
      const sy = i * c.stride[0] + Math.floor(tap / c.kernel[1]) - c.padding[0];
      const sx = j * c.stride[1] + (tap % c.kernel[1]) - c.padding[2];
      if (sy < 0 || sx < 0 || sy >= c.height || sx >= c.width) continue;
      visit(((n * c.height + sy) * c.width + sx) * c.cin, tap * c.cin * c.cout, at * c.cout);
    }
  }
}

type Values = ArrayLike<number>;
const at = (values: Values, i: number): number => values[i] ?? NaN;

/** y of [n, h, w, cin] and [kh, kw, cin, cout]. */
export function convolve(c: ConvolutionCase, x: Values, w: Values): Float64Array {
  const [rows, columns] = outputSize(c);
  const y = new Float64Array(c.n * rows * columns * c.cout);
  taps(c, (xAt, wAt, yAt) => {
    for (let ci = 0; ci < c.cin; ci++) {
      const value = at(x, xAt + ci);
      for (let co = 0; co < c.cout; co++) {
        y[yAt + co] = at(y, yAt + co) + value * at(w, wAt + ci * c.cout + co);
      }
    }
  });
  return y;
}

/** dx of dy. */
export function inputGradient(c: ConvolutionCase, dy: Values, w: Values): Float64Array {
  const dx = new Float64Array(c.n * c.height * c.width * c.cin);
  taps(c, (xAt, wAt, yAt) => {
    for (let ci = 0; ci < c.cin; ci++) {
      let sum = 0;
      for (let co = 0; co < c.cout; co++) {
        sum += at(dy, yAt + co) * at(w, wAt + ci * c.cout + co);
      }
      dx[xAt + ci] = at(dx, xAt + ci) + sum;
    }
  });
  return dx;
}

/** dw of x and dy. */
export function weightGradient(c: ConvolutionCase, x: Values, dy: Values): Float64Array {
  const dw = new Float64Array(c.kernel[0] * c.kernel[1] * c.cin * c.cout);
  taps(c, (xAt, wAt, yAt) => {
    for (let ci = 0; ci < c.cin; ci++) {
      const value = at(x, xAt + ci);
      for (let co = 0; co < c.cout; co++) {
        const to = wAt + ci * c.cout + co;
        dw[to] = at(dw, to) + value * at(dy, yAt + co);
      }
    }
  });
  return dw;
}
