/** @file The gradient of gather: rows are added up by the segment that each belongs to. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Engine } from "./engine.ts";
import { sizeOf } from "./heap.ts";

/**
 * Adds row i of x to row `segmentIds[i]`; an id outside adds to nothing.
 * @returns nothing when there is not one id for every row, or x holds no numbers
 */
export function unsortedSegmentSum(
  engine: Engine,
  x: TensorInfo,
  segmentIds: TensorInfo,
  segments: number,
): TensorInfo | undefined {
  if (segmentIds.shape.length !== 1 || segmentIds.dtype !== "int32") return undefined;
  if (segmentIds.shape[0] !== x.shape[0]) return undefined;
  if (x.dtype !== "float32" && x.dtype !== "int32") return undefined;
  const shape = [segments, ...x.shape.slice(1)];
  const output = engine.output(shape, x.dtype);
  const row = sizeOf(shape.slice(1));
  // Views only behind the allocation, which may have replaced the memory's buffer.
  const sums = engine.values(output).fill(0);
  const values = engine.values(x);
  for (const [at, id] of engine.values(segmentIds).entries()) {
    if (id < 0 || id >= segments) continue;
    for (let c = 0; c < row; c++) {
      const to = id * row + c;
      sums[to] = (sums[to] as number) + (values[at * row + c] as number);
    }
  }
  return output;
}
