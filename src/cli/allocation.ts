/**
 * @file How many channels go, and where, as flags: an allocation, which the flags themselves usually
 * give away. What a recipe says is the default.
 */
import { AppError } from "../core/index.ts";
import {
  ALLOCATION_KINDS,
  COST_KINDS,
  COUNT_RULES,
  type AllocationKind,
  type ByHand,
  type CountRule,
  type Goal,
} from "../prune/index.ts";
import { readLayers, type RecipeAllocation } from "../recipe/index.ts";
import { toNumber, type Args, type OptionSpecs } from "./args.ts";
import { readCurvesFile, type CurvesFile } from "./curves.ts";
import { CHANNEL_OPTIONS, optionsOf, TOGETHER_OPTIONS } from "./prune-options.ts";
import { readJson } from "./recipe-file.ts";
import { badArgument } from "./refusal.ts";

/** Which flags go with which allocation. */
const FLAGS: Readonly<Record<AllocationKind, readonly string[]>> = {
  "global-threshold": ["ratio", "exact", "reference"],
  uniform: ["ratio", "exact", "reference", "keep"],
  list: ["list"],
  sensitivity: ["loss", "curves", ...COST_KINDS.map((of) => `target-${of}`)],
  target: COST_KINDS.map((of) => `target-${of}`),
};

export const ALLOCATION_OPTIONS: OptionSpecs = {
  allocation: { value: "NAME", help: `${ALLOCATION_KINDS.join(", ")}; as the other flags say` },
  ratio: { value: "P", help: "share of the channels to remove, from 0 up to 1; the recipe's" },
  exact: { help: "remove exactly the share that was asked for" },
  reference: { help: "remove as the papers' own code does: one more, and all that tie" },
  keep: {
    value: "RULE",
    help: "what n · (1 − P) is rounded by when uniform: floor, round, ceil; floor",
  },
  list: { value: "FILE", help: 'layers in JSON: {"conv1": {"keep": 32}, "conv2": {"ratio": 0.5}}' },
  curves: { value: "FILE", help: "what `sensitivity -o FILE` measured on this network" },
  loss: { value: "L", help: "share of the accuracy that each layer may cost alone, by its curve" },
  "target-parameters": {
    value: "N",
    help: "parameters to get down to; a share up to 1, or a number",
  },
  "target-macs": { value: "N", help: "MACs to get down to" },
  "target-bytes": { value: "N", help: "bytes of weights to get down to" },
  "by-hand": {
    value: "NAME=N,NAME=N",
    help: "channels that stay of some layers, whatever goes of the others",
  },
  ...CHANNEL_OPTIONS,
  ...TOGETHER_OPTIONS,
};

/** What to plan by. */
export interface Choice {
  readonly allocation: RecipeAllocation;
  readonly curves: CurvesFile | undefined;
}

/**
 * The allocation that flags and recipe ask for; nothing when neither says how many go.
 * @throws cli/bad-argument, prune/bad-ratio, recipe/bad-field, files/read-failed, files/bad-json
 */
export async function allocationOf(
  args: Args,
  base: RecipeAllocation | undefined,
): Promise<Choice | undefined> {
  const kind = kindOf(args, base);
  if (kind === undefined) return undefined;
  for (const flags of Object.values(FLAGS)) {
    const stray = flags.find((flag) => args.has(flag) && !FLAGS[kind].includes(flag));
    if (stray === undefined) continue;
    throw badArgument(`--${stray}`, {
      expected: `a flag of the allocation ${kind}`,
      found: "one of another",
      hint: `leave it out, or name another --allocation`,
    });
  }
  const own = base?.kind === kind ? base : undefined;
  const what = (await READ[kind](args, own)) as Partial<RecipeAllocation>;
  const curves = args.text("curves");
  return {
    allocation: {
      ...what,
      kind,
      ...optionsOf(args, base),
      ...handsOf(args, base),
    } as RecipeAllocation,
    curves: curves === undefined ? undefined : await readCurvesFile(curves),
  };
}

/** As named, else as the flags imply, else as the recipe has it. */
function kindOf(args: Args, base: RecipeAllocation | undefined): AllocationKind | undefined {
  const named = args.choice("allocation", ALLOCATION_KINDS);
  if (named !== undefined) return named;
  if (args.has("list")) return "list";
  if (args.has("curves") || args.has("loss")) return "sensitivity";
  if (FLAGS.target.some((flag) => args.has(flag))) {
    return base?.kind === "sensitivity" ? "sensitivity" : "target";
  }
  // A share of every layer is what a ratio means where the recipe has none.
  if (args.has("ratio") && base !== undefined && !("ratio" in base)) return "uniform";
  return base?.kind;
}

type Reading = (args: Args, base: RecipeAllocation | undefined) => unknown;

