/**
 * @file The method on the page: what the controls ask for, what the plan on the page is by, and why the
 * two differ where they do. A change is tried first; one that is refused leaves the last good plan and
 * its sentence beside the control that asked. Changing who scores or who takes part readies the network
 * anew, once; changing how many go does not.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { handsOn } from "./by-hand.ts";
import {
  allocationOf,
  BY_RATIO,
  countingOf,
  curvesText,
  DEFAULT_METHOD,
  methodText,
  modeOf,
  scoringText,
  tidyMethod,
  tidyOptions,
  type Method,
} from "./method.ts";
import { preparePage } from "./planner.ts";
import { checkScoring, networkFor, readCriterion } from "./engine.ts";
import type { Allocation, Evidence, Network, PruneOptions } from "./engine.ts";
import { EvidenceStore, wantedBy, type Wanted } from "./evidence.ts";
import { snapRatio, type Pruning, type SafeMarks } from "./planning.ts";
import { sentenceOf } from "./problem.ts";
import { curvesOf, type Sensitivity } from "./sensitivity.ts";
import type { Session } from "./session.ts";
import type { Slider } from "./slider.ts";

/** The controls that can ask for something: where a refusal is said. */
export type Control = "criterion" | "scope" | "allocation" | "more" | "row" | "preset";

export interface Refusal {
  readonly at: Control;
  readonly text: string;
}

export interface MethodState {
  /** What the plan on the page is by. */
  readonly method: Method;
  /** What the controls say: the same, unless it was refused or waits for curves. */
  readonly asked: Method;
  /** The text of `method`, by which everything measured is filed. */
  readonly text: string;
  /** Null when nothing can be pruned; `problem` says why. */
  readonly pruning: Pruning | null;
  readonly problem: string | null;
  readonly refusal: Refusal | null;
  /** True while what is asked waits for sensitivity curves. */
  readonly needsCurves: boolean;
  /** True while the criterion that is asked for looks at the network in the worker. */
  readonly isScoring: boolean;
}

export interface Methods {
  readonly store: StoreApi<MethodState>;
  /**
   * Tries a method.
   * @returns the sentence for what was refused, or null when it was taken, or waits for curves or for
   *   what its criterion wants to be told
   */
  ask(asked: Method, at: Control): string | null;
  /**
   * The images, or what is made of them, are others now: what was seen on them counts no more.
   * @returns true when the plan on the page is by it, so that the network must be readied again
   */
  forgetEvidence(): boolean;
  /** Readies another network, by the same method as far as it makes sense there; nothing is cut. */
  fit(session: Session | null): void;
  /** The method of the plan on the page, with the slider's ratio in its place. */
  current(): Method;
  /** What is asked, likewise: what a change of one control changes. */
  asked(): Method;
  /** What a person has set: the method on the page, or while curves are missing the one that waits for them. */
  meant(): Method;
}

/** How far the method on the page can go without harm; null with nothing to prune. */
export function safeMarks({
  pruning,
  method,
}: Pick<MethodState, "pruning" | "method">): SafeMarks | null {
  return pruning?.safe[modeOf(method)] ?? null;
}

export interface MethodsParts {
  readonly slider: Slider;
  readonly sensitivity: Sensitivity;
  /** Measures what the method's criterion wants to be told. */
  readonly measure: (session: Session, method: Method, wanted: Wanted) => Promise<Evidence>;
  /** Called when a method was taken that had been waited for. */
  readonly onTaken: () => void;
}

