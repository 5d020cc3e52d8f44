/** @file What an experiment does at each of its stages: trains, cuts, and looks at what is left. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { evaluate, type Images } from "../../analyze/index.ts";
import { isAbort } from "../../core/index.ts";
import { costOf, type Network } from "../../model/index.ts";
import { cutNetwork, listKept, noteTraining, type Plan } from "../../prune/index.ts";
import { stageName, type Stage } from "../../recipe/index.ts";
import { startState, stepsPerEpoch, totalSteps, type TrainData } from "../../train/index.ts";
import { evaluationBatch, withProgram } from "../backend.ts";
import { readCheckpoint } from "../checkpoint.ts";
import { documentsOf } from "../documents.ts";
import { openModel } from "../open-model.ts";
import { outputAt, writeModel, type Output } from "../output.ts";
import { runTraining, type EpochLine } from "../training-run.ts";
import { planStage, type PlanningSetting } from "./plan.ts";
import type { StageFigures } from "./record.ts";

/** What all stages share. */
export interface Setting extends PlanningSetting {
  readonly output: Output;
  readonly data: TrainData;
  readonly onEpoch: (stage: string, line: EpochLine) => void;
}

/** What a stage left, or nothing when it was stopped. */
interface StageResult {
  readonly network: Network;
  readonly figures: StageFigures;
}

/** Where a stage's network lies. */
function stagePath({ folder }: Output, name: string): string {
  return join(folder, "stages", `${name}.safetensors`);
}

/** The network that a stage has left. */
export async function openStage(setting: Setting, name: string): Promise<Network> {
  const { args, io, output } = setting;
  return (await openModel(args, io, { text: stagePath(output, name), flags: false })).network;
}

/**
 * Does one stage and puts its network away.
 * @throws train/not-finite, prune/*, cli/bad-argument
 */
export async function doStage(
  setting: Setting,
  stage: Stage,
  from: Network,
): Promise<StageResult | undefined> {
  const name = stageName(stage);
  const made =
    stage.kind === "prune"
      ? await pruned(setting, stage, from)
      : await trained(setting, stage, from);
  if (made === undefined) return undefined;
  const { network, more } = made;
  const { output, io, backend, recipe } = setting;
  await writeModel(network, await outputAt(stagePath(output, name)), io, {
    backend,
    documents: () => documentsOf(network, { recipe }),
  });
  const accuracy = await accuracyOn(setting, network, setting.validation);
  const { parameters, macs } = costOf(network);
  return { network, figures: { stage: name, parameters, macs, validation: accuracy, ...more } };
}

/** The share that is right; nothing without images. */
export async function accuracyOn(
  { args, backend }: Pick<Setting, "args" | "backend">,
  network: Network,
  images: Images,
): Promise<number | null> {
  if (images.indices.length === 0) return null;
  const batch = await evaluationBatch(args, network, backend);
  const found = await withProgram(network, backend, batch, (program) => evaluate(program, images));
  return found.accuracy;
}

async function pruned(
  setting: Setting,
  { minimumShare }: Extract<Stage, { kind: "prune" }>,
  from: Network,
) {
  const planned = await planStage(setting, from, minimumShare).catch((error: unknown) => {
    if (isAbort(error)) return undefined;
    throw error;
  });
  if (planned === undefined) return undefined;
  const { network: ready, plan } = planned;
  const { network, absorbed } = cutNetwork(ready, plan, { dead: setting.recipe.repair.dead });
  const more = { ...planFigures(plan), ...(absorbed.length > 0 ? { absorbed } : {}) };
  return { network, more };
}

/** As `prune` answers. */
function planFigures(plan: Plan) {
  const { requested, achieved, threshold, guarded } = plan;
  return { requested, achieved, threshold, groups: listKept(plan), guarded };
}

async function trained(
  setting: Setting,
  stage: Extract<Stage, { settings: unknown }>,
  from: Network,
) {
  const { output, backend, data, validation, io, signal, onEpoch } = setting;
  const { settings } = stage;
  const name = stageName(stage);
  const checkpointPath = join(output.folder, `${name}.checkpoint.zip`);
  const perEpoch = stepsPerEpoch(data.indices.length, settings.batchSize);
  const fresh = {
    state: startState(from),
    total: totalSteps(settings.length, perEpoch),
    run: { stage: name },
    sums: { images: 0, correct: 0, loss: 0 },
    last: null,
  };
  const result = await runTraining(
    {
      start: (await readCheckpoint(checkpointPath)) ?? fresh,
      beginning: from,
      settings,
      data,
      validation,
      backend,
      checkpointPath,
      signal,
      onEpoch: (line) => onEpoch(name, line),
    },
    io,
  );
  if (result.ended === "stopped") return undefined;
  // What has diverged would only diverge again, and what is over has its network.
  await rm(checkpointPath, { force: true });
  if (result.error !== undefined) throw result.error;
  const { network, step } = result.state;
  return { network: noteTraining(network, step), more: { steps: step } };
}
