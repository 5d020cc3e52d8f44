/**
 * @file What a training run tells while it goes: its steps gathered at a rate that a page can draw, its BN
 * scales now and then, and how long it will take, from what its last steps took. By a clock that stands still from
 * one step to the next, it is what all steps took.
 */
import type { Program } from "../runtime/index.ts";
import type { StepReport } from "../train/index.ts";
import type { TrainEvent } from "./protocol.ts";

/** Least milliseconds between two reports of each kind. */
const STEP_INTERVAL = 100;
const SCALES_INTERVAL = 400;
/** Steps of which the median says how long one takes. */
const RECENT = 31;

export interface ReportsSetup {
  readonly program: Program;
  /** Milliseconds of the run. */
  readonly now: () => number;
  /** When a run that has a time box is over, on that clock; null where it runs for as long as it takes. */
  readonly end: number | null;
  readonly onEvent: (event: TrainEvent) => void;
}

export function createReports(setup: ReportsSetup): (report: StepReport) => Promise<void> {
  const { program, now, end, onEvent } = setup;
  const gammas = [...program.network.weights.keys()].filter((name) => name.endsWith("/gamma"));
  const recent: number[] = [];
  const began = now();
  let done = 0;
  let since = { at: began, images: 0, correct: 0, lossSum: 0 };
  let [scalesAt, lastAt, lastRate] = [-Infinity, began, 0];
  const secondsLeft = (steps: number, at: number): number => {
    if (end !== null) return Math.max(0, end - at) / 1000;
    const pace = recent.includes(0) ? (at - began) / done : medianOf(recent);
    return (pace * steps) / 1000;
  };
  return async ({ step, total, epoch, images, loss, correct, learningRate }) => {
    const at = now();
    done++;
    recent.push(at - lastAt);
    lastAt = at;
    if (recent.length > RECENT) recent.shift();
    since.images += images;
    since.correct += correct;
    since.lossSum += loss * images;
    if (at - since.at >= STEP_INTERVAL || step === total) {
      // The last steps may have taken no time that a coarse clock sees.
      if (at > since.at) lastRate = since.images / ((at - since.at) / 1000);
      onEvent({
        kind: "step",
        step,
        total,
        epoch,
        loss: since.lossSum / since.images,
        accuracy: since.correct / since.images,
        learningRate,
        imagesPerSecond: lastRate,
        eta: secondsLeft(total - step, at),
      });
      since = { at, images: 0, correct: 0, lossSum: 0 };
    }
    if (gammas.length > 0 && (at - scalesAt >= SCALES_INTERVAL || step === total)) {
      scalesAt = at;
      onEvent({ kind: "scales", step, scales: await readSizes(program, gammas) });
    }
  };
}

async function readSizes(program: Program, gammas: readonly string[]): Promise<Float32Array> {
  const read = [...(await program.read(gammas)).values()];
  const scales = new Float32Array(read.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { values } of read) {
    for (const gamma of values) scales[at++] = Math.abs(gamma);
  }
  return scales;
}

/** The upper one of two middle values. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
