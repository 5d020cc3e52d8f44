/** @file What goes into a memory for every call, and what is read out of it after. */
import { AppError } from "../../core/index.ts";
import { CONTROL, CONTROL_BYTES } from "./instructions.ts";
import type { MachineMemory } from "./machine.ts";
import type { View } from "./views.ts";

/** The control block's words as whole numbers and as floats. */
export function controlOf({ buffer }: MachineMemory) {
  return {
    whole: new Int32Array(buffer, 0, CONTROL_BYTES / 4),
    floats: new Float32Array(buffer, 0, CONTROL_BYTES / 4),
  };
}

/** Puts images where `spreadImages` takes them, and says how many there are. */
export function putImages(
  memory: MachineMemory,
  address: number,
  images: Float32Array,
  count: number,
): void {
  new Float32Array(memory.buffer, address, images.length).set(images);
  controlOf(memory).whole[CONTROL.images] = count;
}

/** Reads a map without the gaps of its layout: `[n, h, w, c]`. */
export function readMap(
  { buffer }: MachineMemory,
  address: number,
  { stride, height, width, layout: { map } }: View,
  count: number,
): Float32Array {
  const pixels = count * height * width;
  const floats = new Float32Array(
    buffer,
    address,
    Math.max(0, pixels - 1) * stride + lastOf(map) + 1,
  );
  const values = new Float32Array(pixels * map.length);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < map.length; c++) {
      values[pixel * map.length + c] = floats[pixel * stride + (map[c] as number)] as number;
    }
  }
  return values;
}

function lastOf(map: readonly number[]): number {
  return map.reduce((last, position) => Math.max(last, position), 0);
}

/**
 * Runs a program, and once more when a thread was lost.
 * @param restore — puts back what the broken run has changed
 * @param meanwhile — see `MachineMemory.run`; not done again in the second run
 */
export async function runSafely(
  memory: MachineMemory,
  program: number,
  restore: () => void,
  meanwhile?: () => void,
): Promise<void> {
  try {
    await memory.run(program, meanwhile);
  } catch (error) {
    restore();
    if (!(error instanceof AppError) || error.code !== "runtime/thread-lost") throw error;
    try {
      await memory.run(program);
    } catch (again) {
      restore();
      throw again;
    }
  }
}
