/**
 * @file Layers whose number of channels a person has set. The first one makes a list of what is on the page,
 * which remembers what said how many go until then (`Method.base`): what differs from that was set by
 * hand, and can be given back to it. A list in which nothing differs any more is what it was before.
 */
import { known } from "../core/index.ts";
import type { Allocation, Curves } from "./engine.ts";
import type { Method } from "./method.ts";
import type { MethodState, Methods } from "./methods.ts";
import { snapRatio, type Preview, type Pruning } from "./planning.ts";
import { sentenceOf } from "./problem.ts";
import type { Slider } from "./slider.ts";
import { parseCount } from "./typed.ts";

export interface ByHandCommands {
  /** Reads how many channels of a layer stay, and sets it. @returns the sentence for what was refused, or null */
  keepByHand(layer: string, text: string): string | null;
  /** Sets how many channels of a layer stay, beside the others as they are. @returns likewise */
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

/** How many channels of some layers stay, by name. */
type Widths = Readonly<Record<string, { readonly keep: number }>>;

export function createByHand({ methods, slider, ask }: ByHandParts): ByHandCommands {
  /** By the base again where nothing differs from it. */
  const settle = (layers: Widths): string | null => {
    const { pruning } = methods.store.getState();
    const { base: before, ...method } = methods.current();
    const isList = method.allocation.kind === "list";
    const base = (isList ? before : undefined) ?? method.allocation;
    const isMade = isList && before !== undefined;
    const own = isMade
      ? methods.store.getState().byMethod
      : (slider.store.getState().preview?.kept ?? null);
    const differs = (pruning?.layers ?? []).some(
      ({ name, of, isLocked }, i) => !isLocked && (layers[name]?.keep ?? of) !== own?.[i],
    );
    return ask(
      differs
        ? { ...method, base, allocation: { kind: "list", layers } }
        : { ...method, allocation: base },
    );
  };

  const keepChannels = (name: string, keep: number): string | null => {
    const { pruning } = methods.store.getState();
    const { of } = known(
      pruning?.layers.find((layer) => layer.name === name),
      name,
    );
    const list = listOf(pruning, slider.store.getState().preview);
    if (keep === (list[name]?.keep ?? of)) return null;
    const { [name]: _, ...others } = list;
    return settle(keep === of ? others : { ...others, [name]: { keep } });
  };

  return {
    keepChannels,
    keepAsMeasured: (name, ratio) => {
      const { pruning } = methods.store.getState();
      const at = pruning?.layers.findIndex((layer) => layer.name === name && !layer.isLocked) ?? -1;
      if (pruning === null || at < 0) return null;
      return keepChannels(name, pruning.keptAlone(at, ratio));
    },
    keepByHand: (name, text) => {
      const layer = methods.store.getState().pruning?.layers.find((one) => one.name === name);
      try {
        return keepChannels(name, parseCount(text, name, known(layer, name).of));
      } catch (error) {
        return sentenceOf(error);
      }
    },
    giveBack: (name) => {
      const { byMethod, pruning } = methods.store.getState();
      const at = pruning?.layers.findIndex((layer) => layer.name === name) ?? -1;
      const own = byMethod?.[at];
      return own === undefined ? null : keepChannels(name, own);
    },
    giveAllBack: () => {
      const { base, ...method } = methods.current();
      if (base !== undefined && method.allocation.kind === "list") {
        ask({ ...method, allocation: base });
      }
    },
  };
}

/** What a plan keeps of each layer of which anything goes. */
export function listOf(pruning: Pruning | null, preview: Preview | null): Widths {
  const layers = (pruning?.layers ?? []).flatMap(({ name, of, isLocked }, i) => {
    const keep = preview?.kept[i] ?? of;
    return isLocked || keep === of ? [] : [[name, { keep }] as const];
  });
  return Object.fromEntries(layers);
}

/** The layers that were set by hand, by their index. */
export function setByHand(
  { byMethod }: Pick<MethodState, "byMethod">,
  preview: Preview | null,
): readonly number[] {
  if (byMethod === null || preview === null) return [];
  return [...byMethod.keys()].filter((layer) => byMethod[layer] !== preview.kept[layer]);
}

const plans = new WeakMap<
  Pruning,
  { readonly base: Allocation; readonly curves: string | undefined; readonly kept: Int32Array }
>();

/**
 * How many channels of each layer stay by what a list was made from; planned once for the same curves,
 * since a drag asks in every frame. Null where the method is no such list, or where its base cannot be planned.
 */
export function keptByMethod(
  pruning: Pruning,
  { allocation, base }: Pick<Method, "allocation" | "base">,
  curves: Curves | undefined,
): Int32Array | null {
  if (allocation.kind !== "list" || base === undefined) return null;
  // By what they say: they are gathered anew each time, and on other images they are others.
  const text = base.kind === "sensitivity" ? JSON.stringify(curves) : undefined;
  const last = plans.get(pruning);
  if (last?.base === base && last.curves === text) return last.kept;
  try {
    const { kept } =
      base.kind === "global-threshold"
        ? pruning.at(snapRatio(base.ratio), base.mode)
        : pruning.by(base, curves);
    plans.set(pruning, { base, curves: text, kept });
    return kept;
  } catch {
    // Such as a target that a lock has put out of reach: the list stands by itself then.
    return null;
  }
}
