/**
 * @file Layers whose number of channels a person has set (`Method.byHand`). They keep what was set,
 * whatever says how many of the others go, until they are given back to it; a layer that is set to just what
 * it would have anyhow is given back by that.
 */
import { known } from "../core/index.ts";
import type { Widths } from "./engine.ts";
import { tidyHands, type Method } from "./method.ts";
import type { Methods } from "./methods.ts";
import type { Layer, Pruning } from "./planning.ts";
import { sentenceOf } from "./problem.ts";
import type { Slider } from "./slider.ts";
import { parseCount } from "./typed.ts";

export interface ByHandCommands {
  /** Reads how many channels of a layer stay, and sets it. @returns the sentence for what was refused, or null */
  keepByHand(layer: string, text: string): string | null;
  /** Sets how many channels of a layer stay. @returns likewise */
  keepChannels(layer: string, keep: number): string | null;
  /** Sets a layer to what was kept of it where its curve was measured at that ratio. @returns likewise */
  keepAsMeasured(layer: string, ratio: number): string | null;
  /** Lets the method say again how many channels of a layer stay. @returns likewise */
  giveBack(layer: string): string | null;
  /** The same for every layer that was set by hand. */
  giveAllBack(): void;
}

export interface ByHandParts {
  readonly methods: Methods;
  readonly slider: Slider;
  /** Tries a method. */
  readonly ask: (method: Method) => string | null;
}

export function createByHand({ methods, slider, ask }: ByHandParts): ByHandCommands {
  const rowNamed = (name: string): number =>
    methods.store.getState().pruning?.layers.findIndex((layer) => layer.name === name) ?? -1;

  /** @param keep — null gives the layer back */
  const set = (name: string, keep: number | null): string | null => {
    const { byHand, ...method } = methods.meant();
    const { [name]: _, ...others } = byHand ?? {};
    return ask({ ...method, ...tidyHands(keep === null ? others : { ...others, [name]: keep }) });
  };

  const keepChannels = (name: string, keep: number): string | null => {
    const row = rowNamed(name);
    const { of } = known(methods.store.getState().pruning?.layers[row], name);
    const { preview } = slider.store.getState();
    if (keep === (preview?.kept[row] ?? of)) return null;
    return set(name, keep === (preview?.own[row] ?? of) ? null : keep);
  };

  return {
    keepChannels,
    keepAsMeasured: (name, ratio) => {
      const { pruning } = methods.store.getState();
      const at = rowNamed(name);
      if (pruning === null || at < 0 || pruning.layers[at]?.isLocked === true) return null;
      return keepChannels(name, pruning.keptAlone(at, ratio));
    },
    keepByHand: (name, text) => {
      const layer = methods.store.getState().pruning?.layers[rowNamed(name)];
      try {
        return keepChannels(name, parseCount(text, name, known(layer, name).of));
      } catch (error) {
        return sentenceOf(error);
      }
    },
    giveBack: (name) => (name in (methods.meant().byHand ?? {}) ? set(name, null) : null),
    giveAllBack: () => {
      const { byHand, ...method } = methods.meant();
      if (byHand !== undefined) ask(method);
    },
  };
}

/** What a plan keeps of each layer of which anything goes, by name. */
export function listOf(
  pruning: Pruning | null,
  kept: Int32Array | undefined,
): Readonly<Record<string, { readonly keep: number }>> {
  const layers = (pruning?.layers ?? []).flatMap(({ name, of, isLocked }, i) => {
    const keep = kept?.[i] ?? of;
    return isLocked || keep === of ? [] : [[name, { keep }] as const];
  });
  return Object.fromEntries(layers);
}

/**
 * What was set by hand on a network made ready otherwise: by the names of its rows, without the layers that
 * are locked, and at the nearest width that guard and rounding allow. What takes no part any more is not
 * dropped in silence: it stays, and the plan is refused by its name.
 * @param isSame — true where the network is as it was, so that a width can only be what was asked for
 */
export function handsOn(
  byHand: Widths | undefined,
  pruning: Pruning,
  isSame: boolean,
): Pick<Method, "byHand"> {
  const widths = Object.entries(byHand ?? {}).flatMap(([name, keep]) => {
    const row = pruning.layers.findIndex((layer) => isOf(layer, name));
    const layer = pruning.layers[row];
    if (layer === undefined) return [[name, keep] as const];
    if (layer.isLocked) return [];
    return [[layer.name, isSame ? keep : nearest(pruning.widthsOf(row), keep)] as const];
  });
  return tidyHands(Object.fromEntries(widths));
}

const isOf = ({ name, layers }: Layer, wanted: string): boolean =>
  name === wanted || layers.includes(wanted);

/** @param widths — ascending; of two that are as near, the larger one */
function nearest(widths: readonly number[], wanted: number): number {
  return widths.reduce(
    (best, width) => (Math.abs(width - wanted) <= Math.abs(best - wanted) ? width : best),
    widths[0] ?? wanted,
  );
}
