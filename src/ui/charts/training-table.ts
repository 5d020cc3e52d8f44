/**
 * @file What the charts of a training show, and their numbers as a table: of the batches, of the held-back images,
 * and of the training that is laid behind them. Pure.
 */
import type { CurvePoint, ScalePoint } from "../../state/index.ts";
import { count, fixed, percent } from "../format.ts";
import type { ChartTable } from "./chart-table.ts";

export type Measure = "loss" | "accuracy" | "dead" | "mean";

interface Axis {
  readonly say: (value: number) => string;
  /** Behind a value by itself; the title has it for the axis. */
  readonly unit?: string;
  /** Where it begins. */
  readonly from: 0 | "the least value";
  /** What it spans at least: a fifth of that can be told apart as it is said. */
  readonly least: number;
}

export const AXES: Readonly<Record<Measure, Axis>> = {
  loss: { say: (value) => sized(value, 2), unit: " nats", from: 0, least: 0.1 },
  accuracy: { say: (value) => percent(value, 0), from: "the least value", least: 0.05 },
  dead: { say: (value) => percent(value, 0), from: 0, least: 0.05 },
  mean: { say: (value) => sized(value, 3), from: 0, least: 0.01 },
};

/** In the room of six digits, which the axis has at any value. */
function sized(value: number, digits: number): string {
  if (Math.abs(value) >= 1e4)
    return Number(value.toPrecision(2)).toExponential().replace("e+", "e");
  return fixed(value, Math.abs(value) >= 100 ? 0 : digits);
}

/** The curves of one chart. */
export interface TrainingCurves {
  readonly measure: Measure;
  readonly points: readonly (CurvePoint | ScalePoint)[];
  readonly validations: readonly { readonly step: number; readonly accuracy: number }[];
  /** What is laid behind, and whose it is; null where nothing is. */
  readonly other: { readonly name: string; readonly points: TrainingCurves["points"] } | null;
}

/**
 * Step by step; of the accuracy also that of the held-back images, where they were looked at, and in a last column,
 * by its name, the training that is laid behind.
 */
export function trainingTable({ measure, points, validations, other }: TrainingCurves): ChartTable {
  const held = new Map(validations.map(({ step, accuracy }) => [step, accuracy]));
  const drawn = new Map(points.map((point) => [point.step, valueOf(point, measure)]));
  const behind = new Map(other?.points.map((point) => [point.step, valueOf(point, measure)]));
  const steps = [...new Set([...drawn.keys(), ...held.keys(), ...behind.keys()])];
  const { title, name } = TITLES[measure];
  const say = measure === "accuracy" || measure === "dead" ? percent : AXES[measure].say;
  return {
    columns: [
      { title: "Step", name: "step", say: count },
      { title, name, say },
      ...(measure === "accuracy"
        ? [{ title: "Accuracy, held back", name: "accuracy_held_back", say }]
        : []),
      ...(other === null
        ? []
        : [{ title: `${title}, ${other.name}`, name: `${name}_of_${inFile(other.name)}`, say }]),
    ],
    rows: steps
      .toSorted((a, b) => a - b)
      .map((step) => [
        step,
        drawn.get(step) ?? null,
        ...(measure === "accuracy" ? [held.get(step) ?? null] : []),
        ...(other === null ? [] : [behind.get(step) ?? null]),
      ]),
  };
}

/** A run's name as the end of a column's: words without spaces. */
function inFile(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? ["another"];
  return words.join("_").toLowerCase();
}

/** The columns of a chart's table. */
export const TITLES: Readonly<Record<Measure, { readonly title: string; readonly name: string }>> =
  {
    loss: { title: "Loss of the batch, nats", name: "loss" },
    accuracy: { title: "Accuracy of the batch", name: "accuracy" },
    dead: { title: "Scales below 0.01", name: "share_below_0.01" },
    mean: { title: "Mean |γ|", name: "mean_scale" },
  };

/** Null where the point has none. */
export function valueOf(point: CurvePoint | ScalePoint, measure: Measure): number | null {
  const values: Partial<Record<Measure, number>> = { ...point };
  return values[measure] ?? null;
}
