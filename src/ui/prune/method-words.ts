/** @file The words of the method's controls: labels, what each choice means, summaries of the rest. */
import {
  looksAt,
  readCriterion,
  type Method,
  type MethodState,
  type Mode,
  type Pruning,
  type Spared,
} from "../../state/index.ts";
import { count, percent, plural } from "../format.ts";
import type { Meaning } from "../parts/terms.ts";

interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
}

export const MODES: readonly Choice<Mode>[] = [
  { value: "global-threshold", label: "by ratio" },
  { value: "uniform", label: "evenly" },
  { value: "target", label: "to a target" },
  { value: "sensitivity", label: "by sensitivity" },
  { value: "list", label: "by hand" },
];

type Scope = NonNullable<Method["options"]["scope"]>;

export const SCOPES: readonly (Choice<Scope> & { readonly means: string })[] = [
  { value: "global", label: "All layers", means: "all channels are ranked against each other" },
  {
    value: "isomorphic",
    label: "Layers alike",
    means: "layers are compared that the same kinds of ops write and read",
  },
  {
    value: "stage",
    label: "Each stage",
    means: "layers are compared that are alike and on maps of one size",
  },
  {
    value: "layer",
    label: "Each layer",
    means: "channels are ranked within their own layer only",
  },
];

/** What a pass is. */
export const PASS =
  "A pass cuts as it is set here, then trains as it is set under Fine-tune, from what the last pass left; each is kept as runs.";

/** What a mode does, in one short line. */
export function modeNote({ allocation, options }: Method): string {
  switch (allocation.kind) {
    case "global-threshold":
      return (options.scope ?? "global") === "global"
        ? "the lowest scores of all"
        : "the lowest scores of each pool";
    case "uniform":
      return "the same share of each layer";
    case "target":
      return "the largest network that meets it";
    case "sensitivity":
      return "as far as each layer\u2019s own curve allows";
    case "list":
      return `${plural(Object.keys(allocation.layers).length, "layer")} set in the sheet`;
    default:
      return allocation satisfies never;
  }
}

/** Those of the further options that are not as usual: what stands beside a closed "More". */
export function moreSummary({ criterion, options, manner, allocation }: Method): string {
  const [, told = ""] = criterion.split(":");
  const { streams, rounding, minimumShare, scoring, locked } = options;
  const parts = [
    told.replaceAll("=", " ").replaceAll(",", ", "),
    streams === "prune" ? "streams cut" : streams === "select" ? "cut at readers" : "",
    rounding === undefined ? "" : `steps of ${rounding.to}`,
    minimumShare === undefined ? "" : `at least ${percent(minimumShare, 1, true)}`,
    scoring === "greedy" ? "greedy" : "",
    "mode" in allocation && allocation.mode === "reference" ? "as the scripts" : "",
    manner.dead === "absorb" ? "dead absorbed" : "",
    manner.kind === "mask" ? "mask" : "",
    locked === undefined ? "" : `${count(locked.length)} locked`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** What the scores are, for people: "BN scale |γ|", "Lp norm, p = 3". */
export function criterionTitle(text: string): string {
  const { name, criterion, options } = readCriterion(text);
  if (name === "bn-scale") return `${criterion.title} |γ|`;
  return text === name || options["p"] === undefined
    ? criterion.title
    : `${criterion.title}, p = ${options["p"]}`;
}

/** What a channel's importance is taken to be, and by whom. */
export function criterionMeaning(text: string): Meaning {
  const chosen = readCriterion(text);
  const { explanation, paper } = chosen.criterion;
  const images = looksAt(chosen);
  const measured =
    images === undefined ? "" : ` Measured on ${count(images.count)} ${images.set} images.`;
  return {
    means: `A channel\u2019s score is ${explanation}. The lowest go first, up to the threshold.${measured}`,
    ...(paper === undefined ? {} : { paper }),
  };
}

/** Spared groups of one kind. */
export interface SparedKind {
  /** Such as "2 residual streams". */
  readonly title: string;
  /** Why, in a sentence. */
  readonly why: string;
  readonly groups: readonly Spared[];
}

/** Why groups stay whole, kind by kind; locked ones are rows and not among them. */
export function sparedKinds({ spared }: Pruning): readonly SparedKind[] {
  const of = (belongs: (group: Spared) => boolean): readonly Spared[] => spared.filter(belongs);
  const kinds: readonly SparedKind[] = [
    {
      title: "the image",
      why: "Its channels are the pixels\u2019.",
      groups: of(({ reason, fixed }) => reason === "fixed" && fixed === "input"),
    },
    {
      title: "the classes",
      why: "There is one channel for each class.",
      groups: of(({ reason, fixed }) => reason === "fixed" && fixed === "output"),
    },
    {
      title: "what a softmax weighs",
      why: "Each channel is weighed against the others, so none can go alone.",
      groups: of(({ reason, fixed }) => reason === "fixed" && fixed === "mixed"),
    },
    {
      title: "streams",
      why: "Additions run through all of these layers, so a cut would go through each of them. Under More they can be cut as one.",
      groups: of(({ reason }) => reason === "stream"),
    },
    {
      title: "without a score",
      why: "The criterion gives these no score; another one may. A sum that is read through channel selections loses its channels there, reader by reader.",
      groups: of(({ reason }) => reason === "unscored"),
    },
  ];
  return kinds
    .filter(({ groups }) => groups.length > 0)
    .map((kind) => ({ ...kind, title: titleOf(kind) }));
}

function titleOf({ title, groups }: SparedKind): string {
  if (title === "streams") return plural(groups.length, "residual stream");
  if (title === "without a score") return `${count(groups.length)} more that have no score`;
  return groups.length === 1 ? title : `${title} (${count(groups.length)})`;
}

/**
 * What guards kept, behind the first layer's name: " and 1 more layer kept their last channel".
 * @param kept — channels of each layer at which a guard held
 */
export function keptWords(kept: readonly number[]): string {
  const [first = 0, ...others] = kept;
  const isLast = kept.every((channels) => channels === 1);
  if (others.length === 0) return ` kept its last ${isLast ? "channel" : plural(first, "channel")}`;
  const rest = ` and ${plural(others.length, "more layer", "more layers")} kept their last`;
  return `${rest} ${isLast ? "channel" : "channels"}`;
}

/** Where a refusal is said, if it was this control's. */
export function refusalAt(at: NonNullable<MethodState["refusal"]>["at"]) {
  return ({ refusal }: MethodState): string | null => (refusal?.at === at ? refusal.text : null);
}

/** A preset's name for people: "Li et al. 2017, ResNet-56-A". */
export function presetTitle(name: string): string {
  const [start, title] =
    [
      ["network-slimming", "Network Slimming"],
      ["li-2017", "Li et al. 2017"],
    ].find(([prefix = ""]) => name.startsWith(prefix)) ?? [];
  if (start === undefined || title === undefined) return name;
  const rest = name
    .slice(start.length + 1)
    .replace("compact-vgg", "compact VGG")
    .replace(
      /^vgg-(\d+)-(\w)/,
      (_, depth: string, letter: string) => `VGG-${depth}-${letter.toUpperCase()}`,
    )
    .replace(
      /^resnet-(\d+)-(\w)/,
      (_, depth: string, letter: string) => `ResNet-${depth}-${letter.toUpperCase()}`,
    );
  return rest === "" ? title : `${title}, ${rest}`;
}
