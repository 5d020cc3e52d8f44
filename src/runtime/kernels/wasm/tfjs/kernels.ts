/**
 * @file The kernels by TensorFlow.js' names: from what it hands to a kernel to a program, or to a few
 * lines on the memory itself.
 */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { ACTIVATIONS } from "../../../spmd/instructions.ts";
import { filterGradient, inputGradient } from "./convolution.ts";
import type { Engine } from "./engine.ts";
import {
  convolutionGeometry,
  isDense,
  poolGeometry,
  type ConvolutionAttributes,
  type PoolAttributes,
} from "./geometry.ts";
import { sizeOf } from "./heap.ts";
import { product, type ProductAttributes } from "./product.ts";
import { normalized } from "./norm.ts";
import { sumOver } from "./reductions.ts";
import { unsortedSegmentSum } from "./segment-sum.ts";
import { tile } from "./tile.ts";
import { forward, suitsForward } from "./winograd.ts";
import {
  averagePoolGradient,
  depthwiseFilterGradient,
  depthwiseInputGradient,
  maxPoolGradient,
} from "./windows.ts";

/** What a kernel is handed; an optional input may be missing. */
export type Inputs = Readonly<Record<string, TensorInfo | undefined>>;

/** @returns nothing when it does not take the case, which then goes to the kernel that was there before */
export type Kernel = (engine: Engine, inputs: Inputs, attributes: object) => TensorInfo | undefined;

/** Whether there are values in all of them, of 32-bit floats. */
function areFloats(...tensors: readonly (TensorInfo | undefined)[]): boolean {
  return tensors.every((x) => x !== undefined && x.dtype === "float32" && sizeOf(x.shape) > 0);
}

/** Two inputs of floats, or nothing. */
function pair(inputs: Inputs, a: string, b: string): readonly [TensorInfo, TensorInfo] | undefined {
  const [first, second] = [inputs[a], inputs[b]];
  if (first === undefined || second === undefined) return undefined;
  return areFloats(first, second) ? [first, second] : undefined;
}

const convolution: Kernel = (engine, inputs, attributes) => {
  const { activation = "linear" } = attributes as { activation?: string };
  const [given, { bias, preluActivationWeights: prelu }] = [pair(inputs, "x", "filter"), inputs];
  if (given === undefined || prelu !== undefined || !(activation in ACTIVATIONS)) return undefined;
  const [x, w] = given;
  const g = convolutionGeometry(x.shape, w.shape, attributes as ConvolutionAttributes);
  if (g === undefined || !suitsForward(g)) return undefined;
  if (bias !== undefined && (!areFloats(bias) || sizeOf(bias.shape) !== g.outChannels)) {
    return undefined;
  }
  return engine.write(g.outShape, (y) =>
    forward(
      g,
      { x: engine.addressOf(x), w: engine.addressOf(w), y },
      {
        bias: bias === undefined ? 0 : engine.addressOf(bias),
        activation: ACTIVATIONS[activation as keyof typeof ACTIVATIONS],
      },
    ),
  );
};

/** A gradient by the weights, whose shape is an attribute. */
const byFilter =
  (isDepthwise: boolean): Kernel =>
  (engine, inputs, attributes) => {
    const given = pair(inputs, "x", "dy");
    if (given === undefined) return undefined;
    const [x, dy] = given;
    const { filterShape } = attributes as { filterShape: readonly number[] };
    const convolutionAttributes = attributes as ConvolutionAttributes;
    const g = convolutionGeometry(x.shape, filterShape, convolutionAttributes, isDepthwise);
    if (g === undefined || !isDense(g)) return undefined;
    return engine.write(filterShape, (dw) => {
      const addresses = { x: engine.addressOf(x), dy: engine.addressOf(dy), dw };
      return isDepthwise
        ? depthwiseFilterGradient(g, addresses)
        : filterGradient(engine, g, addresses);
    });
  };

/** A gradient by the input, whose shape is an attribute. */
const byInput =
  (isDepthwise: boolean): Kernel =>
  (engine, inputs, attributes) => {
    const given = pair(inputs, "dy", "filter");
    if (given === undefined) return undefined;
    const [dy, w] = given;
    const { inputShape } = attributes as { inputShape: readonly number[] };
    const convolutionAttributes = attributes as ConvolutionAttributes;
    const g = convolutionGeometry(inputShape, w.shape, convolutionAttributes, isDepthwise);
    if (g === undefined || !isDense(g)) return undefined;
    return engine.write(inputShape, (dx) => {
      const addresses = { dy: engine.addressOf(dy), w: engine.addressOf(w), dx };
      return isDepthwise ? depthwiseInputGradient(g, addresses) : inputGradient(g, addresses);
    });
  };

export const KERNELS: Readonly<Record<string, Kernel>> = {
  Conv2D: convolution,
  FusedConv2D: convolution,
  Conv2DBackpropFilter: byFilter(false),
  Conv2DBackpropInput: byInput(false),
  DepthwiseConv2dNativeBackpropFilter: byFilter(true),
  DepthwiseConv2dNativeBackpropInput: byInput(true),

  MaxPoolGrad(engine, inputs, attributes) {
    const given = pair(inputs, "input", "dy");
    if (given === undefined) return undefined;
    const [x, dy] = given;
    const g = poolGeometry(x.shape, attributes as PoolAttributes);
    return engine.write(x.shape, (dx) =>
      maxPoolGradient(g, { x: engine.addressOf(x), dy: engine.addressOf(dy), dx }),
    );
  },

  AvgPoolGrad(engine, inputs, attributes) {
    const given = pair(inputs, "input", "dy");
    if (given === undefined) return undefined;
    const [x, dy] = given;
    const g = poolGeometry(x.shape, attributes as PoolAttributes);
    return engine.write(x.shape, (dx) => averagePoolGradient(g, { dy: engine.addressOf(dy), dx }));
  },

  UnsortedSegmentSum(engine, { x, segmentIds }, attributes) {
    if (x === undefined || segmentIds === undefined) return undefined;
    const { numSegments } = attributes as { numSegments: number };
    return unsortedSegmentSum(engine, x, segmentIds, numSegments);
  },

  BatchMatMul(engine, inputs, attributes) {
    const given = pair(inputs, "a", "b");
    if (given === undefined) return undefined;
    return product(engine, ...given, attributes as ProductAttributes);
  },

  FusedBatchNorm(engine, { x, mean, variance, offset, scale }, attributes) {
    const tensors = [x, mean, variance, offset, scale];
    if (!areFloats(...tensors.filter((tensor) => tensor !== undefined))) return undefined;
    if (x === undefined || mean === undefined || variance === undefined) return undefined;
    const { varianceEpsilon } = attributes as { varianceEpsilon: number };
    return normalized(engine, x, { mean, variance, offset, scale }, varianceEpsilon);
  },

  Sum(engine, { x }, attributes) {
    if (x === undefined || !areFloats(x)) return undefined;
    return sumOver(engine, x, attributes, () => 1);
  },

  Mean(engine, { x }, attributes) {
    if (x === undefined || !areFloats(x)) return undefined;
    return sumOver(engine, x, attributes, (count) => 1 / count);
  },

  Tile(engine, { x }, attributes) {
    if (x === undefined) return undefined;
    return tile(engine, x, (attributes as { reps: readonly number[] }).reps);
  },
};
