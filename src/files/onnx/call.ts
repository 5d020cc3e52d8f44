/**
 * @file One node of the file, as the op that reads it sees it: typed access to inputs and attributes,
 * and refusals that name the node.
 */
import { AppError, type ErrorFacts } from "../../core/index.ts";
import type { Op } from "../../model/index.ts";
import { at } from "../bytes.ts";
import type { Budget } from "./budget.ts";
import type { NetworkDraft } from "./draft.ts";
import { moduleOfScope, moduleOfWeight } from "./names.ts";
import type { AttributeValue, NodeProto } from "./schema.ts";
import {
  type Activation,
  type Axis,
  describe,
  type Floats,
  fresh,
  type Integers,
  showAxes,
  type Value,
} from "./values.ts";

/**
 * What an entry of a list of integers counts for: it takes eight bytes, or sixteen while the list grows,
 * and time, of which a few hundred bytes of file could ask for half a minute.
 */
const LIST_ENTRY_BYTES = 64;

/** What all nodes of one file share. */
export interface Surroundings {
  readonly draft: NetworkDraft;
  readonly budget: Budget;
  /** Of the default domain. */
  readonly opset: number;
  /** The batch that the file was exported with; nothing when it may be any. */
  readonly batch: number | undefined;
  readonly notes: string[];
  /** @throws files/missing-part when no node before has made it */
  value(name: string, where: string): Value;
}

export class Call {
  constructor(
    readonly node: NodeProto,
    /** For messages: the file and the node. */
    readonly where: string,
    readonly around: Surroundings,
  ) {}

  /** A refusal of this node; `field` says what of it. */
  refusal(field: string, facts: Omit<ErrorFacts, "where">): AppError {
    return new AppError("files/unsupported", { where: at(this.where, field), ...facts });
  }

  /** Asked before a weight's values are copied. */
  spendValues(count: number): void {
    this.around.budget.spend(4 * count, this.where);
  }

  /** Asked before a list of integers is made. */
  spendList(length: number): void {
    this.around.budget.spend(LIST_ENTRY_BYTES * length, this.where);
  }

  has(index: number): boolean {
    return (this.node.inputs[index] ?? "") !== "";
  }

  value(index: number): Value {
    const name = this.node.inputs[index] ?? "";
    if (name !== "") return this.around.value(name, this.where);
    throw new AppError("files/missing-part", {
      where: this.where,
      expected: `input ${index + 1}`,
      found: "nothing",
    });
  }

  /** What a node computes, with zeros around it or without. */
  padded(index: number): Activation {
    const value = this.value(index);
    if (value.kind === "activation" && value.sigmoid === undefined) return value;
    throw this.refusal(this.input(index), {
      expected: "what another node computes",
      found: value.kind === "activation" ? "a Sigmoid that is no part of a swish" : describe(value),
    });
  }

  /** What a node computes. Zeros around it would be lost on any op but a window. */
  activation(index: number): Activation {
    const value = this.padded(index);
    if (value.pad === undefined) return value;
    throw this.refusal(this.input(index), {
      expected: "a Pad in front of a convolution",
      found: `a Pad in front of ${this.node.opType}`,
    });
  }

  floats(index: number): Floats {
    const value = this.value(index);
    if (value.kind === "floats") return value;
    throw this.refusal(this.input(index), {
      expected: "a constant of floating-point numbers",
      found: describe(value),
    });
  }

  /** Numbers of a shape or a list of axes, the batch's among them. */
  entries(index: number): Integers {
    const value = this.value(index);
    if (value.kind === "integers") return value;
    throw this.refusal(this.input(index), {
      expected: "constant integers",
      found: describe(value),
    });
  }

  /** As {@link Call.entries}, where the batch cannot stand. */
  integers(index: number): readonly number[] {
    return this.entries(index).entries.map((entry) => {
      if (entry !== "batch") return entry;
      throw this.refusal(this.input(index), { expected: "numbers", found: "the batch's size" });
    });
  }

  /** A list that older versions have as an attribute and newer ones as an input. */
  list(attribute: string, index: number): readonly number[] | undefined {
    return this.has(index) ? this.integers(index) : this.ints(attribute);
  }

  int(name: string, otherwise: number): number {
    const found = this.#attribute(name, "int");
    return found?.kind === "int" ? found.value : otherwise;
  }

  float(name: string, otherwise: number): number {
    const found = this.#attribute(name, "float");
    if (found?.kind !== "float") return otherwise;
    if (Number.isFinite(found.value)) return found.value;
    throw new AppError("files/bad-field", {
      where: at(this.where, name),
      expected: "a finite number",
      found: "another",
    });
  }

  string(name: string, otherwise: string): string {
    const found = this.#attribute(name, "string");
    return found?.kind === "string" ? found.value : otherwise;
  }

  ints(name: string): readonly number[] | undefined {
    const found = this.#attribute(name, "ints");
    return found?.kind === "ints" ? found.value : undefined;
  }

  /** @throws files/bad-field for one that is of another kind */
  #attribute(name: string, kind: AttributeValue["kind"]): AttributeValue | undefined {
    const found = this.node.attributes.get(name);
    if (found === undefined || found.kind === kind) return found;
    throw new AppError("files/bad-field", {
      where: at(this.where, name),
      expected: kind,
      found: found.kind,
    });
  }

  /** An axis by its number, counted from the end when negative. */
  axis(number: number, { axes }: Activation, field = "axis"): { index: number; axis: Axis } {
    const index = number < 0 ? number + axes.length : number;
    const axis = axes[index];
    if (axis !== undefined) return { index, axis };
    throw new AppError("files/bad-field", {
      where: at(this.where, field),
      expected: `an axis of ${axes.length}`,
      found: String(number),
    });
  }

  /** @throws files/unsupported unless the file has the activation's axes in that order */
  expectAxes(activation: Activation, expected: readonly Axis[], index = 0): void {
    if (activation.axes.join() === expected.join()) return;
    throw this.refusal(this.input(index), {
      expected: `axes ${showAxes(expected)}`,
      found: showAxes(activation.axes),
    });
  }

  /** Adds a node of ours whose only weights are given, named after the weight or this node. */
  add(
    op: Op,
    inputs: readonly Activation[],
    axes: readonly Axis[],
    { weights = {}, weight }: { weights?: Record<string, Float32Array>; weight?: string } = {},
  ): Activation {
    const added = this.around.draft.add({
      wanted: this.#wantedName(op, weight),
      op,
      inputs: inputs.map(({ node }) => node),
      weights,
      where: this.where,
    });
    return fresh(added.node, added.shape, axes);
  }

  #wantedName(op: Op, weight: string | undefined): string {
    const { name, opType } = this.node;
    const module = weight === undefined ? undefined : moduleOfWeight(weight);
    if (module !== undefined) return module;
    const scope = moduleOfScope(name);
    // A layer with weights is a module of its own; other ops are steps inside one.
    const own = weight !== undefined && scope.endsWith(`.${opType}`);
    return (own ? scope.slice(0, -opType.length - 1) : scope) || op.kind;
  }

  /** `inputs[1]`. */
  input(index: number): string {
    return `inputs[${index}]`;
  }
}
