/** @file `train MODEL -o OUT`: trains on the 45 000, validates on the 5 000, can be stopped. */
import { rm } from "node:fs/promises";
import { checkFit } from "../../analyze/index.ts";
import { hashOf } from "../../core/index.ts";
import { countOf, SPLIT_SEED, splitOff, type Dataset } from "../../data/index.ts";
import { fingerprintNetwork, withNormalization, type Network } from "../../model/index.ts";
import { noteTraining, zeroMasks } from "../../prune/index.ts";
import { recordRecipe, type Recipe } from "../../recipe/index.ts";
import type { Backend } from "../../runtime/index.ts";
import { startState, stepsPerEpoch, totalSteps, type TrainSettings } from "../../train/index.ts";
import type { Args } from "../args.ts";
import { openInNode } from "../backend.ts";
import { checkpointPath, readCheckpoint, type Checkpoint } from "../checkpoint.ts";
import { COMMON, FILE_OPTIONS, RUN_OPTIONS, type Command } from "../command.ts";
import { documentsOf } from "../documents.ts";
import { normalizationFor, openImages } from "../images.ts";
import { INTERRUPTED, listenForStop } from "../interrupt.ts";
import { say, type Io } from "../io.ts";
import { openModel } from "../open-model.ts";
import {
  OUT_HELP,
  outputAt,
  prepareOutput,
  showWritten,
  writeModel,
  type Output,
} from "../output.ts";
import { recipeOf, RECIPE_OPTIONS } from "../recipe-file.ts";
import { badArgument } from "../refusal.ts";
import { checkSameRun } from "../same-run.ts";
import { count, percent } from "../table.ts";
import { runTraining, type EpochLine, type RunResult } from "../training-run.ts";
import { settingsOf, TRAINING_OPTIONS } from "../training-settings.ts";

export const train: Command = {
  name: "train",
  summary: "train a network or a fresh architecture, and write it",
  notes: [
    "Flags override the recipe. After every epoch the run is put away in OUT.checkpoint.zip, as it is",
    "when Ctrl-C stops it (exit code 130); the same command with --resume then goes on to the same",
    "bits. A run whose loss is no number any more writes the last good network and ends with 1.",
  ],
  positionals: ["MODEL"],
  options: {
    out: { value: "OUT", short: "o", help: OUT_HELP },
    resume: { help: "go on where OUT.checkpoint.zip stopped" },
    ...RECIPE_OPTIONS,
    ...RUN_OPTIONS,
    ...FILE_OPTIONS,
    ...TRAINING_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const recipe = await recipeOf(args);
    const settings = settingsOf(args, recipe);
    const output = await outputAt(args.text("out"));
    const path = checkpointPath(output);
    const old = await oldRun(path, args, io);
    const model = await openModel(args, io, { seed: settings.seed });
    if (settings.freezeZeros === true && zeroMasks(model.network).size === 0) {
      say(io, "no weight is 0, so --freeze-zeros holds nothing");
    }
    await prepareOutput(output, model);
    const normalization = normalizationFor(args, model.network, io);
    const network = withNormalization(model.network, normalization);
    const dataset = await openImages(args, io, "training");
    checkFit(network, dataset);
    const split = splitOff(dataset, SPLIT_SEED);
    const backend = await openInNode(args);
    const run = identity(network, settings, dataset, backend.report.description);
    const perEpoch = stepsPerEpoch(split.training.length, settings.batchSize);
    const fresh: Checkpoint = {
      state: startState(network),
      total: totalSteps(settings.length, perEpoch),
      run,
      sums: { images: 0, correct: 0, loss: 0 },
      last: null,
    };
    if (old !== undefined) {
      checkSameRun(path, old, run);
      say(io, `going on after step ${old.state.step} of ${old.total}`);
    }
    const { signal, release } = listenForStop(io, "step");
    const result = await runTraining(
      {
        start: old ?? fresh,
        beginning: network,
        settings,
        data: { dataset, indices: split.training, normalization },
        validation: { dataset, indices: split.validation, normalization },
        backend,
        checkpointPath: path,
        signal,
        onEpoch: (line) => io.out(args.has("json") ? `${JSON.stringify(line)}\n` : forPeople(line)),
      },
      io,
    ).finally(release);
    return finish({
      result,
      output,
      io,
      path,
      provenance: provenanceOf(run, recipe, result),
      recipe: recipe ?? recordRecipe(network.name, { training: settings }),
      backend,
      args,
    });
  },
};

