/**
 * @file Surgery that is remembered. A plan is carried out on a network, by cutting or by masking, and
 * what comes out knows where its channels came from and which plans made it; so it can be replayed on
 * the network that it all began with, and undone by leaving out the last of them.
 */
import { AppError, known } from "../core/index.ts";
import {
  definitionOf,
  factsOf,
  fingerprintGraph,
  type Network,
  type NodeName,
  type RecordedOrigin,
  type RecordedPlan,
  type RecordedStep,
  type SurgeryRecord,
} from "../model/index.ts";
import { absorbDead, type Absorbed } from "./absorb.ts";
import { applyPlan } from "./apply.ts";
import { classesOf, findGroups } from "./groups.ts";
import { maskPlan } from "./mask-plan.ts";
import { originsOf } from "./origins.ts";
import { listKept, planFromLists, positionsOf, survivorsOf, type Plan } from "./plan.ts";
import type { Streams } from "./prepare.ts";
import { selectAtReaders } from "./select-readers.ts";

/** What becomes of what removed channels still say: nothing, as in the papers' code, or see `absorb.ts`. */
export type DeadChannels = "zero" | "absorb";

export const DEAD_CHANNELS: readonly DeadChannels[] = ["zero", "absorb"];

export interface SurgeryOptions {
  /** "zero" unless said otherwise. */
  readonly dead?: DeadChannels | undefined;
}

/** How a plan is carried out. */
export interface Manner {
  readonly kind: "cut" | "mask";
  readonly dead: DeadChannels;
}

/** A network after surgery. */
export interface Surgery {
  readonly network: Network;
  /** What readers took over, and how wrong it is; nothing unless it was asked for. */
  readonly absorbed: readonly Absorbed[];
}

/**
 * Cuts a network and remembers it. A plan that takes nothing changes nothing.
 * @throws prune/plan-mismatch
 */
export function cutNetwork(network: Network, plan: Plan, options: SurgeryOptions = {}): Surgery {
  return operate(network, plan, { kind: "cut", dead: options.dead ?? "zero" });
}

/**
 * Masks a network and remembers it: the same shapes, with zeros for what the plan takes.
 * @throws prune/plan-mismatch
 */
export function maskNetwork(network: Network, plan: Plan, options: SurgeryOptions = {}): Surgery {
  return operate(network, plan, { kind: "mask", dead: options.dead ?? "zero" });
}

/** Adds the selections that `selectAtReaders` adds, and remembers it; the network itself where none is. */
export function selectNetwork(network: Network): Network {
  const made = selectAtReaders(network);
  if (made === network) return network;
  return withStep(made, { kind: "select", from: fingerprintGraph(network) });
}

// A network is a value, so it is made ready once.
const selected = new WeakMap<Network, Network>();

/**
 * The network as it is scored and cut under a treatment of its streams: with selections at their readers
 * where those are to be cut. Cost O(nodes) the first time.
 */
export function networkFor(network: Network, streams: Streams | undefined): Network {
  if (streams !== "select") return network;
  const ready = selected.get(network) ?? selectNetwork(network);
  selected.set(network, ready);
  return ready;
}

/**
 * Does again what was done: the steps of one network's history on another of the same graph. On the
 * network that the history began with, what comes out is the same bit for bit, unless there was a
 * training or a folding in between; those are left out.
 * @throws prune/plan-mismatch when the graph is another one
 */
export function replay(original: Network, history: readonly RecordedStep[]): Network {
  return history.reduce((network, step, at) => {
    if (step.kind === "trained" || step.kind === "folded") return network;
    const found = fingerprintGraph(network);
    if (found !== step.from) {
      throw new AppError("prune/plan-mismatch", {
        where: `${original.name} › step ${at + 1} of ${history.length}`,
        expected: `the graph that it was made for, ${step.from.slice(0, 8)}`,
        found: `another one, ${found.slice(0, 8)}`,
        hint: "name the network that the history began with",
      });
    }
    if (step.kind === "select") return selectNetwork(network);
    return operate(network, planOf(network, step.plan), step).network;
  }, original);
}

/**
 * The network before its last surgeries.
 * @param original — the network that the history began with
 * @param count — of the plans to leave out; at 0 all of the history is replayed
 * @throws prune/plan-mismatch
 */
