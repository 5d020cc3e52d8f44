/** @file Scene and views in, pictures out: what the painter's worker runs, and the page when it has none. */
import { paintSheet } from "./paint-sheet.ts";
import type { SheetScene, SheetView } from "./sheet-scene.ts";

/** What a brush is told: a scene, a view of the last scene, or both. */
export interface Order {
  readonly scene?: SheetScene;
  readonly view: SheetView;
}

/** A view painted. */
export interface Picture {
  readonly view: SheetView;
  /** In the screen's pixels. */
  readonly bitmap: ImageBitmap;
}

/** Paints on one surface that it keeps. */
export class SheetBrush {
  #scene: SheetScene | null = null;
  readonly #surface = new OffscreenCanvas(1, 1);

  /** @throws {Error} when the first order brings no scene, or the browser gives no 2D context */
  paint({ scene = this.#scene ?? undefined, view }: Order): Picture {
    const pen = this.#surface.getContext("2d");
    if (scene === undefined || pen === null)
      throw new Error("nothing to paint, or nothing to paint on");
    this.#scene = scene;
    const { dpr } = scene.palette;
    // Set even when the same: that clears it.
    this.#surface.width = Math.max(1, Math.round(view.width * dpr));
    this.#surface.height = Math.max(1, Math.round((view.to - view.from) * dpr));
    pen.setTransform(dpr, 0, 0, dpr, 0, 0);
    paintSheet(pen, scene, view);
    return { view, bitmap: this.#surface.transferToImageBitmap() };
  }
}
