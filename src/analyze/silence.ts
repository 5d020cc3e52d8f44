/**
 * @file Channels that nobody hears, so that cutting them changes nothing: zero for every image where a
 * prefix of the network ends, and still zero where their readers find them. The first alone is not
 * enough: in DenseNet a batch norm stands between the concatenation and its reader, and makes β − γμ/σ
 * of every zero.
 */
import { known } from "../core/index.ts";
import { factsOf, type NodeName, type Op } from "../model/index.ts";
import { classesOf, type GroupId, type GroupTable } from "../prune/index.ts";
import type { Prefix } from "./prefix.ts";

/**
 * Whether a channel of a group is zero for every image, for all who read it.
 * @param from — where the prefix stands: before every reader of the group
 */
export function silentIn(
  table: GroupTable,
  id: GroupId,
  from: NodeName,
  prefix: Prefix,
): (channel: number) => boolean {
  const { start, size, layers } = known(table.byId.get(id), id);
  const nodes = [...factsOf(table.graph).values()].map(({ node }) => node);
  const isOnGroup = (name: NodeName): boolean =>
    classesOf(table, name).some((c) => c >= start && c < start + size);
  const behind = nodes.slice(nodes.findIndex(({ name }) => name === from) + 1);
  const isHeard = behind.some(
    ({ name, op }) => isOnGroup(name) && (layers.includes(name) || !keepsZeros(op)),
  );
  if (isHeard) return () => false;
  const silent = prefix.silentChannels();
  const speaking = new Set(classesOf(table, from).filter((_, i) => silent[i] === 0));
  return (channel) => !speaking.has(start + channel);
}

/** Whether an op makes zeros of a channel of zeros, whatever its weights are. */
function keepsZeros(op: Op): boolean {
  switch (op.kind) {
    // One that passes channels on is a depthwise one.
    case "conv2d":
      return !op.bias;
    case "add":
    case "concat":
    case "flatten":
    case "maxPool":
    case "averagePool":
    case "globalAveragePool":
    case "relu":
    case "relu6":
    case "elu":
    case "leakyRelu":
    case "swish":
    case "tanh":
      return true;
    case "batchNorm":
    case "softmax":
    case "input":
    case "dense":
    case "channelSelect":
      return false;
    default:
      return op satisfies never;
  }
}
