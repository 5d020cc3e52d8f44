/** @file Channels in another order: a list of channel numbers, −1 for one that is all zeros. */

/** Where a logical channel stands; without a list where it always stood. */
// @ts-ignore: decorator
@inline
export function placeOf(map: usize, channel: i32): i32 {
  return map === 0 ? channel : load<i32>(map + ((<usize>channel) << 2));
}

/** Copies the listed channels of `count` pixels; the steps are bytes between two pixels. */
export function pickChannels(
  from: usize,
  step: usize,
  count: i32,
  list: usize,
  channels: usize,
  to: usize,
  toStep: usize,
): void {
  for (let c: usize = 0; c < channels << 2; c += 16) {
    if (areNeighbours(list + c)) {
      moveFour(from + ((<usize>load<i32>(list + c)) << 2), step, count, to + c, toStep);
    } else {
      pickFour(from, step, count, list + c, to + c, toStep);
    }
  }
}

/** Whether the list's next four are neighbours in ascending order. */
function areNeighbours(list: usize): bool {
  const first = load<i32>(list);
  const gaps = i32x4.sub(v128.load(list), i32x4.splat(first));
  return first >= 0 && v128.bitmask<i32>(i32x4.ne(gaps, i32x4(0, 1, 2, 3))) === 0;
}

function moveFour(from: usize, step: usize, count: i32, to: usize, toStep: usize): void {
  for (; count > 0; count--) {
    v128.store(to, v128.load(from));
    from += step;
    to += toStep;
  }
}

/** Byte offset of the list's channel `at`; of channel 0 where it is left out, to be masked away. */
// @ts-ignore: decorator
@inline
function offsetOf(list: usize, at: usize): usize {
  return (<usize>max(0, load<i32>(list + (at << 2)))) << 2;
}

function pickFour(
  from: usize,
  step: usize,
  count: i32,
  list: usize,
  to: usize,
  toStep: usize,
): void {
  const isThere = i32x4.ge_s(v128.load(list), i32x4.splat(0));
  const first = offsetOf(list, 0);
  const second = offsetOf(list, 1);
  const third = offsetOf(list, 2);
  const fourth = offsetOf(list, 3);
  for (; count > 0; count--) {
    let values = v128.load32_zero(from + first);
    values = v128.load32_lane(from + second, values, 1);
    values = v128.load32_lane(from + third, values, 2);
    values = v128.load32_lane(from + fourth, values, 3);
    v128.store(to, v128.and(values, isThere));
    from += step;
    to += toStep;
  }
}
