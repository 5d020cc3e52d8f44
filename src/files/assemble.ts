/**
 * @file The last step of every reader: a graph and the tensors of a file become a Network, or a
 * refusal that names the file and the tensor. What passes here passes `validateNetwork`.
 */
import { AppError, sameShape, showShape } from "../core/index.ts";
import {
  countNotFinite,
  type Graph,
  type Metadata,
  type Network,
  type Tensor,
  type TensorName,
  weightSpecs,
} from "../model/index.ts";
import { at, showCount } from "./bytes.ts";

/** What a reader has found. */
export interface Parts {
  readonly graph: Graph;
  readonly metadata: Metadata;
  readonly tensors: ReadonlyMap<TensorName, Tensor>;
}

/**
 * Puts a network together. Takes the tensors; cost O(weights).
 * @throws files/missing-part, files/shape-mismatch, files/bad-field for a tensor that no node uses,
 *   files/not-finite
 */
export function assembleNetwork({ graph, metadata, tensors }: Parts, file: string): Network {
  const specs = weightSpecs(graph);
  const weights = new Map<TensorName, Tensor>();
  for (const [name, spec] of specs) {
    const tensor = tensors.get(name);
    if (tensor === undefined) {
      throw new AppError("files/missing-part", {
        where: at(file, name),
        expected: `${showShape(spec.shape)} float32`,
        found: "nothing",
        hint: "export the network again",
      });
    }
    if (!sameShape(tensor.shape, spec.shape)) {
      throw new AppError("files/shape-mismatch", {
        where: at(file, name),
        expected: showShape(spec.shape),
        found: showShape(tensor.shape),
      });
    }
    weights.set(name, tensor);
  }
  const stray = [...tensors.keys()].find((name) => !specs.has(name));
  if (stray !== undefined) {
    throw new AppError("files/bad-field", {
      where: at(file, stray),
      expected: "a weight of the network",
      found: "a weight that no node uses",
    });
  }
  refuseNotFinite(weights, file);
  return { ...graph, weights, metadata };
}

function refuseNotFinite(weights: ReadonlyMap<TensorName, Tensor>, file: string): void {
  let [bad, total] = [0, 0];
  let first: TensorName | undefined;
  for (const [name, { values }] of weights) {
    const here = countNotFinite(values);
    if (here > 0) first ??= name;
    bad += here;
    total += values.length;
  }
  if (first === undefined) return;
  throw new AppError("files/not-finite", {
    where: at(file, first),
    found: `${showCount(bad)} of ${showCount(total)}, here first`,
  });
}
