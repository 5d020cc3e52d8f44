/** @file One of the gallery's images as an address that an `img` takes. */
import type { GalleryState } from "../../state/index.ts";

type Gallery = NonNullable<GalleryState["gallery"]>;

export function imageAddress({ width, height, pixels }: Gallery, index: number): string {
  const size = width * height * 4;
  const own = new Uint8ClampedArray(pixels.subarray(index * size, (index + 1) * size));
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(own, width, height), 0, 0);
  return canvas.toDataURL();
}
