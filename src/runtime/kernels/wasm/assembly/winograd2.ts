/**
 * @file The transforms of Winograd's F(2×2, 3×3) (Lavin & Gray 2016): a tile of 4 × 4 inputs makes 2 × 2
 * outputs with 16 products instead of 36. Planes lie `plane` bytes apart.
 */

/** Bᵀ·d·B of one tile, all channels. `table` holds the addresses of the 16 pixels, row by row. */
export function inputTile2(table: usize, to: usize, plane: usize, channels: i32): void {
  const bytes = (<usize>channels) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    // By columns first: what each column of four becomes.
    let d0 = v128.load(<usize>load<u32>(table) + at);
    let d1 = v128.load(<usize>load<u32>(table, 16) + at);
    let d2 = v128.load(<usize>load<u32>(table, 32) + at);
    let d3 = v128.load(<usize>load<u32>(table, 48) + at);
    const t00 = f32x4.sub(d0, d2);
    const t10 = f32x4.add(d1, d2);
    const t20 = f32x4.sub(d2, d1);
    const t30 = f32x4.sub(d1, d3);
    d0 = v128.load(<usize>load<u32>(table, 4) + at);
    d1 = v128.load(<usize>load<u32>(table, 20) + at);
    d2 = v128.load(<usize>load<u32>(table, 36) + at);
    d3 = v128.load(<usize>load<u32>(table, 52) + at);
    const t01 = f32x4.sub(d0, d2);
    const t11 = f32x4.add(d1, d2);
    const t21 = f32x4.sub(d2, d1);
    const t31 = f32x4.sub(d1, d3);
    d0 = v128.load(<usize>load<u32>(table, 8) + at);
    d1 = v128.load(<usize>load<u32>(table, 24) + at);
    d2 = v128.load(<usize>load<u32>(table, 40) + at);
    d3 = v128.load(<usize>load<u32>(table, 56) + at);
    const t02 = f32x4.sub(d0, d2);
    const t12 = f32x4.add(d1, d2);
    const t22 = f32x4.sub(d2, d1);
    const t32 = f32x4.sub(d1, d3);
    d0 = v128.load(<usize>load<u32>(table, 12) + at);
    d1 = v128.load(<usize>load<u32>(table, 28) + at);
    d2 = v128.load(<usize>load<u32>(table, 44) + at);
    d3 = v128.load(<usize>load<u32>(table, 60) + at);
    const t03 = f32x4.sub(d0, d2);
    const t13 = f32x4.add(d1, d2);
    const t23 = f32x4.sub(d2, d1);
    const t33 = f32x4.sub(d1, d3);
    let out = to + at;
    storeRow(out, plane, t00, t01, t02, t03);
    out += plane << 2;
    storeRow(out, plane, t10, t11, t12, t13);
    out += plane << 2;
    storeRow(out, plane, t20, t21, t22, t23);
    out += plane << 2;
    storeRow(out, plane, t30, t31, t32, t33);
  }
}

// @ts-ignore: decorator
@inline
function storeRow(out: usize, plane: usize, t0: v128, t1: v128, t2: v128, t3: v128): void {
  v128.store(out, f32x4.sub(t0, t2));
  v128.store(out + plane, f32x4.add(t1, t2));
  v128.store(out + plane * 2, f32x4.sub(t2, t1));
  v128.store(out + plane * 3, f32x4.sub(t1, t3));
}

/** Aᵀ·m·A of four channels: 2 × 2 values at `to`, `column` and `row` bytes apart. */
export function outputTile2(
  from: usize,
  plane: usize,
  to: usize,
  row: usize,
  column: usize,
): void {
  let m0 = v128.load(from);
  let m1 = v128.load(from + plane * 4);
  let m2 = v128.load(from + plane * 8);
  let m3 = v128.load(from + plane * 12);
  let s = f32x4.add(m1, m2);
  let d = f32x4.sub(m1, m2);
  const a0 = f32x4.add(m0, s);
  const b0 = f32x4.sub(d, m3);
  from += plane;
  m0 = v128.load(from);
  m1 = v128.load(from + plane * 4);
  m2 = v128.load(from + plane * 8);
  m3 = v128.load(from + plane * 12);
  s = f32x4.add(m1, m2);
  d = f32x4.sub(m1, m2);
  const a1 = f32x4.add(m0, s);
  const b1 = f32x4.sub(d, m3);
  from += plane;
  m0 = v128.load(from);
  m1 = v128.load(from + plane * 4);
  m2 = v128.load(from + plane * 8);
  m3 = v128.load(from + plane * 12);
  s = f32x4.add(m1, m2);
  d = f32x4.sub(m1, m2);
  const a2 = f32x4.add(m0, s);
  const b2 = f32x4.sub(d, m3);
  from += plane;
  m0 = v128.load(from);
  m1 = v128.load(from + plane * 4);
  m2 = v128.load(from + plane * 8);
  m3 = v128.load(from + plane * 12);
  s = f32x4.add(m1, m2);
  d = f32x4.sub(m1, m2);
  const a3 = f32x4.add(m0, s);
  const b3 = f32x4.sub(d, m3);
  v128.store(to, f32x4.add(a0, f32x4.add(a1, a2)));
  v128.store(to + column, f32x4.sub(f32x4.sub(a1, a2), a3));
  to += row;
  v128.store(to, f32x4.add(b0, f32x4.add(b1, b2)));
  v128.store(to + column, f32x4.sub(f32x4.sub(b1, b2), b3));
}

