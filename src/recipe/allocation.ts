/**
 * @file The allocation of a recipe, and the curves that one kind of it is carried out with, as they come
 * from outside. Beside how many go and where, an allocation says who takes part, what no ratio may take
 * and how widths are rounded.
 */
import * as v from "valibot";
import { AppError } from "../core/index.ts";
import {
  COST_KINDS,
  COUNT_RULES,
  ROUNDING_RULES,
  SCOPES,
  SCORINGS,
  STREAM_DECIDERS,
  STREAMS,
  type Curves,
  type Plan,
} from "../prune/index.ts";

const OPTIONS = {
  scope: v.optional(v.picklist(SCOPES)),
  rounding: v.optional(
    v.strictObject({ to: v.number(), how: v.optional(v.picklist(ROUNDING_RULES)) }),
  ),
  minimumShare: v.optional(v.number()),
  locked: v.optional(v.array(v.string())),
  streams: v.optional(v.picklist(STREAMS)),
  decider: v.optional(v.picklist(STREAM_DECIDERS)),
  scoring: v.optional(v.picklist(SCORINGS)),
  /** Channels that stay of layers that were set by hand, whatever is said of the others. */
  byHand: v.optional(v.record(v.string(), v.pipe(v.number(), v.integer("a whole number")))),
} as const;

const of = v.picklist(COST_KINDS);

const Layer = v.union(
  [
    v.strictObject({ ratio: v.number() }),
    v.strictObject({ keep: v.pipe(v.number(), v.integer("a whole number")) }),
  ],
  "either a ratio or a number to keep",
);

/** Whatever `kind` says; options may stand in any of them. */
export const AllocationSchema = v.variant("kind", [
  v.strictObject({
    kind: v.literal("global-threshold"),
    ratio: v.number(),
    mode: v.optional(v.picklist(["exact", "reference"]), "exact"),
    ...OPTIONS,
  }),
  v.strictObject({
    kind: v.literal("uniform"),
    ratio: v.number(),
    keep: v.optional(v.picklist(COUNT_RULES)),
    ...OPTIONS,
  }),
  v.strictObject({
    kind: v.literal("list"),
    layers: v.record(v.string(), Layer),
    ...OPTIONS,
  }),
  v.strictObject({ kind: v.literal("sensitivity"), loss: v.number(), ...OPTIONS }),
  v.strictObject({
    kind: v.literal("sensitivity"),
    goal: v.union(
      [v.strictObject({ of, share: v.number() }), v.strictObject({ of, most: v.number() })],
      'what it is of, and either "share" or "most"',
    ),
    ...OPTIONS,
  }),
  v.strictObject({ kind: v.literal("target"), of, share: v.number(), ...OPTIONS }),
  v.strictObject({ kind: v.literal("target"), of, most: v.number(), ...OPTIONS }),
]);

/** How many go, and where, in a recipe. */
export type RecipeAllocation = v.InferOutput<typeof AllocationSchema>;

/** How a plan was allocated, as a recipe says it; by what it achieved where it was made by hand. */
export function recordAllocation(plan: Plan | undefined): RecipeAllocation {
  if (plan?.allocation !== undefined) return v.parse(AllocationSchema, plan.allocation);
  return {
    kind: "global-threshold",
    ratio: plan?.requested ?? 0,
    mode: plan?.mode === "reference" ? "reference" : "exact",
  };
}

const CurvesSchema = v.object({
  base: v.number(),
  ratios: v.array(v.number()),
  groups: v.array(v.object({ name: v.string(), accuracy: v.array(v.number()) })),
});

/**
 * Checks sensitivity curves that came from outside, such as the answer of `sensitivity --json`.
 * @param where — the file's name, for the message
 * @throws recipe/bad-field naming the field
 */
export function readCurves(value: unknown, where: string): Curves {
  return readBy(CurvesSchema, value, where);
}

/**
 * Checks a list of layers that came from outside.
 * @param where — the file's name, for the message
 * @throws recipe/bad-field naming the field
 */
export function readLayers(value: unknown, where: string) {
  return readBy(v.record(v.string(), Layer), value, where);
}

/**
 * Checks a value, and names the field that is wrong.
 * @throws recipe/bad-field
 */
export function readBy<T extends v.GenericSchema>(
  schema: T,
  value: unknown,
  where: string,
): v.InferOutput<T> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = issue.path?.map(({ key }) => String(key)).join(".") ?? "";
  const isMissing = issue.received === "undefined";
  throw new AppError("recipe/bad-field", {
    where: path === "" ? where : `${where} › ${path}`,
    expected: isMissing ? "a value" : expectedOf(issue),
    found: isMissing ? "nothing" : issue.received === "Object" ? "another object" : issue.received,
  });
}

/** A schema's own words, where it has some; the library's begin with "Invalid". */
function expectedOf({ message, expected }: v.BaseIssue<unknown>): string {
  if (!message.startsWith("Invalid ")) return message;
  return expected === "never" ? "no such field" : (expected ?? "another value");
}
