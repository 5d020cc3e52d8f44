/**
 * @file Sensitivity curves: accuracy when one layer alone is cut. Points land one by one, stay when
 * the work is cancelled, and belong to one network.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Activity } from "./activity.ts";
import type { Engine, Evaluation, ImageSet } from "./engine.ts";
import { setProblem, type PageStore } from "./page.ts";
import { sentenceOf } from "./problem.ts";
import { insertSample, type CurveSample } from "./sensitivity-curve.ts";
import { CRITERION } from "./session.ts";

export interface SensitivityState {
  readonly status: "idle" | "running" | "ended";
  /** True once every point has arrived; a cancelled run leaves what it had. */
  readonly isComplete: boolean;
  /** By the layer's name. */
  readonly curves: ReadonlyMap<string, readonly CurveSample[]>;
  /** Accuracy of the uncut network on the same images. */
  readonly base: number | null;
  readonly images: number;
}

export interface Sensitivity {
  readonly store: StoreApi<SensitivityState>;
  computeAll(set: ImageSet): Promise<void>;
  cancel(): void;
  reset(): void;
}

const RATIOS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const IMAGES = 256;

const NOTHING: SensitivityState = {
  status: "idle",
  isComplete: false,
  curves: new Map(),
  base: null,
  images: IMAGES,
};

export function createSensitivity(
  engine: Engine,
  page: PageStore,
  activity: Activity,
): Sensitivity {
  const store = createStore<SensitivityState>(() => NOTHING);
  let controller: AbortController | null = null;
  const cancel = (): void => controller?.abort(new DOMException("Cancelled", "AbortError"));
  return {
    store,
    cancel,
    reset: () => {
      cancel();
      controller = null;
      store.setState(NOTHING);
    },
    computeAll: async (set) => {
      const { session } = page.getState();
      if (session === null || store.getState().status === "running") return;
      const own = new AbortController();
      controller = own;
      // What an earlier, cancelled run has measured stays, and is not measured again.
      store.setState({ status: "running", isComplete: false });
      setProblem(page, "prune", null);
      try {
        const request = {
          network: session.key,
          criterion: CRITERION,
          ratios: RATIOS,
          set,
          count: IMAGES,
          measured: measuredOf(store.getState().curves),
        };
        const onBase = ({ accuracy, count }: Evaluation): void => {
          if (controller === own) store.setState({ base: accuracy, images: count });
        };
        const base = await activity.run(
          "Sensitivity",
          (call) =>
            engine.sensitivity(
              request,
              ({ group, ratio, evaluation }) => {
                // Points of a network that has left the page are nobody's.
                if (controller !== own) return;
                const { curves } = store.getState();
                const sample = { ratio, accuracy: evaluation.accuracy };
                const samples = insertSample(curves.get(group) ?? [], sample);
                store.setState({ curves: new Map(curves).set(group, samples) });
              },
              call,
              onBase,
            ),
          { signal: own.signal },
        );
        onBase(base);
        if (controller === own) store.setState({ isComplete: true });
      } catch (error) {
        if (controller === own) setProblem(page, "prune", sentenceOf(error));
      } finally {
        if (controller === own) store.setState({ status: "ended" });
      }
    },
  };
}

/** The ratios of each curve that are known. */
function measuredOf(
  curves: ReadonlyMap<string, readonly CurveSample[]>,
): ReadonlyMap<string, readonly number[]> {
  return new Map([...curves].map(([group, samples]) => [group, samples.map((s) => s.ratio)]));
}
