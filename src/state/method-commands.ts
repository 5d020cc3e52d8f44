/**
 * @file What a person does to the method: each command makes the method that is wanted and has it tried
 * (`methods.ts`). Rows change the plan that is there; controls change what is asked.
 */
import { AppError, known } from "../core/index.ts";
import type { Activity } from "./activity.ts";
import { createByHand, listOf, type ByHandCommands } from "./by-hand.ts";
import { PRESETS, readCriterion } from "./engine.ts";
import type {
  Allocation,
  CostKind,
  Manner,
  PruneOptions,
  RecipeCut,
  ThresholdMode,
} from "./engine.ts";
import { BY_RATIO, PLAIN, splitAllocation, tidyOptions, type Method, type Mode } from "./method.ts";
import { splitLocks, type Control, type Methods } from "./methods.ts";
import type { Layer } from "./planning.ts";
import { sentenceOf } from "./problem.ts";
import type { Session } from "./session.ts";
import type { Slider } from "./slider.ts";
import { parseGoal, parseShare } from "./typed.ts";

/** The fields of a method that are typed into. */
export type Setting = "share" | "goal" | "points" | "minimumShare";

/** Parts of a method. */
export interface MethodChange {
  readonly criterion?: string;
  readonly options?: PruneOptions;
  readonly manner?: Partial<Manner>;
  /** How channels are counted where the slider says how many go. */
  readonly mode?: ThresholdMode;
}

export interface MethodCommands extends ByHandCommands {
  /** Changes parts of what is asked; options are laid over those that are there. */
  changeMethod(change: MethodChange, at: Control): void;
  /** Sets one option of the criterion. @returns the sentence for what was refused, or null */
  setCriterionOption(key: string, value: string): string | null;
  /** Goes to another way of saying how many go, from what is on the page. */
  chooseMode(mode: Mode): void;
  /** What a target is of; for "sensitivity", null goes by the loss. */
  chooseGoal(of: CostKind | null): void;
  /** @returns the sentence for what was refused, or null when it was taken */
  typeSetting(setting: Setting, text: string): string | null;
  /** @returns likewise */
  toggleLock(layer: string): string | null;
  unlockAll(): void;
  /** The method of a paper, by the preset's name; how the paper trains goes into the training forms. */
  choosePreset(name: string): void;
  /** Takes back the sentence, and what was asked with it. */
  dismissRefusal(): void;
}

/** How many go. */
type Amount = Pick<Method, "allocation" | "points">;

export interface MethodCommandsParts {
  readonly methods: Methods;
  readonly slider: Slider;
  readonly activity: Activity;
  readonly session: () => Session | null;
  /** Accuracy of the whole network as far as it is known, else 1. */
  readonly base: () => number;
  /** Called after each change that was taken. */
  readonly onChange: () => void;
  /** Called with a paper's recipe once its method was taken: the rest of it is set elsewhere. */
  readonly onPreset: (recipe: Recipe) => void;
}

