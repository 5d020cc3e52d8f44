/**
 * @file Arguments, read with `node:util`'s parser and checked against what a command declares. Every
 * refusal names the argument; a value that looks like the next flag is no value, a negative number is.
 */
import { parseArgs } from "node:util";
import { badArgument } from "./refusal.ts";

/** One flag. */
export interface OptionSpec {
  /** What the value is called in the help; a flag without one is on or off. */
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What a command takes. */
export interface Usage {
  /** Names of the arguments that are no flags, such as MODEL; all are needed. */
  readonly positionals: readonly string[];
  readonly options: OptionSpecs;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A number as people write it; NaN for everything else, the empty text included. */
export function toNumber(text: string): number {
  return NUMBER.test(text.trim()) ? Number(text) : NaN;
}

/** Arguments that have passed {@link readArgs}. */
export class Args {
  readonly #positionals: readonly string[];
  readonly #values: ReadonlyMap<string, string>;

  constructor(positionals: readonly string[], values: ReadonlyMap<string, string>) {
    this.#positionals = positionals;
    this.#values = values;
  }

  /** The positional argument at that place. */
  at(index: number): string {
    return this.#positionals[index] ?? "";
  }

  has(option: string): boolean {
    return this.#values.has(option);
  }

  text(option: string): string | undefined {
    return this.#values.get(option);
  }

  /** @throws cli/bad-argument when the value is none of the choices */
  choice<T extends string>(option: string, choices: readonly T[]): T | undefined {
    const text = this.#values.get(option);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    throw badArgument(`--${option}`, { expected: `one of ${choices.join(", ")}`, found: text });
  }

  /** @throws cli/bad-argument when the value is no number */
  number(option: string): number | undefined {
    const text = this.#values.get(option);
    if (text === undefined) return undefined;
    const value = toNumber(text);
    if (!Number.isNaN(value)) return value;
    const found = text === "" ? "nothing" : text;
    throw badArgument(`--${option}`, { expected: "a number", found });
  }

  /** @throws cli/bad-argument when the value is no whole number from `least` */
  whole(option: string, least: number): number | undefined {
    const text = this.#values.get(option);
    if (text === undefined) return undefined;
    const value = toNumber(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw badArgument(`--${option}`, { expected: `a whole number from ${least}`, found: text });
  }
}

/**
 * Reads what stands after the command's name.
 * @throws cli/bad-argument naming the argument
 */
export function readArgs(argv: readonly string[], { positionals, options }: Usage): Args {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value, short }]) => [
        name,
        {
          type: value === undefined ? ("boolean" as const) : ("string" as const),
          ...(short === undefined ? {} : { short }),
        },
      ]),
    ),
  });
  const given: string[] = [];
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") given.push(token.value);
    else if (token.kind === "option") values.set(token.name, checkOption(token, options));
  }
  const missing = positionals[given.length];
  const surplus = given[positionals.length];
  // `--help` needs nothing beside it.
  if (missing !== undefined && !values.has("help")) {
    throw badArgument(missing, { expected: "a value", found: "nothing" });
  }
  if (surplus !== undefined) {
    throw badArgument(surplus, {
      expected: positionals.length === 0 ? "no argument" : `only ${positionals.join(" and ")}`,
      found: "one more",
    });
  }
  return new Args(given, values);
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function checkOption({ name, rawName, value, inlineValue }: OptionToken, options: OptionSpecs) {
  const spec = Object.hasOwn(options, name) ? options[name] : undefined;
  if (spec === undefined) {
    const near = nearest(name, Object.keys(options));
    throw badArgument(rawName, {
      expected: "a flag of this command",
      found: "an unknown flag",
      ...(near === undefined ? {} : { hint: `did you mean --${near}` }),
    });
  }
  if (spec.value === undefined) {
    if (value === undefined) return "";
    throw badArgument(rawName, { expected: "no value", found: value });
  }
  const isFlag = value !== undefined && inlineValue !== true && /^-./.test(value);
  if (value === undefined || (isFlag && Number.isNaN(toNumber(value)))) {
    throw badArgument(rawName, { expected: spec.value, found: value ?? "nothing" });
  }
  return value;
}

/** The known name that is one slip of the finger away. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  return names.find((known) => isOneSlip(name, known));
}

function isOneSlip(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let i = 0;
  while (i < short.length && short[i] === long[i]) i++;
  if (short.length < long.length) return short.slice(i) === long.slice(i + 1);
  const swapped = short[i] === long[i + 1] && short[i + 1] === long[i];
  return (
    short.slice(i + 1) === long.slice(i + 1) ||
    (swapped && short.slice(i + 2) === long.slice(i + 2))
  );
}
