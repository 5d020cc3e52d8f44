/**
 * @file Decides what is measured next. The newest slider position always wins: a move aborts what is
 * under way for another position, the next evaluation starts 100 ms after the last move, and there
 * is never more than one in flight. While the slider rests, the sample grows, the baseline and the
 * latencies follow, and a coarse sweep fills in the curve above the slider. Then all runs catch up
 * (`catching-up.ts`), unless a person waits for something.
 */
import { AppError, isAbort } from "../core/index.ts";
import type { Activity } from "./activity.ts";
import { catchUp, type WholeRun } from "./catching-up.ts";
import type { Cut, Engine, ImageSet } from "./engine.ts";
import {
  forgetAccuracies,
  largestOf,
  pairOf,
  positionName,
  remember,
  rememberLatency,
  sufficient,
  wantDivided,
  type MeasuredStore,
  type Position,
} from "./measured.ts";
import { grouped } from "./figures.ts";
import { sentenceOf } from "./problem.ts";

/** What to measure: the position on the page and the network that it is compared with. */
export interface Target {
  readonly position: Position;
  readonly cut: Cut | null;
  readonly macs: number;
  /** The uncut network that the figures are compared with. */
  readonly baseline: Position;
  readonly baselineMacs: number;
  readonly set: ImageSet;
  /** Images in the set that fit the network: without any, only latencies are measured. */
  readonly available: number;
  /** Other positions of the same network worth a coarse look; asked for only when idle. */
  readonly sweep: () => readonly SweepStep[];
  /** The runs, in the order in which they are measured when there is nothing else to do. */
  readonly runs: () => readonly WholeRun[];
}

export interface SweepStep {
  readonly position: Position;
  readonly cut: Cut;
  readonly macs: number;
}

export interface MeasuringOptions {
  readonly engine: Pick<Engine, "evaluate" | "latency">;
  readonly activity: Activity;
  readonly store: MeasuredStore;
  /** What the page shows now, or null when nothing may be measured at the moment. */
  readonly target: () => Target | null;
  /** Called when the position on the page has a first measured accuracy. */
  readonly onSettled?: (target: Target, signal: AbortSignal) => Promise<void>;
}

export interface Measuring {
  /** The page has changed: measure what it shows now. */
  request(): void;
  /** The images are others now: drops every accuracy and what is under way. */
  forget(): void;
  /** Tells classes apart at some positions, by their names. */
  divide(names: readonly string[]): void;
  /** Aborts what is under way and starts nothing more until the next request. */
  halt(): void;
  /** A person wants the figures of all runs now: before what is only filled in, and shown with a Cancel. */
  measureAll(): void;
}

/** Wait after the last move, ms. */
const TRAILING = 100;
/** Sample sizes, first look to full set. */
const LEVELS = [256, 2_000, 10_000] as const;
/** Above this many MACs an image the first look takes 64 images. */
const HEAVY = 100e6;
/** Idle growth stops where one evaluation would take longer than this, ms. */
const PATIENCE = 20_000;
/** The sweep is for networks of which an image costs at most this. */
const SWEEP_MACS = 30e6;

type Timeable = Pick<Target, "position" | "cut" | "baseline">;

interface Job {
  readonly name: string;
  readonly label: string;
  /** Of a run, when nothing else is to be done: gives way to whatever a person waits for. */
  readonly isAside?: boolean;
  run(signal: AbortSignal): Promise<void>;
}

