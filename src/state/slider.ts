/**
 * @file The ratio and what it does, in a store of its own: it changes with every frame of a drag,
 * and only painters and single text nodes follow it; no React component renders from it.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { AppError } from "../core/index.ts";
import type { Plan } from "./engine.ts";
import {
  countUpTo,
  ratioForMacs,
  snapRatio,
  type Counting,
  type Preview,
  type Pruning,
} from "./planning.ts";

export interface SliderState {
  readonly ratio: number;
  /** Null when the network has nothing to prune. */
  readonly preview: Preview | null;
  /** The layer under the pointer or the keyboard, in every chart at once. */
  readonly hovered: number | null;
  /** The channel of that layer that is pointed at, by its rank: 0 for the largest score. */
  readonly pointed: number | null;
  /** True while a person holds the network as it is before the cut; nothing is changed by it. */
  readonly isUncut: boolean;
}

/** What charts and figures show: while the uncut network is held, nothing goes. */
export function shownOf(state: SliderState): SliderState {
  return state.isUncut ? { ...state, ratio: 0, preview: null } : state;
}

export type SliderStore = StoreApi<SliderState>;

export interface Slider {
  readonly store: SliderStore;
  /** Starts over for another network. */
  reset(pruning: Pruning | null, ratio?: number): void;
  /** Goes to the nearest position of the slider. */
  setRatio(ratio: number): void;
  /** Takes the place of the network that is there: the same one by another method. */
  show(pruning: Pruning, preview: Preview, counting?: Counting): void;
  /** The plan on the page as it is carried out; null when the network has nothing to prune. */
  settle(): Plan | null;
  /** Where the threshold takes exactly the scores up to `value`; null with nothing to prune. */
  ratioForThreshold(value: number): number | null;
  /** Shows the network without its cut for as long as it is held. */
  showUncut(isHeld: boolean): void;
  /** @param rank — of the channel that is pointed at, if any */
  hover(layer: number | null, rank?: number | null): void;
  /** The least ratio that brings the MACs down to a share of what they are; null when none does. */
  ratioForMacs(share: number): number | null;
}

const UNTOUCHED = { hovered: null, pointed: null };

export function createSlider(): Slider {
  const store = createStore<SliderState>(() => ({
    ...UNTOUCHED,
    ratio: 0,
    preview: null,
    isUncut: false,
  }));
  let pruning: Pruning | null = null;
  let counting: Counting = {};
  const setRatio = (asked: number): void => {
    const ratio = snapRatio(asked);
    if (ratio === store.getState().ratio) return;
    store.setState({ ratio, preview: pruning?.at(ratio, counting) ?? null });
  };
  return {
    store,
    setRatio,
    reset: (next, ratio = 0) => {
      pruning = next;
      counting = {};
      const start = next === null ? 0 : snapRatio(ratio);
      store.setState({ ratio: start, preview: next?.at(start) ?? null, ...UNTOUCHED });
    },
    show: (next, preview, counted = {}) => {
      const isSame = next === pruning;
      pruning = next;
      counting = counted;
      const { hovered, pointed } = store.getState();
      const isThere = hovered !== null && hovered < next.layers.length;
      store.setState({
        ratio: placeOf(preview),
        preview,
        hovered: isSame || isThere ? hovered : null,
        // By another method another channel has that rank.
        pointed: isSame ? pointed : null,
      });
    },
    settle: () => {
      const { preview } = store.getState();
      if (pruning === null || preview === null) return null;
      const plan = pruning.settle(preview);
      if (plan !== preview.plan) store.setState({ preview: { ...preview, plan } });
      return plan;
    },
    ratioForThreshold: (value) => {
      if (pruning === null) return null;
      // The scripts take the channel at the ratio along.
      const more = counting.mode === "reference" ? 1 : 0;
      const goes = Math.max(0, countUpTo(pruning.sorted, value) - more);
      return goes / Math.max(1, pruning.total);
    },
    hover: (hovered, rank = null) => {
      const pointed = hovered === null ? null : rank;
      const was = store.getState();
      if (hovered !== was.hovered || pointed !== was.pointed) store.setState({ hovered, pointed });
    },
    showUncut: (isUncut) => {
      if (isUncut !== store.getState().isUncut) store.setState({ isUncut });
    },
    ratioForMacs: (share) => (pruning === null ? null : ratioForMacs(pruning, share, counting)),
  };
}

/**
 * Where the thumb stands for a plan: at the ratio that was asked for where it was a ratio of all channels,
 * else at what it achieved, to a tenth of a per cent.
 */
function placeOf({ removed, plan }: Preview): number {
  if (plan.allocation?.kind === "global-threshold") return plan.requested;
  return removed === 0 ? 0 : Math.max(0.001, Number(plan.achieved.toFixed(3)));
}

/**
 * Reads what a person typed into the ratio field, in per cent.
 * @throws prune/bad-ratio
 */
export function parseRatio(text: string): number {
  const cleaned = text.trim().replace(",", ".").replace(/\s*%$/, "");
  const share = cleaned === "" ? Number.NaN : Number(cleaned) / 100;
  if (!(share >= 0 && share < 1)) {
    throw new AppError("prune/bad-ratio", {
      where: "ratio",
      expected: "a number from 0 up to, but not including, 100",
      found: cleaned === "" ? "nothing" : cleaned,
      hint: "type a percentage such as 50",
    });
  }
  return share;
}
