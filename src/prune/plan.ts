/**
 * @file The plan: which channels stay, group by group, and how that was decided. A plain value that
 * crosses worker boundaries; it holds no weights and makes sense only beside the network it was made
 * for, which is checked wherever one is used.
 */
import { AppError, known } from "../core/index.ts";
import type { Kept, NodeName, RecordedPlan } from "../model/index.ts";
import type { Allocated } from "./allocate/allocation.ts";
import type { ThresholdMode } from "./allocate/global-threshold.ts";
import { classesOf, type Group, type GroupId, type GroupTable } from "./groups.ts";

export interface Plan {
  /** Who scored: a criterion's name, or "manual". */
  readonly criterion: string;
  /** How channels were counted; "list" when they were named one by one. */
  readonly mode: ThresholdMode | "list";
  /** Share of the planned channels that was asked to go, in [0, 1). */
  readonly requested: number;
  /** Share that goes: guards lower it, reference mode raises it. */
  readonly achieved: number;
  /**
   * Every channel that goes scores at most this, layers set by hand aside; 0 where none goes, or none was
   * scored. Greedy scoring has none, as each group's scores follow from what went before it.
   */
  readonly threshold?: number | undefined;
  /** The planned groups in forward order: channels that stay, ascending. All others stay whole. */
  readonly kept: ReadonlyMap<GroupId, Kept>;
  /** How many channels each planned group had: what tells this plan from one for another network. */
  readonly sizes: ReadonlyMap<GroupId, number>;
  /** The groups where a guard kept channels that the allocation would have taken. */
  readonly guarded: readonly GroupId[];
  /** How it was asked for, where that was by an allocation. */
  readonly allocation?: Allocated;
}

/**
 * Makes a plan from lists of channels; each list is sorted here.
 * @throws prune/plan-mismatch when a list does not fit the table, or would empty a layer
 */
export function planFromLists(
  table: GroupTable,
  lists: Iterable<readonly [GroupId, Iterable<number>]>,
): Plan {
  const given = new Map(lists);
  const kept = new Map<GroupId, Kept>();
  const sizes = new Map<GroupId, number>();
  for (const id of given.keys()) groupNamed(table, id);
  for (const { id, size } of table.groups) {
    const list = given.get(id);
    if (list === undefined) continue;
    kept.set(id, Int32Array.from(list).sort());
    sizes.set(id, size);
  }
  const count = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);
  const total = count(sizes.values());
  const stays = count([...kept.values()].map(({ length }) => length));
  const achieved = total === 0 ? 0 : 1 - stays / total;
  const plan: Plan = {
    criterion: "manual",
    mode: "list",
    requested: achieved,
    achieved,
    threshold: 0,
    kept,
    sizes,
    guarded: [],
  };
  survivorsOf(table, plan);
  return plan;
}

/** Which channels of how many stay in each planned group, as histories, reports and answers hold it. */
export function listKept({ kept, sizes }: Plan): RecordedPlan["groups"] {
  return [...kept].map(([name, channels]) => ({
    name,
    of: known(sizes.get(name), name),
    kept: Array.from(channels),
  }));
}

/**
 * What a plan leaves, by class: 1 where the channel stays. This is the check that every use of a plan
 * passes through; cost O(channels).
 * @throws prune/plan-mismatch when the plan was made for another network, or empties a layer
 */
export function survivorsOf(table: GroupTable, plan: Plan): Uint8Array {
  const survives = new Uint8Array(table.classCount).fill(1);
  for (const [id, kept] of plan.kept) {
    const group = groupNamed(table, id);
    checkList(group, kept, plan.sizes.get(id));
    survives.fill(0, group.start, group.start + group.size);
    for (const channel of kept) survives[group.start + channel] = 1;
    // A group of one layer that keeps a channel keeps one in that layer.
    if (kept.length < group.size && group.layers.length > 1) checkLayers(table, group, survives);
  }
  return survives;
}

/**
 * The output channels of a node that a plan leaves, ascending.
 * @throws prune/plan-mismatch
 */
export function keptOf(table: GroupTable, plan: Plan, node: NodeName): Kept {
  return positionsOf(classesOf(table, node), survivorsOf(table, plan));
}

/** The places of an axis whose class survives, ascending. */
export function positionsOf(axis: Int32Array, survives: Uint8Array): Kept {
  const kept = new Int32Array(axis.length);
  let count = 0;
  for (let j = 0; j < axis.length; j++) {
    if (survives[axis[j] as number] === 1) kept[count++] = j;
  }
  return kept.subarray(0, count);
}

function groupNamed(table: GroupTable, id: GroupId): Group {
  const group = table.byId.get(id);
  if (group !== undefined) return group;
  throw mismatch(table.graph.name, "groups of this network", id);
}

function checkList(group: Group, kept: Kept, size: number | undefined): void {
  if (size !== group.size) {
    throw mismatch(group.id, `a group of ${group.size} channels`, `one of ${size ?? "unknown"}`);
  }
  if (group.fixed && kept.length < group.size) {
    throw mismatch(group.id, "all of its channels, which may not be cut", `${kept.length} of them`);
  }
  let before = -1;
  for (const channel of kept) {
    if (!(channel > before && channel < group.size)) {
      throw mismatch(group.id, `rising channels from 0 to ${group.size - 1}`, String(channel));
    }
    before = channel;
  }
  if (kept.length === 0) throw mismatch(group.id, "at least one channel", "none");
}

function checkLayers(table: GroupTable, group: Group, survives: Uint8Array): void {
  const empty = group.layers.find((layer) =>
    classesOf(table, layer).every((c) => survives[c] === 0),
  );
  if (empty !== undefined) throw mismatch(known(empty, "layer"), "at least one channel", "none");
}

function mismatch(where: string, expected: string, found: string): AppError {
  return new AppError("prune/plan-mismatch", { where: `plan › ${where}`, expected, found });
}
