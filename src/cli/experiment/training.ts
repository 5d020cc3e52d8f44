/**
 * @file The training of a stage: put away beside the record while it goes on, and until the stage stands
 * in the record. What was put away says of which run it is, and no other run goes on with it.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Network } from "../../model/index.ts";
import { noteTraining } from "../../prune/index.ts";
import { stageName, type Stage } from "../../recipe/index.ts";
import { startState, stepsPerEpoch, totalSteps } from "../../train/index.ts";
import { readCheckpoint, type Checkpoint } from "../checkpoint.ts";
import { say } from "../io.ts";
import { checkSameRun, type Identity } from "../same-run.ts";
import { runTraining } from "../training-run.ts";
import type { Setting } from "./setting.ts";

/** A stage that trains. */
type TrainingStage = Extract<Stage, { settings: unknown }>;

type Place = Pick<Setting, "output" | "identity">;

const checkpointAt = ({ output }: Place, stage: Stage): string =>
  join(output.folder, `${stageName(stage)}.checkpoint.zip`);

const identityOf = ({ identity }: Place, stage: Stage): Identity => ({
  stage: stageName(stage),
  ...identity,
});

/** Takes away what was put away of a stage. */
export async function forgetTraining(place: Place, stage: Stage): Promise<void> {
  await rm(checkpointAt(place, stage), { force: true });
}

/**
 * Makes sure that no stage will come upon the training of another run, hours later.
 * @throws cli/bad-argument naming the file and what differs, files/* for a damaged file
 */
export async function checkTrainings(place: Place, stages: readonly Stage[]): Promise<void> {
  for (const stage of stages) await openTraining(place, stage);
}

/** The training of a stage as it was put away, if it was. */
async function openTraining(place: Place, stage: Stage): Promise<Checkpoint | undefined> {
  const path = checkpointAt(place, stage);
  const old = await readCheckpoint(path);
  if (old === undefined) return undefined;
  const hint = "remove that file to train anew, or name another folder with -o";
  checkSameRun(path, old, identityOf(place, stage), hint);
  return old;
}

/**
 * Trains to the end of the stage; what was put away stays.
 * @throws train/not-finite, AbortError, cli/bad-argument
 */
export async function trained(setting: Setting, stage: TrainingStage, from: Network) {
  const { backend, data, validation, io, signal, onEpoch } = setting;
  const { settings } = stage;
  const name = stageName(stage);
  const perEpoch = stepsPerEpoch(data.indices.length, settings.batchSize);
  const old = await openTraining(setting, stage);
  if (old !== undefined) {
    say(io, `${name}: going on after step ${old.state.step} of ${old.total}`);
  }
  const result = await runTraining(
    {
      start: old ?? {
        state: startState(from),
        total: totalSteps(settings.length, perEpoch),
        run: identityOf(setting, stage),
        sums: { images: 0, correct: 0, loss: 0 },
        last: null,
      },
      beginning: from,
      settings,
      data,
      validation,
      backend,
      checkpointPath: checkpointAt(setting, stage),
      signal,
      onEpoch: (line) => onEpoch(name, line),
    },
    io,
  );
  // A training is only ever stopped by the signal.
  if (result.ended === "stopped") signal.throwIfAborted();
  if (result.error !== undefined) {
    // It would only diverge again.
    await forgetTraining(setting, stage);
    throw result.error;
  }
  const { network, step } = result.state;
  return { network: noteTraining(network, step), more: { steps: step } };
}
