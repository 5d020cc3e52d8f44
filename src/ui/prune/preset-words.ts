/** @file The words of the telling ratios: what each is, what it comes to, and why one cannot be had. */
import { MOST_KEPT, type Lack, type Telling, type TellingName } from "../../state/index.ts";
import { count, percent, THIN } from "../format.ts";

interface PresetWords {
  readonly name: TellingName;
  readonly label: string;
  /** @param base — accuracy of the uncut network, as far as it is known */
  readonly means: (ratio: number, base: number | null) => string;
}

export const PRESET_WORDS: readonly PresetWords[] = [
  {
    name: "free",
    label: "Free",
    means: (ratio) => `All below the gap in the scores, which says next to nothing: ${at(ratio)}`,
  },
  {
    name: "safe",
    label: "\u22120.5\u202fpt",
    means: (ratio) =>
      `The largest measured ratio that costs at most half a point of accuracy: ${at(ratio)}`,
  },
  {
    name: "half",
    label: "Half MACs",
    means: (ratio) => `The least ratio that takes half of the multiply-accumulates: ${at(ratio)}`,
  },
  {
    name: "most",
    label: `Keep ${percent(MOST_KEPT, 0)}`,
    means: (ratio, base) =>
      `The largest measured ratio that keeps ${percent(MOST_KEPT, 0)} of the accuracy${base === null ? "" : `, so at least ${percent(base * MOST_KEPT)}`}: ${at(ratio)}`,
  },
];

const at = (ratio: number): string => `${percent(ratio, 1, true)} of the channels`;

/** What a ratio comes to: measured, between measured points, or where it is while nothing is known. */
export function outcomeWords({ ratio, said }: Pick<Telling, "ratio" | "said">): string {
  if (said === null) return `at ${percent(ratio ?? 0, 1, true)}`;
  const { accuracy, evaluation } = said;
  return evaluation !== null ? percent(accuracy) : `\u2248${THIN}${percent(accuracy)}`;
}

/** On what that rests, as the end of a sentence; the same as the large figure says once one goes there. */
export function groundWords({ said }: Pick<Telling, "said">): string {
  if (said === null) return "";
  const { accuracy, evaluation } = said;
  return evaluation === null
    ? `; about ${percent(accuracy)} of the images right, between measured points`
    : `; ${percent(accuracy)} of ${count(evaluation.count)} images right`;
}

/** Why there is no such ratio, in two words and in a sentence. */
export function lackWords(lack: Lack): { readonly short: string; readonly sentence: string } {
  return LACKS[lack];
}

const LACKS: Readonly<Record<Lack, { readonly short: string; readonly sentence: string }>> = {
  "no-gap": {
    short: "no gap",
    sentence: "The scores have no gap between dead and living channels.",
  },
  "not-measured": {
    short: "not yet",
    sentence: "No cut of this network was measured yet; that takes test images.",
  },
  "none-measured": {
    short: "none yet",
    sentence: "No cut that was measured so far costs as little.",
  },
  "out-of-reach": { short: "no ratio", sentence: "No ratio takes half of the MACs." },
};
