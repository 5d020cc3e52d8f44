/** @file Windows, strides and pads as plain numbers, read as TensorFlow.js itself reads them. */
import { backend_util } from "@tensorflow/tfjs-core";

export type Geometry = backend_util.Conv2DInfo;
type Shape4 = [number, number, number, number];
type Pair = [number, number] | number;

/** What TensorFlow.js hands to the kernels of convolutions; some leave out what they cannot do. */
export interface ConvolutionAttributes {
  readonly strides: Pair;
  readonly pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  readonly dilations?: Pair | null;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: "NHWC" | "NCHW";
}

export interface PoolAttributes {
  readonly filterSize: Pair;
  readonly strides: Pair;
  readonly pad: ConvolutionAttributes["pad"];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/** @returns nothing for channels in front of the pixels, which no kernel here takes */
export function convolutionGeometry(
  input: readonly number[],
  filter: readonly number[],
  attributes: ConvolutionAttributes,
  isDepthwise = false,
): Geometry | undefined {
  const { strides, pad, dilations, dimRoundingMode, dataFormat = "NHWC" } = attributes;
  if (dataFormat !== "NHWC") return undefined;
  return backend_util.computeConv2DInfo(
    input as Shape4,
    filter as Shape4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    isDepthwise,
  );
}

export function poolGeometry(input: readonly number[], attributes: PoolAttributes): Geometry {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const shape = input as Shape4;
  return backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** Whether the taps of a window are neighbours. */
export function isDense({ dilationHeight, dilationWidth }: Geometry): boolean {
  return dilationHeight === 1 && dilationWidth === 1;
}
