/**
 * @file The BN-scale criterion: a channel matters as much as the batch norm behind it amplifies it.
 *
 * score[c] = mean of |γ_b[j]| over the batch norms b that speak for c, j being c's place in b.
 * Liu et al. 2017, "Learning Efficient Convolutional Networks through Network Slimming", §3.
 *
 * A batch norm speaks for its own axis, except where only channel selections read it: then it speaks
 * for what they select, channel i of a selection by |γ[indices[i]]|, and by 0 where the index is −1.
 * That rule alone yields Network Slimming on VGG (writers), on pre-activation ResNet and on DenseNet
 * (readers, behind their selections), without a word about either.
 *
 * Example: bn with γ = [3, −1, 2] read by select [2, 0] alone → the selection's scores are [2, 3], and
 * what writes into bn has none of it.
 *
 * Deviates: where several batch norms speak for a channel (residual streams after activation) the
 * reference has no rule; here it is their mean. A group with a channel that none speaks for is left
 * out.
 */
import { known } from "../../core/index.ts";
import { readersOf, tensorName, type Network, type Node } from "../../model/index.ts";
import { classesOf, type GroupTable } from "../groups.ts";
import type { Criterion, Scores } from "./criterion.ts";

export const bnScale: Criterion = { title: "BN scale", score };

function score(network: Network, table: GroupTable): Scores {
  const votes = new Votes(table.classCount);
  const readers = readersOf(network);
  for (const node of network.nodes) {
    if (node.op.kind !== "batchNorm") continue;
    const gamma = known(network.weights.get(tensorName(node.name, "gamma")), "gamma").values;
    const reading = known(readers.get(node.name), "readers");
    if (reading.length === 0 || !reading.every(isSelection)) {
      classesOf(table, node.name).forEach((c, j) => votes.add(c, Math.abs(gamma[j] as number)));
      continue;
    }
    for (const { name, op } of reading) {
      if (op.kind !== "channelSelect") continue;
      const classes = classesOf(table, name);
      op.indices.forEach((from, i) => {
        votes.add(classes[i] as number, from < 0 ? 0 : Math.abs(gamma[from] as number));
      });
    }
  }
  return votes.byGroup(table);
}

const isSelection = (node: Node): boolean => node.op.kind === "channelSelect";

/** Sums and counts by class. */
class Votes {
  readonly #sum: Float64Array;
  readonly #count: Int32Array;

  constructor(classes: number) {
    this.#sum = new Float64Array(classes);
    this.#count = new Int32Array(classes);
  }

  add(c: number, value: number): void {
    this.#sum[c] = (this.#sum[c] as number) + value;
    this.#count[c] = (this.#count[c] as number) + 1;
  }

  byGroup(table: GroupTable): Scores {
    const scores = new Map<string, Float64Array>();
    for (const { id, start, size, fixed } of table.groups) {
      const counts = this.#count.subarray(start, start + size);
      if (fixed || counts.includes(0)) continue;
      const sums = this.#sum.subarray(start, start + size);
      scores.set(
        id,
        sums.map((sum, i) => sum / (counts[i] as number)),
      );
    }
    return scores;
  }
}
