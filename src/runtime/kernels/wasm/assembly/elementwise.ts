/** @file What works on every pixel by itself: activations, sums, selections, the way in. */
import { images, shareStart } from "./control";
import {
  activateGradientWords,
  activateWords,
  addWords,
  gatherGradientWords,
  gatherWords,
  packImagesWords,
  spreadImagesWords,
  zeroWords,
} from "./instructions.generated";
import { pixelsToPick } from "./runs";
import { pickChannels } from "./selection";
import { activated, clearChannels, passed } from "./simd";

export function activate(words: usize, thread: i32, threads: i32): void {
  const channels = activateWords.channels(words);
  const xStride = activateWords.xStride(words);
  const yStride = activateWords.yStride(words);
  const activation = activateWords.activation(words);
  const pixels = images() * activateWords.pixels(words);
  const start = shareStart(pixels, thread, threads);
  let count = shareStart(pixels, thread + 1, threads) - start;
  let length = channels;
  // Pixels without gaps are one long pixel.
  if (xStride === channels && yStride === channels) {
    length = count * channels;
    count = min(count, 1);
  }
  let x: usize = activateWords.x(words) + ((start * xStride) << 2);
  let y: usize = activateWords.y(words) + ((start * yStride) << 2);
  for (; count > 0; count--) {
    for (let at: usize = 0; at < (<usize>length) << 2; at += 16) {
      v128.store(y + at, activated(v128.load(x + at), activation));
    }
    x += (<usize>xStride) << 2;
    y += (<usize>yStride) << 2;
  }
}

export function activateGradient(words: usize, thread: i32, threads: i32): void {
  const channels = activateGradientWords.channels(words);
  const yStride = activateGradientWords.yStride(words);
  const dyStride = activateGradientWords.dyStride(words);
  const dxStride = activateGradientWords.dxStride(words);
  const activation = activateGradientWords.activation(words);
  const accumulate = activateGradientWords.accumulate(words) !== 0;
  const pixels = images() * activateGradientWords.pixels(words);
  const start = shareStart(pixels, thread, threads);
  let count = shareStart(pixels, thread + 1, threads) - start;
  let length = channels;
  if (yStride === channels && dyStride === channels && dxStride === channels) {
    length = count * channels;
    count = min(count, 1);
  }
  let y: usize = activateGradientWords.y(words) + ((start * yStride) << 2);
  let dy: usize = activateGradientWords.dy(words) + ((start * dyStride) << 2);
  let dx: usize = activateGradientWords.dx(words) + ((start * dxStride) << 2);
  for (; count > 0; count--) {
    for (let at: usize = 0; at < (<usize>length) << 2; at += 16) {
      const g = passed(v128.load(dy + at), v128.load(y + at), activation);
      v128.store(dx + at, accumulate ? f32x4.add(v128.load(dx + at), g) : g);
    }
    y += (<usize>yStride) << 2;
    dy += (<usize>dyStride) << 2;
    dx += (<usize>dxStride) << 2;
  }
}

export function add(words: usize, thread: i32, threads: i32): void {
  const channels = addWords.channels(words);
  const aStride = addWords.aStride(words);
  const bStride = addWords.bStride(words);
  const yStride = addWords.yStride(words);
  const activation = addWords.activation(words);
  const pixels = images() * addWords.pixels(words);
  const start = shareStart(pixels, thread, threads);
  let count = shareStart(pixels, thread + 1, threads) - start;
  let length = channels;
  if (aStride === channels && bStride === channels && yStride === channels) {
    length = count * channels;
    count = min(count, 1);
  }
  let a: usize = addWords.a(words) + ((start * aStride) << 2);
  let b: usize = addWords.b(words) + ((start * bStride) << 2);
  let y: usize = addWords.y(words) + ((start * yStride) << 2);
  for (; count > 0; count--) {
    for (let at: usize = 0; at < (<usize>length) << 2; at += 16) {
      v128.store(y + at, activated(f32x4.add(v128.load(a + at), v128.load(b + at)), activation));
    }
    a += (<usize>aStride) << 2;
    b += (<usize>bStride) << 2;
    y += (<usize>yStride) << 2;
  }
}

