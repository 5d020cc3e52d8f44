/** @file Slides rows of taps over a row of pixels, each channel by itself: depthwise convolution's core. */
import { activated, madd } from "./simd";

/**
 * A row of outputs: output n sums over rows of taps r and taps t the source's pixel
 * (r, at + n·advance + t·direction) times w[r][t], where that column is one of `width`.
 *
 * @param source — the row of the first taps, column 0; the next one's is `rowStep` bytes further
 * @param bytes — of a pixel's channels
 */
export function slideRow(
  source: usize,
  rowStep: isize,
  pixel: usize,
  rowTaps: i32,
  w: usize,
  wRowStep: usize,
  wStep: usize,
  taps: i32,
  at: i32,
  advance: i32,
  direction: i32,
  width: i32,
  out: usize,
  outStep: usize,
  outputs: i32,
  bytes: usize,
  bias: usize,
  activation: i32,
  accumulate: bool,
): void {
  const low = direction > 0 ? at : at - taps + 1;
  const room = width - taps - low;
  // Outputs [inner, border) read no column outside.
  const inner = low >= 0 ? 0 : (advance - 1 - low) / advance;
  const border = min(outputs, room < 0 ? 0 : room / advance + 1);
  const tapStep = direction > 0 ? pixel : 0 - pixel;
  for (let n = 0; n < outputs;) {
    const column = at + n * advance;
    if (n >= inner && n + 4 <= border) {
      fourOutputs(
        source + <usize>column * pixel,
        <usize>advance * pixel,
        <usize>rowStep,
        tapStep,
        rowTaps,
        w,
        wRowStep,
        wStep,
        taps,
        out,
        outStep,
        bytes,
        bias,
        activation,
        accumulate,
      );
      out += outStep << 2;
      n += 4;
      continue;
    }
    // Taps [first, last) read a column that is there.
    const first = max(0, direction > 0 ? -column : column - width + 1);
    const last = min(taps, direction > 0 ? width - column : column + 1);
    oneOutput(
      source + <usize>(column + first * direction) * pixel,
      <usize>rowStep,
      tapStep,
      rowTaps,
      w + <usize>first * wStep,
      wRowStep,
      wStep,
      last - first,
      out,
      bytes,
      bias,
      activation,
      accumulate,
    );
    out += outStep;
    n += 1;
  }
}

function oneOutput(
  from: usize,
  rowStep: usize,
  tapStep: usize,
  rowTaps: i32,
  w: usize,
  wRowStep: usize,
  wStep: usize,
  taps: i32,
  out: usize,
  bytes: usize,
  bias: usize,
  activation: i32,
  accumulate: bool,
): void {
  for (let c: usize = 0; c < bytes; c += 16) {
    let sum = biasAt(bias, c);
    let row = from + c;
    let wRow = w + c;
    for (let r = 0; r < rowTaps; r++) {
      let x = row;
      let weight = wRow;
      for (let t = 0; t < taps; t++) {
        sum = madd(v128.load(x), v128.load(weight), sum);
        x += tapStep;
        weight += wStep;
      }
      row += rowStep;
      wRow += wRowStep;
    }
    put(out + c, sum, activation, accumulate);
  }
}

/** As oneOutput, for four that read `pixelStep` bytes further each: every weight is loaded once. */
function fourOutputs(
  from: usize,
  pixelStep: usize,
  rowStep: usize,
  tapStep: usize,
  rowTaps: i32,
  w: usize,
  wRowStep: usize,
  wStep: usize,
  taps: i32,
  out: usize,
  outStep: usize,
  bytes: usize,
  bias: usize,
  activation: i32,
  accumulate: bool,
): void {
  for (let c: usize = 0; c < bytes; c += 16) {
    let sum0 = biasAt(bias, c);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let row = from + c;
    let wRow = w + c;
    for (let r = 0; r < rowTaps; r++) {
      let x0 = row;
      let x2 = row + (pixelStep << 1);
      let weights = wRow;
      for (let t = 0; t < taps; t++) {
        const weight = v128.load(weights);
        sum0 = madd(v128.load(x0), weight, sum0);
        sum1 = madd(v128.load(x0 + pixelStep), weight, sum1);
        sum2 = madd(v128.load(x2), weight, sum2);
        sum3 = madd(v128.load(x2 + pixelStep), weight, sum3);
        x0 += tapStep;
        x2 += tapStep;
        weights += wStep;
      }
      row += rowStep;
      wRow += wRowStep;
    }
    const to = out + c;
    put(to, sum0, activation, accumulate);
    put(to + outStep, sum1, activation, accumulate);
    put(to + (outStep << 1), sum2, activation, accumulate);
    put(to + outStep * 3, sum3, activation, accumulate);
  }
}

// @ts-ignore: decorator
@inline
function biasAt(bias: usize, c: usize): v128 {
  return bias === 0 ? f32x4.splat(0) : v128.load(bias + c);
}

// @ts-ignore: decorator
@inline
function put(at: usize, value: v128, activation: i32, accumulate: bool): void {
  const now = accumulate ? f32x4.add(v128.load(at), value) : value;
  v128.store(at, activated(now, activation));
}
