/**
 * @file Convolution of any kernel, stride and padding: a block of pixels' sources is gathered into
 * rows [pixels][taps·channels], and multiplied with the packed weights. A 1 × 1 convolution without
 * stride needs no gathering: the map's own pixels are the rows.
 */
import { images, scratch, shareStart, zeros } from "./control";
import { multiply, multiplyInto, multiplyTransposed } from "./gemm";
import {
  convGemmGradientWords as Gradient,
  convGemmWords as W,
  reduceGemmGradientWords as Reduce,
} from "./instructions.generated";
import { flushSums, writeRow } from "./epilogue";

/** Most pixels in a block, and most floats gathered for one. */
const MOST_PIXELS: i32 = 128;
const MOST_FLOATS: i32 = 24576;

/** Pixels in a block: as many as keep the gathered rows in the cache. */
// @ts-ignore: decorator
@inline
function blockOf(depth: i32): i32 {
  return max(8, min(MOST_PIXELS, MOST_FLOATS / max(depth, 1))) & ~3;
}

/** Copies `count` floats, 4 at a time and the rest one by one. */
// @ts-ignore: decorator
@inline
function copyFloats(to: usize, from: usize, count: i32): void {
  const whole = to + ((<usize>(count & ~3)) << 2);
  const end = to + ((<usize>count) << 2);
  while (to < whole) {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  }
  while (to < end) {
    store<f32>(to, load<f32>(from));
    to += 4;
    from += 4;
  }
}

/**
 * Taps in a row of the kernel when all rows are equally long and read pixels that lie side by side, which are
 * then copied at once; else 1.
 */
function runOf(taps: i32, offsets: usize, channels: i32, pixelBytes: usize): i32 {
  if (pixelBytes !== (<usize>channels) << 2) return 1;
  let run = 1;
  while (run < taps && follows(offsets, run)) run++;
  if (taps % run !== 0) return 1;
  for (let t = run; t < taps; t++) {
    if (follows(offsets, t) !== (t % run !== 0)) return 1;
  }
  return run;
}

/** True when a tap reads the pixel to the right of what the tap before it reads. */
function follows(offsets: usize, tap: i32): bool {
  const offset = offsets + ((<usize>tap) << 3);
  return (
    load<i32>(offset) === load<i32>(offset - 8) && load<i32>(offset, 4) === load<i32>(offset - 4) + 1
  );
}

/** Gathers the sources of grid pixels [first, first + count) into rows of `rowBytes`. */
function gatherRows(
  x: usize,
  pixelBytes: usize,
  height: i32,
  width: i32,
  channels: i32,
  taps: i32,
  offsets: usize,
  strideY: i32,
  strideX: i32,
  rows: i32,
  columns: i32,
  first: i32,
  count: i32,
  to: usize,
  rowBytes: usize,
): void {
  const perImage = rows * columns;
  const imageBytes = <usize>(height * width) * pixelBytes;
  const tapBytes = (<usize>channels) << 2;
  const nothing = zeros();
  const run = runOf(taps, offsets, channels, pixelBytes);
  const last = width - run;
  let image = first / perImage;
  let row = (first - image * perImage) / columns;
  let column = first - image * perImage - row * columns;
  for (let i = 0; i < count; i++) {
    const base = x + <usize>image * imageBytes;
    let out = to;
    for (let t = 0; t < taps; t += run) {
      const offset = offsets + ((<usize>t) << 3);
      const sy = row * strideY + load<i32>(offset);
      const sx = column * strideX + load<i32>(offset, 4);
      const isRow = <u32>sy < <u32>height;
      const from = base + <usize>(sy * width + sx) * pixelBytes;
      if (isRow && sx >= 0 && sx <= last) {
        copyFloats(out, from, channels * run);
        out += tapBytes * run;
        continue;
      }
      for (let r = 0; r < run; r++) {
        const inside = isRow && <u32>(sx + r) < <u32>width;
        copyFloats(out, inside ? from + tapBytes * r : nothing, channels);
        out += tapBytes;
      }
    }
    to += rowBytes;
    if (++column === columns) {
      column = 0;
      if (++row === rows) {
        row = 0;
        image++;
      }
    }
  }
}

