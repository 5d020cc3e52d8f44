/**
 * @file Batch normalization's statistics, and what its two gradient sums become. Everything here is a
 * few numbers a channel, in double precision; the passes over activations are in affine.ts and
 * affine-gradient.ts.
 *
 * With m pixels in the batch, x̂ = (x − μ)·r, r = 1/√(σ² + ε) (Ioffe & Szegedy 2015):
 *   dβ = Σ g,  dγ = Σ g·x̂,  dx = γ·r·(g − dβ/m − x̂·dγ/m)
 */
import { images, shareStart } from "./control";
import {
  affineOfRunningWords,
  finishAffineGradientWords,
  normalizeWords,
  reduceSumsWords,
  sumsWords,
} from "./instructions.generated";
import { addToDoubles, partialsOf, totalOf } from "./partials";
import { LONGEST_SUM } from "./runs";
import { placeOf } from "./selection";
import { madd } from "./simd";

export function sums(words: usize, thread: i32, threads: i32): void {
  const x: usize = sumsWords.x(words);
  const stride = sumsWords.xStride(words);
  const channels = sumsWords.channels(words);
  const pixels = images() * sumsWords.pixels(words);
  const partials = partialsOf(sumsWords.partials(words), thread, channels);
  memory.fill(partials, 0, (<usize>channels) << 4);
  const end = shareStart(pixels, thread + 1, threads);
  for (let at = shareStart(pixels, thread, threads); at < end; at += LONGEST_SUM) {
    const count = min(LONGEST_SUM, end - at);
    const from = x + ((<usize>at * <usize>stride) << 2);
    for (let c: usize = 0; c < <usize>channels; c += 4) {
      sumsOfRun(from + (c << 2), (<usize>stride) << 2, count, partials + (c << 3), channels);
    }
  }
}

function sumsOfRun(x: usize, step: usize, count: i32, partials: usize, channels: i32): void {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let squares0 = f32x4.splat(0);
  let squares1 = f32x4.splat(0);
  for (; count >= 2; count -= 2) {
    const x0 = v128.load(x);
    const x1 = v128.load(x + step);
    sum0 = f32x4.add(sum0, x0);
    sum1 = f32x4.add(sum1, x1);
    squares0 = madd(x0, x0, squares0);
    squares1 = madd(x1, x1, squares1);
    x += step << 1;
  }
  if (count > 0) {
    const x0 = v128.load(x);
    sum0 = f32x4.add(sum0, x0);
    squares0 = madd(x0, x0, squares0);
  }
  addToDoubles(partials, f32x4.add(sum0, sum1));
  addToDoubles(partials + ((<usize>channels) << 3), f32x4.add(squares0, squares1));
}

export function reduceSums(words: usize, thread: i32, threads: i32): void {
  const logical = reduceSumsWords.logical(words);
  const channels = reduceSumsWords.channels(words);
  const partials: usize = reduceSumsWords.partials(words);
  const map: usize = reduceSumsWords.map(words);
  const gradient: usize = reduceSumsWords.gradient(words);
  const end = shareStart(logical, thread + 1, threads);
  for (let l = shareStart(logical, thread, threads); l < end; l++) {
    const sum = totalOf(partials, 0, placeOf(map, l), channels, threads);
    store<f32>(gradient + ((<usize>l) << 2), <f32>sum);
  }
}

export function normalize(words: usize, thread: i32, threads: i32): void {
  const channels = normalizeWords.channels(words);
  const logical = normalizeWords.logical(words);
  const partials: usize = normalizeWords.partials(words);
  const map: usize = normalizeWords.map(words);
  const affine: usize = normalizeWords.affine(words);
  const momentum = <f64>normalizeWords.momentum(words);
  const m = <f64>(images() * normalizeWords.pixels(words));
  // A single pixel has no unbiased variance: the biased one stands in.
  const unbiased = m > 1 ? m / (m - 1) : 1;
  const start = shareStart(channels, thread, threads);
  const end = shareStart(channels, thread + 1, threads);
  emptyPlanes(affine, 4, channels, start, end);
  for (let l = 0; l < logical; l++) {
    const place = placeOf(map, l);
    if (place < start || place >= end) continue;
    const mean = totalOf(partials, 0, place, channels, threads) / m;
    const squares = totalOf(partials, 1, place, channels, threads) / m;
    // NaN must stay NaN, so that what went wrong is seen: not max().
    let variance = squares - mean * mean;
    if (variance < 0) variance = 0;
    const at = (<usize>l) << 2;
    blend(<usize>normalizeWords.mean(words) + at, mean, momentum);
    blend(<usize>normalizeWords.variance(words) + at, variance * unbiased, momentum);
    const reciprocal = 1 / sqrt(variance + <f64>normalizeWords.epsilon(words));
    const gamma = <f64>load<f32>(<usize>normalizeWords.gamma(words) + at);
    const beta = <f64>load<f32>(<usize>normalizeWords.beta(words) + at);
    writeAffine(affine, channels, place, gamma, beta, mean, reciprocal);
  }
}

