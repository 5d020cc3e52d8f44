/**
 * @file Softmax and the gradient of its losses, cross-entropy and distillation: a few values an image, in
 * double precision.
 */
import { images, shareStart } from "./control";
import {
  CONTROL_TEACHER_TEMPERATURE,
  CONTROL_TEACHER_WEIGHT,
  crossEntropyGradientWords,
  softmaxWords,
} from "./instructions.generated";

export function softmax(words: usize, thread: i32, threads: i32): void {
  const classes = softmaxWords.classes(words);
  const end = shareStart(images(), thread + 1, threads);
  for (let image = shareStart(images(), thread, threads); image < end; image++) {
    const x = <usize>softmaxWords.x(words) + ((<usize>(image * softmaxWords.xStride(words))) << 2);
    const y = <usize>softmaxWords.y(words) + ((<usize>(image * softmaxWords.yStride(words))) << 2);
    const top = maximumOf(x, classes);
    const total = totalOf(x, classes, top, 1);
    for (let c = 0; c < classes; c++) {
      const at = (<usize>c) << 2;
      store<f32>(y + at, <f32>(exponential(<f64>load<f32>(x + at) - top) / total));
    }
  }
}

/**
 * Gradient of (1 − a)·CE(x, label) + a·T²·KL(softmax(t/T) ‖ softmax(x/T)), mean over the images, with the
 * teacher's logits t (Hinton et al. 2015, §2). With a = 0 nobody looks at t.
 */
export function crossEntropyGradient(words: usize, thread: i32, threads: i32): void {
  const classes = crossEntropyGradientWords.classes(words);
  const channels = crossEntropyGradientWords.channels(words);
  const xStride = crossEntropyGradientWords.xStride(words);
  const dxStride = crossEntropyGradientWords.dxStride(words);
  const labels: usize = crossEntropyGradientWords.labels(words);
  const teacher: usize = crossEntropyGradientWords.teacher(words);
  const weight = <f64>load<f32>(CONTROL_TEACHER_WEIGHT);
  const temperature = <f64>load<f32>(CONTROL_TEACHER_TEMPERATURE);
  const end = shareStart(images(), thread + 1, threads);
  for (let image = shareStart(images(), thread, threads); image < end; image++) {
    const x = <usize>crossEntropyGradientWords.x(words) + ((<usize>(image * xStride)) << 2);
    const dx = <usize>crossEntropyGradientWords.dx(words) + ((<usize>(image * dxStride)) << 2);
    const label = load<i32>(labels + ((<usize>image) << 2));
    const top = maximumOf(x, classes);
    const total = totalOf(x, classes, top, 1);
    for (let c = 0; c < classes; c++) {
      const at = (<usize>c) << 2;
      const share = exponential(<f64>load<f32>(x + at) - top) / total;
      const truth: f64 = c === label ? 1 : 0;
      store<f32>(dx + at, <f32>(((1 - weight) * (share - truth)) / <f64>images()));
    }
    if (weight > 0) {
      const t = teacher + ((<usize>(image * classes)) << 2);
      addSoftGradient(x, t, dx, classes, temperature, (weight * temperature) / <f64>images());
    }
    for (let c = classes; c < channels; c++) store<f32>(dx + ((<usize>c) << 2), 0);
  }
}

/** dx += scale·(softmax(x/T) − softmax(t/T)). */
function addSoftGradient(
  x: usize,
  t: usize,
  dx: usize,
  classes: i32,
  temperature: f64,
  scale: f64,
): void {
  const topX = maximumOf(x, classes);
  const topT = maximumOf(t, classes);
  const totalX = totalOf(x, classes, topX, temperature);
  const totalT = totalOf(t, classes, topT, temperature);
  for (let c = 0; c < classes; c++) {
    const at = (<usize>c) << 2;
    const own = exponential((<f64>load<f32>(x + at) - topX) / temperature) / totalX;
    const its = exponential((<f64>load<f32>(t + at) - topT) / temperature) / totalT;
    store<f32>(dx + at, <f32>(<f64>load<f32>(dx + at) + scale * (own - its)));
  }
}

function maximumOf(x: usize, classes: i32): f64 {
  let top = load<f32>(x);
  for (let c = 1; c < classes; c++) top = max(top, load<f32>(x + ((<usize>c) << 2)));
  return <f64>top;
}

/** Σ exp((x − top)/T): between 1 and `classes`, so nothing overflows; NaN when a value is. */
function totalOf(x: usize, classes: i32, top: f64, temperature: f64): f64 {
  let total: f64 = 0;
  for (let c = 0; c < classes; c++) {
    total += exponential((<f64>load<f32>(x + ((<usize>c) << 2)) - top) / temperature);
  }
  return total;
}

const LOG2_E: f64 = 1.4426950408889634;
/** ln 2 in two parts: the first has so few digits that its product with a small integer is exact. */
const LN2_HIGH: f64 = 6.9314718036912381649e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;

/**
 * exp(x) for x ≤ 0: 2ⁿ·exp(r) with |r| ≤ ½·ln 2, and the series for exp(r) up to r¹³/13!, whose rest
 * is below 1e-17. The library's exp reads a table, and a kernel's memory has no place for one.
 */
function exponential(x: f64): f64 {
  // Nothing that a float could hold. A comparison with NaN fails: it goes on below, and stays NaN.
  if (x < -700) return 0;
  const n = nearest(x * LOG2_E);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  let sum: f64 = 1;
  for (let k = 13; k > 0; k--) sum = 1 + (sum * r) / <f64>k;
  const power = reinterpret<f64>((<i64>n + 1023) << 52);
  return sum * power;
}
