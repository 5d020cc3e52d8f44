/** @file The scale of a drawing in its window, and what stays where it is while that changes. Pure. */

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Largest scale; the smallest shows the whole drawing. */
const MOST = 2;

/** So small that all of it is seen, and never larger than it is drawn. */
export function wholeScale(room: Extent, { width, height }: Extent): number {
  if (room.width * room.height === 0 || width * height === 0) return 1;
  return Math.min(1, room.width / width, room.height / height);
}

/** As wide as there is room, and never so small that its words cannot be read. */
export function readableScale(room: Extent, { width }: Extent): number {
  if (room.width === 0 || width === 0) return 1;
  return Math.min(1, Math.max(0.5, room.width / width));
}

/** Within what makes sense for this drawing. */
export function clampScale(scale: number, room: Extent, drawing: Extent): number {
  return Math.min(MOST, Math.max(Math.min(0.25, wholeScale(room, drawing)), scale));
}

/**
 * Where to scroll along one axis, so that what is below the pointer stays there.
 * A drawing that is narrower than its room stands in its middle.
 * @param at — the pointer, pixels from the window's edge
 * @param scrolled — how far it is scrolled before
 */
export function scrollAfter(
  { at, scrolled, room, size }: { at: number; scrolled: number; room: number; size: number },
  before: number,
  after: number,
): number {
  const inset = (scale: number): number => Math.max(0, (room - size * scale) / 2);
  const point = (at + scrolled - inset(before)) / before;
  return Math.max(0, point * after + inset(after) - at);
}
