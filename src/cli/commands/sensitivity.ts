/** @file `sensitivity MODEL`: accuracy against ratio, each group cut alone; can be stopped and goes on. */
import { sensitivity as measure, SENSITIVITY_RATIOS, type Images } from "../../analyze/index.ts";
import { AppError, hashOf } from "../../core/index.ts";
import { countOf } from "../../data/index.ts";
import { fingerprintNetwork, type Network } from "../../model/index.ts";
import {
  networkFor,
  type ChosenCriterion,
  type PreparedPruning,
  type PruneOptions,
} from "../../prune/index.ts";
import type { Backend } from "../../runtime/index.ts";
import { toNumber, type Args } from "../args.ts";
import { openInNode, evaluationBatch } from "../backend.ts";
import {
  answer,
  COMMON,
  MODEL_OPTIONS,
  RUN_OPTIONS,
  SCORE_OPTIONS,
  type Command,
} from "../command.ts";
import { CurveSheet } from "../curve-sheet.ts";
import {
  describeSubject,
  pointsOf,
  prepareFile,
  readMeasured,
  type MeasuredCurves,
} from "../curves.ts";
import { testImages } from "../images.ts";
import { breathe, INTERRUPTED, untilStopped } from "../interrupt.ts";
import { say, type Io } from "../io.ts";
import { openModel } from "../open-model.ts";
import { progressLine } from "../progress.ts";
import { CHANNEL_OPTIONS, optionsOf } from "../prune-options.ts";
import { badArgument } from "../refusal.ts";
import { asWritten, checkSameRun, type Identity } from "../same-run.ts";
import { criterionOf, prepare, type Measured } from "../scoring.ts";
import { count, percent, table } from "../table.ts";

/** A point costs an evaluation; a thousand images tell accuracies 3 % apart. */
const USUAL_IMAGES = 1000;

export const sensitivity: Command = {
  name: "sensitivity",
  summary: "accuracy against ratio for every prunable group, each cut alone",
  notes: [
    "FILE gets what --json answers, point by point, for `prune --curves FILE`. When Ctrl-C has stopped it",
    "(exit code 130), the same command with --resume goes on, and ends with the same file.",
    "Criteria that look at images (taylor, apoz, mean-activation) take K batches of 64 training images.",
  ],
  positionals: ["MODEL"],
  options: {
    ratios: { value: "R,R,…", help: "the shares to remove; 0.1,0.2 … 0.9" },
    limit: { value: "N", help: "the first N test images, in file order; 1000" },
    out: { value: "FILE", short: "o", help: "where to write the curves, as JSON" },
    resume: { help: "go on where FILE stopped" },
    ...SCORE_OPTIONS,
    ...CHANNEL_OPTIONS,
    ...RUN_OPTIONS,
    ...MODEL_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const ratios = ratiosOf(args);
    const chosen = criterionOf(args);
    const options = optionsOf(args);
    const path = args.text("out");
    const old = await oldCurves(path, args, io);
    const { network } = await openModel(args, io);
    const found = await untilStopped(io, "batch", (signal) =>
      measureAll(args, io, { network, chosen, options, ratios, path, old, signal }),
    );
    if (found === undefined) {
      const next =
        path === undefined
          ? "with -o FILE its points would have stayed"
          : `the same command with --resume goes on from ${path}`;
      say(io, `stopped; ${next}`);
      return INTERRUPTED;
    }
    answer(io, args, found, () => showCurves(found));
    return undefined;
  },
};

/**
 * Curves to go on from.
 * @throws cli/bad-argument when something would be written over
 */
async function oldCurves(
  path: string | undefined,
  args: Args,
  io: Io,
): Promise<MeasuredCurves | undefined> {
  if (path === undefined) {
    if (!args.has("resume")) return undefined;
    throw badArgument("--resume", {
      expected: "the file to go on from",
      found: "none",
      hint: "name it with -o",
    });
  }
  await prepareFile(path);
  const old = await readMeasured(path);
  if (args.has("resume")) {
    if (old === undefined) say(io, `there is no ${path}, so it is measured from the beginning`);
    return old;
  }
  if (old === undefined) return undefined;
  const { done, total } = pointsOf(old);
  if (done === total) return undefined;
  throw badArgument("--resume", {
    expected: "a file without curves that were stopped",
    found: `${path}, stopped after ${done} of ${total} points`,
    hint: `add --resume to go on, or remove ${path} to start anew`,
  });
}

