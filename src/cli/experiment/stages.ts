/** @file What an experiment does at each of its stages: trains, cuts, and looks at what is left. */
import { join } from "node:path";
import { evaluate, type Images } from "../../analyze/index.ts";
import { costOf, type Network } from "../../model/index.ts";
import { cutNetwork, listKept, type Plan } from "../../prune/index.ts";
import { stageName, type Stage } from "../../recipe/index.ts";
import { evaluationBatch, withProgram } from "../backend.ts";
import { documentsOf } from "../documents.ts";
import { breathe } from "../interrupt.ts";
import { openModel } from "../open-model.ts";
import { outputAt, writeModel, type Output } from "../output.ts";
import { planStage } from "./plan.ts";
import type { StageFigures } from "./record.ts";
import type { Setting } from "./setting.ts";
import { trained } from "./training.ts";

/** What a stage left. */
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
 * @throws train/not-finite, prune/*, cli/bad-argument, AbortError when it was stopped
 */
export async function doStage(setting: Setting, stage: Stage, from: Network): Promise<StageResult> {
  const name = stageName(stage);
  const { network, more } =
    stage.kind === "prune"
      ? await pruned(setting, stage, from)
      : await trained(setting, stage, from);
  const { output, io, backend, recipe } = setting;
  await writeModel(network, await outputAt(stagePath(output, name)), io, {
    backend,
    documents: () => documentsOf(network, { recipe }),
  });
  const accuracy = await accuracyOn(setting, network, setting.validation);
  const { parameters, macs } = costOf(network);
  return { network, figures: { stage: name, parameters, macs, validation: accuracy, ...more } };
}

/**
 * The share that is right; nothing without images.
 * @throws AbortError between two batches
 */
export async function accuracyOn(
  { args, backend, signal }: Pick<Setting, "args" | "backend" | "signal">,
  network: Network,
  images: Images,
): Promise<number | null> {
  if (images.indices.length === 0) return null;
  const batch = await evaluationBatch(args, network, backend);
  const found = await withProgram(network, backend, batch, (program) =>
    evaluate(program, images, { signal, breathe }),
  );
  return found.accuracy;
}

async function pruned(
  setting: Setting,
  { minimumShare }: Extract<Stage, { kind: "prune" }>,
  from: Network,
) {
  const { network: ready, plan } = await planStage(setting, from, minimumShare);
  const { network, absorbed } = cutNetwork(ready, plan, { dead: setting.recipe.repair.dead });
  const more = { ...planFigures(plan), ...(absorbed.length > 0 ? { absorbed } : {}) };
  return { network, more };
}

/** As `prune` answers. */
function planFigures(plan: Plan) {
  const { requested, achieved, threshold, guarded } = plan;
  return { requested, achieved, threshold, groups: listKept(plan), guarded };
}
