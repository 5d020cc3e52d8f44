/** @file Convolution of any window and stride by gathering rows and multiplying; see `convGemm`. */
import { ACTIVATIONS } from "../instructions.ts";
import { padded } from "../layout.ts";
import { panelsOf, type Method, type Task } from "./task.ts";
import { phasesOf } from "./phases.ts";

/** The source pixel of each tap, beside the one of the window's corner. */
function offsetsOf({ window: { size, padding } }: Task): readonly number[] {
  const offsets: number[] = [];
  for (let ky = 0; ky < size[0]; ky++) {
    for (let kx = 0; kx < size[1]; kx++) offsets.push(ky - padding[0], kx - padding[2]);
  }
  return offsets;
}

function tapsOf({ window: { size } }: Task): number {
  return size[0] * size[1];
}

export const gemm: Method = {
  forward(context, task, { scale, bias, activation, partials }) {
    const { blocks, preparation, listing } = context;
    const { name, cin, cout, weights, rowStride, x, y, window } = task;
    const taps = tapsOf(task);
    const channels = x.layout.physical;
    const panels = context.prepared(`panels ${name}`, panelsOf(cout) * taps * channels * 32);
    preparation.emit("packGemm", {
      w: weights,
      tapList: blocks.table(Array.from({ length: taps }, (_, tap) => tap)),
      taps,
      cin,
      cout,
      rowStride,
      cinMap: blocks.table(x.layout.map),
      cinPhysical: channels,
      scale,
      panels,
    });
    listing.emit("convGemm", {
      x: x.place,
      xStride: x.stride,
      height: x.height,
      width: x.width,
      channels,
      taps,
      offsets: blocks.table(offsetsOf(task)),
      strideY: window.stride[0],
      strideX: window.stride[1],
      rows: y.height,
      columns: y.width,
      y: y.place,
      yStride: y.stride,
      yHeight: y.height,
      yWidth: y.width,
      yTop: 0,
      yLeft: 0,
      yStepY: 1,
      yStepX: 1,
      filters: cout,
      panels,
      bias,
      activation: ACTIVATIONS[activation],
      accumulate: 0,
      partials,
    });
  },

  inputGradient({ blocks, listing }, task, dy, dx, accumulate) {
    const { name, cin, cout, weights, rowStride, window } = task;
    const { size, stride, padding } = window;
    const coutPhysical = padded(cout);
    const cinPhysical = dx.layout.physical;
    for (const vertical of phasesOf(size[0], stride[0], padding[0], dx.height)) {
      for (const horizontal of phasesOf(size[1], stride[1], padding[2], dx.width)) {
        const taps = vertical.taps.flatMap((ky) =>
          horizontal.taps.map((kx) => ({
            tap: ky.tap * size[1] + kx.tap,
            offset: [ky.window, kx.window],
          })),
        );
        // Pixels that no window sees: nothing to add, but zeros to write.
        if (taps.length === 0 && accumulate === 1) continue;
        const bytes = panelsOf(cinPhysical) * taps.length * coutPhysical * 32;
        const panels = blocks.passing(`turned panels ${name}`, bytes);
        if (taps.length > 0) {
          listing.emit("packGemmTransposed", {
            w: weights,
            tapList: blocks.table(taps.map(({ tap }) => tap)),
            taps: taps.length,
            cin,
            cout,
            rowStride,
            cinMap: blocks.table(dx.layout.map),
            cinPhysical,
            coutPhysical,
            panels,
          });
        }
        listing.emit("convGemm", {
          x: dy.place,
          xStride: dy.stride,
          height: dy.height,
          width: dy.width,
          channels: coutPhysical,
          taps: taps.length,
          offsets: blocks.table(taps.flatMap(({ offset }) => offset)),
          strideY: 1,
          strideX: 1,
          rows: vertical.count,
          columns: horizontal.count,
          y: dx.place,
          yStride: dx.stride,
          yHeight: dx.height,
          yWidth: dx.width,
          yTop: vertical.first,
          yLeft: horizontal.first,
          yStepY: stride[0],
          yStepX: stride[1],
          filters: cinPhysical,
          panels,
          bias: 0,
          activation: ACTIVATIONS.linear,
          accumulate,
          partials: 0,
        });
      }
    }
  },

  weightGradient({ blocks, listing, threads }, task, dy, gradient) {
    const { name, cin, cout, rowStride, x, window } = task;
    const taps = tapsOf(task);
    const channels = x.layout.physical;
    // Bytes from one thread's sums to the next one's.
    const sumsStride = taps * channels * panelsOf(cout) * 32;
    const sums = blocks.passing(`sums ${name}`, threads * sumsStride);
    listing.emit("convGemmGradient", {
      x: x.place,
      xStride: x.stride,
      height: x.height,
      width: x.width,
      channels,
      taps,
      offsets: blocks.table(offsetsOf(task)),
      strideY: window.stride[0],
      strideX: window.stride[1],
      rows: dy.height,
      columns: dy.width,
      dy: dy.place,
      dyStride: dy.stride,
      filters: padded(cout),
      sums,
      sumsStride,
    });
    listing.emit("reduceGemmGradient", {
      sums,
      sumsStride,
      taps,
      channels,
      cin,
      cinMap: blocks.table(x.layout.map),
      filters: cout,
      gradient,
      rowStride,
    });
  },
};