/** True when the map's own pixels are the rows of the product. */
// @ts-ignore: decorator
@inline
function isDirect(
  taps: i32,
  offsets: usize,
  strideY: i32,
  strideX: i32,
  rows: i32,
  columns: i32,
  height: i32,
  width: i32,
): bool {
  return (
    taps === 1 &&
    strideY === 1 &&
    strideX === 1 &&
    rows === height &&
    columns === width &&
    load<i32>(offsets) === 0 &&
    load<i32>(offsets, 4) === 0
  );
}

export function convGemm(words: usize, thread: i32, threads: i32): void {
  const channels = W.channels(words);
  const taps = W.taps(words);
  const offsets = <usize>W.offsets(words);
  const rows = W.rows(words);
  const columns = W.columns(words);
  const height = W.height(words);
  const width = W.width(words);
  const strideY = W.strideY(words);
  const strideX = W.strideX(words);
  const pixelBytes = (<usize>W.xStride(words)) << 2;
  const x = <usize>W.x(words);
  const filters = (W.filters(words) + 3) & ~3;
  const panels = (W.filters(words) + 7) >> 3;
  const depth = taps * channels;
  const direct = isDirect(taps, offsets, strideY, strideX, rows, columns, height, width);
  const block = blockOf(direct ? panels << 3 : depth);

  const perImage = rows * columns;
  const pixels = images() * perImage;
  const start = shareStart(pixels, thread, threads);
  const end = shareStart(pixels, thread + 1, threads);

  // Scratch: sums, gathered rows, products.
  const sums = scratch(thread);
  const gathered = sums + ((<usize>((filters + 15) & ~15)) << 3);
  const gatheredBytes = direct ? pixelBytes : (<usize>depth) << 2;
  const products = gathered + (direct ? 0 : (<usize>(block * ((depth + 15) & ~15))) << 2);
  const productBytes = (<usize>panels) << 5;

  const partials = <usize>W.partials(words);
  if (partials !== 0) memory.fill(partials + <usize>(thread * filters) * 16, 0, <usize>filters * 16);
  const y = <usize>W.y(words);
  const yBytes = (<usize>W.yStride(words)) << 2;
  const yWidth = W.yWidth(words);
  const yImage = W.yHeight(words) * yWidth;
  const stepY = W.yStepY(words);
  const stepX = W.yStepX(words);
  const bias = <usize>W.bias(words);
  const activation = W.activation(words);
  const accumulate = W.accumulate(words) !== 0;

  let image = perImage === 0 ? 0 : start / perImage;
  let row = (start - image * perImage) / columns;
  let column = start - image * perImage - row * columns;
  // Where the grid is the whole map, its pixels lie side by side, and products need no second way.
  const isWhole =
    depth !== 0 && stepY === 1 && stepX === 1 && W.yHeight(words) === rows && yWidth === columns;
  for (let first = start; first < end; first += block) {
    const count = min(block, end - first);
    let from = gathered;
    if (depth === 0) memory.fill(products, 0, <usize>count * productBytes);
    else {
      if (direct) from = x + <usize>first * pixelBytes;
      else {
        gatherRows(
          x,
          pixelBytes,
          height,
          width,
          channels,
          taps,
          offsets,
          strideY,
          strideX,
          rows,
          columns,
          first,
          count,
          gathered,
          gatheredBytes,
        );
      }
      if (isWhole) {
        if (partials !== 0) memory.fill(sums, 0, (<usize>filters) << 3);
        multiplyInto(
          from,
          gatheredBytes,
          W.panels(words),
          depth,
          y + <usize>first * yBytes,
          yBytes,
          count,
          filters,
          bias,
          activation,
          accumulate,
          partials !== 0 ? sums : 0,
        );
        if (partials !== 0) flushSums(sums, partials + <usize>(thread * filters) * 16, filters);
        continue;
      }
      multiply(
        from,
        gatheredBytes,
        <usize>W.panels(words),
        depth,
        products,
        productBytes,
        count,
        panels,
      );
    }
    if (partials !== 0) memory.fill(sums, 0, (<usize>filters) << 3);
    let product = products;
    for (let i = 0; i < count; i++) {
      const pixel =
        image * yImage +
        (W.yTop(words) + row * stepY) * yWidth +
        W.yLeft(words) +
        column * stepX;
      writeRow(
        y + <usize>pixel * yBytes,
        product,
        filters,
        bias,
        activation,
        accumulate,
        partials !== 0 ? sums : 0,
      );
      product += productBytes;
      if (++column === columns) {
        column = 0;
        if (++row === rows) {
          row = 0;
          image++;
        }
      }
    }
    if (partials !== 0) flushSums(sums, partials + <usize>(thread * filters) * 16, filters);
  }
}