/**
 * The run to go on with.
 * @throws cli/bad-argument when a stopped run would be written over
 */
async function oldRun(path: string, args: Args, io: Io): Promise<Checkpoint | undefined> {
  if (args.has("resume")) {
    const old = await readCheckpoint(path);
    if (old === undefined) say(io, `there is no ${path}, so the run starts from its beginning`);
    return old;
  }
  // A checkpoint that cannot be read is no reason not to start anew.
  const left = await readCheckpoint(path).catch(() => undefined);
  if (left === undefined || left.state.step >= left.total) return undefined;
  throw badArgument("--resume", {
    expected: "a place without a stopped run",
    found: `${path}, stopped after step ${left.state.step} of ${left.total}`,
    hint: `add --resume to go on, or remove ${path} to start anew`,
  });
}

/** What must be the same for a run to end with the same bits. Plain JSON. */
function identity(network: Network, settings: TrainSettings, dataset: Dataset, backend: string) {
  return {
    from: { name: network.name, fingerprint: fingerprintNetwork(network) },
    settings: { ...settings },
    normalization: network.metadata.normalization ?? null,
    data: {
      name: dataset.name,
      images: countOf(dataset),
      labels: hashOf([dataset.labels]).slice(0, 16),
    },
    backend,
  };
}

function provenanceOf(
  run: ReturnType<typeof identity>,
  recipe: Recipe | undefined,
  { state, ended, last }: RunResult,
): Record<string, unknown> {
  return {
    trained: {
      ...run,
      ...(recipe === undefined ? {} : { recipe }),
      steps: state.step,
      ended,
      last,
    },
  };
}

interface Ending {
  readonly result: RunResult;
  readonly output: Output;
  readonly io: Io;
  readonly path: string;
  readonly provenance: Record<string, unknown>;
  /** Of a bundle. */
  readonly recipe: Recipe;
  readonly backend: Backend;
  readonly args: Args;
}

async function finish(ending: Ending): Promise<number> {
  const { result, output, io, path, provenance, recipe, backend, args } = ending;
  if (result.ended === "stopped") {
    const { step } = result.state;
    say(io, `stopped after step ${step}; the same command with --resume goes on from ${path}`);
    return INTERRUPTED;
  }
  const network = noteTraining(result.state.network, result.state.step);
  const before = network.metadata.provenance;
  const made: Network = {
    ...network,
    metadata: { ...network.metadata, provenance: { ...before, ...provenance } },
  };
  const written = await writeModel(made, output, io, {
    backend,
    documents: () => documentsOf(made, { recipe }),
  });
  if (result.error !== undefined) {
    // It would only diverge again.
    await rm(path, { force: true });
    throw result.error;
  }
  if (!args.has("json")) io.out(`${showWritten(output, written).join("\n")}\n`);
  return 0;
}

function forPeople({
  epoch,
  step,
  loss,
  accuracy,
  validation,
  imagesPerSecond,
}: EpochLine): string {
  const cells = [
    `epoch ${epoch}`,
    `step ${count(step)}`,
    `loss ${loss.toFixed(4)}`,
    `accuracy ${percent(accuracy)}`,
    ...(validation === null ? [] : [`validation ${percent(validation)}`]),
    `${count(imagesPerSecond)} images/s`,
  ];
  return `${cells.join("  ")}\n`;
}
