/**
 * @file What a name stands for while a graph is read: numbers that are known, or what a node of ours
 * computes. ONNX orders axes as it likes; each activation remembers the order in which the file has
 * it, so that transposing costs nothing and every op can find its channels.
 */
import { type Shape, sizeOf } from "../../core/index.ts";
import type { NodeName, Padding } from "../../model/index.ts";

/** What an axis of theirs is; "one" is an axis of size 1 that ours does not have. */
export type Axis = "n" | "c" | "h" | "w" | "one";

/** A weight, or any other floating-point constant. */
export interface Floats {
  readonly kind: "floats";
  /** As the initializer is called, for naming nodes after it. */
  readonly name: string;
  readonly dims: Shape;
  readonly values: Float32Array;
}

/** Integers that shapes are made of; the size of the batch is not known. */
export interface Integers {
  readonly kind: "integers";
  /** No axis for a single number. */
  readonly dims: Shape;
  readonly entries: readonly (number | "batch")[];
}

/** What a node of ours computes, as the file sees it. */
export interface Activation {
  readonly kind: "activation";
  readonly node: NodeName;
  /** Without the batch, in our order: `[h, w, c]` or `[c]`. */
  readonly shape: Shape;
  readonly axes: readonly Axis[];
  /** Of a vector: which feature of ours their feature j is. Absent when they are the same. */
  readonly feature?: (j: number) => number;
  /** Zeros that the file has put around the map, for the next window to take over. */
  readonly pad?: Padding;
  /** A sigmoid of it, which is no op of ours: multiplied by what it is taken of, it is swish. */
  readonly sigmoid?: true;
  /** False once two ops may read it: then nothing may be folded into its node. */
  readonly sole: boolean;
}

export type Value = Floats | Integers | Activation;

/** A value in words, for a refusal. */
export function describe({ kind }: Value): string {
  return {
    activation: "what another node computes",
    floats: "constant floating-point numbers",
    integers: "constant integers",
  }[kind];
}

/** An activation as it leaves a new node. */
export function fresh(node: NodeName, shape: Shape, axes: readonly Axis[]): Activation {
  return { kind: "activation", node, shape, axes, sole: true };
}

/** The size of one of their axes; nothing for the batch. */
export function extent({ shape }: Activation, axis: Axis): number | undefined {
  const last = shape.length - 1;
  const sizes = { n: undefined, c: shape[last], h: shape[0], w: shape[1], one: 1 };
  return sizes[axis];
}

/** Channels of a map, features of a vector. */
export function channels(activation: Activation): number {
  return extent(activation, "c") ?? 0;
}

/** All axes that hold something, in their order: `chw` for what PyTorch flattens. */
export function lettersOf({ axes }: Activation): string {
  return axes.filter((axis) => axis !== "n" && axis !== "one").join("");
}

/**
 * Which of our features each of theirs is, when a map is flattened in their order of axes.
 * Example: a 1 × 2 map of 3 channels as `chw`: their feature 1 is channel 0 of pixel 1, our feature 3.
 * @returns nothing when both orders are the same
 */
export function flattenOrder(map: Activation): ((j: number) => number) | undefined {
  const [h = 1, w = 1, c = 1] = map.shape;
  const letters = lettersOf(map);
  if (letters === "hwc" || h * w === 1 || (c === 1 && letters.replace("c", "") === "hw")) {
    return undefined;
  }
  const ours = { h: w * c, w: c, c: 1 } as const;
  const axes = letters.split("").map((letter) => {
    const axis = letter as "h" | "w" | "c";
    return { size: extent(map, axis) ?? 1, stride: ours[axis] };
  });
  return (j) => {
    let [rest, feature] = [j, 0];
    for (const { size, stride } of axes.toReversed()) {
      feature += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    return feature;
  };
}

/** Sizes as the file sees them, the batch first or wherever it stands. */
export function dimsOf(activation: Activation): (number | "batch")[] {
  return activation.axes.map((axis) => extent(activation, axis) ?? "batch");
}

/** Axes or sizes in brackets, as messages write them. */
export function showAxes(axes: readonly unknown[]): string {
  return `[${axes.join(",")}]`;
}

/** A number in words; what is not finite gets none of its usual names. */
export function showNumber(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "no number";
  return Number.isFinite(value) ? String(value) : "no end";
}

/** Values of one example. */
export function featuresOf({ shape }: Activation): number {
  return sizeOf(shape);
}

/** The short decimal that was meant by a float32: 9.99999974e-6 → 1e-5. */
export function shortest(value: number): number {
  const short = Number(value.toPrecision(7));
  return Math.fround(short) === Math.fround(value) ? short : value;
}