export function convGemmGradient(words: usize, thread: i32, threads: i32): void {
  const channels = Gradient.channels(words);
  const taps = Gradient.taps(words);
  const offsets = <usize>Gradient.offsets(words);
  const rows = Gradient.rows(words);
  const columns = Gradient.columns(words);
  const height = Gradient.height(words);
  const width = Gradient.width(words);
  const strideY = Gradient.strideY(words);
  const strideX = Gradient.strideX(words);
  const x = <usize>Gradient.x(words);
  const pixelBytes = (<usize>Gradient.xStride(words)) << 2;
  const dy = <usize>Gradient.dy(words);
  const dyBytes = (<usize>Gradient.dyStride(words)) << 2;
  const panels = (Gradient.filters(words) + 7) >> 3;
  const depth = taps * channels;
  const direct = isDirect(taps, offsets, strideY, strideX, rows, columns, height, width);
  const block = direct ? MOST_PIXELS : blockOf(depth);
  const gathered = scratch(thread);
  const gatheredBytes = direct ? pixelBytes : (<usize>depth) << 2;
  const sums = <usize>Gradient.sums(words) + <usize>thread * <usize>Gradient.sumsStride(words);
  const sumBytes = (<usize>panels) << 5;
  const pixels = images() * rows * columns;
  const start = shareStart(pixels, thread, threads);
  const end = shareStart(pixels, thread + 1, threads);
  if (start === end) memory.fill(sums, 0, <usize>depth * sumBytes);
  for (let first = start; first < end; first += block) {
    const count = min(block, end - first);
    let from = gathered;
    if (direct) from = x + <usize>first * pixelBytes;
    else {
      gatherRows(
        x,
        pixelBytes,
        height,
        width,
        channels,
        taps,
        offsets,
        strideY,
        strideX,
        rows,
        columns,
        first,
        count,
        gathered,
        gatheredBytes,
      );
    }
    multiplyTransposed(
      from,
      gatheredBytes,
      dy + <usize>first * dyBytes,
      dyBytes,
      count,
      sums,
      sumBytes,
      depth,
      panels,
      first > start,
    );
  }
}

export function reduceGemmGradient(words: usize, thread: i32, threads: i32): void {
  const cin = Reduce.cin(words);
  const filters = Reduce.filters(words);
  const channels = Reduce.channels(words);
  const sums = <usize>Reduce.sums(words);
  const stride = <usize>Reduce.sumsStride(words);
  const sumBytes = (<usize>((filters + 7) >> 3)) << 5;
  const rowBytes = (<usize>Reduce.rowStride(words)) << 2;
  const all = Reduce.taps(words) * cin;
  const end = shareStart(all, thread + 1, threads);
  for (let at = shareStart(all, thread, threads); at < end; at++) {
    const tap = at / cin;
    const position = load<i32>(<usize>Reduce.cinMap(words) + ((<usize>(at - tap * cin)) << 2));
    let from = sums + <usize>(tap * channels + position) * sumBytes;
    let to = <usize>Reduce.gradient(words) + <usize>at * rowBytes;
    for (let co = 0; co < filters; co += 4) {
      let sum = v128.load(from);
      for (let t = 1; t < threads; t++) sum = f32x4.add(sum, v128.load(from + <usize>t * stride));
      if (co + 4 <= filters) v128.store(to, sum);
      else {
        store<f32>(to, f32x4.extract_lane(sum, 0));
        if (co + 1 < filters) store<f32>(to, f32x4.extract_lane(sum, 1), 4);
        if (co + 2 < filters) store<f32>(to, f32x4.extract_lane(sum, 2), 8);
      }
      from += 16;
      to += 16;
    }
  }
}