/** What of each allocation is its own; `base` is the recipe's where that is of the same kind. */
const READ: Readonly<Record<AllocationKind, Reading>> = {
  "global-threshold": (args, base) => ({ ratio: ratioOf(args, base), mode: modeOf(args, base) }),
  uniform: (args, base) => {
    const keep = ruleOf(args);
    return { ...base, ratio: ratioOf(args, base), ...(keep === undefined ? {} : { keep }) };
  },
  list: async (args, base) => {
    const file = args.text("list");
    if (file !== undefined) return { layers: readLayers(await readJson(file), file) };
    return base ?? missing("--list FILE", "the layers to cut");
  },
  sensitivity: (args, base) => {
    if (args.has("curves")) {
      return lossOrGoal(args) ?? base ?? missing("--loss L", "a loss or a target");
    }
    throw badArgument("--curves FILE", {
      expected: "sensitivity curves of this network",
      found: "none",
      hint: "measure them with `sensitivity MODEL -o FILE`, or give --ratio P to cut all layers alike",
    });
  },
  target: (args, base) => goalOf(args) ?? base ?? missing("--target-macs N", "a target"),
};

function lossOrGoal(args: Args): { readonly goal: Goal } | { readonly loss: number } | undefined {
  const [loss, goal] = [args.number("loss"), goalOf(args)];
  if (loss !== undefined && goal !== undefined) {
    throw badArgument("--loss", { expected: "a loss or a target", found: "both" });
  }
  if (goal !== undefined) return { goal };
  return loss === undefined ? undefined : { loss };
}

/** At most one of the targets: a share up to 1, or a number above. */
function goalOf(args: Args): Goal | undefined {
  const [first, second] = COST_KINDS.filter((of) => args.has(`target-${of}`));
  if (second !== undefined) {
    throw badArgument(`--target-${second}`, { expected: "one target", found: "two" });
  }
  if (first === undefined) return undefined;
  const value = args.number(`target-${first}`) ?? NaN;
  if (!(value > 0)) {
    throw badArgument(`--target-${first}`, {
      expected: "a share above 0 up to 1, or a number above that",
      found: String(value),
    });
  }
  return value <= 1 ? { of: first, share: value } : { of: first, most: value };
}

/** @throws prune/bad-ratio, cli/bad-argument when there is none */
function ratioOf(args: Args, base: RecipeAllocation | undefined): number {
  const text = args.text("ratio");
  if (text === undefined) {
    return base !== undefined && "ratio" in base ? base.ratio : missing("--ratio P", "a ratio");
  }
  const ratio = toNumber(text);
  if (ratio >= 0 && ratio < 1) return ratio;
  throw new AppError("prune/bad-ratio", {
    where: "--ratio",
    expected: "a number from 0 up to, but not including, 1",
    found: text === "" ? "nothing" : text,
  });
}

/** @throws cli/bad-argument for what is no list of widths */
function handsOf(args: Args, base: RecipeAllocation | undefined): ByHand {
  const text = args.text("by-hand");
  if (text === undefined) return base?.byHand === undefined ? {} : { byHand: base.byHand };
  const widths = text.split(",").map((part) => {
    const [, name, keep = ""] = /^\s*(.*\S)\s*=\s*(\d+)\s*$/.exec(part) ?? [];
    if (name !== undefined) return [name, Number(keep)] as const;
    throw badArgument("--by-hand", {
      expected: "layers with a number of channels each, such as conv1=32,conv2=16",
      found: part.trim() === "" ? "nothing" : part.trim(),
    });
  });
  const twice = widths.find(([name], i) => widths.findIndex(([other]) => other === name) < i);
  if (twice === undefined) return { byHand: Object.fromEntries(widths) };
  throw badArgument("--by-hand", { expected: "each layer once", found: `${twice[0]} again` });
}

function modeOf(args: Args, base: RecipeAllocation | undefined): Mode {
  return namedMode(args) ?? (base?.kind === "global-threshold" ? base.mode : "exact");
}

type Mode = "exact" | "reference";

function namedMode(args: Args): Mode | undefined {
  const [exact, reference] = [args.has("exact"), args.has("reference")];
  if (exact && reference) {
    throw badArgument("--reference", { expected: "one of --exact and --reference", found: "both" });
  }
  return exact ? "exact" : reference ? "reference" : undefined;
}

/** No more than was asked for is what "ceil" keeps by, the paper's code keeps by "floor". */
function ruleOf(args: Args): CountRule | undefined {
  const [rule, mode] = [args.choice("keep", COUNT_RULES), namedMode(args)];
  if (rule !== undefined && mode !== undefined) {
    throw badArgument("--keep", { expected: `either --keep or --${mode}`, found: "both" });
  }
  return mode === undefined ? rule : mode === "exact" ? "ceil" : "floor";
}

function missing(flag: string, expected: string): never {
  throw badArgument(flag, { expected, found: "none" });
}
