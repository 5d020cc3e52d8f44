/**
 * @file Dependency groups: which channels must go together, for the whole graph at once.
 *
 * A *channel* of a group is a class of atoms (see `axes.ts`): one kernel column here, a batch norm's
 * entry there, a kernel row at each reader. A *group* is the set of layers whose channels are
 * entangled, such as all the layers that write into one residual stream; its channels are numbered
 * 0 … size−1 by where they first appear. Each group can be cut without asking any other. Akin
 * to Fang et al. 2023, "DepGraph: Towards Any Structural Pruning", §3.2, but the closure is
 * computed once over single channels instead of per request over layers (ours).
 */
import { AppError, known } from "../core/index.ts";
import { definitionOf, factsOf, type Graph, type NodeName } from "../model/index.ts";
import { closeAxes, type Closure, type FixedReason } from "./axes.ts";
import { UnionFind } from "./union-find.ts";

/** The name of a group's first layer: unique, and the same again after a cut. */
export type GroupId = NodeName;

/** Layers whose output channels live and die together. */
export interface Group {
  readonly id: GroupId;
  /** What people read: as yet the same as `id`. */
  readonly name: string;
  /** The nodes that open the group's axes, in forward order. */
  readonly layers: readonly NodeName[];
  /** The nodes that open another axis and read this one: their inputs shrink with it. */
  readonly readers: readonly NodeName[];
  /** The group's channels are the table's classes `start` … `start + size − 1`. */
  readonly start: number;
  readonly size: number;
  /** True when nothing may be cut here, for `reason`. */
  readonly fixed: boolean;
  readonly reason?: FixedReason;
  /** True when an addition sums channels of several of its layers: a residual stream. */
  readonly stream: boolean;
  /**
   * Why its channels go together: the nodes that bind them, in forward order. An addition binds those
   * of its inputs, a grouped convolution the equal slots of its groups.
   */
  readonly joints: readonly NodeName[];
}

/** Every channel of every node, by group. Plain and structured-cloneable. */
export interface GroupTable {
  readonly graph: Graph;
  /** In forward order of their first layers. */
  readonly groups: readonly Group[];
  readonly byId: ReadonlyMap<GroupId, Group>;
  /** How many channels all groups have together. */
  readonly classCount: number;
  /** Per axis: the class of each channel. */
  readonly axes: readonly Int32Array[];
  /** Each node's output axis, an index into `axes`. */
  readonly axisOf: ReadonlyMap<NodeName, number>;
}

// A graph is a value, so its groups are found once.
const memo = new WeakMap<Graph["nodes"], GroupTable>();

/**
 * Finds the groups of a graph, including those that may not be cut.
 * @throws model/bad-graph and its kin when the graph is unsound
 */
export function findGroups(graph: Graph): GroupTable {
  const cached = memo.get(graph.nodes);
  if (cached?.graph.output === graph.output) return cached;
  const table = sortIntoGroups(graph, closeAxes(graph));
  memo.set(graph.nodes, table);
  return table;
}

/**
 * The same with every layer for itself, as if no addition tied it to others: by it, a criterion can be
 * asked what each layer of a stream says on its own. Not a table to plan on.
 */
export function findLayers(graph: Graph): GroupTable {
  return sortIntoGroups(graph, closeAxes(graph, false));
}

/**
 * The group in which a name's channels are, for names that people write: a group's, a layer's of it,
 * or that of any node whose channels all belong to one group, such as the batch norm behind a layer.
 * @throws prune/unknown-group
 */
export function groupNamed(table: GroupTable, name: NodeName): Group {
  const direct = table.byId.get(name);
  if (direct !== undefined) return direct;
  const axis = table.axes[table.axisOf.get(name) ?? -1];
  const on = table.groups.filter(
    ({ start, size }) => axis?.some((c) => c >= start && c < start + size) ?? false,
  );
  const [only, another] = on;
  if (only !== undefined && another === undefined) return only;
  const some = table.groups.filter(({ fixed }) => !fixed).map(({ id }) => id);
  throw new AppError("prune/unknown-group", {
    where: `${table.graph.name} › ${name}`,
    expected: `one layer, such as ${some.slice(0, 3).join(", ")}`,
    found: only === undefined ? "no layer of that name" : `${on.length} groups side by side`,
  });
}

/** The class of each of a node's output channels. */
export function classesOf(table: GroupTable, node: NodeName): Int32Array {
  return known(table.axes[known(table.axisOf.get(node), `axis of ${node}`)], "axis");
}