/** A·dy·Aᵀ of one tile, all channels. `table` holds the addresses of the 4 pixels, row by row. */
export function gradientTile2(table: usize, to: usize, plane: usize, channels: i32): void {
  const p00 = <usize>load<u32>(table);
  const p01 = <usize>load<u32>(table, 4);
  const p10 = <usize>load<u32>(table, 8);
  const p11 = <usize>load<u32>(table, 12);
  const bytes = (<usize>channels) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const y00 = v128.load(p00 + at);
    const y01 = v128.load(p01 + at);
    const y10 = v128.load(p10 + at);
    const y11 = v128.load(p11 + at);
    let out = to + at;
    storeGradientRow(out, plane, y00, y01);
    out += plane << 2;
    storeGradientRow(out, plane, f32x4.add(y00, y10), f32x4.add(y01, y11));
    out += plane << 2;
    storeGradientRow(out, plane, f32x4.sub(y00, y10), f32x4.sub(y01, y11));
    out += plane << 2;
    storeGradientRow(out, plane, f32x4.neg(y10), f32x4.neg(y11));
  }
}

// @ts-ignore: decorator
@inline
function storeGradientRow(out: usize, plane: usize, z0: v128, z1: v128): void {
  v128.store(out, z0);
  v128.store(out + plane, f32x4.add(z0, z1));
  v128.store(out + plane * 2, f32x4.sub(z0, z1));
  v128.store(out + plane * 3, f32x4.neg(z1));
}

/** One row of G·g: from three weights to four. */
// @ts-ignore: decorator
@inline
function spread(out: usize, step: usize, g0: v128, g1: v128, g2: v128): void {
  const half = f32x4.splat(0.5);
  const ends = f32x4.add(g0, g2);
  v128.store(out, g0);
  v128.store(out + step, f32x4.mul(half, f32x4.add(ends, g1)));
  v128.store(out + step * 2, f32x4.mul(half, f32x4.sub(ends, g1)));
  v128.store(out + step * 3, g2);
}

/**
 * G·g·Gᵀ of four channels: nine vectors at `g`, with room for [4][3] behind, make 16 at `to`, `plane`
 * bytes apart.
 */
export function weightTile2(g: usize, to: usize, plane: usize): void {
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
  for (let from = middle; from < middle + 192; from += 48) {
    spread(to, plane, v128.load(from), v128.load(from, 16), v128.load(from, 32));
    to += plane * 4;
  }
}

/**
 * Gᵀ·u·G of four output channels: 16 vectors at `u`, `plane` bytes apart, make nine at `g`, with room
 * for [3][4] behind.
 */
export function weightGradientTile2(u: usize, plane: usize, g: usize): void {
  const half = f32x4.splat(0.5);
  const middle = g + 144;
  const row = plane << 2;
  for (let column: usize = 0; column < 64; column += 16) {
    const u1 = v128.load(u + row);
    const u2 = v128.load(u + row * 2);
    const sum = f32x4.mul(half, f32x4.add(u1, u2));
    v128.store(middle + column, f32x4.add(v128.load(u), sum));
    v128.store(middle + column, f32x4.mul(half, f32x4.sub(u1, u2)), 64);
    v128.store(middle + column, f32x4.add(sum, v128.load(u + row * 3)), 128);
    u += plane;
  }
  for (let i: usize = 0; i < 3; i++) {
    const from = middle + i * 64;
    const to = g + i * 48;
    const u1 = v128.load(from, 16);
    const u2 = v128.load(from, 32);
    const sum = f32x4.mul(half, f32x4.add(u1, u2));
    v128.store(to, f32x4.add(v128.load(from), sum));
    v128.store(to, f32x4.mul(half, f32x4.sub(u1, u2)), 16);
    v128.store(to, f32x4.add(sum, v128.load(from, 48)), 32);
  }
}
