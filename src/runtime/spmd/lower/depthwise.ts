/**
 * @file Depthwise convolution: one filter a channel, no sums over channels. Input and output are
 * compact; a multiplier above 1 reads an input in which each channel stands that often.
 */
import type { Context } from "../context.ts";
import { ACTIVATIONS } from "../instructions.ts";
import { windowWords, type Method, type Task } from "./task.ts";

/** The words that pack the weights as the kernels read them: [taps][physical]. */
function packing({ blocks }: Context, { cout, weights, window, y }: Task) {
  return {
    w: weights,
    taps: window.size[0] * window.size[1],
    channels: cout,
    map: blocks.table(y.layout.map),
    physical: y.layout.physical,
  };
}

export const depthwise: Method = {
  forward(context, task, { scale, bias, activation, partials }) {
    const { name, x, y } = task;
    const words = packing(context, task);
    const packed = context.prepared(`taps ${name}`, words.taps * words.physical * 4);
    context.preparation.emit("packDepthwise", { ...words, scale, packed });
    context.listing.emit("depthwise", {
      x: x.place,
      xStride: x.stride,
      height: x.height,
      width: x.width,
      channels: y.layout.physical,
      ...windowWords(task.window),
      rows: y.height,
      columns: y.width,
      y: y.place,
      yStride: y.stride,
      w: packed,
      bias,
      activation: ACTIVATIONS[activation],
      partials,
    });
  },

  inputGradient(context, task, dy, dx, accumulate) {
    const words = packing(context, task);
    const bytes = words.taps * words.physical * 4;
    const packed = context.blocks.passing(`taps ${task.name}`, bytes);
    context.listing.emit("packDepthwise", { ...words, scale: 0, packed });
    context.listing.emit("depthwiseInput", {
      dy: dy.place,
      dyStride: dy.stride,
      rows: dy.height,
      columns: dy.width,
      channels: dy.layout.physical,
      ...windowWords(task.window),
      height: dx.height,
      width: dx.width,
      dx: dx.place,
      dxStride: dx.stride,
      w: packed,
      accumulate,
    });
  },

  weightGradient({ blocks, listing, threads }, task, dy, gradient) {
    const { name, cout, x, window } = task;
    const taps = window.size[0] * window.size[1];
    const channels = dy.layout.physical;
    const sumsStride = taps * channels * 4;
    const sums = blocks.passing(`sums ${name}`, threads * sumsStride);
    listing.emit("depthwiseGradient", {
      x: x.place,
      xStride: x.stride,
      height: x.height,
      width: x.width,
      channels,
      ...windowWords(task.window),
      rows: dy.height,
      columns: dy.width,
      dy: dy.place,
      dyStride: dy.stride,
      sums,
      sumsStride,
    });
    listing.emit("reduceDepthwiseGradient", {
      sums,
      sumsStride,
      taps,
      channels,
      logical: cout,
      map: blocks.table(dy.layout.map),
      gradient,
    });
  },
};
