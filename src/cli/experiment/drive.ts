/** @file All stages of an experiment in order, each put down once it is over. */
import type { Network } from "../../model/index.ts";
import { stageName, stagesOf } from "../../recipe/index.ts";
import { count, percent } from "../table.ts";
import { recordPath, writeRecord, type RunRecord, type StageFigures } from "./record.ts";
import type { Setting } from "./setting.ts";
import { doStage, openStage } from "./stages.ts";
import { checkTrainings, forgetTraining } from "./training.ts";

/** An experiment that is over. */
export interface Ended {
  readonly network: Network;
  /** What was there before the first cut. */
  readonly before: Network;
  readonly record: RunRecord;
}

/**
 * Does what is left to do.
 * @param over — the stages that are over already
 * @throws AbortError when it was stopped, cli/bad-argument when trainings of another run lie in its way
 */
export async function doAll(
  setting: Setting,
  start: Network,
  over: readonly StageFigures[],
): Promise<Ended> {
  const path = recordPath(setting.output);
  const stages = stagesOf(setting.recipe);
  const figures: StageFigures[] = [...over];
  const record = (): RunRecord => ({ run: setting.identity, stages: [...figures] });
  await checkTrainings(setting, stages.slice(over.length));
  await writeRecord(path, record());
  let network = start;
  let before: Network | undefined;
  for (const [at, stage] of stages.entries()) {
    if (stage.kind === "prune") before ??= network;
    if (at < over.length) {
      network = await openStage(setting, stageName(stage));
    } else {
      setting.signal.throwIfAborted();
      const result = await doStage(setting, stage, network);
      network = result.network;
      figures.push(result.figures);
      await writeRecord(path, record());
      tell(setting, result.figures);
    }
    // Only what stands in the record is over; until then its training could still be needed.
    await forgetTraining(setting, stage);
  }
  return { network, before: before ?? start, record: record() };
}

function tell({ args, io }: Setting, figures: StageFigures): void {
  const { stage, parameters, validation } = figures;
  const right = validation === null ? "" : `, validation ${percent(validation)}`;
  if (args.has("json")) io.out(`${JSON.stringify(figures)}\n`);
  else io.out(`${stage}: ${count(parameters)} parameters${right}\n`);
}