export function gather(words: usize, thread: i32, threads: i32): void {
  const xStep = (<usize>gatherWords.xStride(words)) << 2;
  const yStep = (<usize>gatherWords.yStride(words)) << 2;
  const channels: usize = gatherWords.channels(words);
  const pixels = images() * gatherWords.pixels(words);
  const most = pixelsToPick(<i32>channels);
  const end = shareStart(pixels, thread + 1, threads);
  for (let at = shareStart(pixels, thread, threads); at < end; at += most) {
    const x = <usize>gatherWords.x(words) + <usize>at * xStep;
    const y = <usize>gatherWords.y(words) + <usize>at * yStep;
    pickChannels(x, xStep, min(most, end - at), gatherWords.gather(words), channels, y, yStep);
  }
}

/** One value after the other: a source may be named twice, and then both add up. */
export function gatherGradient(words: usize, thread: i32, threads: i32): void {
  const channels = (<usize>gatherGradientWords.channels(words)) << 2;
  const list: usize = gatherGradientWords.gather(words);
  const sources = (<usize>gatherGradientWords.sources(words)) << 2;
  const accumulate = gatherGradientWords.accumulate(words) !== 0;
  const dyStep = (<usize>gatherGradientWords.dyStride(words)) << 2;
  const dxStep = (<usize>gatherGradientWords.dxStride(words)) << 2;
  const pixels = images() * gatherGradientWords.pixels(words);
  const end = shareStart(pixels, thread + 1, threads);
  for (let at = shareStart(pixels, thread, threads); at < end; at++) {
    const dy = <usize>gatherGradientWords.dy(words) + <usize>at * dyStep;
    const dx = <usize>gatherGradientWords.dx(words) + <usize>at * dxStep;
    if (!accumulate) clearChannels(dx, sources);
    for (let c: usize = 0; c < channels; c += 4) {
      const source = load<i32>(list + c);
      if (source < 0) continue;
      const to = dx + ((<usize>source) << 2);
      store<f32>(to, load<f32>(to) + load<f32>(dy + c));
    }
  }
}

export function spreadImages(words: usize, thread: i32, threads: i32): void {
  const channels = (<usize>spreadImagesWords.channels(words)) << 2;
  const step = (<usize>spreadImagesWords.stride(words)) << 2;
  const pixels = images() * spreadImagesWords.pixels(words);
  const end = shareStart(pixels, thread + 1, threads);
  for (let at = shareStart(pixels, thread, threads); at < end; at++) {
    const from = <usize>spreadImagesWords.from(words) + <usize>at * channels;
    const to = <usize>spreadImagesWords.to(words) + <usize>at * step;
    let c: usize = 0;
    for (; c < channels; c += 4) store<f32>(to + c, load<f32>(from + c));
    for (; c < step; c += 4) store<f32>(to + c, 0);
  }
}

export function zero(words: usize, thread: i32, threads: i32): void {
  const channels = zeroWords.channels(words);
  const stride = zeroWords.yStride(words);
  const pixels = images() * zeroWords.pixels(words);
  const start = shareStart(pixels, thread, threads);
  let count = shareStart(pixels, thread + 1, threads) - start;
  let y: usize = zeroWords.y(words) + ((start * stride) << 2);
  if (stride === channels) {
    memory.fill(y, 0, (<usize>(count * channels)) << 2);
    return;
  }
  for (; count > 0; count--) {
    clearChannels(y, (<usize>channels) << 2);
    y += (<usize>stride) << 2;
  }
}

/** Writes nothing beside the pixel, so that the last one may end where foreign memory begins. */
export function packImages(words: usize, thread: i32, threads: i32): void {
  const channels = (<usize>packImagesWords.channels(words)) << 2;
  const vectors = channels & ~15;
  const step = (<usize>packImagesWords.stride(words)) << 2;
  const pixels = images() * packImagesWords.pixels(words);
  const end = shareStart(pixels, thread + 1, threads);
  for (let at = shareStart(pixels, thread, threads); at < end; at++) {
    const from = <usize>packImagesWords.from(words) + <usize>at * step;
    const to = <usize>packImagesWords.to(words) + <usize>at * channels;
    let c: usize = 0;
    for (; c < vectors; c += 16) v128.store(to + c, v128.load(from + c));
    for (; c < channels; c += 4) store<f32>(to + c, load<f32>(from + c));
  }
}
