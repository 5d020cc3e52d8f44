/** @file The images: they come packed, and are spread to pixels of whole vectors. */
import type { Place } from "../blocks.ts";
import type { Context } from "../context.ts";
import type { InputUnit } from "../units.ts";
import { pixelsOf } from "../views.ts";

/** @returns where the images are to be put, one value behind the other */
export function feed(context: Context, { name }: InputUnit): Place {
  const view = context.view(name);
  const channels = view.layout.map.length;
  const images = context.blocks.keep("images", pixelsOf(view) * channels * context.batch * 4);
  context.listing.emit("spreadImages", {
    from: images,
    pixels: pixelsOf(view),
    channels,
    to: view.place,
    stride: view.stride,
  });
  return images;
}
