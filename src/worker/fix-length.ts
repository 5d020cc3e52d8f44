/**
 * @file What a training's length comes to in steps when it begins: a number of epochs or steps as it is, a time
 * box by timing a few steps. One that was cut off goes on by its last plan, in what is left of its time.
 */
import { evaluate } from "../analyze/index.ts";
import { AppError, breathe, timeRuns } from "../core/index.ts";
import { makeBatch } from "../data/index.ts";
import type { Network } from "../model/index.ts";
import type { Program } from "../runtime/index.ts";
import type { Length } from "../train/index.ts";
import type { ImageStore } from "./image-store.ts";
import { createTimeBox, type TimeBox } from "./time-box.ts";
import type { TrainRequest } from "./train-protocol.ts";

export interface LengthSetup {
  readonly program: Program;
  readonly network: Network;
  readonly request: TrainRequest;
  readonly images: ImageStore;
  readonly signal: AbortSignal;
  /** Milliseconds of the run, those before it was cut off included. */
  readonly now: () => number;
}

export interface FixedLength {
  readonly length: Length;
  /** Holds the run to its time; null where it has none. */
  readonly box: TimeBox | null;
}

/** Steps that are timed before a time box becomes a number of steps, behind one that warms up. */
const TIMED_STEPS = 3;

/**
 * Turns a time box into steps by timing a few, whose effect `train` undoes when it puts the start state
 * in place. With the plans that the box has made on the way a run of it can be repeated to the same bits.
 * @throws runtime/clock-still
 */
export async function fixLength(setup: LengthSetup): Promise<FixedLength> {
  const { request, signal, now } = setup;
  const { length } = request.settings;
  if (!("seconds" in length)) return { length, box: null };
  const { from } = request;
  const replans = from?.replans === undefined ? {} : { replans: from.replans };
  const each = await timeStep(setup);
  // Whoever has stopped it gets what there is at once.
  if (signal.aborted) return { length: { steps: from?.total ?? 1, ...replans }, box: null };
  const afterwards = (await timeLook(setup)) / each;
  const begun = from && { step: from.state.step, total: from.total };
  const box = createTimeBox({ ms: length.seconds * 1000, gone: now(), each, afterwards, begun });
  return { length: { steps: box.steps, ...replans }, box };
}

/** Milliseconds a step takes; the first warms up. By a coarse clock it takes more of them. */
async function timeStep(setup: LengthSetup): Promise<number> {
  const { program, network, request, images, signal, now } = setup;
  const data = images.trainData(network);
  const { batchSize, momentum, weightDecay } = request.settings;
  const indices = data.indices.subarray(0, batchSize);
  const step = async (): Promise<void> => {
    if (signal.aborted) return;
    const batch = makeBatch(data.dataset, indices, data.normalization);
    await program.step(batch.images, batch.labels, {
      learningRate: 0,
      momentum,
      weightDecay,
      sparsity: 0,
      sparsityForm: "subgradient",
    });
    await breathe();
  };
  await timeRuns(step, { now });
  const each = await timeRuns(step, { now, runs: TIMED_STEPS });
  if (each === null && !signal.aborted) {
    const hint = "say in epochs how long to train";
    throw new AppError("runtime/clock-still", { where: "time box", hint });
  }
  return each ?? 1;
}

/** How long the last look at the held-back images will take, ms: from one at a batch, after one to warm up. */
async function timeLook({ program, request, images, network, now }: LengthSetup): Promise<number> {
  const { indices } = images.images("validation", request.validationCount, network);
  const few = images.images("validation", Math.min(program.batch, indices.length), network);
  if (few.indices.length === 0) return 0;
  const look = (): Promise<unknown> => evaluate(program, few);
  await timeRuns(look, { now });
  return (((await timeRuns(look, { now })) ?? 0) * indices.length) / few.indices.length;
}
