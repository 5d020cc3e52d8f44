/**
 * @file How the runs are looked at: which one is lit in every place that shows it, what the chart counts,
 * and whether what is equal among all is left out. In a store of its own, since the pointer changes it.
 */
import { createStore, type StoreApi } from "zustand/vanilla";

/** What the chart sets the accuracy against. */
export type CostAxis = "macs" | "parameters";

export interface ComparingState {
  /** The run under the pointer or the keyboard. */
  readonly lit: number | null;
  readonly axis: CostAxis;
  readonly differencesOnly: boolean;
  /** The run whose training is drawn behind the one that is shown. */
  readonly beside: number | null;
  /** Somebody has asked to see the runs: whoever shows them goes there. */
  readonly isSought: boolean;
}

export function createComparing(): StoreApi<ComparingState> {
  return createStore<ComparingState>(() => ({
    lit: null,
    axis: "macs",
    differencesOnly: false,
    beside: null,
    isSought: false,
  }));
}
