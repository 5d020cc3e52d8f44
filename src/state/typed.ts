/** @file Reads what people type into the fields of a method, and writes it as they would. */
import { AppError } from "../core/index.ts";
import type { CostKind, Goal } from "./engine.ts";
import { grouped, amount, percent } from "./figures.ts";
import { COST_WORDS } from "./method.ts";

/** A comma that may stand between thousands as well as before decimals. */
const AMBIGUOUS = /^\d{1,3}(,\d{3})+(?!\d)/;

/** A number with an optional unit behind it; spaces between thousands and a decimal comma are taken. */
const NUMBER = /^(\d+(?:[.,]\d+)?|[.,]\d+)([a-z%]*)$/i;

const FACTORS: Readonly<Record<string, number>> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };

/** What may stand behind a number beside the letter for thousands or millions. */
const UNITS: Readonly<Record<CostKind, RegExp>> = {
  bytes: /(?:bytes?|b)$/,
  macs: /macs?$/,
  parameters: /(?:parameters?|params?)$/,
};

/**
 * Reads a target: per cent of the whole with or without its sign, or a number such as `5.6 M`.
 * A bare number up to 100 is per cent.
 * @throws prune/bad-allocation
 */
export function parseGoal(text: string, of: CostKind): Goal {
  const squeezedText = squeezed(text);
  if (AMBIGUOUS.test(squeezedText)) {
    throw new AppError("prune/bad-allocation", {
      where: "target",
      expected: "a comma before decimals only",
      found: text.trim(),
      hint: "type 120 000 or 120 k for a hundred and twenty thousand",
    });
  }
  const [, digits = "", rest = ""] = NUMBER.exec(squeezedText) ?? [];
  const value = digits === "" ? NaN : Number(digits.replace(",", "."));
  const unit = rest.toLowerCase();
  const isShare = unit === "%" || (unit === "" && value <= 100);
  if (isShare && value > 0 && value <= 100) return { of, share: value / 100 };
  const factor = FACTORS[unit.replace(UNITS[of], "")];
  if (!isShare && factor !== undefined && value > 0)
    return { of, most: Math.round(value * factor) };
  throw new AppError("prune/bad-allocation", {
    where: "target",
    expected: "per cent above 0, up to 100, or a number such as 5.6 M",
    found: text.trim() === "" ? "nothing" : text.trim(),
    hint: "type a percentage such as 50",
  });
}

/** A target as `parseGoal` reads it. */
export function writeGoal(goal: Goal): string {
  if ("share" in goal) return percent(goal.share);
  if (goal.most >= 1e4) return amount(goal.most);
  return goal.most > 100
    ? grouped(goal.most)
    : `${goal.most} ${goal.of === "bytes" ? "bytes" : COST_WORDS[goal.of]}`;
}

/**
 * Reads per cent as a share.
 * @param range — `most` itself only where that is allowed
 * @throws prune/bad-allocation
 */
export function parseShare(
  text: string,
  where: string,
  range: { readonly below: number } | { readonly most: number },
): number {
  const cleaned = squeezed(text).replace(",", ".").replace(/%$/, "");
  const value = cleaned === "" ? NaN : Number(cleaned);
  const isIn = value >= 0 && ("below" in range ? value < range.below : value <= range.most);
  if (isIn) return Number((value / 100).toPrecision(12));
  const end = "below" in range ? `, but not including, ${range.below}` : ` ${range.most}`;
  throw new AppError("prune/bad-allocation", {
    where,
    expected: `a number from 0 up to${end}`,
    found: text.trim() === "" ? "nothing" : text.trim(),
    hint: "type a percentage such as 10",
  });
}

/**
 * Reads how many channels of a layer are to stay.
 * @throws prune/bad-allocation
 */
export function parseCount(text: string, layer: string, of: number): number {
  const cleaned = squeezed(text).replace(/\/\d+$/, "");
  if (/^\d+$/.test(cleaned)) return Number(cleaned);
  throw new AppError("prune/bad-allocation", {
    where: layer,
    expected: `a whole number of channels to keep, up to ${of}`,
    found: cleaned === "" ? "nothing" : text.trim(),
    hint: "type a number",
  });
}

function squeezed(text: string): string {
  return text.replaceAll(/[\s\u202f\u00a0]/g, "");
}