function sortIntoGroups(graph: Graph, closure: Closure): GroupTable {
  const { layers, ownerOf } = closure;
  const { members, groupOf } = gatherLayers(closure);
  const { starts, sizes, classOf } = numberChannels(closure, groupOf, members.length);
  const groupsOn = (axis: Int32Array): Set<number> =>
    new Set(Array.from(axis, (atom) => known(groupOf[ownerOf[atom] as number], "group")));

  const reasons = new Map<number, FixedReason>();
  for (const { axis, reason } of closure.fixed) {
    for (const group of groupsOn(known(closure.axes[axis], "axis"))) {
      if (!reasons.has(group)) reasons.set(group, reason);
    }
  }
  const streams = groupsOn(Int32Array.from(closure.summed));
  const readers = readersByGroup(graph, closure, groupsOn);
  const joints = jointsByGroup(closure, groupOf);
  const groups = members.map((indices, g): Group => {
    const names = indices.map((index) => known(layers[index], "layer"));
    const id = known(names[0], "first layer");
    const reason = reasons.get(g);
    return {
      id,
      name: id,
      layers: names,
      readers: readers.get(g) ?? [],
      start: starts[g] as number,
      size: sizes[g] as number,
      fixed: reason !== undefined,
      ...(reason === undefined ? {} : { reason }),
      stream: streams.has(g),
      joints: [...(joints.get(g) ?? [])],
    };
  });
  return {
    graph: { name: graph.name, nodes: graph.nodes, output: graph.output },
    groups,
    byId: new Map(groups.map((group) => [group.id, group])),
    classCount: sizes.reduce((a, b) => a + b, 0),
    axes: closure.axes.map((axis) => axis.map((atom) => classOf[atom] as number)),
    axisOf: closure.axisOf,
  };
}

/** Entangled layers, by group and in forward order, and the group of each layer. */
function gatherLayers({ layers, ownerOf, sets }: Closure) {
  const entangled = new UnionFind(layers.length);
  ownerOf.forEach((owner, atom) => entangled.union(owner, ownerOf[sets.find(atom)] as number));
  const groupOf = new Int32Array(layers.length);
  const members: number[][] = [];
  layers.forEach((_, layer) => {
    // The first layer of a set is its smallest, hence seen before the others.
    const first = entangled.find(layer);
    groupOf[layer] = first === layer ? members.push([]) - 1 : (groupOf[first] as number);
    members[groupOf[layer]]?.push(layer);
  });
  return { members, groupOf };
}

/** Gives each group a run of classes, and each atom its class: first come, first numbered. */
function numberChannels({ ownerOf, sets }: Closure, groupOf: Int32Array, groupCount: number) {
  const sizes = new Int32Array(groupCount);
  const groupOfAtom = ownerOf.map((owner) => groupOf[owner] as number);
  groupOfAtom.forEach((group, atom) => {
    if (sets.find(atom) === atom) sizes[group] = (sizes[group] as number) + 1;
  });
  const starts = new Int32Array(groupCount);
  for (let g = 1; g < groupCount; g++) {
    starts[g] = (starts[g - 1] as number) + (sizes[g - 1] as number);
  }
  const next = starts.slice();
  const classOf = new Int32Array(ownerOf.length);
  groupOfAtom.forEach((group, atom) => {
    const first = sets.find(atom);
    if (first !== atom) classOf[atom] = classOf[first] as number;
    else classOf[atom] = (next[group] as number)++;
  });
  return { starts, sizes, classOf };
}

/** For each group, the nodes that read it and open an axis of their own. */
function readersByGroup(
  graph: Graph,
  { axes, axisOf }: Closure,
  groupsOn: (axis: Int32Array) => Set<number>,
): ReadonlyMap<number, readonly NodeName[]> {
  const readers = new Map<number, NodeName[]>();
  for (const { node, inputs } of factsOf(graph).values()) {
    if (definitionOf(node.op).coupling(node.op, inputs).kind !== "opens") continue;
    for (const source of new Set(node.inputs)) {
      for (const group of groupsOn(known(axes[known(axisOf.get(source), "axis")], "axis"))) {
        const list = readers.get(group);
        if (list === undefined) readers.set(group, [node.name]);
        else list.push(node.name);
      }
    }
  }
  return readers;
}

/** For each group, the nodes that bind its channels. */
function jointsByGroup(
  { joints, ownerOf }: Closure,
  groupOf: Int32Array,
): ReadonlyMap<number, ReadonlySet<NodeName>> {
  const byGroup = new Map<number, Set<NodeName>>();
  for (const { node, atom } of joints) {
    const group = groupOf[ownerOf[atom] as number] as number;
    const nodes = byGroup.get(group);
    if (nodes === undefined) byGroup.set(group, new Set([node]));
    else nodes.add(node);
  }
  return byGroup;
}
