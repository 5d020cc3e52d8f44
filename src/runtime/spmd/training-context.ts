/** @file What the lowering of an op is given beside its {@link Context} when its gradient is wanted too. */
import { known } from "../../core/index.ts";
import type { NodeName } from "../../model/index.ts";
import type { Place } from "./blocks.ts";
import { Context, type Setting } from "./context.ts";
import { Gradients } from "./gradients.ts";
import type { Unit } from "./units.ts";

/** Writes a unit's instructions of the way back. */
export type Backward = () => void;

export interface TrainingSetting extends Setting {
  readonly units: readonly Unit[];
  /** Where the gradient of a node's weight goes. */
  readonly gradientOf: (node: NodeName, slot: string) => Place;
  /** Batch norms go by their running statistics, which stay as they are. */
  readonly isFrozen: boolean;
}

export class TrainingContext extends Context {
  readonly gradients: Gradients;
  readonly gradientOf: (node: NodeName, slot: string) => Place;
  readonly isFrozen: boolean;
  /** Each thread's sums and sums of squares of a convolution's result, where a batch norm reads it. */
  readonly statistics = new Map<NodeName, Place>();
  readonly #normed: ReadonlySet<NodeName>;
  readonly #trained: ReadonlySet<NodeName>;
  readonly #order: ReadonlyMap<NodeName, number>;
  readonly #readers = new Map<NodeName, number[]>();

  constructor(setting: TrainingSetting) {
    super(setting);
    this.gradients = new Gradients(this);
    this.gradientOf = setting.gradientOf;
    this.isFrozen = setting.isFrozen;
    const { units } = setting;
    this.#normed = new Set(units.flatMap(({ kind, inputs }) => (kind === "norm" ? inputs : [])));
    this.#order = new Map(units.map(({ name }, at) => [name, at]));
    const trained = new Set<NodeName>();
    units.forEach(({ name, kind, inputs }, at) => {
      const hasWeights = kind === "convolution" || kind === "norm";
      if (hasWeights || inputs.some((input) => trained.has(input))) trained.add(name);
      for (const input of inputs) {
        this.#readers.set(input, [...(this.#readers.get(input) ?? []), at]);
      }
    });
    this.#trained = trained;
  }

  /** True when a result depends on weights: nobody asks for the image's gradient. */
  wants(name: NodeName): boolean {
    return this.#trained.has(name);
  }

  /** True when a batch norm reads the result and wants its statistics. */
  isNormed(name: NodeName): boolean {
    return !this.isFrozen && this.#normed.has(name);
  }

  /** The unit's position; the way back takes them in descending order. */
  orderOf(name: NodeName): number {
    return known(this.#order.get(name), name);
  }

  /** Positions of the units that read a result, once for each time. */
  readersOf(name: NodeName): readonly number[] {
    return this.#readers.get(name) ?? [];
  }
}
