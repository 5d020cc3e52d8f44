/**
 * @file The sheet's drawing off the main thread: a drag costs the page a message and a finished picture.
 * One order is under way at a time and the newest view waits for it, so a slow painter shows
 * fewer frames and never old ones.
 */
import { SheetBrush, type Order, type Picture } from "./sheet-brush.ts";
import type { SheetScene, SheetView } from "./sheet-scene.ts";

/** Owns a worker from the first order until `close`. */
export class SheetPainter {
  readonly #show: (picture: Picture) => void;
  #worker: Worker | null = null;
  /** In the worker's place when it cannot be had. */
  #brush: SheetBrush | null = null;
  #scene: SheetScene | null = null;
  #isSceneKnown = false;
  #underWay: SheetView | null = null;
  #waiting: SheetView | null = null;
  #isClosed = false;

  /** @param show — called with each picture; it owns the bitmap */
  constructor(show: (picture: Picture) => void) {
    this.#show = show;
    // The literal form: Vite finds the worker by it.
    const worker = new Worker(new URL("./sheet-painter.worker.ts", import.meta.url), {
      type: "module",
    });
    worker.addEventListener("message", ({ data }: MessageEvent<Picture>) => this.#receive(data));
    worker.addEventListener("error", () => this.#paintHere());
    this.#worker = worker;
  }

  /** Orders a picture. Scenes are compared by identity. */
  paint(scene: SheetScene, view: SheetView): void {
    if (scene !== this.#scene) this.#isSceneKnown = false;
    this.#scene = scene;
    this.#waiting = view;
    this.#order();
  }

  close(): void {
    this.#isClosed = true;
    this.#worker?.terminate();
  }

  #order(): void {
    const [scene, view] = [this.#scene, this.#waiting];
    if (this.#underWay !== null || scene === null || view === null) return;
    const order: Order = this.#isSceneKnown ? { view } : { scene, view };
    this.#isSceneKnown = true;
    this.#underWay = view;
    this.#waiting = null;
    if (this.#brush === null) this.#worker?.postMessage(order);
    else this.#receive(this.#brush.paint(order));
  }

  #receive(picture: Picture): void {
    this.#underWay = null;
    if (this.#isClosed) {
      picture.bitmap.close();
      return;
    }
    this.#show(picture);
    this.#order();
  }

  #paintHere(): void {
    if (this.#brush !== null || this.#isClosed) return;
    this.#worker?.terminate();
    this.#worker = null;
    this.#brush = new SheetBrush();
    this.#isSceneKnown = false;
    this.#waiting ??= this.#underWay;
    this.#underWay = null;
    this.#order();
  }
}