export function createMethodCommands(parts: MethodCommandsParts): MethodCommands {
  const { methods, slider } = parts;
  const ask = (method: Method, at: Control): string | null => {
    const refused = methods.ask(method, at);
    if (refused === null) parts.onChange();
    return refused;
  };
  const allocate = (how: Amount | Allocation): string | null =>
    ask({ ...methods.asked(), ...("kind" in how ? { allocation: how } : how) }, "allocation");
  const shareOf = (of: CostKind): number => {
    const whole = parts.session()?.cost[of] ?? 0;
    const now = slider.store.getState().preview?.cost[of] ?? whole;
    return now < whole ? Math.max(0.01, Math.ceil((now / whole) * 100 - 1e-9) / 100) : 0.5;
  };
  const byPoints = (points: number): Amount => {
    const loss = Math.min(1, points / 100 / parts.base());
    return { points, allocation: { kind: "sensitivity", loss } };
  };
  const locksUnder = (options: PruneOptions): ReturnType<typeof splitLocks> => {
    const network = parts.session()?.network;
    return network === undefined
      ? { locked: options.locked ?? [], lost: [] }
      : splitLocks(network, options);
  };
  const layerNamed = (name: string): Layer =>
    known(
      methods.store.getState().pruning?.layers.find((layer) => layer.name === name),
      name,
    );

  const start: Readonly<Record<Mode, () => Amount | Allocation>> = {
    "global-threshold": () => ({ ...BY_RATIO, ratio: slider.store.getState().ratio }),
    uniform: () => ({ kind: "uniform", ratio: slider.store.getState().ratio }),
    target: () => ({ kind: "target", of: "macs", share: shareOf("macs") }),
    sensitivity: () => byPoints(1),
    list: () => ({
      kind: "list",
      layers: listOf(methods.store.getState().pruning, slider.store.getState().preview?.own),
    }),
  };

  const typed: Readonly<Record<Setting, (text: string) => string | null>> = {
    share: (text) => {
      const { allocation } = methods.asked();
      const ratio = parseShare(text, "share", { below: 100 });
      return allocate(
        allocation.kind === "uniform" ? { ...allocation, ratio } : { kind: "uniform", ratio },
      );
    },
    goal: (text) => {
      const { allocation } = methods.asked();
      if (allocation.kind === "sensitivity" && "goal" in allocation) {
        return allocate({ kind: "sensitivity", goal: parseGoal(text, allocation.goal.of) });
      }
      const of = allocation.kind === "target" ? allocation.of : "macs";
      return allocate({ kind: "target", ...parseGoal(text, of) });
    },
    points: (text) => {
      const points = parseShare(text.replace(/\s*pt$/, ""), "loss", { most: 100 }) * 100;
      return allocate(byPoints(points));
    },
    minimumShare: (text) => {
      const minimumShare = parseShare(text, "least share", { most: 100 });
      const asked = methods.asked();
      return ask({ ...asked, options: { ...asked.options, minimumShare } }, "more");
    },
  };

  return {
    ...createByHand({ methods, slider, ask: (method) => ask(method, "row") }),
    changeMethod: ({ criterion, options, manner, mode }, at) => {
      const asked = methods.asked();
      const changed = { ...asked.options, ...options };
      const { locked, lost } = locksUnder(changed);
      const refused = ask(
        {
          ...asked,
          criterion: criterion ?? asked.criterion,
          options: { ...changed, locked },
          manner: { ...asked.manner, ...manner },
          allocation: counted(asked.allocation, mode),
        },
        at,
      );
      if (refused === null && lost.length > 0) {
        parts.activity.say(`No longer there, and so not locked: ${lost.join(", ")}.`);
      }
    },
    setCriterionOption: (key, value) => {
      const asked = methods.asked();
      try {
        const { name, options } = readCriterion(asked.criterion);
        const pairs = Object.entries({ ...options, [key]: oneValue(key, value) }).map((pair) =>
          pair.join("="),
        );
        const { text } = readCriterion(`${name}:${pairs.join(",")}`);
        return ask({ ...asked, criterion: text }, "more");
      } catch (error) {
        const said = sentenceOf(error) ?? "";
        methods.store.setState({ refusal: { at: "more", text: said } });
        return said;
      }
    },
    chooseMode: (mode) => {
      if (mode !== methods.asked().allocation.kind) allocate(start[mode]());
    },
    chooseGoal: (of) => {
      const isBySensitivity = methods.asked().allocation.kind === "sensitivity";
      if (of === null) allocate(byPoints(1));
      else if (isBySensitivity) allocate({ kind: "sensitivity", goal: { of, share: shareOf(of) } });
      else allocate({ kind: "target", of, share: shareOf(of) });
    },
    typeSetting: (setting, text) => {
      try {
        return typed[setting](text);
      } catch (error) {
        const said = sentenceOf(error) ?? "";
        const at = setting === "minimumShare" ? "more" : "allocation";
        methods.store.setState({ refusal: { at, text: said } });
        return said;
      }
    },
    toggleLock: (name) => {
      const { layers, isLocked } = layerNamed(name);
      const method = methods.meant();
      const others = (method.options.locked ?? []).filter((one) => !layers.includes(one));
      const locked = isLocked ? others : [...others, name];
      const options = { ...method.options, locked };
      return ask({ ...method, allocation: without(method.allocation, layers), options }, "row");
    },
    unlockAll: () => {
      const method = methods.meant();
      ask({ ...method, options: { ...method.options, locked: [] } }, "more");
    },
    choosePreset: (name) => {
      const recipe = known(PRESETS[name], name);
      const { method, architecture } = readPreset(recipe);
      const refused = ask(method, "preset");
      const on = parts.session()?.name ?? "";
      if (refused === null) {
        parts.onPreset(recipe);
        parts.activity.say("Sparse train and Fine-tune are set as in the paper, too.");
      }
      if (architecture === undefined || architecture === on) return;
      if (refused === null) {
        parts.activity.say(`These widths were found on ${architecture}; this network is ${on}.`);
      } else {
        const text = `This preset is for ${architecture}, and ${on} is on the page; build ${architecture} under Load.`;
        methods.store.setState({ refusal: { at: "preset", text } });
      }
    },
    dismissRefusal: () => {
      const { method, needsCurves, asked } = methods.store.getState();
      methods.store.setState({ refusal: null, asked: needsCurves ? asked : method });
    },
  };
}

/** A list without some layers; anything else as it is. */
function without(allocation: Allocation, layers: readonly string[]): Allocation {
  if (allocation.kind !== "list") return allocation;
  const rest = Object.entries(allocation.layers).filter(([name]) => !layers.includes(name));
  return { kind: "list", layers: Object.fromEntries(rest) };
}

/** An allocation by ratio with channels counted so; any other as it is. */
function counted(allocation: Allocation, mode: ThresholdMode | undefined): Allocation {
  if (mode === undefined || allocation.kind !== "global-threshold") return allocation;
  return { ...allocation, mode };
}

type Recipe = (typeof PRESETS)[string];

/** The fields that say how a network is cut, and those that only a whole preset has. */
type CutFields = RecipeCut & Partial<Pick<Recipe, "architecture" | "schedule">>;

/** A preset as a method. */
export function readPreset(preset: CutFields): {
  readonly method: Method;
  readonly architecture: string | undefined;
} {
  const { criterion, allocation, architecture, repair, schedule } = preset;
  const isInPasses = schedule?.kind === "multi-pass";
  const { options, ...how } = splitAllocation(allocation);
  const least = Math.max(options.minimumShare ?? 0, isInPasses ? 1 - schedule.mostPerLayer : 0);
  const manner: Manner = { ...PLAIN, ...(repair.dead === undefined ? {} : { dead: repair.dead }) };
  const method = {
    criterion: criterion.name,
    ...how,
    options: tidyOptions({ ...options, minimumShare: least }),
    manner,
  };
  return { method, architecture };
}

/**
 * What was typed for an option, with a point for a decimal comma.
 * @throws prune/bad-option for what would be read as several
 */
function oneValue(key: string, text: string): string {
  const value = text.trim().replace(/^(\d*),(\d+)$/, "$1.$2");
  if (!/[,=]/.test(value)) return value;
  throw new AppError("prune/bad-option", { where: key, expected: "one value", found: value });
}
