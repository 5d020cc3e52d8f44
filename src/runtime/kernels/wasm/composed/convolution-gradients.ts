/**
 * @file The convolution gradients that TensorFlow.js' wasm backend lacks, or has only as plain loops,
 * written as convolutions, which the backend runs vectorized (XNNPACK).
 *
 * Filter gradient: dW[kh,kw,ci,co] = Σ_{n,y,x} x[n, y·s+kh−p, x·s+kw−p, ci] · dy[n,y,x,co] is itself a
 * convolution, with channels and batch changing places: input xᵀ `[ci,h,w,n]`, kernel dyᵀ
 * `[ho,wo,n,co]`, stride 1, dilation s.
 * Input gradient: the convolution of dy, spread by the stride, with the rotated and transposed kernel.
 */
import * as tf from "@tensorflow/tfjs-core";
import { spread } from "../../../ops/tensors.ts";

type Map4 = tf.Tensor4D;
type Shape4 = [number, number, number, number];

/** The window as explicit numbers, whichever way the caller had put it. */
interface Geometry {
  readonly stride: [number, number];
  readonly pad: { top: number; bottom: number; left: number; right: number };
}

interface Attributes {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** Reads stride and pads as TensorFlow.js itself does. */
export function geometryOf(
  input: Shape4,
  filter: Shape4,
  { strides, pad, dimRoundingMode }: Attributes,
  depthwise: boolean,
): Geometry {
  const info = tf.backend_util.computeConv2DInfo(
    input,
    filter,
    strides,
    1,
    pad,
    dimRoundingMode,
    depthwise,
  );
  return { stride: [info.strideHeight, info.strideWidth], pad: info.padInfo };
}

type ConvolutionPad = "valid";

function padsOf(top: number, bottom: number, left: number, right: number): ConvolutionPad {
  // The public type names only the words; the kernels take explicit pads as well.
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ] as unknown as ConvolutionPad;
}

/** @returns `[kh, kw, cin, cout]` */
export function filterGradient(x: Map4, dy: Map4, filter: Shape4, geometry: Geometry): Map4 {
  const [kh, kw, cin, cout] = filter;
  const { stride, pad } = geometry;
  const turned = tf.conv2d(
    tf.transpose(x, [3, 1, 2, 0]),
    tf.transpose(dy, [1, 2, 0, 3]),
    1,
    padsOf(pad.top, pad.bottom, pad.left, pad.right),
    "NHWC",
    stride,
  );
  // Rows that the forward stride never reached give surplus taps at the end.
  const cut = tf.slice(turned, [0, 0, 0, 0], [cin, kh, kw, cout]);
  return tf.transpose(cut, [1, 2, 0, 3]);
}

/** @returns `input`-shaped */
export function inputGradient(dy: Map4, kernel: Map4, input: Shape4, geometry: Geometry): Map4 {
  const [kh, kw] = kernel.shape;
  const rotated = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]);
  const { wide, pads } = spreadForInput(dy, kh, kw, input, geometry);
  return tf.conv2d(wide, rotated, 1, pads);
}

/**
 * dy at the forward's stride, and the pads with which a stride-1 convolution by the rotated kernel
 * lands on the input's size.
 */
function spreadForInput(
  dy: Map4,
  kh: number,
  kw: number,
  [, h, w]: Shape4,
  { stride, pad }: Geometry,
): { wide: Map4; pads: ConvolutionPad } {
  const height = h + pad.top + pad.bottom - kh + 1;
  const width = w + pad.left + pad.right - kw + 1;
  return {
    wide: spread(dy, stride, height, width),
    pads: padsOf(kh - 1 - pad.top, kh - 1 - pad.bottom, kw - 1 - pad.left, kw - 1 - pad.right),
  };
}

/** Depthwise: one product and one sum over rows a tap. @returns `[kh, kw, cin, multiplier]` */
export function depthwiseFilterGradient(
  x: Map4,
  dy: Map4,
  filter: Shape4,
  { stride, pad }: Geometry,
): Map4 {
  const [kh, kw, cin, multiplier] = filter;
  const [n, ho, wo] = dy.shape;
  const rows = n * ho * wo;
  const framed = tf.pad(x, [
    [0, 0],
    [pad.top, pad.bottom],
    [pad.left, pad.right],
    [0, 0],
  ]);
  const gradient = tf.reshape(dy, [rows, cin, multiplier]);
  const ones = tf.ones([1, rows]) as tf.Tensor2D;
  const taps: tf.Tensor[] = [];
  for (let y = 0; y < kh; y++) {
    for (let xAt = 0; xAt < kw; xAt++) {
      const end = [n, y + (ho - 1) * stride[0] + 1, xAt + (wo - 1) * stride[1] + 1, cin];
      // Each tap's maps go at once: all of them together would be kh·kw times the activation.
      const sums = tf.tidy(() => {
        const seen = tf.stridedSlice(framed, [0, y, xAt, 0], end, [1, stride[0], stride[1], 1]);
        const product = tf.mul(tf.reshape(seen, [rows, cin, 1]), gradient);
        return tf.matMul(ones, tf.reshape(product, [rows, cin * multiplier]));
      });
      taps.push(sums);
    }
  }
  return tf.reshape(tf.concat(taps, 0), filter);
}

/** Depthwise: one depthwise convolution by the rotated kernel for each of the multiplier's outputs. */
export function depthwiseInputGradient(
  dy: Map4,
  kernel: Map4,
  input: Shape4,
  geometry: Geometry,
): Map4 {
  const [kh, kw, cin, multiplier] = kernel.shape;
  const rotated = tf.reverse(kernel, [0, 1]);
  const { wide, pads } = spreadForInput(dy, kh, kw, input, geometry);
  if (multiplier === 1) return tf.depthwiseConv2d(wide, rotated, 1, pads);
  // Output channel c·m + j belongs to input channel c: separate the j-th of each.
  const [n, h, w] = wide.shape;
  const byMember = tf.reshape(wide, [n * h * w, cin, multiplier]) as tf.Tensor3D;
  const parts = Array.from({ length: multiplier }, (_, j) => {
    const part = tf.reshape(tf.slice(byMember, [0, 0, j], [n * h * w, cin, 1]), [
      n,
      h,
      w,
      cin,
    ]) as Map4;
    const filter = tf.slice(rotated, [0, 0, 0, j], [kh, kw, cin, 1]);
    return tf.depthwiseConv2d(part, filter, 1, pads);
  });
  return tf.addN(parts);
}
