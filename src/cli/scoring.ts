/**
 * @file What `score`, `sensitivity` and `prune` share: a network with its channels scored, and the
 * images that a criterion may want to look at.
 */
import { checkFit, measureDistances, measureEvidence, type Images } from "../analyze/index.ts";
import { countOf, SPLIT_SEED, splitOff } from "../data/index.ts";
import type { Network } from "../model/index.ts";
import {
  checkScoring,
  EVIDENCE_IMAGES,
  preparePruning,
  readCriterion,
  STREAMS,
  type ChosenCriterion,
  type Evidence,
  type PreparedPruning,
  type PruneOptions,
  type SeenImages,
  type Streams,
} from "../prune/index.ts";
import type { Args } from "./args.ts";
import { openInNode } from "./backend.ts";
import { normalizationFor, openImages, type Role } from "./images.ts";
import { breathe } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { progressLine } from "./progress.ts";

/** What was measured for a criterion, and on what; nothing where it looks at weights alone. */
export interface Measured {
  readonly evidence?: Evidence;
  /** For the answer. */
  readonly images?: SeenImages | undefined;
}

/**
 * Images of a step where `--batch` stands for them, as it does in `score` and `prune`.
 * @throws cli/bad-argument
 */
export function evidenceBatch(args: Args): number {
  return args.whole("batch", 1) ?? EVIDENCE_IMAGES;
}

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

/** What a criterion is asked about. */
interface Subject {
  readonly network: Network;
  readonly chosen: ChosenCriterion;
  /** Images of a step, where it looks at some; 64. */
  readonly batch?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is to be pruned, by whom and how. */
interface Task extends Subject {
  readonly options: PruneOptions;
}

/**
 * Scores and readies for any ratio; criteria that look at images see those of the training set, unless
 * `--images` says otherwise.
 * @throws prune/nothing-to-prune, prune/bad-allocation, cli/bad-argument, data/*, AbortError
 */
export async function prepare(
  args: Args,
  io: Io,
  { options, ...subject }: Task,
): Promise<{ readonly prepared: PreparedPruning; readonly images: Measured["images"] }> {
  checkScoring(subject.chosen, options);
  // What is decided here is tried on the test set later, which therefore stays unseen.
  const { evidence, images } = await measureFor(args, io, { ...subject, usual: "training" });
  const prepared = preparePruning(subject.network, subject.chosen.text, options, evidence);
  return { prepared, images };
}

const ROLES = ["test", "training"] as const;

interface Question extends Subject {
  /** The set that is looked at when `--images` does not say. */
  readonly usual: Role;
}

/**
 * Measures what the criterion wants to know.
 * @throws data/missing, data/shape-mismatch, cli/bad-argument, runtime/*, AbortError between two batches
 */
export async function measureFor(
  args: Args,
  io: Io,
  { network, chosen, usual, batch = EVIDENCE_IMAGES, signal }: Question,
): Promise<Measured> {
  const kind = chosen.criterion.needs(chosen.options);
  if (kind === undefined) {
    if (chosen.criterion.welcomes === undefined) return {};
    return { evidence: await measureDistances(network, () => openInNode(args), { signal }) };
  }
  const set = args.choice("images", ROLES) ?? usual;
  const count = batch * (args.whole("steps", 1) ?? 1);
  const images = await firstImages(args, io, network, { set, count });
  const backend = await openInNode(args);
  const progress = progressLine(io, `measuring for ${chosen.name}`);
  const watch = { signal, onProgress: progress.onProgress, breathe };
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
