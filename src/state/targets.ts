/**
 * @file What there is to measure: the cut that the page shows, the network it is compared with, and the
 * coarse curve above the slider.
 */
import type { ImageSet, NetworkKey } from "./engine.ts";
import { wholeRuns } from "./catching-up.ts";
import type { SweepStep, Target } from "./measuring.ts";
import { countingOf, isByRatio } from "./method.ts";
import type { Methods } from "./methods.ts";
import { misfitOf } from "./misfit.ts";
import { baselineOf, type PageStore } from "./page.ts";
import type { Pruning } from "./planning.ts";
import type { Slider } from "./slider.ts";

/** Where the coarse curve above the slider is measured. */
const SWEEP = [0.25, 0.5, 0.75, 0.1, 0.4, 0.6, 0.9, 0.7, 0.8, 0.3, 0.2];

export interface TargetsParts {
  readonly page: PageStore;
  readonly slider: Slider;
  readonly methods: Methods;
  /** True while a training has the engine. */
  readonly isBusy: () => boolean;
}

export interface Targets {
  /** Which images are measured on. */
  imageSet(): ImageSet;
  /** Null while there is nothing to measure. */
  target(): Target | null;
}

export function createTargets({ page, slider, methods, isBusy }: TargetsParts): Targets {
  const imageSet = (): ImageSet => (page.getState().data?.test === null ? "validation" : "test");

  const target = (): Target | null => {
    const { session, data } = page.getState();
    const baseline = baselineOf(page.getState())?.session;
    if (session === null || baseline === undefined || data === null || isBusy()) {
      return null;
    }
    const set = imageSet();
    const images = set === "test" ? data.test : data.validation;
    if (images === null || images.count === 0) return null;
    const available = misfitOf(session, images) === null ? images.count : 0;
    const { ratio, preview } = slider.store.getState();
    const { text, method } = methods.store.getState();
    return {
      position: { key: session.key, method: text, ratio },
      get cut() {
        const isWhole = preview === null || preview.removed === 0;
        const plan = isWhole ? null : slider.settle();
        return plan === null ? null : { plan, dead: method.manner.dead };
      },
      macs: preview?.cost.macs ?? session.cost.macs,
      baseline: { key: baseline.key, method: null, ratio: 0 },
      baselineMacs: baseline.cost.macs,
      set,
      available,
      sweep: () =>
        isByRatio(method) && page.getState().step === "prune" ? sweepOf(session.key) : [],
      runs: () => wholeRuns(page.getState()),
    };
  };

  /** The coarse curve's steps, planned once for each network made ready and method. */
  const sweeps = new WeakMap<Pruning, Map<string, readonly SweepStep[]>>();
  const sweepOf = (key: NetworkKey): readonly SweepStep[] => {
    const { pruning, method, text } = methods.store.getState();
    if (pruning === null) return [];
    const own = sweeps.get(pruning) ?? new Map<string, readonly SweepStep[]>();
    const steps =
      own.get(text) ??
      [...SWEEP, ...(method.byHand === undefined ? [] : [0])].map((ratio): SweepStep => {
        const preview = pruning.at(ratio, countingOf(method));
        return {
          position: { key, method: text, ratio },
          get cut() {
            return { plan: pruning.settle(preview), dead: method.manner.dead };
          },
          macs: preview.cost.macs,
        };
      });
    sweeps.set(pruning, own.set(text, steps));
    return steps;
  };

  return { imageSet, target };
}