interface Task {
  readonly network: Network;
  readonly chosen: ChosenCriterion;
  readonly options: PruneOptions;
  readonly ratios: readonly number[];
  readonly path: string | undefined;
  readonly old: MeasuredCurves | undefined;
  readonly signal: AbortSignal;
}

/**
 * Measures what is not there yet.
 * @throws AbortError; the points so far are in the file
 */
async function measureAll(args: Args, io: Io, task: Task): Promise<MeasuredCurves> {
  const { chosen, options, ratios, path, old, signal } = task;
  const network = networkFor(task.network, options.streams);
  const { prepared, images: looked } = await prepare(args, io, {
    network,
    chosen,
    options,
    signal,
  });
  const images = await testImages(args, io, network, USUAL_IMAGES);
  const backend = await openInNode(args);
  const of = identityOf(task, { prepared, looked, images, backend });
  if (path !== undefined && old !== undefined) {
    checkSameRun(path, { run: { ...old.of, ratios: old.ratios } }, { ...of, ratios });
  }
  const sheet = new CurveSheet({ path, of, ratios, groups: [...prepared.scores.keys()], old });
  const batch = await evaluationBatch(args, network, backend);
  const progress = progressLine(io, "measuring");
  try {
    await measure(
      { network, prepared, ratios, images, batch, measured: sheet.measured() },
      backend,
      { onBase: (base) => sheet.begin(base), onPoint: (point) => sheet.add(point) },
      {
        signal,
        onProgress: progress.onProgress,
        breathe: async () => {
          await sheet.save();
          await breathe();
        },
      },
    );
  } finally {
    progress.clear();
    await sheet.save();
  }
  return sheet.answer();
}

interface Looked {
  readonly prepared: PreparedPruning;
  readonly looked: Measured["images"];
  readonly images: Images;
  readonly backend: Backend;
}

/** What must be the same for the curves to be the same. */
function identityOf(
  { network, chosen, options }: Task,
  { prepared, looked, images: { dataset, indices, normalization }, backend }: Looked,
): Identity {
  const { name } = network;
  const scores = [...prepared.scores].flatMap(([id, own]) => [id, own]);
  return asWritten({
    ...describeSubject({
      network: { name, fingerprint: fingerprintNetwork(network) },
      criterion: chosen.text,
      options,
    }),
    looksAt: looked,
    images: {
      name: dataset.name,
      count: indices.length,
      of: countOf(dataset),
      labels: hashOf([dataset.labels]).slice(0, 16),
    },
    normalization,
    backend: backend.report.description,
    // Which channels go: by whatever the criterion was told, and on whatever it was computed.
    scores: hashOf(scores).slice(0, 16),
  });
}

/** Under each accuracy its interval. */
function showCurves({ base, baseInterval, count: images, ratios, groups }: MeasuredCurves) {
  const range = ([low, high]: readonly [number, number]): string =>
    `${(low * 100).toFixed(1)} - ${percent(high)}`;
  return [
    `untouched: ${percent(base)} (${range(baseInterval)}) of ${count(images)} images`,
    "under each accuracy its 95 % interval, on the same images",
    "",
    ...table(
      ["group", ...ratios.map(String)],
      groups.flatMap(({ name, accuracy, interval }) => [
        [name, ...accuracy.map((a) => percent(a))],
        ["", ...interval.map(range)],
      ]),
    ),
  ];
}

/** @throws prune/bad-ratio */
function ratiosOf(args: Args): readonly number[] {
  const text = args.text("ratios");
  if (text === undefined) return SENSITIVITY_RATIOS;
  const ratios = text.split(",").map((part) => {
    const ratio = toNumber(part);
    if (ratio >= 0 && ratio < 1) return ratio;
    throw new AppError("prune/bad-ratio", {
      where: "--ratios",
      expected: "numbers from 0 up to, but not including, 1",
      found: part,
    });
  });
  return [...new Set(ratios)].toSorted((a, b) => a - b);
}
