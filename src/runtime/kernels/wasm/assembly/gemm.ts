/**
 * @file The two matrix products that everything else is made of. The tile is 4 rows × 8 columns, eight
 * accumulators in registers, the depth not unrolled: larger tiles and unrolled loops spill, and run
 * at half the speed.
 */
import { activated, madd } from "./simd";

/**
 * C = A·B. A is [rows][depth], B panels of [depth][8], C [rows][8·panels]. Rows are taken four at a
 * time: C must be writable up to the next multiple of 4. Strides in bytes.
 */
export function multiply(
  a: usize,
  aStride: usize,
  b: usize,
  depth: i32,
  c: usize,
  cStride: usize,
  rows: i32,
  panels: i32,
): void {
  const panelBytes = (<usize>depth) << 5;
  for (let panel = 0; panel < panels; panel++) {
    let a0 = a;
    let out = c;
    for (let row = 0; row < rows; row += 4) {
      const next = a0 + (aStride << 2);
      let a1 = row + 1 < rows ? a0 + aStride : a0;
      let a2 = row + 2 < rows ? a1 + aStride : a1;
      let a3 = row + 3 < rows ? a2 + aStride : a2;
      let c00 = f32x4.splat(0);
      let c01 = c00;
      let c10 = c00;
      let c11 = c00;
      let c20 = c00;
      let c21 = c00;
      let c30 = c00;
      let c31 = c00;
      const end = b + panelBytes;
      for (let at = b; at < end; at += 32) {
        const b0 = v128.load(at);
        const b1 = v128.load(at, 16);
        let s = v128.load32_splat(a0);
        c00 = madd(s, b0, c00);
        c01 = madd(s, b1, c01);
        s = v128.load32_splat(a1);
        c10 = madd(s, b0, c10);
        c11 = madd(s, b1, c11);
        s = v128.load32_splat(a2);
        c20 = madd(s, b0, c20);
        c21 = madd(s, b1, c21);
        s = v128.load32_splat(a3);
        c30 = madd(s, b0, c30);
        c31 = madd(s, b1, c31);
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
      }
      v128.store(out, c00);
      v128.store(out, c01, 16);
      out += cStride;
      v128.store(out, c10);
      v128.store(out, c11, 16);
      out += cStride;
      v128.store(out, c20);
      v128.store(out, c21, 16);
      out += cStride;
      v128.store(out, c30);
      v128.store(out, c31, 16);
      out += cStride;
      a0 = next;
    }
    b += panelBytes;
    c += 32;
  }
}

/**
 * C = Aᵀ·B, or C += Aᵀ·B with `adds`. A is [depth][rows], B [depth][8·panels], C [rows][8·panels]. B must
 * be readable up to the last panel's end; what lies there only reaches columns that nobody reads.
 * Strides in bytes.
 */
export function multiplyTransposed(
  a: usize,
  aStride: usize,
  b: usize,
  bStride: usize,
  depth: i32,
  c: usize,
  cStride: usize,
  rows: i32,
  panels: i32,
  adds: bool,
): void {
  const whole = rows & ~3;
  const nothing = f32x4.splat(0);
  for (let panel = 0; panel < panels; panel++) {
    let out = c;
    for (let row = 0; row < whole; row += 4) {
      const out1 = out + cStride;
      const out2 = out1 + cStride;
      const out3 = out2 + cStride;
      let c00 = adds ? v128.load(out) : nothing;
      let c01 = adds ? v128.load(out, 16) : nothing;
      let c10 = adds ? v128.load(out1) : nothing;
      let c11 = adds ? v128.load(out1, 16) : nothing;
      let c20 = adds ? v128.load(out2) : nothing;
      let c21 = adds ? v128.load(out2, 16) : nothing;
      let c30 = adds ? v128.load(out3) : nothing;
      let c31 = adds ? v128.load(out3, 16) : nothing;
      let from = a + ((<usize>row) << 2);
      let at = b;
      for (let k = 0; k < depth; k++) {
        const b0 = v128.load(at);
        const b1 = v128.load(at, 16);
        let s = v128.load32_splat(from);
        c00 = madd(s, b0, c00);
        c01 = madd(s, b1, c01);
        s = v128.load32_splat(from, 4);
        c10 = madd(s, b0, c10);
        c11 = madd(s, b1, c11);
        s = v128.load32_splat(from, 8);
        c20 = madd(s, b0, c20);
        c21 = madd(s, b1, c21);
        s = v128.load32_splat(from, 12);
        c30 = madd(s, b0, c30);
        c31 = madd(s, b1, c31);
        from += aStride;
        at += bStride;
      }
      v128.store(out, c00);
      v128.store(out, c01, 16);
      v128.store(out1, c10);
      v128.store(out1, c11, 16);
      v128.store(out2, c20);
      v128.store(out2, c21, 16);
      v128.store(out3, c30);
      v128.store(out3, c31, 16);
      out = out3 + cStride;
    }
    for (let row = whole; row < rows; row++) {
      let c0 = adds ? v128.load(out) : nothing;
      let c1 = adds ? v128.load(out, 16) : nothing;
      let from = a + ((<usize>row) << 2);
      let at = b;
      for (let k = 0; k < depth; k++) {
        const s = v128.load32_splat(from);
        c0 = madd(s, v128.load(at), c0);
        c1 = madd(s, v128.load(at, 16), c1);
        from += aStride;
        at += bStride;
      }
      v128.store(out, c0);
      v128.store(out, c1, 16);
      out += cStride;
    }
    b += 32;
    c += 32;
  }
}

