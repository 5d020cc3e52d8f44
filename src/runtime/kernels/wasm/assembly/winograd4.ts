/**
 * @file The transforms of Winograd's F(4×4, 3×3) on the points 0, ±1, ±2 (Lavin & Gray 2016): a tile of
 * 6 × 6 inputs makes 4 × 4 outputs with 36 products instead of 144. Planes lie `plane` bytes apart;
 * `middle` is scratch memory for what stands between columns and rows, 36 vectors.
 */
import { madd } from "./simd";

/** One column or row of Bᵀ·d: six values `step` bytes apart at `to`. */
// @ts-ignore: decorator
@inline
function input(
  to: usize,
  step: usize,
  d0: v128,
  d1: v128,
  d2: v128,
  d3: v128,
  d4: v128,
  d5: v128,
): void {
  const four = f32x4.splat(4);
  const minusFour = f32x4.splat(-4);
  const minusFive = f32x4.splat(-5);
  const two = f32x4.splat(2);
  v128.store(to, madd(d0, four, madd(d2, minusFive, d4)));
  const a = madd(d2, minusFour, d4);
  const b = madd(d1, minusFour, d3);
  v128.store(to + step, f32x4.add(a, b));
  v128.store(to + step * 2, f32x4.sub(a, b));
  const c = f32x4.sub(d4, d2);
  const e = f32x4.mul(two, f32x4.sub(d3, d1));
  v128.store(to + step * 3, f32x4.add(c, e));
  v128.store(to + step * 4, f32x4.sub(c, e));
  v128.store(to + step * 5, madd(d1, four, madd(d3, minusFive, d5)));
}

/** Bᵀ·d·B of one tile, all channels. `table` holds the addresses of the 36 pixels, row by row. */
export function inputTile4(
  table: usize,
  to: usize,
  plane: usize,
  channels: i32,
  middle: usize,
): void {
  const bytes = (<usize>channels) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    for (let column: usize = 0; column < 6; column++) {
      const from = table + (column << 2);
      input(
        middle + (column << 4),
        96,
        v128.load(<usize>load<u32>(from) + at),
        v128.load(<usize>load<u32>(from, 24) + at),
        v128.load(<usize>load<u32>(from, 48) + at),
        v128.load(<usize>load<u32>(from, 72) + at),
        v128.load(<usize>load<u32>(from, 96) + at),
        v128.load(<usize>load<u32>(from, 120) + at),
      );
    }
    let out = to + at;
    for (let from = middle; from < middle + 576; from += 96) {
      input(
        out,
        plane,
        v128.load(from),
        v128.load(from, 16),
        v128.load(from, 32),
        v128.load(from, 48),
        v128.load(from, 64),
        v128.load(from, 80),
      );
      out += plane * 6;
    }
  }
}

/** One column or row of Aᵀ·m: four values `step` bytes apart. */
// @ts-ignore: decorator
@inline
function output(
  to: usize,
  step: usize,
  m0: v128,
  m1: v128,
  m2: v128,
  m3: v128,
  m4: v128,
  m5: v128,
): void {
  const s1 = f32x4.add(m1, m2);
  const d1 = f32x4.sub(m1, m2);
  const s2 = f32x4.add(m3, m4);
  const d2 = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(m0, f32x4.add(s1, s2)));
  v128.store(to + step, madd(d2, f32x4.splat(2), d1));
  v128.store(to + step * 2, madd(s2, f32x4.splat(4), s1));
  v128.store(to + step * 3, madd(d2, f32x4.splat(8), f32x4.add(d1, m5)));
}

/**
 * Aᵀ·m·A of four channels: 4 × 4 values at `to`, `column` and `row` bytes apart. `middle` is scratch for
 * [4][6] vectors.
 */
export function outputTile4(
  from: usize,
  plane: usize,
  to: usize,
  row: usize,
  column: usize,
  middle: usize,
): void {
  const planeRow = plane * 6;
  for (let at: usize = 0; at < 96; at += 16) {
    output(
      middle + at,
      96,
      v128.load(from),
      v128.load(from + planeRow),
      v128.load(from + planeRow * 2),
      v128.load(from + planeRow * 3),
      v128.load(from + planeRow * 4),
      v128.load(from + planeRow * 5),
    );
    from += plane;
  }
  for (let end = middle + 384; middle < end; middle += 96) {
    output(
      to,
      column,
      v128.load(middle),
      v128.load(middle, 16),
      v128.load(middle, 32),
      v128.load(middle, 48),
      v128.load(middle, 64),
      v128.load(middle, 80),
    );
    to += row;
  }
}

