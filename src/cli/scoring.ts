/**
 * @file What `score`, `sensitivity` and `prune` share: a network with its channels scored, and the
 * images that a criterion may want to look at.
 */
import { checkFit, measureDistances, measureEvidence, type Images } from "../analyze/index.ts";
import { countOf, SPLIT_SEED, splitOff } from "../data/index.ts";
import type { Network } from "../model/index.ts";
import {
  checkScoring,
  preparePruning,
  readCriterion,
  STREAMS,
  type ChosenCriterion,
  type Evidence,
  type PreparedPruning,
  type PruneOptions,
  type Streams,
} from "../prune/index.ts";
import type { Args } from "./args.ts";
import { openInNode } from "./backend.ts";
import { normalizationFor, openImages, type Role } from "./images.ts";
import type { Io } from "./io.ts";
import { progressLine } from "./progress.ts";

/** What was measured for a criterion, and on what; nothing where it looks at weights alone. */
export interface Measured {
  readonly evidence?: Evidence;
  /** For the answer. */
  readonly images?:
    | { readonly set: Role; readonly count: number; readonly batch: number }
    | undefined;
}

/** Images of one step when `--batch` does not say. */
const USUAL_BATCH = 64;

/**
 * The criterion that was asked for; read before the network is, so that a slip costs no time.
 * @param usual — when the flag is not there
 * @throws prune/unknown-criterion, prune/bad-option, cli/bad-argument
 */
export function criterionOf(args: Args, usual = "bn-scale"): ChosenCriterion {
  args.whole("batch", 1);
  args.whole("steps", 1);
  args.choice("images", ROLES);
  const text = args.text("criterion");
  return text === undefined ? readCriterion(usual) : readCriterion(text, "--criterion");
}

/** What becomes of residual streams; kept unless said otherwise. */
export function streamsOf(args: Args): Streams {
  return args.choice("streams", STREAMS) ?? "keep";
}

/** What is to be pruned, by whom and how. */
interface Task {
  readonly network: Network;
  readonly chosen: ChosenCriterion;
  readonly options: PruneOptions;
}

/**
 * Scores and readies for any ratio; criteria that look at images see those of the training set, unless
 * `--images` says otherwise.
 * @throws prune/nothing-to-prune, prune/bad-allocation, cli/bad-argument, data/*
 */
export async function prepare(
  args: Args,
  io: Io,
  { network, chosen, options }: Task,
): Promise<{ readonly prepared: PreparedPruning; readonly images: Measured["images"] }> {
  checkScoring(chosen, options);
  // What is decided here is tried on the test set later, which therefore stays unseen.
  const question = { network, chosen, usual: "training" } as const;
  const { evidence, images } = await measureFor(args, io, question);
  const prepared = preparePruning(network, chosen.text, options, evidence);
  return { prepared, images };
}

const ROLES = ["test", "training"] as const;

interface Question {
  readonly network: Network;
  readonly chosen: ChosenCriterion;
  /** The set that is looked at when `--images` does not say. */
  readonly usual: Role;
}

/**
 * Measures what the criterion wants to know.
 * @throws data/missing, data/shape-mismatch, cli/bad-argument, runtime/*
 */
export async function measureFor(
  args: Args,
  io: Io,
  { network, chosen, usual }: Question,
): Promise<Measured> {
  const kind = chosen.criterion.needs(chosen.options);
  if (kind === undefined) {
    if (chosen.criterion.welcomes === undefined) return {};
    return { evidence: await measureDistances(network, () => openInNode(args)) };
  }
  const set = args.choice("images", ROLES) ?? usual;
  const batch = args.whole("batch", 1) ?? USUAL_BATCH;
  const count = batch * (args.whole("steps", 1) ?? 1);
  const images = await firstImages(args, io, network, { set, count });
  const backend = await openInNode(args);
  const progress = progressLine(io, `measuring for ${chosen.name}`);
  const watch = { onProgress: progress.onProgress };
  const evidence = await measureEvidence({ network, kind, images, batch }, backend, watch).finally(
    () => progress.clear(),
  );
  return { evidence, images: { set, count: images.indices.length, batch } };
}

/**
 * The first images of the test set in file order, or of the training set in the split's, which leaves
 * out those that training is validated on.
 */
async function firstImages(
  args: Args,
  io: Io,
  network: Network,
  { set, count }: { readonly set: Role; readonly count: number },
): Promise<Images> {
  const normalization = normalizationFor(args, network, io);
  const dataset = await openImages(args, io, set);
  checkFit(network, dataset);
  const all =
    set === "training"
      ? splitOff(dataset, SPLIT_SEED).training
      : Uint32Array.from({ length: countOf(dataset) }, (_, index) => index);
  return { dataset, indices: all.slice(0, count), normalization };
}
