/**
 * @file How long inference takes on this device, alone or beside another network. A machine is now quick and
 * now slow, so two networks run turn by turn, and what is said of their difference is the median of the
 * ratios within the turns, with an interval: a machine that is busy makes it wide, not wrong. By a coarse clock a
 * turn is as many runs as it takes the clock to move.
 */
import { AppError, sizeOf, timeRuns } from "../core/index.ts";
import { endsOf } from "../model/index.ts";
import type { Program } from "../runtime/index.ts";
import type { Watch } from "./evaluate.ts";

export interface LatencyOptions {
  readonly warmups: number;
  /** Turns that are run in any case; from 6 on the interval is one of 95 %. */
  readonly leastTurns: number;
  readonly mostTurns: number;
  /** After so many milliseconds no turn begins beyond the least. */
  readonly budget: number;
  /** Milliseconds from any origin; no clock is read in this room. */
  readonly now: () => number;
}

/** A median with the interval that holds the true one in at least 95 of 100 cases. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** How long a network takes. */
export interface Latency {
  /** Milliseconds an image. */
  readonly own: Spread;
  /** The network that it took turns with; null where it ran alone. */
  readonly beside: {
    /** Milliseconds an image of that one. */
    readonly own: Spread;
    /** The network's time over that one's, turn by turn. */
    readonly ratio: Spread;
  } | null;
}

/**
 * Times `program.batch` images a run, reading the result back each time.
 * @param beside — takes turns with it, and is first in every other turn
 * @throws runtime/clock-still
 */
export async function latency(
  program: Program,
  beside: Program | null,
  { warmups, leastTurns, mostTurns, budget, now }: LatencyOptions,
  { signal, onProgress, breathe }: Watch = {},
): Promise<Latency> {
  const images = new Float32Array(program.batch * sizeOf(endsOf(program.network).input));
  const runs = { own: [] as number[], beside: [] as number[] };
  const time = async (which: keyof typeof runs, isKept: boolean): Promise<void> => {
    const one = which === "own" ? program : beside;
    if (one === null) return;
    signal?.throwIfAborted();
    let isAgain = false;
    const run = async (): Promise<void> => {
      if (isAgain) await breathe?.();
      signal?.throwIfAborted();
      isAgain = true;
      await one.forward(images);
    };
    const ms = await timeRuns(run, { now });
    if (ms === null) throw new AppError("runtime/clock-still", { where: "latency" });
    if (isKept) runs[which].push(ms / one.batch);
    await breathe?.();
  };
  const started = now();
  for (let turn = -warmups; turn < mostTurns; turn++) {
    if (turn >= leastTurns && now() - started > budget) break;
    const isOwnFirst = turn % 2 === 0;
    await time(isOwnFirst ? "own" : "beside", turn >= 0);
    await time(isOwnFirst ? "beside" : "own", turn >= 0);
    onProgress?.({ done: turn + warmups + 1, total: warmups + mostTurns, unit: "steps" });
  }
  const own = spreadOf(runs.own);
  if (beside === null) return { own, beside: null };
  const ratios = runs.own.map((ms, turn) => ms / (runs.beside[turn] ?? ms));
  return { own, beside: { own: spreadOf(runs.beside), ratio: spreadOf(ratios) } };
}

/**
 * The median, and its interval without any assumption on how values scatter: from the kth smallest to the kth
 * largest, k as large as the sign test allows (Conover 1999, "Practical Nonparametric Statistics", §3.2). Fewer
 * than 6 values give all of their range, which holds less than 95 %.
 * @param values — at least one
 */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const median = (at((n - 1) >> 1) + at(n >> 1)) / 2;
  // P(at most k of n values lie below the median) for k = 0, 1, …: a fair coin's.
  let [k, term] = [0, 0.5 ** n];
  let below = term;
  while (2 * (below + (term * (n - k)) / (k + 1)) <= 0.05) {
    term *= (n - k) / (k + 1);
    below += term;
    k++;
  }
  return { median, low: at(k), high: at(n - 1 - k) };
}
