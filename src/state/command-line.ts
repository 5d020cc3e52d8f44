/**
 * @file The cut on the page as a line for a shell, and as a recipe. Where flags can say how many go, the line
 * says it all; widths that are listed or come by curves stand in the recipe, which the line names.
 */
import { recordRecipe } from "./engine.ts";
import type { Plan } from "./engine.ts";
import type { Method } from "./method.ts";

/** What a line is about. */
export interface LineParts {
  /** What the command line opens the network by; null for one that was made on the page. */
  readonly place: string | null;
  /** The network's name. */
  readonly name: string;
  /** With the slider's ratio in its place. */
  readonly method: Method;
  readonly plan: Plan;
}

const COMMAND = ["npm", "run", "-s", "espalier", "--", "prune"] as const;

/** The name of the recipe in the line. */
const RECIPE = "recipe.json";

/** Such as `npm run -s espalier -- prune vgg16 --criterion l1 --allocation uniform --ratio 0.5 -o cut`. */
export function writeCommandLine({ place, method }: LineParts): string {
  const { criterion, manner } = method;
  const amount = flagsSay(method);
  const words = [
    ...COMMAND,
    place ?? "MODEL",
    ...(amount ?? ["--recipe", RECIPE]),
    ...(amount === null ? [] : ["--criterion", criterion, ...flagsOf(method)]),
    ...(manner.dead === "absorb" && amount !== null ? ["--dead", "absorb"] : []),
    ...(manner.kind === "mask" ? ["--mask"] : []),
    "-o",
    "cut",
  ];
  return words.map(quoted).join(" ");
}

/** The same as the recipe that `prune --recipe` reads, indented. */
export function writeRecipe({ name, method, plan }: LineParts): string {
  const { dead } = method.manner;
  const recipe = recordRecipe(name, { plan, dead });
  const whole = amountOf(method) === null ? { ...recipe, allocation: listOf(plan) } : recipe;
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** How many go, where flags can say all of the method; null where a name has what stands between names. */
function flagsSay(method: Method): readonly string[] | null {
  const { locked = [] } = method.options;
  const names = [...locked, ...Object.keys(method.byHand ?? {})];
  return names.some((name) => name.includes(",")) ? null : amountOf(method);
}

/** How many go, as flags; null where they are numbers of a recipe's. */
function amountOf({ allocation }: Method): readonly string[] | null {
  switch (allocation.kind) {
    case "global-threshold": {
      const { ratio, mode } = allocation;
      // At 0 the page takes nothing in either mode.
      const counted = mode === "reference" && ratio > 0 ? ["--reference"] : [];
      return ["--allocation", "global-threshold", "--ratio", String(ratio), ...counted];
    }
    case "uniform": {
      const { ratio, keep } = allocation;
      const rule = keep === undefined ? [] : ["--keep", keep];
      return ["--allocation", "uniform", "--ratio", String(ratio), ...rule];
    }
    case "target":
      // Above 1 a number is one, up to 1 a share.
      return "share" in allocation || allocation.most > 1
        ? [
            `--target-${allocation.of}`,
            String("share" in allocation ? allocation.share : allocation.most),
          ]
        : null;
    case "list":
    case "sensitivity":
      return null;
    default:
      return allocation satisfies never;
  }
}

function flagsOf({ options, byHand }: Method): readonly string[] {
  const { scope, rounding, minimumShare, locked, streams, decider, scoring } = options;
  const hands = Object.entries(byHand ?? {}).map((pair) => pair.join("="));
  const flags: readonly (readonly [string, string | number | undefined])[] = [
    ["--scope", scope],
    ["--round", rounding?.to],
    ["--round-how", rounding?.how],
    ["--minimum-share", minimumShare],
    ["--lock", locked === undefined || locked.length === 0 ? undefined : locked.join(",")],
    ["--by-hand", hands.length === 0 ? undefined : hands.join(",")],
    ["--streams", streams],
    ["--decider", decider],
    ["--scoring", scoring],
  ];
  return flags.flatMap(([flag, value]) => (value === undefined ? [] : [flag, String(value)]));
}

/**
 * The widths that a plan came to, whatever it came to them by. Guards, rounding and greedy scoring have a
 * say in which channels of a layer go, so they come along.
 */
function listOf({ kept, sizes, allocation }: Plan): object {
  const { streams, decider, locked, minimumShare, rounding, scoring } = allocation ?? {};
  const layers = [...kept].flatMap(([name, { length }]) =>
    length === sizes.get(name) ? [] : [[name, { keep: length }] as const],
  );
  return {
    kind: "list",
    layers: Object.fromEntries(layers),
    streams,
    decider,
    locked,
    minimumShare,
    rounding,
    scoring,
  };
}

/** A word as a shell takes it for one. */
function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
