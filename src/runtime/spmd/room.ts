/** @file What a program may take. It is refused before anything is allocated, with what would fit. */
import { AppError } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";

/** A wasm memory has 4 GiB of addresses; a page that asks for nearly all of them is at its end. */
export const MOST_BYTES = 3 * 1024 ** 3;

/**
 * Lets a plan pass that fits.
 * @param bytesAt — what a plan for so many images would take; asked only when this one does not fit
 * @throws runtime/out-of-memory
 */
export function assertRoom(
  { name }: Network,
  batch: number,
  bytes: number,
  bytesAt: (batch: number) => number,
): void {
  if (bytes <= MOST_BYTES) return;
  const fitting = fittingBatch(batch, bytes, bytesAt);
  throw new AppError("runtime/out-of-memory", {
    where: `${name} with batch ${batch}`,
    expected: `at most ${(MOST_BYTES / 1e9).toFixed(1)} GB`,
    found: `${(bytes / 1e9).toFixed(1)} GB`,
    hint: fitting === 0 ? "use a narrower network" : `use a batch of ${fitting} or smaller`,
  });
}

/** The largest batch that fits, or nearly; 0 when not even one image does. */
export function fittingBatch(
  batch: number,
  bytes: number,
  bytesAt: (batch: number) => number,
): number {
  const least = bytesAt(1);
  if (least > MOST_BYTES) return 0;
  // Bytes grow with the batch in a straight line, but for roundings.
  const each = (bytes - least) / Math.max(1, batch - 1);
  let fitting = Math.min(batch - 1, 1 + Math.floor((MOST_BYTES - least) / each));
  while (fitting > 1 && bytesAt(fitting) > MOST_BYTES) fitting = Math.floor(fitting * 0.95);
  return fitting;
}
