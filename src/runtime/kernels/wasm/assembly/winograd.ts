/**
 * @file 3 × 3 convolution of stride 1 by Winograd's algorithm (Lavin & Gray 2016): tiles of the map are
 * transformed, multiplied plane by plane with transformed weights, and transformed back. A block of
 * tiles stays in the cache from the first transform to the last.
 */
import { images, scratch, shareStart, zeros } from "./control";
import { flushSums } from "./epilogue";
import { multiply, multiplyTransposed } from "./gemm";
import {
  reduceWinogradGradientWords as Reduce,
  winogradGradientWords as Gradient,
  winogradWords as W,
} from "./instructions.generated";
import { activated, madd } from "./simd";
import { gradientTile2, inputTile2, outputTile2, weightGradientTile2 } from "./winograd2";
import { gradientTile4, inputTile4, outputTile4, weightGradientTile4 } from "./winograd4";
import { PACK_SCRATCH, packPanel, packTurnedPanel } from "./winograd-pack";

/** Bytes that keep the planes off each other's cache sets. */
const SKEW: usize = 64;
/** A tile's table of addresses: 36 at most, in a block of its own. */
const TABLE: usize = 256;
/** What stands between columns and rows of one tile, and its outputs: at most 40 vectors. */
const TILE: usize = 1024;

/** Fills a table with the addresses of `side` × `side` pixels from (top, left) on; zeros outside. */
// @ts-ignore: decorator
@inline
function fillTable(
  table: usize,
  side: i32,
  base: usize,
  top: i32,
  left: i32,
  height: i32,
  width: i32,
  pixelBytes: usize,
  nothing: usize,
): void {
  const rowBytes = <usize>width * pixelBytes;
  let from = base + <usize>(top * width + left) * pixelBytes;
  for (let i = 0; i < side; i++) {
    const rowInside = <u32>(top + i) < <u32>height;
    let pixel = from;
    for (let j = 0; j < side; j++) {
      const inside = rowInside && <u32>(left + j) < <u32>width;
      store<u32>(table, <u32>(inside ? pixel : nothing));
      table += 4;
      pixel += pixelBytes;
    }
    from += rowBytes;
  }
}

/** Takes four channels of a tile to the map, with what stands behind the convolution; cut at the edge. */
function writeTile(
  tile: usize,
  tileRow: usize,
  to: usize,
  row: usize,
  column: usize,
  high: i32,
  wide: i32,
  bias: usize,
  activation: i32,
  accumulate: bool,
): void {
  for (let i = 0; i < high; i++) {
    let pixel = to;
    for (let j = 0; j < wide; j++) {
      let value = v128.load(tile + ((<usize>j) << 4));
      if (bias !== 0) value = f32x4.add(value, v128.load(bias));
      if (accumulate) value = f32x4.add(value, v128.load(pixel));
      v128.store(pixel, activated(value, activation));
      pixel += column;
    }
    tile += tileRow;
    to += row;
  }
}

/** Adds four channels of what a tile holds, and their squares, to the sums. */
function addTile(
  from: usize,
  row: usize,
  column: usize,
  high: i32,
  wide: i32,
  sums: usize,
  sumBytes: usize,
): void {
  let sum = v128.load(sums);
  let squares = v128.load(sums + sumBytes);
  for (let i = 0; i < high; i++) {
    let pixel = from;
    for (let j = 0; j < wide; j++) {
      const value = v128.load(pixel);
      sum = f32x4.add(sum, value);
      squares = madd(value, value, squares);
      pixel += column;
    }
    from += row;
  }
  v128.store(sums, sum);
  v128.store(sums + sumBytes, squares);
}

