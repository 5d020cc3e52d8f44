/** @file The words of the chart of accuracy against cost: titles, ticks, and a point as it is read out. */
import type { ComparedPoint, CostAxis } from "../../state/index.ts";
import { count, fixed, halfWidth, largeSpoken, largeText, percent, points } from "../format.ts";
import type { ChartTable } from "./chart-table.ts";

const TITLES: Readonly<Record<CostAxis, string>> = {
  macs: "MACs per image",
  parameters: "Parameters",
};

/** What the ticks count in: ones, thousands, millions or billions, by the largest of them. */
function unitOf(high: number): readonly [size: number, word: string] {
  if (high >= 1e9) return [1e9, ", billions"];
  if (high >= 1e6) return [1e6, ", millions"];
  return high >= 1e3 ? [1e3, ", thousands"] : [1, ""];
}

export function axisTitle(axis: CostAxis, high: number): string {
  return `${TITLES[axis]}${unitOf(high)[1]}`;
}

export function axisValue(value: number, high: number): string {
  const scaled = value / unitOf(high)[0];
  return fixed(scaled, Number.isInteger(Number(scaled.toFixed(6))) ? 0 : scaled < 1 ? 2 : 1);
}

/** All of a point in a sentence. */
export function pointSpoken(point: ComparedPoint, isFront: boolean): string {
  const { name, evaluation, macs, parameters, isComparable } = point;
  const shift = shiftText(point);
  const parts = [
    `${name}: ${percent(evaluation.accuracy)} accuracy on ${count(evaluation.count)} images`,
    ...(shift === null ? [] : [shift]),
    `${largeSpoken(macs)} MACs`,
    `${largeSpoken(parameters)} parameters`,
    ...(isFront ? ["on the front"] : []),
    ...(isComparable ? [] : ["measured on other images than the baseline"]),
  ];
  return parts.join(", ");
}

/** Where a point stands that was measured on another number of images than the baseline. */
function shiftText({ accuracy, shiftedTo }: ComparedPoint): string | null {
  if (shiftedTo === null) return null;
  return `drawn at ${percent(accuracy)}: shifted to the baseline's ${count(shiftedTo)} images`;
}

/** The lines beside a point under the pointer. */
export function pointLines(point: ComparedPoint): readonly string[] {
  const { evaluation, macs, parameters } = point;
  const shift = shiftText(point);
  return [
    `${percent(evaluation.accuracy)} ± ${halfWidth(evaluation.interval)}, n = ${count(evaluation.count)}`,
    ...(shift === null ? [] : [shift]),
    `${largeText(macs)} MACs, ${largeText(parameters)} parameters`,
  ];
}

/** The points as numbers, in the order in which they are given. */
export function tableOfPoints(
  all: readonly ComparedPoint[],
  front: readonly ComparedPoint[],
): ChartTable {
  const onFront = new Set(front.map(({ id }) => id));
  const base = all.find(({ isBaseline }) => isBaseline);
  return {
    columns: [
      { title: "Network", name: "network" },
      { title: "Kind", name: "kind" },
      { title: "Accuracy", name: "accuracy", say: percent },
      { title: "From", name: "interval_low", say: percent },
      { title: "To", name: "interval_high", say: percent },
      { title: "n", name: "images", say: count },
      {
        title: "Beside the baseline",
        name: "accuracy_beside_baseline",
        say: (share) => (base === undefined ? percent(share) : points(share, base.accuracy)),
      },
      { title: "MACs", name: "macs", say: largeText },
      { title: "Parameters", name: "parameters", say: largeText },
      { title: "Front", name: "front" },
    ],
    rows: all.map(({ id, name, run, isBaseline, evaluation, accuracy, isComparable, ...cost }) => [
      name,
      isBaseline ? "baseline" : run === null ? "position" : "run",
      evaluation.accuracy,
      ...evaluation.interval,
      evaluation.count,
      isComparable ? accuracy : null,
      cost.macs,
      cost.parameters,
      onFront.has(id) ? "yes" : "no",
    ]),
  };
}