export function undo(original: Network, network: Network, count = 1): Network {
  return replay(original, historyBefore(network.metadata.surgery?.history ?? [], count));
}

/**
 * The history without its last so many plans. The selections right in front of a plan were put in for it
 * and go with it; those that something else was done to stay.
 *
 * Example: select cut trained select cut, without one plan → select cut trained.
 */
function historyBefore(history: readonly RecordedStep[], count: number): readonly RecordedStep[] {
  if (count <= 0) return history;
  const plan = history.findLastIndex((step) => "plan" in step);
  const before = history.slice(0, Math.max(0, plan));
  return historyBefore(before.slice(0, endOfWork(before)), count - 1);
}

/** How many steps there are without the selections at the end. */
function endOfWork(history: readonly RecordedStep[]): number {
  return history.findLastIndex(({ kind }) => kind !== "select") + 1;
}

/** Notes that weights have changed since the last surgery; where there was none, there is no need. */
export function noteTraining(network: Network, steps: number): Network {
  if (network.metadata.surgery === undefined || steps === 0) return network;
  return withStep(network, { kind: "trained", steps });
}

/** Notes that nodes were folded into others, which no plan says. */
export function noteFolding(network: Network): Network {
  return network.metadata.surgery === undefined ? network : withStep(network, { kind: "folded" });
}

/**
 * Carries a plan out in either way and remembers it.
 * @throws prune/plan-mismatch
 */
export function operate(network: Network, plan: Plan, { kind, dead }: Manner): Surgery {
  const table = findGroups(network);
  const absorption = dead === "absorb" ? absorbDead(network, table, plan) : undefined;
  const ready = absorption?.network ?? network;
  const act = kind === "cut" ? applyPlan : maskPlan;
  const made = act(ready, findGroups(ready), plan);
  if (takesNothing(plan)) return { network, absorbed: [] };
  const step: RecordedStep = { kind, from: fingerprintGraph(network), plan: record(plan), dead };
  const origins = kind === "cut" ? originsAfter(network, plan) : undefined;
  return { network: withStep(made, step, origins), absorbed: absorption?.absorbed ?? [] };
}

/** @param origins — where they have changed */
function withStep(
  network: Network,
  step: RecordedStep,
  origins?: SurgeryRecord["origins"],
): Network {
  const before = network.metadata.surgery ?? { origins: {}, history: [] };
  const surgery = { origins: origins ?? before.origins, history: [...before.history, step] };
  return { ...network, metadata: { ...network.metadata, surgery } };
}

const takesNothing = ({ kept, sizes }: Plan): boolean =>
  [...kept].every(([id, channels]) => channels.length === sizes.get(id));

function record(plan: Plan): RecordedPlan {
  const { criterion, mode, requested, achieved, threshold, guarded } = plan;
  return {
    criterion,
    mode,
    // JSON has no −0.
    requested: requested + 0,
    achieved,
    ...(threshold === undefined ? {} : { threshold }),
    groups: listKept(plan),
    guarded,
  };
}

function planOf(network: Network, { groups, ...recorded }: RecordedPlan): Plan {
  const lists = groups.map(({ name, kept }) => [name, kept] as const);
  const plan = planFromLists(findGroups(network), lists);
  // The names of modes are for people here; what was written down is what is done.
  return { ...plan, threshold: undefined, ...recorded, mode: recorded.mode as Plan["mode"] };
}

/** Composes where channels came from with what a plan leaves of them. */
function originsAfter(network: Network, plan: Plan): Readonly<Record<NodeName, RecordedOrigin>> {
  const table = findGroups(network);
  const survives = survivorsOf(table, plan);
  const origins = originsOf(network);
  const found: [NodeName, RecordedOrigin][] = [];
  for (const { node, inputs } of factsOf(network).values()) {
    const { kind } = definitionOf(node.op).coupling(node.op, inputs);
    // A depthwise convolution's list follows from its input's, until a cut makes it look like another.
    if (kind !== "opens" && kind !== "repeats") continue;
    const { node: from, of, channels } = known(origins.get(node.name), node.name);
    const places = positionsOf(classesOf(table, node.name), survives);
    const kept = Array.from(places, (place) => known(channels[place], "origin"));
    const isWhole = kept.length === of && kept.every((channel, j) => channel === j);
    if (!isWhole) found.push([node.name, { node: from, of, kept }]);
  }
  return Object.fromEntries(found);
}