export function winograd(words: usize, thread: i32, threads: i32): void {
  const isLarge = W.variant(words) === 4;
  const outSide = isLarge ? 4 : 2;
  const planes = (outSide + 2) * (outSide + 2);
  const channels = W.channels(words);
  const filters = W.filters(words);
  const partials = <usize>W.partials(words);
  const part = partials + <usize>(thread * filters) * 16;
  if (partials !== 0) memory.fill(part, 0, <usize>filters * 16);

  const perImage =
    ((W.rows(words) + outSide - 1) / outSide) * ((W.columns(words) + outSide - 1) / outSide);
  const all = images() * perImage;
  const panels = (filters + 7) >> 3;
  // With few tiles the weights are what is read: then each thread takes a share of the filters.
  const transforms = W.u(words) === 0;
  const byFilters = transforms || (all < 24 * threads && panels >= threads);
  const start = byFilters ? 0 : shareStart(all, thread, threads);
  const end = byFilters ? all : shareStart(all, thread + 1, threads);
  const firstPanel = byFilters ? shareStart(panels, thread, threads) : 0;
  const endPanel = byFilters ? shareStart(panels, thread + 1, threads) : panels;
  const block = min(W.tiles(words), (all + 3) & ~3);
  // All of a thread's panels at once, or one after the other as their weights are transformed.
  const step = transforms ? 1 : endPanel - firstPanel;
  if (step === 0) return;

  const space = scratch(thread);
  const sums = space + TABLE + TILE;
  const v = (sums + ((<usize>filters) << 3) + 63) & ~63;
  const vRow = (<usize>channels) << 2;
  const vPlane = <usize>block * vRow + SKEW;
  const m = v + <usize>planes * vPlane;
  const mRow = (<usize>step) << 5;
  const mPlane = <usize>block * mRow + SKEW;
  const panelBytes = (<usize>channels) << 5;
  const transformed = m + <usize>planes * mPlane + PACK_SCRATCH;
  const uPlane = transforms ? panelBytes + SKEW : (<usize>W.planeStride(words)) << 2;

  for (let first = start; first < end; first += block) {
    const count = min(block, end - first);
    readTiles(
      W.x(words),
      (<usize>W.xStride(words)) << 2,
      W.height(words),
      W.width(words),
      W.padTop(words),
      W.padLeft(words),
      W.rows(words),
      W.columns(words),
      channels,
      isLarge,
      first,
      count,
      v,
      vPlane,
      space,
    );
    if (partials !== 0) memory.fill(sums, 0, (<usize>filters) << 3);
    for (let panel = firstPanel; panel < endPanel; panel += step) {
      let u = transformed;
      if (transforms) packOne(words, panel, u, uPlane, isLarge);
      else u = <usize>W.u(words) + <usize>panel * panelBytes;
      for (let p = 0; p < planes; p++) {
        multiply(
          v + <usize>p * vPlane,
          vRow,
          u + <usize>p * uPlane,
          channels,
          m + <usize>p * mPlane,
          mRow,
          count,
          step,
        );
      }
      writeTiles(words, first, count, panel, panel + step, isLarge, m, mRow, mPlane, space);
    }
    if (partials !== 0) flushSums(sums, part, filters);
  }
}

/** Transforms one panel's weights on the way. */
function packOne(words: usize, panel: i32, u: usize, plane: usize, isLarge: bool): void {
  const space = u - PACK_SCRATCH;
  const cin = W.cin(words);
  const cout = W.cout(words);
  if (W.turned(words) !== 0) {
    const channels = W.channels(words);
    packTurnedPanel(W.w(words), cin, cout, W.cinMap(words), panel, channels, u, plane, isLarge, space);
  } else {
    const channels = W.channels(words);
    packPanel(W.w(words), cin, cout, W.cinMap(words), 0, panel, channels, u, plane, isLarge, space);
  }
}

/**
 * Transforms the inputs of tiles [first, first + count) into planes at `to`, `channels` of every pixel.
 * `space` is scratch of TABLE + TILE bytes.
 */
function readTiles(
  x: usize,
  pixelBytes: usize,
  height: i32,
  width: i32,
  padTop: i32,
  padLeft: i32,
  rows: i32,
  columns: i32,
  channels: i32,
  isLarge: bool,
  first: i32,
  count: i32,
  to: usize,
  plane: usize,
  space: usize,
): void {
  const outSide = isLarge ? 4 : 2;
  const tileRows = (rows + outSide - 1) / outSide;
  const tileColumns = (columns + outSide - 1) / outSide;
  const perImage = tileRows * tileColumns;
  const imageBytes = <usize>(height * width) * pixelBytes;
  const nothing = zeros();
  let image = first / perImage;
  let tileRow = (first - image * perImage) / tileColumns;
  let tileColumn = first - image * perImage - tileRow * tileColumns;
  for (let i = 0; i < count; i++) {
    fillTable(
      space,
      outSide + 2,
      x + <usize>image * imageBytes,
      tileRow * outSide - padTop,
      tileColumn * outSide - padLeft,
      height,
      width,
      pixelBytes,
      nothing,
    );
    if (isLarge) inputTile4(space, to, plane, channels, space + TABLE);
    else inputTile2(space, to, plane, channels);
    to += (<usize>channels) << 2;
    if (++tileColumn === tileColumns) {
      tileColumn = 0;
      if (++tileRow === tileRows) {
        tileRow = 0;
        image++;
      }
    }
  }
}

