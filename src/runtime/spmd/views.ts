/** @file A map as kernels see it: where it starts, how far apart its pixels are, what lies in one. */
import { ahead, type Place } from "./blocks.ts";
import type { Layout } from "./layout.ts";
import type { Value } from "./values.ts";

export interface View {
  readonly place: Place;
  /** Floats between two pixels. */
  readonly stride: number;
  readonly height: number;
  readonly width: number;
  readonly layout: Layout;
}

/** The view of a value whose root starts at `start`, its pixels `stride` floats apart. */
export function viewOf(value: Value, start: Place, stride = value.root.stride): View {
  const { height, width, layout, offset, unrolled } = value;
  return {
    place: ahead(start, offset),
    stride: stride * unrolled,
    height,
    width,
    layout,
  };
}

/** Some of the view's channels, `from` floats into the pixel. */
export function sliceOf(view: View, from: number, layout: Layout): View {
  return { ...view, place: ahead(view.place, from), layout };
}

/** Pixels of an image. */
export function pixelsOf({ height, width }: View): number {
  return height * width;
}

/** Bytes of a map of its own, for so many images. */
export function bytesOf(layout: Layout, pixels: number, images: number): number {
  return layout.physical * pixels * images * 4;
}