export function createMeasuring(options: MeasuringOptions): Measuring {
  const { engine, activity, store } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let flight: { readonly job: Job; readonly controller: AbortController } | null = null;
  let halted = true;
  /** A person waits for the figures of all runs. */
  let isAllWanted = false;
  /** Counts the sets of images; what was asked of an earlier one is not kept. */
  let era = 0;
  /** How many images the set turned out to have, once an answer was on fewer than were asked for. */
  let whole = Infinity;
  const settled = new Set<string>();
  const failed = new Set<string>();
  /** Positions at which the engine has crashed: each gets one more chance, so that none crashes for ever. */
  const crashed = new Set<string>();

  const evaluation = (
    { key, ...rest }: Position,
    cut: Cut | null,
    target: Target,
    count: number,
  ): Job => {
    const name = positionName({ key, ...rest });
    return {
      name,
      label: `Evaluating ${count}`,
      run: async (signal) => {
        const mine = era;
        store.setState({ measuring: { name, count } });
        const request = { network: key, set: target.set, count };
        const found = await activity.run(
          "Evaluating",
          (call) => engine.evaluate(cut === null ? request : { ...request, cut }, call),
          { quiet: !isAllWanted, signal },
        );
        if (mine !== era) return;
        if (found.count < count) whole = found.count;
        remember(store, name, found);
        crashed.delete(name);
        store.setState({ problem: null });
        const seconds = (found.milliseconds / 1000).toFixed(1);
        activity.murmur(
          `Measured on ${grouped(found.count)} ${target.set} images in ${seconds}\u202fs`,
        );
      },
    };
  };

  /**
   * Times a cut turn by turn with the baseline that it is compared with: a machine is now quick and now slow,
   * and their difference must be one of networks.
   */
  const latency = ({ position, cut, baseline }: Timeable): Job => {
    const [name, base] = [positionName(position), positionName(baseline)];
    const beside = name === base ? null : baseline.key;
    return {
      name,
      label: "Latency",
      run: async (signal) => {
        const found = await activity.run(
          "Measuring latency",
          (call) => engine.latency({ network: position.key, cut, beside }, call),
          { quiet: true, signal },
        );
        rememberLatency(store, { name, base }, found);
      },
    };
  };

  /**
   * What a position and its baseline still lack at this level: the same images for both, so that their
   * difference is one of networks and not of samples.
   */
  const lacking = (
    { position, cut }: Pick<Target, "position" | "cut">,
    target: Target,
    level: number,
  ): Job | null => {
    const { baseline, baselineMacs } = target;
    const first = baselineMacs > HEAVY ? 64 : LEVELS[0];
    const wanted = Math.min(level === LEVELS[0] ? first : level, target.available, whole);
    const state = store.getState();
    const [name, base] = [positionName(position), positionName(baseline)];
    const enough = sufficient(state);
    if ((pairOf(enough, name, base)?.now.count ?? 0) >= wanted) return null;
    const isSlow = [name, base].some((one) => {
      const known = largestOf(state, one);
      return known !== undefined && (known.milliseconds / known.count) * wanted > PATIENCE;
    });
    const has = (one: string): boolean =>
      enough.evaluations.get(one)?.some(({ count }) => count === wanted) ?? false;
    if (isSlow && level !== LEVELS[0]) return null;
    if (!has(name)) return evaluation(position, cut, target, wanted);
    return has(base) ? null : evaluation(baseline, null, target, wanted);
  };

  const untimed = (one: Timeable): Job | null => {
    const [name, base] = [positionName(one.position), positionName(one.baseline)];
    // One that was timed beside another network, or on another visit, says nothing about their difference.
    const isTimed = store.getState().timedBeside.get(name)?.name === base;
    const isKnown = isTimed || failed.has(`latency ${name}`);
    return isKnown ? null : latency(one);
  };

  /** What the runs still lack; waits while a person waits for something else. */
  const aside = (target: Target): Job | null => {
    const isAwaited = !isAllWanted && isBusy(activity);
    const job = isAwaited
      ? null
      : catchUp(target, {
          levels: Math.min(target.available, whole) === 0 ? [] : LEVELS,
          lacking: (run, level) => {
            const wanted = lacking(run, target, level);
            return wanted === null || failed.has(`run ${wanted.name}`) ? null : wanted;
          },
          untimed,
        });
    return job && { ...job, isAside: true };
  };

  const nextJob = (target: Target): Job | null => {
    const { position } = target;
    const name = positionName(position);
    // How long it takes does not hang on what is in the images.
    if (Math.min(target.available, whole) === 0) {
      const job = untimed(target) ?? aside(target);
      isAllWanted &&= job !== null;
      return job;
    }
    const at = (level: number): Job | null => lacking(target, target, level);
    const first = at(LEVELS[0]);
    if (first !== null) return first;
    if (options.onSettled !== undefined && !settled.has(name)) {
      return {
        name,
        label: "Predicting",
        run: async (signal) => {
          settled.add(name);
          await options.onSettled?.(target, signal);
        },
      };
    }
    const second = at(LEVELS[1]);
    if (second !== null) return second;
    const timing = untimed(target);
    if (timing !== null) return timing;
    if (isAllWanted) {
      const job = at(LEVELS[2]) ?? aside(target);
      if (job !== null) return job;
      isAllWanted = false;
    }
    for (const step of target.sweep()) {
      if (step.macs > SWEEP_MACS) break;
      const job = lacking(step, target, LEVELS[0]);
      if (job !== null) return job;
    }
    return at(LEVELS[2]) ?? aside(target);
  };

  /** What cannot even be planned cannot be measured, which is said. */
  const chooseJob = (): Job | null => {
    try {
      const target = options.target();
      return target === null ? null : nextJob(target);
    } catch (error) {
      store.setState({ problem: sentenceOf(error) });
      return null;
    }
  };

  /** True within the wait after a move, whose end pumps. */
  const isMoving = (): boolean => timer !== undefined;

  const pump = async (): Promise<void> => {
    while (!halted && flight === null && !isMoving()) {
      const job = chooseJob();
      if (job === null) return;
      const controller = new AbortController();
      flight = { job, controller };
      try {
        await job.run(controller.signal);
      } catch (error) {
        if (!isAbort(error)) {
          if (isCrash(error) && !crashed.has(job.name)) crashed.add(job.name);
          else if (job.label === "Latency") {
            failed.add(`latency ${job.name}`);
            if (error instanceof AppError && error.code === "runtime/clock-still") {
              store.setState({ isClockStill: true });
            }
          }
          // That of one run is no reason to measure nothing more.
          else if (job.isAside === true) failed.add(`run ${job.name}`);
          else {
            halted = true;
            isAllWanted = false;
            store.setState({ problem: sentenceOf(error) });
          }
        } else if (!controller.signal.aborted) {
          halted = true;
          isAllWanted = false;
        }
      } finally {
        flight = null;
        store.setState({ measuring: null });
      }
    }
  };

  // A person has begun something, or it is done: what is measured aside gives way, or goes on.
  let wasBusy = false;
  activity.store.subscribe(() => {
    const isNow = isBusy(activity);
    if (isNow === wasBusy) return;
    wasBusy = isNow;
    if (!isNow) void pump();
    else if (flight?.job.isAside === true && !isAllWanted) {
      flight.controller.abort(new DOMException("Superseded", "AbortError"));
    }
  });

  const request = (): void => {
    halted = false;
    const target = options.target();
    const name = target === null ? null : positionName(target.position);
    if (name !== null) settled.delete(name);
    if (flight !== null && flight.job.name !== name) {
      flight.controller.abort(new DOMException("Superseded", "AbortError"));
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      void pump();
    }, TRAILING);
  };

  return {
    request,
    measureAll: () => {
      isAllWanted = true;
      request();
    },
    divide: (names) => {
      wantDivided(store, names);
      request();
    },
    forget: () => {
      era++;
      whole = Infinity;
      for (const names of [settled, failed, crashed]) names.clear();
      flight?.controller.abort(new DOMException("Other images", "AbortError"));
      forgetAccuracies(store);
    },
    halt: () => {
      halted = true;
      isAllWanted = false;
      clearTimeout(timer);
      timer = undefined;
      flight?.controller.abort(new DOMException("Halted", "AbortError"));
    },
  };
}

/** True while a person waits for something. */
function isBusy({ store }: Activity): boolean {
  return store.getState().tasks.some(({ quiet }) => !quiet);
}

/** The engine, or its device, is gone and replaced; what was asked of it can be asked again. */
function isCrash(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  return error.code.startsWith("worker/") || error.code === "runtime/device-lost";
}
