/**
 * @file What slides a window over each channel by itself, as programs: the gradients of depthwise
 * convolution and of pooling. Output channel c·m + j of a depthwise convolution belongs to input channel
 * c; with a multiplier m above 1 the kernels work on an input in which each channel stands m times.
 */
import type { Geometry } from "./geometry.ts";
import { inFours, readInFours, writeInFours, type Pixels } from "./maps.ts";
import { Program } from "./program.ts";

/** The words that all instructions on windows share. */
function windowOf(g: Geometry) {
  return {
    height: g.inHeight,
    width: g.inWidth,
    kernelHeight: g.filterHeight,
    kernelWidth: g.filterWidth,
    strideY: g.strideHeight,
    strideX: g.strideWidth,
    padTop: g.padInfo.top,
    padLeft: g.padInfo.left,
    rows: g.outHeight,
    columns: g.outWidth,
  };
}

/** The input channel of each output channel; −1 where vectors reach beyond. */
function sourcesOf({ inChannels, outChannels }: Geometry): number[] {
  const multiplier = outChannels / inChannels;
  return Array.from({ length: inFours(outChannels) }, (_, c) =>
    c < outChannels ? Math.floor(c / multiplier) : -1,
  );
}

/** The input with as many channels as the output. */
function repeated(program: Program, g: Geometry, x: number): Pixels {
  const pixels = g.inHeight * g.inWidth;
  if (g.outChannels === g.inChannels) return readInFours(program, x, pixels, g.inChannels);
  const stride = inFours(g.outChannels);
  const at = program.floats(g.batchSize * pixels * stride);
  program.emit("gather", {
    x,
    xStride: g.inChannels,
    pixels,
    gather: program.table(sourcesOf(g)),
    y: at,
    yStride: stride,
    channels: stride,
  });
  return { at, stride };
}

/** `dw` is `[kh, kw, cin, multiplier]`, which is `[taps][cout]`. */
export function depthwiseFilterGradient(
  g: Geometry,
  { x, dy, dw }: Readonly<Record<"x" | "dy" | "dw", number>>,
): Program {
  const program = new Program(g.batchSize);
  const source = repeated(program, g, x);
  const output = readInFours(program, dy, g.outHeight * g.outWidth, g.outChannels);
  const taps = g.filterHeight * g.filterWidth;
  const [channels, sumsStride] = [output.stride, 0];
  const sums = program.floats(taps * channels);
  program.emit("depthwiseGradient", {
    ...windowOf(g),
    x: source.at,
    xStride: source.stride,
    channels,
    dy: output.at,
    dyStride: output.stride,
    sums,
    sumsStride,
  });
  program.emit("reduceDepthwiseGradient", {
    sums,
    sumsStride,
    taps,
    channels,
    logical: g.outChannels,
    map: 0,
    gradient: dw,
  });
  return program;
}

export function depthwiseInputGradient(
  g: Geometry,
  { dy, w, dx }: Readonly<Record<"dy" | "w" | "dx", number>>,
): Program {
  const program = new Program(g.batchSize);
  const output = readInFours(program, dy, g.outHeight * g.outWidth, g.outChannels);
  const [channels, taps] = [output.stride, g.filterHeight * g.filterWidth];
  const pixels = g.inHeight * g.inWidth;
  const packed = program.floats(taps * channels);
  const layout = { taps, channels: g.outChannels, map: 0, physical: channels };
  program.emit("packDepthwise", { ...layout, w, scale: 0, packed });
  const slide = (to: Pixels): void => {
    program.emit("depthwiseInput", {
      ...windowOf(g),
      dy: output.at,
      dyStride: output.stride,
      channels,
      dx: to.at,
      dxStride: to.stride,
      w: packed,
      accumulate: 0,
    });
  };
  writeInFours(program, dx, pixels, g.inChannels, (to) => {
    if (g.outChannels === g.inChannels) {
      slide(to);
      return;
    }
    const wide = { at: program.floats(g.batchSize * pixels * channels), stride: channels };
    slide(wide);
    program.emit("gatherGradient", {
      dy: wide.at,
      dyStride: wide.stride,
      pixels,
      gather: program.table(sourcesOf(g)),
      channels,
      dx: to.at,
      dxStride: to.stride,
      sources: to.stride,
      accumulate: 0,
    });
  });
  return program;
}

/** Max-pooling's gradient goes to the first of a window's equal pixels. */
export function maxPoolGradient(
  g: Geometry,
  { x, dy, dx }: Readonly<Record<"x" | "dy" | "dx", number>>,
): Program {
  const program = new Program(g.batchSize);
  const source = readInFours(program, x, g.inHeight * g.inWidth, g.inChannels);
  const output = readInFours(program, dy, g.outHeight * g.outWidth, g.inChannels);
  writeInFours(program, dx, g.inHeight * g.inWidth, g.inChannels, (to) => {
    program.emit("maxPoolGradient", {
      ...windowOf(g),
      x: source.at,
      xStride: source.stride,
      channels: source.stride,
      dy: output.at,
      dyStride: output.stride,
      dx: to.at,
      dxStride: to.stride,
      accumulate: 0,
    });
  });
  return program;
}

/** Average-pooling's gradient is shared by the pixels of a window that are really there. */
export function averagePoolGradient(
  g: Geometry,
  { dy, dx }: Readonly<Record<"dy" | "dx", number>>,
): Program {
  const program = new Program(g.batchSize);
  const output = readInFours(program, dy, g.outHeight * g.outWidth, g.inChannels);
  writeInFours(program, dx, g.inHeight * g.inWidth, g.inChannels, (to) => {
    program.emit("averagePoolGradient", {
      ...windowOf(g),
      channels: output.stride,
      dy: output.at,
      dyStride: output.stride,
      dx: to.at,
      dxStride: to.stride,
      accumulate: 0,
    });
  });
  return program;
}