/** Transforms the products of tiles [first, first + count) back into the map, for some panels. */
function writeTiles(
  words: usize,
  first: i32,
  count: i32,
  firstPanel: i32,
  endPanel: i32,
  isLarge: bool,
  from: usize,
  mRow: usize,
  plane: usize,
  space: usize,
): void {
  const outSide = isLarge ? 4 : 2;
  const rows = W.rows(words);
  const columns = W.columns(words);
  const tileRows = (rows + outSide - 1) / outSide;
  const tileColumns = (columns + outSide - 1) / outSide;
  const perImage = tileRows * tileColumns;
  const y = <usize>W.y(words);
  const column = (<usize>W.yStride(words)) << 2;
  const row = <usize>columns * column;
  const bias = <usize>W.bias(words);
  const activation = W.activation(words);
  const accumulate = W.accumulate(words) !== 0;
  const hasExtras = bias !== 0 || activation !== 0 || accumulate;
  const isCounted = W.partials(words) !== 0;
  const tile = space + TABLE;
  const sums = tile + TILE;
  const sumBytes = (<usize>W.filters(words)) << 2;
  const firstByte = (<usize>firstPanel) << 5;
  const endByte = min((<usize>endPanel) << 5, sumBytes);
  let image = first / perImage;
  let tileRow = (first - image * perImage) / tileColumns;
  let tileColumn = first - image * perImage - tileRow * tileColumns;
  for (let i = 0; i < count; i++) {
    const top = tileRow * outSide;
    const left = tileColumn * outSide;
    const corner = y + <usize>(image * rows + top) * row + <usize>left * column;
    const high = min(outSide, rows - top);
    const wide = min(outSide, columns - left);
    const isPlain = !hasExtras && high === outSide && wide === outSide;
    for (let at = firstByte; at < endByte; at += 16) {
      const product = from + (at - firstByte);
      if (isPlain) {
        if (isLarge) outputTile4(product, plane, corner + at, row, column, tile);
        else outputTile2(product, plane, corner + at, row, column);
      } else {
        const tileRowBytes = (<usize>outSide) << 4;
        if (isLarge) outputTile4(product, plane, tile, tileRowBytes, 16, tile + 256);
        else outputTile2(product, plane, tile, tileRowBytes, 16);
        writeTile(
          tile,
          tileRowBytes,
          corner + at,
          row,
          column,
          high,
          wide,
          bias === 0 ? 0 : bias + at,
          activation,
          accumulate,
        );
      }
      if (isCounted) addTile(corner + at, row, column, high, wide, sums + at, sumBytes);
    }
    from += mRow;
    if (++tileColumn === tileColumns) {
      tileColumn = 0;
      if (++tileRow === tileRows) {
        tileRow = 0;
        image++;
      }
    }
  }
}

/** Transforms the output's gradient of tiles [first, first + count) into planes at `to`. */
function readGradientTiles(
  dy: usize,
  pixelBytes: usize,
  rows: i32,
  columns: i32,
  filters: i32,
  isLarge: bool,
  first: i32,
  count: i32,
  to: usize,
  toRow: usize,
  plane: usize,
  space: usize,
): void {
  const outSide = isLarge ? 4 : 2;
  const tileRows = (rows + outSide - 1) / outSide;
  const tileColumns = (columns + outSide - 1) / outSide;
  const perImage = tileRows * tileColumns;
  const imageBytes = <usize>(rows * columns) * pixelBytes;
  const nothing = zeros();
  let image = first / perImage;
  let tileRow = (first - image * perImage) / tileColumns;
  let tileColumn = first - image * perImage - tileRow * tileColumns;
  for (let i = 0; i < count; i++) {
    fillTable(
      space,
      outSide,
      dy + <usize>image * imageBytes,
      tileRow * outSide,
      tileColumn * outSide,
      rows,
      columns,
      pixelBytes,
      nothing,
    );
    if (isLarge) gradientTile4(space, to, plane, filters, space + TABLE);
    else gradientTile2(space, to, plane, filters);
    to += toRow;
    if (++tileColumn === tileColumns) {
      tileColumn = 0;
      if (++tileRow === tileRows) {
        tileRow = 0;
        image++;
      }
    }
  }
}

