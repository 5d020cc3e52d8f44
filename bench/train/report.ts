/** @file The figures for people: lines for a terminal, tables for `docs/performance.md`. */
import { ratesOf, sayFound, sayGoal, sayMet, verdictsOf, type Spread } from "./figures.ts";
import type { Measured } from "./rounds.ts";

/** A training step's memory. */
export interface MemoryLine {
  readonly name: string;
  readonly ours: number | undefined;
  readonly pytorch: number | undefined;
}

const rate = (value: number): string => (value < 100 ? value.toPrecision(3) : value.toFixed(0));
const spread = ({ median, least, most }: Spread): string =>
  Number.isNaN(median) ? "–" : `${rate(median)} (${rate(least)}–${rate(most)})`;
const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? "" : "s"}`;
const megabytes = (bytes: number | undefined): string =>
  bytes === undefined || Number.isNaN(bytes) ? "–" : `${(bytes / 1e6).toFixed(0)} MB`;

/** One work, as it is measured. */
export function linesOf(measured: Measured): readonly string[] {
  const { work, entered, missing, disturbed } = measured;
  const rounds = entered[0]?.turns.length ?? 0;
  const lines = [`${work.name} (${counted(rounds, "paired round")}; median, least and most)`];
  for (const one of entered) {
    const { wall, cpu } = ratesOf(one);
    const steps = one.turns[0]?.steps ?? 0;
    lines.push(
      `  ${one.entrant.label}: ${spread(wall)} images/s, ${spread(cpu)} per CPU-second; ` +
        `${one.ready.description}; ${counted(steps, "step")} a round`,
    );
  }
  for (const [{ label }, reason] of missing) lines.push(`  ${label}: missing (${reason})`);
  for (const verdict of verdictsOf(measured)) {
    lines.push(
      `  goal ${sayGoal(verdict.goal)}: ${sayFound(verdict)} ${sayMet(verdict)}`.trimEnd(),
    );
  }
  if (disturbed !== undefined && disturbed > 0)
    lines.push(`  ${counted(disturbed, "round")} began on a busy machine`);
  return lines;
}

export function memoryLine({ name, ours, pytorch }: MemoryLine): string {
  return `  ${name}: planned ${megabytes(ours)}; native PyTorch grows by ${megabytes(pytorch)}`;
}

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): readonly string[] {
  const line = (cells: Row): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}

function sayRounds(results: readonly Measured[]): string {
  const rounds = Math.min(...results.map(({ entered }) => entered[0]?.turns.length ?? 0));
  const disturbed = results.reduce((sum, one) => sum + (one.disturbed ?? NaN), 0);
  const began = disturbed === 0 ? "Every round" : `All but ${counted(disturbed, "round")}`;
  return (
    `Medians of ${counted(rounds, "paired round")} with least and most; the order within a round ` +
    `alternates.${Number.isNaN(disturbed) ? "" : ` ${began} began on a quiet machine.`}`
  );
}

/** Everything as Markdown. */
export function markdownOf(
  where: readonly string[],
  results: readonly Measured[],
  memory: readonly MemoryLine[],
): string {
  const goals = results.flatMap((measured) =>
    verdictsOf(measured).map((verdict): Row => [
      measured.work.name,
      sayGoal(verdict.goal),
      sayFound(verdict),
      sayMet(verdict),
    ]),
  );
  const rates = results.flatMap((measured) => [
    ...measured.entered.map((one): Row => {
      const { wall, cpu } = ratesOf(one);
      const { label } = one.entrant;
      return [measured.work.name, label, spread(wall), spread(cpu), one.ready.description];
    }),
    ...[...measured.missing].map(([{ label }, reason]): Row => [
      measured.work.name,
      label,
      "missing",
      "",
      reason,
    ]),
  ]);
  const bytes = memory.map(({ name, ours, pytorch }): Row => [
    name,
    megabytes(ours),
    megabytes(pytorch),
  ]);
  const parts = [`${where.join("  \n")}\n`];
  if (results.length > 0) {
    parts.push(
      `${sayRounds(results)}\n`,
      ...table(["work", "goal", "measured", ""], goals),
      ...table(["work", "who", "images/s", "images per CPU-second", "what runs"], rates),
    );
  }
  if (memory.length > 0) {
    parts.push(
      ...table(["a training step's memory", "Espalier, planned", "native PyTorch, growth"], bytes),
    );
  }
  return parts.join("\n");
}
