/** @file All stages of an experiment in order, each put down once it is over. */
import type { Network } from "../../model/index.ts";
import { stageName, stagesOf } from "../../recipe/index.ts";
import { count, percent } from "../table.ts";
import { recordPath, writeRecord, type RunRecord, type StageFigures } from "./record.ts";
import { doStage, openStage, type Setting } from "./stages.ts";

/** An experiment that is over. */
export interface Ended {
  readonly network: Network;
  /** What was there before the first cut. */
  readonly before: Network;
  readonly record: RunRecord;
}

/**
 * Does what is left to do.
 * @param begun — with the stages that are over already
 * @returns nothing when it was stopped
 */
export async function doAll(
  setting: Setting,
  start: Network,
  begun: RunRecord,
): Promise<Ended | undefined> {
  const path = recordPath(setting.output);
  const figures: StageFigures[] = [...begun.stages];
  const record = (): RunRecord => ({ run: begun.run, stages: [...figures] });
  await writeRecord(path, record());
  let network = start;
  let before: Network | undefined;
  for (const [at, stage] of stagesOf(setting.recipe).entries()) {
    if (stage.kind === "prune") before ??= network;
    if (at < begun.stages.length) {
      network = await openStage(setting, stageName(stage));
      continue;
    }
    const result = setting.signal.aborted ? undefined : await doStage(setting, stage, network);
    if (result === undefined) return undefined;
    network = result.network;
    figures.push(result.figures);
    await writeRecord(path, record());
    tell(setting, result.figures);
  }
  return { network, before: before ?? start, record: record() };
}

function tell({ args, io }: Setting, figures: StageFigures): void {
  const { stage, parameters, validation } = figures;
  const right = validation === null ? "" : `, validation ${percent(validation)}`;
  if (args.has("json")) io.out(`${JSON.stringify(figures)}\n`);
  else io.out(`${stage}: ${count(parameters)} parameters${right}\n`);
}
