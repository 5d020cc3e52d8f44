/**
 * @file Puts blocks that live for a while into as few bytes as it can: the largest first, each at the
 * lowest offset that no block alive at the same time has.
 */

export interface Stay {
  readonly bytes: number;
  /** First and last instruction, both included. */
  readonly first: number;
  readonly last: number;
}

export interface Arena {
  /** By position in what was given. */
  readonly offsets: readonly number[];
  readonly bytes: number;
}

/** Offsets are multiples of a cache line. */
const LINE = 64;

/** Kernels may read so far beyond a view's end. */
const SLACK = 64;

/** What a block really takes. */
export function roomFor(bytes: number): number {
  return Math.ceil(bytes / LINE) * LINE + SLACK;
}

/** Cost O(n²) in the number of blocks. */
export function arrange(stays: readonly Stay[]): Arena {
  const offsets = stays.map(() => 0);
  const order = stays.map((_, at) => at);
  const bytesOf = (at: number): number => stays[at]?.bytes ?? 0;
  order.sort((a, b) => bytesOf(b) - bytesOf(a) || a - b);
  // Ascending by offset.
  const placed: (Stay & { readonly offset: number; readonly end: number })[] = [];
  let total = 0;
  for (const at of order) {
    const stay = stays[at];
    if (stay === undefined) continue;
    const room = roomFor(stay.bytes);
    let offset = 0;
    for (const other of placed) {
      if (other.last < stay.first || other.first > stay.last) continue;
      if (other.offset >= offset + room) break;
      offset = Math.max(offset, other.end);
    }
    offsets[at] = offset;
    const end = offset + room;
    total = Math.max(total, end);
    const next = placed.findIndex((other) => other.offset > offset);
    placed.splice(next < 0 ? placed.length : next, 0, { ...stay, offset, end });
  }
  return { offsets, bytes: total };
}
