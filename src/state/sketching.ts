/**
 * @file A network that can only be looked at, beside the one on the page, which stays what it was. It is gone when
 * it is put aside or another network is opened; nothing else of the page knows of it.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { explain, fromPlainError, type PlainError } from "../core/index.ts";
import type { Sketch, SketchLayer } from "./engine.ts";

export interface SketchingState {
  readonly sketch: Sketch | null;
  /** Why it cannot be run, and what can be done about it. */
  readonly why: string;
}

export interface SketchingCommands {
  /** Goes back to the network on the page. */
  dismissSketch(): void;
}

export interface Sketching {
  readonly store: StoreApi<SketchingState>;
  readonly commands: SketchingCommands;
  show(sketch: Sketch, refusal: PlainError): void;
}

const NONE: SketchingState = { sketch: null, why: "" };

export function createSketching(): Sketching {
  const store = createStore<SketchingState>(() => NONE);
  return {
    store,
    show: (sketch, refusal) => {
      store.setState({ sketch, why: explain(fromPlainError(refusal)) });
    },
    commands: {
      dismissSketch: () => {
        store.setState(NONE);
      },
    },
  };
}

/** What was counted of a sketch, and in how many layers it could not be. */
export interface SketchSum {
  readonly parameters: number;
  readonly macs: number;
  readonly uncountedParameters: number;
  readonly uncountedMacs: number;
  readonly problems: readonly SketchLayer[];
}

export function sumOf({ layers }: Sketch): SketchSum {
  const add = (of: (layer: SketchLayer) => number | null): number =>
    layers.reduce((sum, layer) => sum + (of(layer) ?? 0), 0);
  const open = (of: (layer: SketchLayer) => number | null): number =>
    layers.filter((layer) => of(layer) === null).length;
  return {
    parameters: add(({ parameters }) => parameters),
    macs: add(({ macs }) => macs),
    uncountedParameters: open(({ parameters }) => parameters),
    uncountedMacs: open(({ macs }) => macs),
    problems: layers.filter(({ problem }) => problem !== null),
  };
}
