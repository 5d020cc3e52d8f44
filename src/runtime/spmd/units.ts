/** @file What lowering works on: a node, or several that run as one. */
import type { BatchNorm, Conv2d, Node, NodeName, Op, Window } from "../../model/index.ts";
import type { ACTIVATIONS, CURVES } from "./instructions.ts";

export type Activation = keyof typeof ACTIVATIONS;

interface Common {
  /** The node whose value results: the last of those taken together. */
  readonly name: NodeName;
  /** Names of other units' results. */
  readonly inputs: readonly NodeName[];
}

export interface InputUnit extends Common {
  readonly kind: "input";
}

/** A convolution, or a dense layer, which is one of a single pixel; with what stands behind it. */
export interface ConvolutionUnit extends Common {
  readonly kind: "convolution";
  readonly node: Node;
  readonly op: Conv2d;
  /** The batch norm folded into the weights; in inference only. */
  readonly bn: (Node & { readonly op: BatchNorm }) | undefined;
  readonly activation: Activation;
}

/** A batch norm with selection, activation and 2 × 2 max-pooling behind it. */
export interface NormUnit extends Common {
  readonly kind: "norm";
  readonly node: Node & { readonly op: BatchNorm };
  readonly selection: readonly number[] | undefined;
  readonly activation: Activation;
  readonly pool: boolean;
}

export interface AddUnit extends Common {
  readonly kind: "add";
  readonly activation: Activation;
}

export interface ActivationUnit extends Common {
  readonly kind: "activation";
  readonly activation: Activation;
}

/** An activation that bends. */
export interface CurveUnit extends Common {
  readonly kind: "curve";
  readonly op: OpOf<keyof typeof CURVES>;
}

export interface PoolUnit extends Common {
  readonly kind: "maxPool" | "averagePool";
  readonly window: Window;
}

export interface SelectUnit extends Common {
  readonly kind: "select";
  readonly indices: readonly number[];
}

export interface PlainUnit extends Common {
  readonly kind: "concat" | "flatten" | "softmax";
}

export type Unit =
  | InputUnit
  | ConvolutionUnit
  | NormUnit
  | AddUnit
  | ActivationUnit
  | CurveUnit
  | PoolUnit
  | SelectUnit
  | PlainUnit;

export type OpOf<K extends Op["kind"]> = Extract<Op, { readonly kind: K }>;