/**
 * C = act(A·B + bias), or what C held added in as well, written to its place at once: for rows that lie
 * side by side in A and C. `columns`, a multiple of 4, are written of each row; `bias` 0 for none. `sums`
 * [2][columns], when not 0, takes the sums and the sums of squares of what is written. Strides in bytes.
 */
export function multiplyInto(
  a: usize,
  aStride: usize,
  b: usize,
  depth: i32,
  c: usize,
  cStride: usize,
  rows: i32,
  columns: i32,
  bias: usize,
  activation: i32,
  accumulate: bool,
  sums: usize,
): void {
  const panelBytes = (<usize>depth) << 5;
  const sumBytes = (<usize>columns) << 2;
  const nothing = f32x4.splat(0);
  for (let column = 0; column < columns; column += 8) {
    const isWhole = column + 8 <= columns;
    const bias0 = bias === 0 ? nothing : v128.load(bias);
    const bias1 = bias === 0 ? nothing : v128.load(bias, 16);
    let sum0 = nothing;
    let sum1 = nothing;
    let square0 = nothing;
    let square1 = nothing;
    let a0 = a;
    let out = c;
    const end = b + panelBytes;
    for (let row = 0; row < rows; row += 4) {
      const left = rows - row;
      const next = a0 + (aStride << 2);
      let a1 = left > 1 ? a0 + aStride : a0;
      let a2 = left > 2 ? a1 + aStride : a0;
      let a3 = left > 3 ? a2 + aStride : a0;
      let c00 = bias0;
      let c01 = bias1;
      let c10 = bias0;
      let c11 = bias1;
      let c20 = bias0;
      let c21 = bias1;
      let c30 = bias0;
      let c31 = bias1;
      for (let at = b; at < end; at += 32) {
        const b0 = v128.load(at);
        const b1 = v128.load(at, 16);
        let s = v128.load32_splat(a0);
        c00 = madd(s, b0, c00);
        c01 = madd(s, b1, c01);
        s = v128.load32_splat(a1);
        c10 = madd(s, b0, c10);
        c11 = madd(s, b1, c11);
        s = v128.load32_splat(a2);
        c20 = madd(s, b0, c20);
        c21 = madd(s, b1, c21);
        s = v128.load32_splat(a3);
        c30 = madd(s, b0, c30);
        c31 = madd(s, b1, c31);
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
      }
      // The last rows may be fewer than four: what is not there is neither added nor written.
      const out1 = out + cStride;
      const out2 = out1 + cStride;
      const out3 = out2 + cStride;
      if (accumulate) {
        c00 = f32x4.add(c00, v128.load(out));
        if (left > 1) c10 = f32x4.add(c10, v128.load(out1));
        if (left > 2) c20 = f32x4.add(c20, v128.load(out2));
        if (left > 3) c30 = f32x4.add(c30, v128.load(out3));
        if (isWhole) {
          c01 = f32x4.add(c01, v128.load(out, 16));
          if (left > 1) c11 = f32x4.add(c11, v128.load(out1, 16));
          if (left > 2) c21 = f32x4.add(c21, v128.load(out2, 16));
          if (left > 3) c31 = f32x4.add(c31, v128.load(out3, 16));
        }
      }
      if (activation !== 0) {
        c00 = activated(c00, activation);
        c10 = activated(c10, activation);
        c20 = activated(c20, activation);
        c30 = activated(c30, activation);
        c01 = activated(c01, activation);
        c11 = activated(c11, activation);
        c21 = activated(c21, activation);
        c31 = activated(c31, activation);
      }
      v128.store(out, c00);
      if (left > 1) v128.store(out1, c10);
      if (left > 2) v128.store(out2, c20);
      if (left > 3) v128.store(out3, c30);
      if (isWhole) {
        v128.store(out, c01, 16);
        if (left > 1) v128.store(out1, c11, 16);
        if (left > 2) v128.store(out2, c21, 16);
        if (left > 3) v128.store(out3, c31, 16);
      }
      if (sums !== 0) {
        sum0 = f32x4.add(sum0, c00);
        sum1 = f32x4.add(sum1, c01);
        square0 = madd(c00, c00, square0);
        square1 = madd(c01, c01, square1);
        if (left > 1) {
          sum0 = f32x4.add(sum0, c10);
          sum1 = f32x4.add(sum1, c11);
          square0 = madd(c10, c10, square0);
          square1 = madd(c11, c11, square1);
        }
        if (left > 2) {
          sum0 = f32x4.add(sum0, c20);
          sum1 = f32x4.add(sum1, c21);
          square0 = madd(c20, c20, square0);
          square1 = madd(c21, c21, square1);
        }
        if (left > 3) {
          sum0 = f32x4.add(sum0, c30);
          sum1 = f32x4.add(sum1, c31);
          square0 = madd(c30, c30, square0);
          square1 = madd(c31, c31, square1);
        }
      }
      out = out3 + cStride;
      a0 = next;
    }
    if (sums !== 0) {
      v128.store(sums, f32x4.add(v128.load(sums), sum0));
      v128.store(sums + sumBytes, f32x4.add(v128.load(sums + sumBytes), square0));
      if (isWhole) {
        v128.store(sums, f32x4.add(v128.load(sums, 16), sum1), 16);
        v128.store(sums + sumBytes, f32x4.add(v128.load(sums + sumBytes, 16), square1), 16);
      }
      sums += 32;
    }
    if (bias !== 0) bias += 32;
    b += panelBytes;
    c += 32;
  }
}
