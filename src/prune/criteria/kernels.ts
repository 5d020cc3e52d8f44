/**
 * @file The weights that make channels: kernels of convolutions (depthwise and grouped ones too) and of
 * dense layers, `[…, cout]`. A filter is what stands in one output column; biases and batch norms are no
 * part of it. A kernel all of whose channels are fixed is passed over: nobody asks for the classifier's.
 */
import { known } from "../../core/index.ts";
import {
  factsOf,
  tensorName,
  type NodeFacts,
  type Tensor,
  type TensorName,
} from "../../model/index.ts";
import { classesOf, type GroupTable } from "../groups.ts";
import type { Opinion, Subject } from "./criterion.ts";

/** A kernel and whose channels its columns make. */
export interface Kernel {
  readonly name: TensorName;
  readonly tensor: Tensor;
  readonly classes: Int32Array;
}

/** The kernels that make channels of groups that may be cut, in forward order. */
export function kernelsOf({ network, table }: Subject): readonly Kernel[] {
  const isFree = freeClasses(table);
  return [...factsOf(network).values()].flatMap((facts) => {
    const slot = kernelSlot(facts);
    if (slot === undefined) return [];
    const classes = classesOf(table, facts.node.name);
    if (!classes.some((c) => isFree[c] === 1)) return [];
    const name = tensorName(facts.node.name, slot);
    return [{ name, tensor: known(network.weights.get(name), name), classes }];
  });
}

/**
 * One opinion a kernel: a number for each of its filters.
 * @param valuesOf — nothing for a kernel that was not looked at
 */
export function* byKernel(
  subject: Subject,
  valuesOf: (kernel: Kernel) => ArrayLike<number> | undefined,
): Iterable<Opinion> {
  for (const kernel of kernelsOf(subject)) {
    const values = valuesOf(kernel);
    if (values !== undefined) yield { classes: kernel.classes, values };
  }
}

/** The weight whose last axis are the node's own channels, and which has other axes besides. */
export function kernelSlot({ weights }: NodeFacts): string | undefined {
  return Object.entries(weights).find(
    ([, { axes }]) => axes.length > 1 && axes.at(-1) === "output",
  )?.[0];
}

/** 1 for the classes of groups that may be cut. */
export function freeClasses({ groups, classCount }: GroupTable): Uint8Array {
  const isFree = new Uint8Array(classCount);
  for (const { start, size, fixed } of groups) if (!fixed) isFree.fill(1, start, start + size);
  return isFree;
}
