/** @file The tensors that are alive during one pass, by node. What is dropped is given back at once. */
import type { Tensor } from "@tensorflow/tfjs-core";
import { known } from "../core/index.ts";
import type { NodeName } from "../model/index.ts";

export class Activations {
  readonly #values = new Map<NodeName, Tensor>();

  /** Takes a tensor. */
  put(node: NodeName, tensor: Tensor): void {
    this.#values.set(node, tensor);
  }

  /** Lends a tensor. */
  get(node: NodeName): Tensor {
    return known(this.#values.get(node), `activation of ${node}`);
  }

  /** Hands a tensor over: it is the caller's from now on. */
  take(node: NodeName): Tensor {
    const tensor = this.get(node);
    this.#values.delete(node);
    return tensor;
  }

  drop(nodes: Iterable<NodeName>): void {
    for (const node of nodes) {
      this.#values.get(node)?.dispose();
      this.#values.delete(node);
    }
  }

  dropAll(): void {
    this.drop([...this.#values.keys()]);
  }
}