export function createMethods(parts: MethodsParts): Methods {
  const { slider, sensitivity } = parts;
  const evidence = new EvidenceStore();
  const store = createStore<MethodState>(() => ({
    method: DEFAULT_METHOD,
    asked: DEFAULT_METHOD,
    text: methodText(DEFAULT_METHOD),
    pruning: null,
    problem: null,
    refusal: null,
    needsCurves: false,
    isScoring: false,
  }));
  let session: Session | null = null;

  const curvesFor = (method: Method, { layers }: Pruning) => ({
    criterion: method.criterion,
    options: method.options,
    evidence: evidence.get(wantedBy(method, session?.key ?? "")),
    layers: layers.filter(({ isLocked }) => !isLocked).map(({ name }) => name),
    text: `${session?.key ?? ""} ${curvesText(method)}`,
  });

  /** The network made ready, from what is there if that is the same. */
  const prepared = ({ network, key }: Session, asked: Method): Pruning => {
    const { pruning, method } = store.getState();
    if (pruning !== null && scoringText(asked) === scoringText(method)) return pruning;
    const { criterion, options } = asked;
    const known = evidence.get(wantedBy(asked, key));
    return preparePage(network, criterion, options, known);
  };

  /** Has it measured, and tries again; what was asked meanwhile counts more. */
  const scoreFirst = async (of: Session, asked: Method, wanted: Wanted): Promise<void> => {
    try {
      await evidence.fetch(wanted, () => parts.measure(of, asked, wanted));
      if (session !== of || store.getState().asked !== asked) return;
      // What was measured may be of other images than there are now: then this looks again.
      if (ask(withRatio(asked), "criterion") === null && !store.getState().isScoring) {
        parts.onTaken();
      }
    } catch (error) {
      if (session !== of || store.getState().asked !== asked) return;
      const text = sentenceOf(error);
      const { method } = store.getState();
      const said =
        text === null ? { asked: method } : { refusal: { at: "criterion", text } as const };
      store.setState({ ...said, isScoring: false });
    }
  };

  const take = (method: Method, pruning: Pruning, more: Partial<MethodState>): void => {
    store.setState({
      method,
      asked: method,
      text: methodText(method),
      pruning,
      problem: null,
      refusal: null,
      needsCurves: false,
      isScoring: false,
      ...more,
    });
  };

  const ask: Methods["ask"] = (wish, at) => {
    const asked = tidyMethod(wish);
    if (session === null) {
      store.setState({ asked, method: asked, text: methodText(asked) });
      return null;
    }
    const { ratio } = slider.store.getState();
    try {
      // Before anything is measured for it.
      checkScoring(readCriterion(asked.criterion), asked.options);
      const wanted = wantedBy(asked, session.key);
      if (wanted !== null && evidence.get(wanted) === undefined) {
        store.setState({ asked, refusal: null, needsCurves: false, isScoring: true });
        void scoreFirst(session, asked, wanted);
        return null;
      }
      const pruning = prepared(session, asked);
      const wantedCurves = curvesFor(asked, pruning);
      const curves = curvesOf(sensitivity.of(wantedCurves), wantedCurves.layers);
      const { byHand, ...rest } = asked;
      const isSame = pruning === store.getState().pruning;
      const meant: Method = { ...rest, ...handsOn(byHand, pruning, isSame) };
      const isWaiting = meant.allocation.kind === "sensitivity" && curves === undefined;
      const method = isWaiting ? tidyMethod({ ...meant, allocation: fallback() }) : meant;
      const preview =
        method.allocation.kind === "global-threshold"
          ? pruning.at(snapRatio(isWaiting ? ratio : method.allocation.ratio), countingOf(method))
          : pruning.by(allocationOf(method), curves);
      sensitivity.follow(wantedCurves);
      take(method, pruning, { asked: meant, needsCurves: isWaiting });
      slider.show(pruning, preview, countingOf(method));
      return null;
    } catch (error) {
      const text = sentenceOf(error) ?? "";
      // A row or a menu shows what is, not what was asked of it.
      const isShown = at !== "row" && at !== "preset";
      store.setState({
        refusal: { at, text },
        ...(isShown ? { asked, needsCurves: false, isScoring: false } : {}),
      });
      return text;
    }
  };

  /** What says how many go while curves are missing: as many as now. */
  const fallback = (): Allocation => {
    const { allocation } = store.getState().method;
    return allocation.kind === "sensitivity" ? BY_RATIO : allocation;
  };

  const withRatio = (method: Method): Method => {
    const { allocation } = method;
    if (allocation.kind !== "global-threshold") return method;
    return { ...method, allocation: { ...allocation, ratio: slider.store.getState().ratio } };
  };

  return {
    store,
    ask,
    fit: (next) => {
      session = next;
      if (next === null) {
        store.setState({ pruning: null, problem: null, refusal: null, needsCurves: false });
        sensitivity.follow(null);
        slider.reset(null);
        return;
      }
      const before = store.getState().method;
      const kept = keptOn(next, before);
      const fitted = firstThatFits(next, [kept, DEFAULT_METHOD, BY_FILTERS], (method) =>
        evidence.get(wantedBy(method, next.key)),
      );
      if ("problem" in fitted) {
        const { problem } = fitted;
        store.setState({ pruning: null, problem, refusal: null, needsCurves: false });
        sensitivity.follow(null);
      } else {
        take(fitted.method, fitted.pruning, {});
        sensitivity.follow(curvesFor(fitted.method, fitted.pruning));
      }
      slider.reset("pruning" in fitted ? fitted.pruning : null);
      // What has to be looked at first comes after; until then the usual scores are there.
      const wanted = wantedBy(kept, next.key);
      if (wanted !== null && evidence.get(wanted) === undefined) ask(kept, "criterion");
    },
    forgetEvidence: () => {
      evidence.clear();
      const { method } = store.getState();
      return session !== null && wantedBy(method, session.key)?.needsImages === true;
    },
    current: () => withRatio(store.getState().method),
    asked: () => withRatio(store.getState().asked),
    meant: () => {
      const { needsCurves, asked, method } = store.getState();
      return withRatio(needsCurves ? asked : method);
    },
  };
}

/** For networks without batch normalization. */
const BY_FILTERS: Method = { ...DEFAULT_METHOD, criterion: "l1" };

/** The locks that name a layer under a treatment of the streams, which may add selections; and the rest. */
export function splitLocks(
  network: Network,
  { locked = [], streams }: PruneOptions,
): { readonly locked: readonly string[]; readonly lost: readonly string[] } {
  const names = new Set(networkFor(network, streams).nodes.map(({ name }) => name));
  return {
    locked: locked.filter((name) => names.has(name)),
    lost: locked.filter((name) => !names.has(name)),
  };
}

/** The method for another network: as it was, without locks that name nothing there, and nothing cut. */
function keptOn({ network }: Session, { criterion, options, manner }: Method): Method {
  const { locked } = splitLocks(network, options);
  return { criterion, options: tidyOptions({ ...options, locked }), allocation: BY_RATIO, manner };
}

/**
 * The first of some methods by which the network can be pruned at once; else why the first one cannot.
 * One whose criterion has yet to look at the network has no say: what it would find out by itself takes
 * longer than the page can stand still.
 */
function firstThatFits(
  { network, key }: Session,
  candidates: readonly Method[],
  evidenceOf: (method: Method) => Evidence | undefined,
): { readonly method: Method; readonly pruning: Pruning } | { readonly problem: string | null } {
  let problem: string | null = null;
  for (const method of candidates) {
    const { criterion, options } = method;
    const known = evidenceOf(method);
    try {
      if (wantedBy(method, key) !== null && known === undefined) continue;
      return { method, pruning: preparePage(network, criterion, options, known) };
    } catch (error) {
      problem ??= sentenceOf(error);
    }
  }
  return { problem };
}
