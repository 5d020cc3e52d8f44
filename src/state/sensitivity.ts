/**
 * @file Sensitivity curves: accuracy when one layer alone is cut. Points land one by one, stay when
 * the work is cancelled, and belong to one network and to what of a method they depend on; those of
 * another come back with it.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Activity } from "./activity.ts";
import { SENSITIVITY_RATIOS } from "./engine.ts";
import type { Curves, Engine, Evaluation, Evidence, ImageSet, PruneOptions } from "./engine.ts";
import { setProblem, type PageStore } from "./page.ts";
import { sentenceOf } from "./problem.ts";
import { insertSample, type CurveSample } from "./sensitivity-curve.ts";

export interface SensitivityState {
  readonly status: "idle" | "running" | "ended";
  /** True once every point has arrived; a cancelled run leaves what it had. */
  readonly isComplete: boolean;
  /** By the layer's name. */
  readonly curves: ReadonlyMap<string, readonly CurveSample[]>;
  /** Accuracy of the uncut network on the same images. */
  readonly base: number | null;
  /** Its 95 % interval. */
  readonly baseInterval: readonly [number, number] | null;
  readonly images: number;
}

/** Whose curves are on the page. */
export interface CurvesOf {
  readonly criterion: string;
  readonly options: PruneOptions;
  /** What the criterion was told, where it wants to be. */
  readonly evidence?: Evidence | undefined;
  /** The names of the layers that take part. */
  readonly layers: readonly string[];
  /** Equal for equal curves: the network and what of the method matters. */
  readonly text: string;
}

export interface Sensitivity {
  readonly store: StoreApi<SensitivityState>;
  /** @returns true when every curve was measured to its end */
  computeAll(set: ImageSet): Promise<boolean>;
  cancel(): void;
  /** The curves that there are, whether they are on the page or not. */
  of(wanted: CurvesOf): SensitivityState;
  /** Shows the curves of another method or network; null for none. */
  follow(of: CurvesOf | null): void;
  /** The images are others now: drops all curves. */
  forget(): void;
  /** Every curve that there is, by the text of {@link CurvesOf}. */
  all(): ReadonlyMap<string, SensitivityState>;
  /** Curves that were measured before, on the images that there are. */
  recall(curves: ReadonlyMap<string, SensitivityState>): void;
}

const IMAGES = 256;

const NOTHING: SensitivityState = {
  status: "idle",
  isComplete: false,
  curves: new Map(),
  base: null,
  baseInterval: null,
  images: IMAGES,
};

export function createSensitivity(
  engine: Engine,
  page: PageStore,
  activity: Activity,
): Sensitivity {
  const store = createStore<SensitivityState>(() => NOTHING);
  const others = new Map<string, SensitivityState>();
  let of: CurvesOf | null = null;
  let controller: AbortController | null = null;
  const cancel = (): void => controller?.abort(new DOMException("Cancelled", "AbortError"));
  return {
    store,
    cancel,
    of: (wanted) => {
      const found = wanted.text === of?.text ? store.getState() : others.get(wanted.text);
      const state = found ?? NOTHING;
      return { ...state, isComplete: isComplete(state, wanted) };
    },
    follow: (next) => {
      if (next?.text !== of?.text) {
        cancel();
        controller = null;
        const { curves } = store.getState();
        if (of !== null && curves.size > 0) {
          others.set(of.text, { ...store.getState(), status: "ended" });
        }
        store.setState((next === null ? undefined : others.get(next.text)) ?? NOTHING);
      }
      of = next;
      store.setState({ isComplete: isComplete(store.getState(), next) });
    },
    forget: () => {
      cancel();
      controller = null;
      others.clear();
      store.setState(NOTHING);
    },
    all: () => new Map([...others, ...(of === null ? [] : [[of.text, store.getState()] as const])]),
    recall: (curves) => {
      for (const [text, state] of curves) others.set(text, state);
      const own = of === null ? undefined : curves.get(of.text);
      if (own !== undefined) store.setState({ ...own, isComplete: isComplete(own, of) });
    },
    computeAll: async (set) => {
      const { session } = page.getState();
      const asked = of;
      if (session === null || asked === null || store.getState().status === "running") return false;
      const own = new AbortController();
      controller = own;
      // What an earlier, cancelled run has measured stays, and is not measured again.
      store.setState({ status: "running", isComplete: false });
      setProblem(page, "prune", null);
      try {
        const request = {
          network: session.key,
          criterion: asked.criterion,
          options: asked.options,
          evidence: asked.evidence,
          ratios: SENSITIVITY_RATIOS,
          set,
          count: IMAGES,
          measured: measuredOf(store.getState().curves),
        };
        const onBase = ({ accuracy, interval, count }: Evaluation): void => {
          if (controller !== own) return;
          store.setState({ base: accuracy, baseInterval: interval, images: count });
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
                const { accuracy, interval } = evaluation;
                const sample = { ratio, accuracy, interval };
                const samples = insertSample(curves.get(group) ?? [], sample);
                store.setState({ curves: new Map(curves).set(group, samples) });
              },
              call,
              onBase,
            ),
          { signal: own.signal },
        );
        onBase(base);
        if (controller !== own) return false;
        store.setState({ isComplete: isComplete(store.getState(), of) });
        return store.getState().isComplete;
      } catch (error) {
        if (controller === own) setProblem(page, "prune", sentenceOf(error));
        return false;
      } finally {
        if (controller === own) store.setState({ status: "ended" });
      }
    },
  };
}

/** True when every layer that takes part has its whole curve. */
function isComplete({ curves, base }: SensitivityState, of: CurvesOf | null): boolean {
  return (
    of !== null &&
    base !== null &&
    of.layers.every((name) => curves.get(name)?.length === SENSITIVITY_RATIOS.length)
  );
}

interface SensitivityAhead {
  /** Of the layers that take part. */
  readonly names: readonly string[];
  readonly curves: ReadonlyMap<string, readonly CurveSample[]>;
  /** That each point is measured on. */
  readonly images: number;
  /** Milliseconds of the uncut network. */
  readonly perImage: number;
}

/** A cut network is made and made ready for each point before it is run; milliseconds. */
const MAKING = 40;

/** Seconds that the points which are still missing will take, about: a cut of one layer saves little. */
export function sensitivitySeconds({ names, curves, images, perImage }: SensitivityAhead): number {
  const missing = names.reduce(
    (sum, name) => sum + SENSITIVITY_RATIOS.length - (curves.get(name)?.length ?? 0),
    0,
  );
  return (Math.max(0, missing) * (images * perImage + MAKING)) / 1000;
}

/** The curves as an allocation takes them; nothing before they are whole. */
export function curvesOf(
  { curves, base, isComplete: isWhole }: SensitivityState,
  layers: readonly string[],
): Curves | undefined {
  if (base === null || !isWhole) return undefined;
  const groups = layers.map((name) => ({
    name,
    accuracy: (curves.get(name) ?? []).map(({ accuracy }) => accuracy),
  }));
  return { base, ratios: SENSITIVITY_RATIOS, groups };
}

/** The ratios of each curve that are known. */
function measuredOf(
  curves: ReadonlyMap<string, readonly CurveSample[]>,
): ReadonlyMap<string, readonly number[]> {
  return new Map([...curves].map(([group, samples]) => [group, samples.map((s) => s.ratio)]));
}
