/** @file A hand on the ratio's slider: moves as a mouse reports them, which does not wait for frames. */
import { setTimeout } from "node:timers/promises";
import type { CDPSession, Page } from "@playwright/test";

/** As often as a mouse says where it is, and twice a frame: so no frame is without a move. */
const MOVES_A_SECOND = 120;
const LEFT = { button: "left", buttons: 1 } as const;

export interface Hand {
  /** Presses the thumb's button at the slider's left. */
  press(): Promise<void>;
  /**
   * Moves to and fro over nine tenths of the slider.
   * @param swings — there and back, of as many moves in all
   */
  move(moves: number, swings: number): Promise<void>;
  release(): Promise<void>;
}

/** A hand over the slider that is on the page now. */
export async function handOn(page: Page, session?: CDPSession): Promise<Hand> {
  const box = await page.getByRole("slider", { name: "Ratio" }).boundingBox();
  if (box === null) throw new Error("the slider is not to be seen");
  const own = session ?? (await page.context().newCDPSession(page));
  const y = box.y + box.height / 2;
  const xAt = (share: number): number => box.x + box.width * (0.05 + 0.85 * share);
  return {
    press: async () => {
      await page.mouse.move(xAt(0), y);
      await page.mouse.down();
    },
    move: async (moves, swings) => {
      const sent: Promise<unknown>[] = [];
      const start = performance.now();
      for (let i = 0; i < moves; i++) {
        const wait = start + (i * 1000) / MOVES_A_SECOND - performance.now();
        if (wait > 0) await setTimeout(wait);
        const x = xAt(0.5 - 0.5 * Math.cos((i / moves) * 2 * Math.PI * swings));
        sent.push(own.send("Input.dispatchMouseEvent", { type: "mouseMoved", x, y, ...LEFT }));
      }
      await Promise.all(sent);
    },
    release: () => page.mouse.up(),
  };
}
