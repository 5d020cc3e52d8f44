/** @file A confusion's numbers as a table and its matrix as a drawing, before and after. Pure. */
import { cellOf, classFigures, type Confusions, type ImageView } from "../../state/index.ts";
import type { Cell, ChartTable } from "../charts/chart-table.ts";
import type { Drawing } from "../charts/write-drawing.ts";
import { count, percent, points, signed } from "../format.ts";
import { nameOfClass } from "./class-name.ts";

/** What a cell of the matrix shows. */
export interface MatrixCell {
  /** Images, or by how many they have changed. */
  readonly text: string;
  /** How dark it is, in 0…1: a share of the class's images. */
  readonly shade: number;
  /** Fewer right answers, or more of a wrong one, than before; only of changes. */
  readonly isWorse: boolean;
  /** In words. */
  readonly says: string;
}

/** A cell of the view, of a class with `images` images. */
export function matrixCell(
  { before, after }: Confusions,
  view: ImageView,
  [label, answer]: readonly [number, number],
  { classes, images }: { readonly classes: readonly string[]; readonly images: number },
): MatrixCell {
  const [was, now] = [cellOf(before, label, answer), cellOf(after, label, answer)];
  const share = (n: number): string => `${count(n)} (${percent(n / Math.max(1, images))})`;
  const verb = label === answer ? "seen right" : `taken for ${nameOfClass(classes, answer)}`;
  const says = `${nameOfClass(classes, label)} ${verb}: ${share(was)} before, ${share(now)} after`;
  if (view !== "both") {
    const n = view === "before" ? was : now;
    return { text: n === 0 ? "" : count(n), shade: n / Math.max(1, images), isWorse: false, says };
  }
  const change = now - was;
  return {
    text: change === 0 ? "" : signed(change, 0),
    // A tenth of a class is a great change.
    shade: Math.min(1, (10 * Math.abs(change)) / Math.max(1, images)),
    isWorse: label === answer ? change < 0 : change > 0,
    says,
  };
}

/** Every cell of which there are any images, before or after. */
export function confusionTable(confusions: Confusions, classes: readonly string[]): ChartTable {
  const { before, after } = confusions;
  return {
    columns: [
      { title: "Class", name: "class" },
      { title: "Taken for", name: "taken_for" },
      { title: "Before", name: "before", say: count },
      { title: "After", name: "after", say: count },
      { title: "Of the class before", name: "share_before", say: percent },
      { title: "After", name: "share_after", say: percent },
    ],
    rows: classFigures(confusions).flatMap(({ label, count: images }) =>
      Array.from({ length: after.classes }, (_, answer): readonly Cell[] => {
        const [was, now] = [cellOf(before, label, answer), cellOf(after, label, answer)];
        const names = [nameOfClass(classes, label), nameOfClass(classes, answer)];
        return [...names, was, now, was / images, now / images];
      }).filter(([, , was, now]) => was !== 0 || now !== 0),
    ),
  };
}

/** Of the file, CSS pixels. */
const [NAME, FIGURES, SIDE, HEAD] = [110, 190, 40, 28] as const;

export function drawConfusion(
  confusions: Confusions,
  view: ImageView,
  classes: readonly string[],
): Drawing {
  const figures = classFigures(confusions);
  const from = NAME + FIGURES;
  const middle = (at: number): number => from + (at + 0.5) * SIDE;
  return {
    width: from + confusions.after.classes * SIDE,
    height: HEAD + figures.length * HEAD,
    bars: [],
    lines: [],
    cells: figures.flatMap(({ label, count: images }, row) =>
      Array.from({ length: confusions.after.classes }, (_, answer) => {
        const cell = matrixCell(confusions, view, [label, answer], { classes, images });
        return {
          x: from + answer * SIDE,
          y: HEAD + row * HEAD,
          width: SIDE,
          height: HEAD,
          color: cell.isWorse ? ("amber" as const) : ("ink" as const),
          shade: SHADE * cell.shade,
        };
      }),
    ),
    texts: [
      ...["before", "after", "change"].map((text, at) => ({
        x: NAME + 60 * (at + 1),
        y: 18,
        text,
        anchor: "end" as const,
      })),
      ...figures.map(({ label }) => ({
        x: middle(label),
        y: 18,
        text: nameOfClass(classes, label).slice(0, 5),
        anchor: "middle" as const,
      })),
      ...figures.flatMap(({ label, count: images, before, after }, row) => {
        const y = HEAD + row * HEAD + 18;
        const end = { y, anchor: "end" as const };
        return [
          { x: 0, y, text: nameOfClass(classes, label), isStrong: true },
          { ...end, x: NAME + 60, text: percent(before) },
          { ...end, x: NAME + 120, text: percent(after) },
          { ...end, x: NAME + 180, text: points(after, before) },
          ...Array.from({ length: confusions.after.classes }, (_, answer) => ({
            y,
            anchor: "middle" as const,
            x: middle(answer),
            text: matrixCell(confusions, view, [label, answer], { classes, images }).text,
            isStrong: true,
          })),
        ];
      }),
    ],
  };
}

/** How dark the darkest cell is, so that its number can still be read. */
export const SHADE = 0.35;
