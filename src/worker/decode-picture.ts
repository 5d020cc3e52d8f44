/** @file Pictures decoded by the browser, off the main thread. */
import type { Picture } from "../files/index.ts";

/** @throws whatever the browser throws for what is no picture */
export async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  // Colours as they are stored: a network was trained on those, not on what a screen's profile makes of them.
  const bitmap = await createImageBitmap(new Blob([bytes as BlobPart]), {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
  const { width, height } = bitmap;
  const surface = new OffscreenCanvas(width, height);
  const pen = surface.getContext("2d", { willReadFrequently: true });
  if (pen === null) throw new Error("no 2D context");
  pen.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, pixels: pen.getImageData(0, 0, width, height).data };
}
