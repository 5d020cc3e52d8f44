/**
 * @file What goes with any allocation, as flags: who takes part, who decides for a stream, what no ratio
 * may take, how widths are rounded, whose scores are compared. What a recipe says is the default.
 */
import {
  ROUNDING_RULES,
  SCOPES,
  SCORINGS,
  STREAM_DECIDERS,
  STREAMS,
  type PruneOptions,
} from "../prune/index.ts";
import type { Args, OptionSpecs } from "./args.ts";
import { badArgument } from "./refusal.ts";

/** Those that decide which channels of a layer go at a ratio; `--streams` stands with the criterion. */
export const CHANNEL_OPTIONS: OptionSpecs = {
  round: { value: "N", help: "make widths multiples of N, such as 8" },
  "round-how": { value: "RULE", help: `${ROUNDING_RULES.join(", ")}; nearest` },
  "minimum-share": { value: "S", help: "share of each layer's channels that stays at any rate; 0" },
  lock: { value: "NAME,NAME", help: "layers that stay whole, with what goes together with them" },
  decider: { value: "NAME", help: "whose scores a stream goes by: closure or shortcut; closure" },
};

/** Those that only matter where several layers are cut together. */
export const TOGETHER_OPTIONS: OptionSpecs = {
  scope: { value: "NAME", help: `whose scores are compared: ${SCOPES.join(", ")}; global` },
  scoring: { value: "NAME", help: "independent, or greedy: without inputs that went; independent" },
};

/**
 * The options that flags and recipe ask for; what neither says is left out.
 * @throws cli/bad-argument
 */
export function optionsOf(args: Args, base: PruneOptions = {}): PruneOptions {
  const options = {
    scope: args.choice("scope", SCOPES) ?? base.scope,
    rounding: roundingOf(args, base),
    minimumShare: args.number("minimum-share") ?? base.minimumShare,
    locked: locksOf(args) ?? base.locked,
    streams: args.choice("streams", STREAMS) ?? base.streams,
    decider: args.choice("decider", STREAM_DECIDERS) ?? base.decider,
    scoring: args.choice("scoring", SCORINGS) ?? base.scoring,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function roundingOf(args: Args, { rounding }: PruneOptions): PruneOptions["rounding"] {
  const to = args.number("round") ?? rounding?.to;
  const how = args.choice("round-how", ROUNDING_RULES);
  if (to !== undefined) return { to, how: how ?? rounding?.how };
  if (how === undefined) return undefined;
  throw badArgument("--round-how", {
    expected: "widths to round",
    found: "none",
    hint: "add --round 8, or leave --round-how out",
  });
}

function locksOf(args: Args): readonly string[] | undefined {
  return args
    .text("lock")
    ?.split(",")
    .map((name) => name.trim());
}
