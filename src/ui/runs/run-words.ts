/** @file The figures of a run in words: titles of the columns, values, changes, and the whole as a table. */
import type { Fact, Measure, RunRow } from "../../state/index.ts";
import type { Cell, ChartColumn, ChartTable } from "../charts/chart-table.ts";
import {
  bytes,
  count,
  halfWidth,
  largeText,
  milliseconds,
  percent,
  points,
  relative,
  THIN,
} from "../format.ts";
import { factsText } from "./run-facts.ts";

export const MEASURE_TITLES: Readonly<Record<Measure, string>> = {
  accuracy: "Accuracy",
  parameters: "Parameters",
  macs: "MACs",
  bytes: "Float32 size",
  latency: "Latency",
};

/** A value with its unit; a dash where nothing is known. */
export function valueText(measure: Measure, value: number | null): string {
  if (value === null) return "\u2013";
  switch (measure) {
    case "accuracy":
      return percent(value);
    case "parameters":
    case "macs":
      return largeText(value);
    case "bytes":
      return bytes(value);
    case "latency":
      return `${milliseconds(value)}${THIN}ms`;
    default:
      return measure satisfies never;
  }
}

/** A change from the baseline: points of accuracy, per cent of everything else; empty where there is none. */
export function changeText(measure: Measure, change: number | null): string {
  if (change === null) return "";
  return measure === "accuracy" ? points(change, 0) : relative(1 + change, 1);
}

/** What stands behind a figure, in a sentence for whoever rests on it. */
export function basisOf(measure: Measure, { sample, isBaseline, figures }: RunRow): string {
  const { value, change } = figures[measure];
  if (measure === "accuracy") {
    if (sample === null) return "Not measured; it is when the page has nothing else to do";
    const own = `± ${halfWidth(sample.interval)} on ${count(sample.count)} images`;
    if (isBaseline) return own;
    return sample.shared === null
      ? `${own}; no images in common with the baseline`
      : `${own}; compared on ${count(sample.shared)}`;
  }
  if (measure === "bytes") return "Weights as stored, running statistics included";
  if (measure !== "latency" || value === null) return "";
  if (figures.latency.isUntold === true) return "Not told apart from the baseline's, turn by turn";
  const isAlone = change === null && !isBaseline;
  return isAlone ? "Not timed beside this baseline" : "Of an image, on this machine";
}

const CHANGES: Readonly<Record<Measure, string>> = {
  accuracy: "change_points",
  parameters: "parameters_change",
  macs: "macs_change",
  bytes: "bytes_change",
  latency: "ms_per_image_change",
};

/** The comparison as numbers: accuracies as shares, changes of accuracy in points and others as shares. */
export function tableOfRuns(
  rows: readonly RunRow[],
  facts: readonly (readonly Fact[])[],
): ChartTable {
  const measures: readonly Measure[] = ["parameters", "macs", "bytes", "latency"];
  const names = ["parameters", "macs", "bytes", "ms_per_image"] as const;
  const columns: ChartColumn[] = [
    "run",
    "recipe",
    "baseline",
    "accuracy",
    "images",
    CHANGES.accuracy,
  ]
    .concat(measures.flatMap((measure, i) => [names[i] ?? "", CHANGES[measure]]))
    .map((name) => ({ title: name, name }));
  const cellsOf = (row: RunRow, i: number): readonly Cell[] => {
    const { accuracy } = row.figures;
    return [
      row.name,
      factsText(facts[i] ?? []),
      row.isBaseline ? "yes" : "no",
      accuracy.value,
      row.sample?.count ?? null,
      accuracy.change === null ? null : Number((accuracy.change * 100).toFixed(6)),
      ...measures.flatMap((measure) => [row.figures[measure].value, row.figures[measure].change]),
    ];
  };
  return { columns, rows: rows.map(cellsOf) };
}
