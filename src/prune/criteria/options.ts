/**
 * @file What a criterion can be told, as data: names, ranges, what holds when nothing is said. The page
 * draws its form from this, the command line and a recipe are checked by it. As text they are
 * `key=value` pairs, as in the names of architectures.
 */
import { AppError } from "../../core/index.ts";

interface NumberOption {
  readonly kind: "number";
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
  readonly usual: number;
  /** For people, in a few words. */
  readonly says: string;
}

interface ChoiceOption {
  readonly kind: "choice";
  readonly choices: readonly string[];
  readonly usual: string;
  readonly says: string;
}

export type OptionSpec = NumberOption | ChoiceOption;
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Values of all of a criterion's options. */
export type OptionValues = Readonly<Record<string, number | string>>;

/** The same, typed by what was declared. */
export type ValuesOf<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K] extends { readonly choices: readonly (infer C)[] } ? C : number;
};

/**
 * Reads `p=3,reduce=max`; what is not said takes its usual value.
 * @param where — who named the criterion, for the message
 * @throws prune/bad-option
 */
export function readOptions(where: string, text: string, specs: OptionSpecs): OptionValues {
  const values = new Map(Object.entries(specs).map(([key, { usual }]) => [key, usual]));
  for (const part of text.split(",").filter((piece) => piece.trim() !== "")) {
    const [key = "", ...rest] = part.split("=").map((piece) => piece.trim());
    const spec = Object.hasOwn(specs, key) ? specs[key] : undefined;
    if (spec === undefined) {
      const names = Object.keys(specs);
      throw new AppError("prune/bad-option", {
        where: `${where} › ${key}`,
        expected: names.length === 0 ? "no options" : `one of ${names.join(", ")}`,
        found: key,
      });
    }
    values.set(key, readValue(`${where} › ${key}`, rest.join("="), spec));
  }
  return Object.fromEntries(values);
}

/** The options that differ from the usual, in the order of their declaration. */
export function showOptions(values: OptionValues, specs: OptionSpecs): string {
  return Object.entries(specs)
    .filter(([key, { usual }]) => values[key] !== usual)
    .map(([key]) => `${key}=${values[key]}`)
    .join(",");
}

function readValue(where: string, text: string, spec: OptionSpec): number | string {
  if (spec.kind === "choice") {
    if (spec.choices.includes(text)) return text;
    const expected = `one of ${spec.choices.join(", ")}`;
    throw new AppError("prune/bad-option", { where, expected, found: text });
  }
  const { least, most, whole } = spec;
  const value = text === "" ? NaN : Number(text);
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw new AppError("prune/bad-option", {
    where,
    expected: `${whole ? "a whole number" : "a number"} from ${least} to ${most}`,
    found: text === "" ? "nothing" : text,
  });
}
