/** @file Batch normalization by given statistics: a factor and a summand for each channel. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Engine } from "./engine.ts";
import { sizeOf } from "./heap.ts";
import { Program } from "./program.ts";

/** Below this many values there is nothing to gain. */
const FEWEST_VALUES = 4096;

interface Statistics {
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  readonly offset: TensorInfo | undefined;
  readonly scale: TensorInfo | undefined;
}

/**
 * y = (x − mean)·scale/√(variance + ε) + offset.
 * @returns nothing unless there is one value of each for every channel, or all of x is small
 */
export function normalized(
  engine: Engine,
  x: TensorInfo,
  { mean, variance, offset, scale }: Statistics,
  epsilon: number,
): TensorInfo | undefined {
  const channels = x.shape.at(-1) ?? 0;
  const given = [mean, variance, offset, scale].filter((tensor) => tensor !== undefined);
  if (given.some(({ shape }) => shape.length !== 1 || shape[0] !== channels)) return undefined;
  const size = sizeOf(x.shape);
  if (size < FEWEST_VALUES) return undefined;
  const of = (tensor: TensorInfo | undefined, otherwise: number): ArrayLike<number> =>
    tensor === undefined
      ? Array.from({ length: channels }, () => otherwise)
      : engine.values(tensor);
  const [means, variances] = [of(mean, 0), of(variance, 1)];
  const [offsets, scales] = [of(offset, 0), of(scale, 1)];
  // Kernels take channels by fours: four pixels in a line are one of four times the length.
  const together = channels % 4 === 0 ? 1 : 4;
  const length = channels * together;
  const pixels = Math.floor(size / length);
  const affine = new Float32Array(2 * length);
  for (let at = 0; at < length; at++) {
    const c = at % channels;
    const factor = (scales[c] as number) / Math.sqrt((variances[c] as number) + epsilon);
    affine[at] = factor;
    affine[length + at] = (offsets[c] as number) - (means[c] as number) * factor;
  }
  const program = (y: number): Program => {
    const scaling = new Program(1);
    scaling.emit("applyAffine", {
      x: engine.addressOf(x),
      xStride: length,
      height: pixels,
      width: 1,
      sources: length,
      channels: length,
      gather: 0,
      affine: scaling.constants(affine),
      activation: 0,
      pool: 0,
      y,
      yStride: length,
    });
    return scaling;
  };
  return engine.write(x.shape, program, (output) => {
    const [values, results] = [engine.values(x), engine.values(output)];
    for (let at = pixels * length; at < size; at++) {
      const c = at % length;
      results[at] = (values[at] as number) * (affine[c] as number) + (affine[length + c] as number);
    }
  });
}