export function affineOfRunning(words: usize, thread: i32, threads: i32): void {
  const channels = affineOfRunningWords.channels(words);
  const logical = affineOfRunningWords.logical(words);
  const map: usize = affineOfRunningWords.map(words);
  const affine: usize = affineOfRunningWords.affine(words);
  const start = shareStart(channels, thread, threads);
  const end = shareStart(channels, thread + 1, threads);
  emptyPlanes(affine, 4, channels, start, end);
  for (let l = 0; l < logical; l++) {
    const place = placeOf(map, l);
    if (place < start || place >= end) continue;
    const at = (<usize>l) << 2;
    const mean = <f64>load<f32>(<usize>affineOfRunningWords.mean(words) + at);
    const variance = <f64>load<f32>(<usize>affineOfRunningWords.variance(words) + at);
    const reciprocal = 1 / sqrt(variance + <f64>affineOfRunningWords.epsilon(words));
    const gamma = <f64>load<f32>(<usize>affineOfRunningWords.gamma(words) + at);
    const beta = <f64>load<f32>(<usize>affineOfRunningWords.beta(words) + at);
    writeAffine(affine, channels, place, gamma, beta, mean, reciprocal);
  }
}

export function finishAffineGradient(words: usize, thread: i32, threads: i32): void {
  const channels = finishAffineGradientWords.channels(words);
  const logical = finishAffineGradientWords.logical(words);
  const partials: usize = finishAffineGradientWords.partials(words);
  const map: usize = finishAffineGradientWords.map(words);
  const affine: usize = finishAffineGradientWords.affine(words);
  const coefficients: usize = finishAffineGradientWords.coefficients(words);
  const m = <f64>(images() * finishAffineGradientWords.pixels(words));
  const start = shareStart(channels, thread, threads);
  const end = shareStart(channels, thread + 1, threads);
  emptyPlanes(coefficients, 3, channels, start, end);
  for (let l = 0; l < logical; l++) {
    const place = placeOf(map, l);
    if (place < start || place >= end) continue;
    const at = (<usize>l) << 2;
    const beta = totalOf(partials, 0, place, channels, threads);
    const gamma = totalOf(partials, 1, place, channels, threads);
    store<f32>(<usize>finishAffineGradientWords.betaGradient(words) + at, <f32>beta);
    store<f32>(<usize>finishAffineGradientWords.gammaGradient(words) + at, <f32>gamma);
    const reciprocal = <f64>load<f32>(planeAt(affine, 3, channels, place));
    const outer = <f64>load<f32>(<usize>finishAffineGradientWords.gamma(words) + at) * reciprocal;
    store<f32>(planeAt(coefficients, 0, channels, place), <f32>outer);
    // Statistics that are constants do not pull back; the planes hold zeros already.
    if (m === 0) continue;
    store<f32>(planeAt(coefficients, 1, channels, place), <f32>((-outer * reciprocal * gamma) / m));
    store<f32>(planeAt(coefficients, 2, channels, place), <f32>((-outer * beta) / m));
  }
}

/** PyTorch's rule for running statistics. */
function blend(at: usize, now: f64, momentum: f64): void {
  store<f32>(at, <f32>(<f64>load<f32>(at) * (1 - momentum) + now * momentum));
}

// @ts-ignore: decorator
@inline
function planeAt(base: usize, plane: i32, channels: i32, channel: i32): usize {
  return base + ((<usize>(plane * channels + channel)) << 2);
}

/** Zeroes channels [start, end) of each plane, among them those that no logical channel stands in. */
function emptyPlanes(base: usize, planes: i32, channels: i32, start: i32, end: i32): void {
  for (let plane = 0; plane < planes; plane++) {
    memory.fill(planeAt(base, plane, channels, start), 0, (<usize>(end - start)) << 2);
  }
}

function writeAffine(
  affine: usize,
  channels: i32,
  channel: i32,
  gamma: f64,
  beta: f64,
  mean: f64,
  reciprocal: f64,
): void {
  const scale = gamma * reciprocal;
  store<f32>(planeAt(affine, 0, channels, channel), <f32>scale);
  store<f32>(planeAt(affine, 1, channels, channel), <f32>(beta - mean * scale));
  store<f32>(planeAt(affine, 2, channels, channel), <f32>mean);
  store<f32>(planeAt(affine, 3, channels, channel), <f32>reciprocal);
}
