/**
 * @file Who is spoken for by a batch norm: its own axis, except where only channel selections read it;
 * then what they select, channel i of a selection by the value at indices[i], and by 0 where the index
 * is −1. That rule alone yields Network Slimming on VGG (writers), on pre-activation ResNet and on
 * DenseNet (readers, behind their selections), without a word about either.
 *
 * Example: values [3, −1, 2] of a batch norm read by select [2, 0] alone → [2, 3] for the selection, and
 * what writes into the batch norm has none of it.
 */
import { known } from "../../core/index.ts";
import { readersOf, type Node } from "../../model/index.ts";
import { classesOf } from "../groups.ts";
import type { Opinion, Subject } from "./criterion.ts";

/**
 * One opinion a batch norm, or a selection behind one.
 * @param valuesOf — a batch norm's values by its own channels
 */
export function* byNorm(
  { network, table }: Subject,
  valuesOf: (bn: Node) => ArrayLike<number>,
): Iterable<Opinion> {
  const readers = readersOf(network);
  for (const node of network.nodes) {
    if (node.op.kind !== "batchNorm") continue;
    const values = valuesOf(node);
    const reading = known(readers.get(node.name), "readers");
    if (reading.length === 0 || !reading.every(isSelection)) {
      yield { classes: classesOf(table, node.name), values };
      continue;
    }
    for (const { name, op } of reading) {
      if (op.kind !== "channelSelect") continue;
      const selected = op.indices.map((from) => (from < 0 ? 0 : (values[from] as number)));
      yield { classes: classesOf(table, name), values: selected };
    }
  }
}

const isSelection = (node: Node): boolean => node.op.kind === "channelSelect";