export function winogradGradient(words: usize, thread: i32, threads: i32): void {
  const isLarge = Gradient.variant(words) === 4;
  const outSide = isLarge ? 4 : 2;
  const planes = (outSide + 2) * (outSide + 2);
  const channels = Gradient.channels(words);
  const filters = Gradient.filters(words);
  const rows = Gradient.rows(words);
  const columns = Gradient.columns(words);
  const all =
    images() * ((rows + outSide - 1) / outSide) * ((columns + outSide - 1) / outSide);
  const panels = (filters + 7) >> 3;
  // Without sums of its own a thread takes a share of the channels; else a share of the tiles.
  const stride = <usize>Gradient.sumsStride(words);
  const byChannels = stride === 0;
  const start = byChannels ? 0 : shareStart(all, thread, threads);
  const end = byChannels ? all : shareStart(all, thread + 1, threads);
  const firstChannel = byChannels ? shareStart(channels >> 2, thread, threads) << 2 : 0;
  const endChannel = byChannels ? shareStart(channels >> 2, thread + 1, threads) << 2 : channels;
  const own = endChannel - firstChannel;
  const block = min(Gradient.tiles(words), (all + 3) & ~3);

  const space = scratch(thread);
  const v = space + TABLE + TILE;
  const vRow = (<usize>own) << 2;
  const vPlane = <usize>block * vRow + SKEW;
  const z = v + <usize>planes * vPlane;
  const zRow = (<usize>panels) << 5;
  const zPlane = <usize>block * zRow + SKEW;
  const sumPlane = (<usize>Gradient.planeStride(words)) << 2;
  const sums =
    <usize>Gradient.sums(words) + <usize>thread * stride + <usize>firstChannel * zRow;
  if (start === end) memory.fill(sums, 0, <usize>planes * sumPlane);
  if (own === 0) return;

  for (let first = start; first < end; first += block) {
    const count = min(block, end - first);
    readTiles(
      <usize>Gradient.x(words) + ((<usize>firstChannel) << 2),
      (<usize>Gradient.xStride(words)) << 2,
      Gradient.height(words),
      Gradient.width(words),
      Gradient.padTop(words),
      Gradient.padLeft(words),
      rows,
      columns,
      own,
      isLarge,
      first,
      count,
      v,
      vPlane,
      space,
    );
    readGradientTiles(
      Gradient.dy(words),
      (<usize>Gradient.dyStride(words)) << 2,
      rows,
      columns,
      filters,
      isLarge,
      first,
      count,
      z,
      zRow,
      zPlane,
      space,
    );
    for (let p = 0; p < planes; p++) {
      multiplyTransposed(
        v + <usize>p * vPlane,
        vRow,
        z + <usize>p * zPlane,
        zRow,
        count,
        sums + <usize>p * sumPlane,
        zRow,
        own,
        panels,
        first > start,
      );
    }
  }
}

export function reduceWinogradGradient(words: usize, thread: i32, threads: i32): void {
  const isLarge = Reduce.variant(words) === 4;
  const planes = isLarge ? 36 : 16;
  const cin = Reduce.cin(words);
  const cout = Reduce.cout(words);
  const stride = <usize>Reduce.sumsStride(words);
  const plane = (<usize>Reduce.planeStride(words)) << 2;
  const sumRow = (<usize>((cout + 7) >> 3)) << 5;
  const gradient = <usize>Reduce.gradient(words);
  const copies = stride === 0 ? 1 : threads;
  const u = scratch(thread);
  const g = u + 36 * 16;
  const end = shareStart(cin, thread + 1, threads);
  for (let ci = shareStart(cin, thread, threads); ci < end; ci++) {
    const position = load<i32>(<usize>Reduce.cinMap(words) + ((<usize>ci) << 2));
    for (let co = 0; co < cout; co += 4) {
      let from = <usize>Reduce.sums(words) + <usize>position * sumRow + ((<usize>co) << 2);
      let step = plane;
      if (copies > 1) {
        for (let p = 0; p < planes; p++) {
          let sum = v128.load(from);
          for (let t = 1; t < copies; t++) {
            sum = f32x4.add(sum, v128.load(from + <usize>t * stride));
          }
          v128.store(u + ((<usize>p) << 4), sum);
          from += plane;
        }
        from = u;
        step = 16;
      }
      if (isLarge) weightGradientTile4(from, step, g);
      else weightGradientTile2(from, step, g);
      for (let tap = 0; tap < 9; tap++) {
        const to = gradient + ((<usize>((tap * cin + ci) * cout + co)) << 2);
        storeSome(to, v128.load(g + ((<usize>tap) << 4)), cout - co);
      }
    }
  }
}

/** Stores the first `count` lanes, at most 4. */
// @ts-ignore: decorator
@inline
function storeSome(to: usize, value: v128, count: i32): void {
  if (count >= 4) {
    v128.store(to, value);
    return;
  }
  store<f32>(to, f32x4.extract_lane(value, 0));
  if (count > 1) store<f32>(to, f32x4.extract_lane(value, 1), 4);
  if (count > 2) store<f32>(to, f32x4.extract_lane(value, 2), 8);
}