/** One column or row of A·dy: from four values to six. */
// @ts-ignore: decorator
@inline
function widen(to: usize, step: usize, y0: v128, y1: v128, y2: v128, y3: v128): void {
  const even = f32x4.add(y0, y2);
  const odd = f32x4.add(y1, y3);
  const even2 = madd(y2, f32x4.splat(4), y0);
  const odd2 = madd(y3, f32x4.splat(8), f32x4.add(y1, y1));
  v128.store(to, y0);
  v128.store(to + step, f32x4.add(even, odd));
  v128.store(to + step * 2, f32x4.sub(even, odd));
  v128.store(to + step * 3, f32x4.add(even2, odd2));
  v128.store(to + step * 4, f32x4.sub(even2, odd2));
  v128.store(to + step * 5, y3);
}

/** A·dy·Aᵀ of one tile, all channels. `table` holds the addresses of the 16 pixels, row by row. */
export function gradientTile4(
  table: usize,
  to: usize,
  plane: usize,
  channels: i32,
  middle: usize,
): void {
  const bytes = (<usize>channels) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    for (let column: usize = 0; column < 4; column++) {
      const from = table + (column << 2);
      widen(
        middle + (column << 4),
        64,
        v128.load(<usize>load<u32>(from) + at),
        v128.load(<usize>load<u32>(from, 16) + at),
        v128.load(<usize>load<u32>(from, 32) + at),
        v128.load(<usize>load<u32>(from, 48) + at),
      );
    }
    let out = to + at;
    for (let from = middle; from < middle + 384; from += 64) {
      widen(
        out,
        plane,
        v128.load(from),
        v128.load(from, 16),
        v128.load(from, 32),
        v128.load(from, 48),
      );
      out += plane * 6;
    }
  }
}

/** One column or row of G·g: from three values to six. */
// @ts-ignore: decorator
@inline
function spread(to: usize, step: usize, g0: v128, g1: v128, g2: v128): void {
  const sixth = f32x4.splat(<f32>(1.0 / 6.0));
  const twelfth = f32x4.splat(<f32>(1.0 / 12.0));
  const ends = f32x4.add(g0, g2);
  v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
  v128.store(to + step, f32x4.neg(f32x4.mul(sixth, f32x4.add(ends, g1))));
  v128.store(to + step * 2, f32x4.mul(sixth, f32x4.sub(g1, ends)));
  const outer = madd(g0, f32x4.splat(<f32>(1.0 / 24.0)), f32x4.mul(g2, sixth));
  const inner = f32x4.mul(g1, twelfth);
  v128.store(to + step * 3, f32x4.add(outer, inner));
  v128.store(to + step * 4, f32x4.sub(outer, inner));
  v128.store(to + step * 5, g2);
}

/**
 * G·g·Gᵀ of four channels: nine vectors at `g`, with room for [6][3] behind, make 36 at `to`, `plane`
 * bytes apart.
 */
export function weightTile4(g: usize, to: usize, plane: usize): void {
  const middle = g + 144;
  for (let column: usize = 0; column < 48; column += 16) {
    spread(
      middle + column,
      48,
      v128.load(g + column),
      v128.load(g + column, 48),
      v128.load(g + column, 96),
    );
  }
  for (let from = middle; from < middle + 288; from += 48) {
    spread(to, plane, v128.load(from), v128.load(from, 16), v128.load(from, 32));
    to += plane * 6;
  }
}

/** One column or row of Gᵀ·u: from six values to three. */
// @ts-ignore: decorator
@inline
function gather(
  to: usize,
  step: usize,
  u0: v128,
  u1: v128,
  u2: v128,
  u3: v128,
  u4: v128,
  u5: v128,
): void {
  const sixth = f32x4.splat(<f32>(1.0 / 6.0));
  const near = f32x4.mul(sixth, f32x4.add(u1, u2));
  const far = f32x4.add(u3, u4);
  const first = f32x4.sub(f32x4.mul(u0, f32x4.splat(0.25)), near);
  v128.store(to, madd(far, f32x4.splat(<f32>(1.0 / 24.0)), first));
  const slope = f32x4.mul(sixth, f32x4.sub(u2, u1));
  v128.store(to + step, madd(f32x4.sub(u3, u4), f32x4.splat(<f32>(1.0 / 12.0)), slope));
  v128.store(to + step * 2, f32x4.add(f32x4.sub(f32x4.mul(far, sixth), near), u5));
}

/**
 * Gᵀ·u·G of four output channels: 36 vectors at `u`, `plane` bytes apart, make nine at `g`, with room
 * for [3][6] behind.
 */
export function weightGradientTile4(u: usize, plane: usize, g: usize): void {
  const middle = g + 144;
  const row = plane * 6;
  for (let column: usize = 0; column < 96; column += 16) {
    gather(
      middle + column,
      96,
      v128.load(u),
      v128.load(u + row),
      v128.load(u + row * 2),
      v128.load(u + row * 3),
      v128.load(u + row * 4),
      v128.load(u + row * 5),
    );
    u += plane;
  }
  for (let row: usize = 0; row < 3; row++) {
    const from = middle + row * 96;
    gather(
      g + row * 48,
      16,
      v128.load(from),
      v128.load(from, 16),
      v128.load(from, 32),
      v128.load(from, 48),
      v128.load(from, 64),
      v128.load(from, 80),
    );
  }
}
