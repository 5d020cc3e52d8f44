/**
 * @file Winograd's weights: from the network's layout into planes of panels, [planes][⌈filters/8⌉][channels][8],
 * for the convolution or, turned by half and with input and output exchanged, for its input's gradient.
 */
import { scratch, shareStart } from "./control";
import {
  packWinogradTransposedWords as Turned,
  packWinogradWords as Plain,
} from "./instructions.generated";
import { weightTile2 } from "./winograd2";
import { weightTile4 } from "./winograd4";

/** Scratch that filling a panel takes: 9 weights, 18 vectors in between, 8 addresses. */
export const PACK_SCRATCH: usize = 512;

/** Loads the first `count` floats, at most 4; the rest zero. */
// @ts-ignore: decorator
@inline
function loadSome(from: usize, count: i32): v128 {
  if (count >= 4) return v128.load(from);
  let value = v128.load32_zero(from);
  if (count > 1) value = f32x4.replace_lane(value, 1, load<f32>(from, 4));
  if (count > 2) value = f32x4.replace_lane(value, 2, load<f32>(from, 8));
  return value;
}

/** G·g·Gᵀ of the nine vectors at `g`, to `to` in every plane. */
// @ts-ignore: decorator
@inline
function transform(g: usize, to: usize, plane: usize, isLarge: bool): void {
  if (isLarge) weightTile4(g, to, plane);
  else weightTile2(g, to, plane);
}

/**
 * Fills output channels 8·panel … of every plane, [channels][8] each, planes `plane` bytes apart.
 * Channels that no logical one maps to become zero. `scale` [cout] may be 0.
 */
export function packPanel(
  w: usize,
  cin: i32,
  cout: i32,
  cinMap: usize,
  scale: usize,
  panel: i32,
  channels: i32,
  out: usize,
  plane: usize,
  isLarge: bool,
  space: usize,
): void {
  const planes = isLarge ? 36 : 16;
  const first = panel << 3;
  const last = min(cout, first + 8);
  if (cin !== channels || last !== first + 8) {
    for (let p = 0; p < planes; p++) {
      memory.fill(out + <usize>p * plane, 0, (<usize>channels) << 5);
    }
  }
  const tapBytes = (<usize>(cin * cout)) << 2;
  for (let ci = 0; ci < cin; ci++) {
    const position = load<i32>(cinMap + ((<usize>ci) << 2));
    for (let co = first; co < last; co += 4) {
      let from = w + ((<usize>(ci * cout + co)) << 2);
      for (let at: usize = 0; at < 144; at += 16) {
        let value = loadSome(from, cout - co);
        if (scale !== 0) value = f32x4.mul(value, loadSome(scale + ((<usize>co) << 2), cout - co));
        v128.store(space + at, value);
        from += tapBytes;
      }
      const to = out + ((<usize>position) << 5) + ((<usize>(co - first)) << 2);
      transform(space, to, plane, isLarge);
    }
  }
}

/** The same for the input's gradient: input positions 8·panel …, [coutPhysical][8] each. */
export function packTurnedPanel(
  w: usize,
  cin: i32,
  cout: i32,
  cinMap: usize,
  panel: i32,
  coutPhysical: i32,
  out: usize,
  plane: usize,
  isLarge: bool,
  space: usize,
): void {
  // Where the weights of each position of the panel start; zeros where there is no channel.
  const table = space + 432;
  for (let at: usize = 0; at < 32; at += 4) store<u32>(table + at, 0);
  for (let ci = 0; ci < cin; ci++) {
    const position = load<i32>(cinMap + ((<usize>ci) << 2));
    if (position >> 3 !== panel) continue;
    store<u32>(table + ((<usize>(position & 7)) << 2), <u32>(w + ((<usize>(ci * cout)) << 2)));
  }
  const tapBytes = (<usize>(cin * cout)) << 2;
  for (let half: usize = 0; half < 32; half += 16) {
    const w0 = <usize>load<u32>(table + half);
    const w1 = <usize>load<u32>(table + half, 4);
    const w2 = <usize>load<u32>(table + half, 8);
    const w3 = <usize>load<u32>(table + half, 12);
    for (let co = 0; co < coutPhysical; co++) {
      let at = (<usize>co) << 2;
      // Turned by half: the last tap first.
      for (let to = space + 128; to >= space; to -= 16) {
        let value = f32x4.splat(0);
        if (co < cout) {
          if (w0 !== 0) value = f32x4.replace_lane(value, 0, load<f32>(w0 + at));
          if (w1 !== 0) value = f32x4.replace_lane(value, 1, load<f32>(w1 + at));
          if (w2 !== 0) value = f32x4.replace_lane(value, 2, load<f32>(w2 + at));
          if (w3 !== 0) value = f32x4.replace_lane(value, 3, load<f32>(w3 + at));
        }
        v128.store(to, value);
        at += tapBytes;
      }
      transform(space, out + ((<usize>co) << 5) + half, plane, isLarge);
    }
  }
}

export function packWinograd(words: usize, thread: i32, threads: i32): void {
  const channels = Plain.cinPhysical(words);
  const panels = (Plain.cout(words) + 7) >> 3;
  const end = shareStart(panels, thread + 1, threads);
  for (let panel = shareStart(panels, thread, threads); panel < end; panel++) {
    packPanel(
      Plain.w(words),
      Plain.cin(words),
      Plain.cout(words),
      Plain.cinMap(words),
      Plain.scale(words),
      panel,
      channels,
      <usize>Plain.u(words) + ((<usize>(panel * channels)) << 5),
      (<usize>Plain.planeStride(words)) << 2,
      Plain.variant(words) === 4,
      scratch(thread),
    );
  }
}

export function packWinogradTransposed(words: usize, thread: i32, threads: i32): void {
  const channels = Turned.coutPhysical(words);
  const panels = (Turned.cinPhysical(words) + 7) >> 3;
  const end = shareStart(panels, thread + 1, threads);
  for (let panel = shareStart(panels, thread, threads); panel < end; panel++) {
    packTurnedPanel(
      Turned.w(words),
      Turned.cin(words),
      Turned.cout(words),
      Turned.cinMap(words),
      panel,
      channels,
      <usize>Turned.u(words) + ((<usize>(panel * channels)) << 5),
      (<usize>Turned.planeStride(words)) << 2,
      Turned.variant(words) === 4,
      scratch(thread),
    );
  }
}
