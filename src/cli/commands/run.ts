/** @file `run RECIPE -o DIR`: the whole experiment, stage by stage; can be stopped and goes on. */
import { access, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checkFit, type Images } from "../../analyze/index.ts";
import { hashOf } from "../../core/index.ts";
import { countOf, SPLIT_SEED, splitOff } from "../../data/index.ts";
import { costOf, fingerprintNetwork, type Network } from "../../model/index.ts";
import { looksAt, readCriterion } from "../../prune/index.ts";
import { PRESETS, type Recipe } from "../../recipe/index.ts";
import type { Args } from "../args.ts";
import { openInNode } from "../backend.ts";
import { COMMON, FILE_OPTIONS, RUN_OPTIONS, type Command } from "../command.ts";
import { documentsOf, jsonFile } from "../documents.ts";
import { doAll, type Ended } from "../experiment/drive.ts";
import { readRecord, recordPath, type RunRecord } from "../experiment/record.ts";
import type { Setting } from "../experiment/setting.ts";
import { accuracyOn } from "../experiment/stages.ts";
import { normalizationFor, openImages, testImages } from "../images.ts";
import { INTERRUPTED, untilStopped } from "../interrupt.ts";
import { say, type Io } from "../io.ts";
import { openModel, type OpenedModel } from "../open-model.ts";
import { outputAt, prepareOutput, showWritten, writeModel, type Output } from "../output.ts";
import { readRecipeFile } from "../recipe-file.ts";
import { badArgument } from "../refusal.ts";
import { asWritten, checkSameRun } from "../same-run.ts";
import { count, percent } from "../table.ts";

export const run: Command = {
  name: "run",
  summary: "a recipe from beginning to end: train, prune, repair, in as many passes as it says",
  notes: [
    "RECIPE is a file or a preset's name. DIR gets the network, report.json with every figure, and each",
    "stage's network in stages/. The same command with --resume goes on where it was stopped, and ends",
    "with the same bits. The test images are looked at once, when all is done.",
  ],
  positionals: ["RECIPE"],
  options: {
    model: { value: "MODEL", help: "the network to begin with, or an architecture; the recipe's" },
    out: { value: "DIR", short: "o", help: "a folder for all that comes of it" },
    resume: { help: "go on where DIR stopped" },
    ...FILE_OPTIONS,
    ...RUN_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const recipe = await recipeNamed(args.at(0));
    const output = await folderAt(args.text("out"));
    const path = recordPath(output);
    const old = await oldRecord(path, args, io);
    const model = await startOf(recipe, args, io);
    await prepareOutput(output, model);
    await mkdir(join(output.folder, "stages"), { recursive: true });
    const code = await untilStopped(io, "step", async (signal) => {
      const { setting, start } = await prepare(recipe, model, { args, io, output, signal });
      const test = await testImages(args, io, start);
      if (old !== undefined) checkSameRun(path, old, setting.identity);
      return finish(setting, test, await doAll(setting, start, old?.stages ?? []));
    });
    if (code !== undefined) return code;
    say(io, `stopped; the same command with --resume goes on from ${output.folder}`);
    return INTERRUPTED;
  },
};

/** @throws recipe/*, files/* */
async function recipeNamed(text: string): Promise<Recipe> {
  return (Object.hasOwn(PRESETS, text) ? PRESETS[text] : undefined) ?? readRecipeFile(text);
}

/** @throws cli/bad-argument when it is no folder */
async function folderAt(text: string | undefined): Promise<Output> {
  const output = await outputAt(text);
  if (output.path === output.folder) return output;
  throw badArgument(output.path, { expected: "a folder", found: "a file's name" });
}

/**
 * The record of a run to go on with.
 * @throws cli/bad-argument when a run would be written over
 */
async function oldRecord(path: string, args: Args, io: Io): Promise<RunRecord | undefined> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (args.has("resume")) {
    if (isThere) return readRecord(path);
    say(io, `there is no ${path}, so the run starts from its beginning`);
  } else if (isThere) {
    throw badArgument("--resume", {
      expected: "a folder without a run",
      found: path,
      hint: `add --resume to go on, or name another folder with -o`,
    });
  }
  return undefined;
}

async function startOf(recipe: Recipe, args: Args, io: Io): Promise<OpenedModel> {
  const text = args.text("model") ?? recipe.architecture;
  if (text !== undefined) return openModel(args, io, { text, seed: recipe.seed });
  throw badArgument("--model MODEL", {
    expected: "a network or an architecture to begin with",
    found: "neither here nor in the recipe",
    hint: "add --model vgg16:width=0.25, or name an architecture in the recipe",
  });
}

interface Around {
  readonly args: Args;
  readonly io: Io;
  readonly output: Output;
  readonly signal: AbortSignal;
}

async function prepare(recipe: Recipe, model: OpenedModel, { args, io, output, signal }: Around) {
  const normalization = normalizationFor(args, model.network, io);
  const start = { ...model.network, metadata: { ...model.network.metadata, normalization } };
  const dataset = await openImages(args, io, "training");
  checkFit(start, dataset);
  const { training, validation } = splitOff(dataset, SPLIT_SEED);
  const backend = await openInNode(args);
  const identity = asWritten({
    recipe,
    from: { name: start.name, fingerprint: fingerprintNetwork(start) },
    normalization,
    data: {
      name: dataset.name,
      images: countOf(dataset),
      labels: hashOf([dataset.labels]).slice(0, 16),
    },
    looksAt: looksAt(readCriterion(recipe.criterion.name)),
    backend: backend.report.description,
  });
  const setting: Setting = {
    recipe,
    output,
    identity,
    backend,
    data: { dataset, indices: training, normalization },
    validation: { dataset, indices: validation, normalization },
    args,
    io,
    signal,
    onEpoch: (stage, line) => io.out(epochLine(args, stage, line)),
  };
  return { setting, start };
}

function epochLine(args: Args, stage: string, line: Parameters<Setting["onEpoch"]>[1]): string {
  if (args.has("json")) return `${JSON.stringify({ stage, ...line })}\n`;
  const { epoch, loss, accuracy, validation } = line;
  const right = validation === null ? "" : `  validation ${percent(validation)}`;
  return `${stage}  epoch ${epoch}  loss ${loss.toFixed(4)}  accuracy ${percent(accuracy)}${right}\n`;
}

async function finish(
  setting: Setting,
  images: Images,
  { network, before, record }: Ended,
): Promise<number> {
  const { args, io, output } = setting;
  const figures = async (of: Network) => {
    const { parameters, macs } = costOf(of);
    return { parameters, macs, accuracy: await accuracyOn(setting, of, images) };
  };
  const [old, now] = [await figures(before), await figures(network)];
  const report = { format: "espalier-run-report/1", ...record, before: old, after: now };
  const written = await writeModel(network, output, io, {
    backend: setting.backend,
    documents: () => documentsOf(network, report),
    beside: (exported) => [jsonFile("report.json", { ...report, exports: [exported] })],
  });
  if (args.has("json")) io.out(`${JSON.stringify({ before: old, after: now })}\n`);
  else {
    io.out(
      `test images: ${percent(old.accuracy ?? 0)} before the first cut, ${percent(now.accuracy ?? 0)} ` +
        `now, with ${count(now.parameters)} of ${count(old.parameters)} parameters\n` +
        `${showWritten(output, written).join("\n")}\n`,
    );
  }
  return 0;
}
