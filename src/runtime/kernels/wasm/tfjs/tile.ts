/** @file Repeating a tensor along its axes by copying ever longer runs of bytes. */
import { util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Engine } from "./engine.ts";
import { sizeOf } from "./heap.ts";

/** @returns nothing for strings, which are not in the wasm memory */
export function tile(
  engine: Engine,
  x: TensorInfo,
  reps: readonly number[],
): TensorInfo | undefined {
  if (x.dtype === "string") return undefined;
  const output = engine.output(
    x.shape.map((side, axis) => side * (reps[axis] ?? 1)),
    x.dtype,
  );
  if (sizeOf(output.shape) === 0) return output;
  const width = util.bytesPerElement(x.dtype);
  // Views only behind the allocation, which may have replaced the memory's buffer.
  const bytes = engine.bytes();
  const from = engine.addressOf(x);
  // From this axis on nothing is repeated: one run of bytes.
  const plain = x.shape.length - [...reps].reverse().findIndex((times) => times !== 1);
  const whole = reps.every((times) => times === 1) ? 0 : plain;
  const runBytes = sizeOf(x.shape.slice(whole)) * width;
  let source = from;

  /** Writes everything from `axis` on to `to`, and answers where that ends. */
  const write = (axis: number, to: number): number => {
    if (axis === whole) {
      bytes.copyWithin(to, source, source + runBytes);
      source += runBytes;
      return to + runBytes;
    }
    let end = to;
    for (let i = 0; i < (x.shape[axis] ?? 0); i++) end = write(axis + 1, end);
    return repeat(bytes, to, end, reps[axis] ?? 1);
  };
  write(0, engine.addressOf(output));
  return output;
}

/** Has [start, end) stand there `times` times, doubling what is there. Answers the last one's end. */
function repeat(bytes: Uint8Array, start: number, end: number, times: number): number {
  const last = start + (end - start) * times;
  for (let filled = end; filled < last;) {
    const count = Math.min(filled - start, last - filled);
    bytes.copyWithin(filled, start, start + count);
    filled += count;
  }
  return last;
}
