/**
 * @file The ratios that tell something, wherever the slider stands and whatever says how many go: up to where a cut
 * is free, the largest one that costs next to nothing, half of the MACs, and the largest one that most of the accuracy
 * survives. Each comes with the accuracy that is known there, or with why it cannot be had. Pure.
 */
import { dotsOf, ratioWithin, saidAt, type MeasuredState, type Said } from "./measured.ts";
import { BY_RATIO, countingOf, isByRatio, methodText, modeOf, type Method } from "./method.ts";
import { ratioForMacs, type Pruning } from "./planning.ts";

export type TellingName = "free" | "safe" | "half" | "most";

/** Why a ratio cannot be had. */
export type Lack = "no-gap" | "not-measured" | "none-measured" | "out-of-reach";

export interface Telling {
  /** Null where there is none, which `lack` explains. */
  readonly ratio: number | null;
  readonly lack: Lack | null;
  /** What is known there; null where nothing is. */
  readonly said: Said | null;
}

/** What the safe ratio may cost, as a share of the images. */
export const SAFE_DROP = 0.005;
/** What the largest ratio must keep of the uncut network's accuracy. */
export const MOST_KEPT = 0.9;

export interface TellingParts {
  readonly pruning: Pruning;
  readonly method: Method;
  /** Of the network on the page. */
  readonly key: string;
  readonly measured: MeasuredState;
}

/** The text of the method on the page as the slider would have it, under which its points are filed. */
export function textByRatio(method: Method): string {
  return methodText(isByRatio(method) ? method : { ...method, allocation: BY_RATIO });
}

/** Down to a whole step, so that nothing above the gap goes; null without a gap. */
export function freeRatio({ pruning, method }: Pick<TellingParts, "pruning" | "method">) {
  const { gap } = pruning.safe[modeOf(method)];
  return gap === null ? null : Math.floor(gap * 200 + 1e-9) / 200;
}

export function tellingRatios(parts: TellingParts): Readonly<Record<TellingName, Telling>> {
  const { pruning, method, key, measured } = parts;
  const track = { key, method: textByRatio(method) };
  const dots = dotsOf(measured, key, track.method);
  const at = (ratio: number | null, lack: Lack): Telling =>
    ratio === null ? { ratio, lack, said: null } : { ratio, lack: null, said: saidAt(dots, ratio) };
  // The uncut network alone says nothing of a cut.
  const within = (least: (was: number) => number): Telling =>
    dots.length < 2
      ? at(null, "not-measured")
      : at(ratioWithin(measured, track, least) || null, "none-measured");
  return {
    free: at(freeRatio(parts), "no-gap"),
    safe: within((was) => was - SAFE_DROP),
    half: at(ratioForMacs(pruning, 0.5, countingOf(method)), "out-of-reach"),
    most: within((was) => was * MOST_KEPT),
  };
}
