/** @file From turns to figures: medians over rounds, ratios within a round, and what a goal makes of them. */
import { quantile } from "../machine.ts";
import type { Entered, Measured, Turn } from "./rounds.ts";
import type { Goal } from "./works.ts";

/** Median, least and most. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const [least, median, most] = [0, 0.5, 1].map((share) => quantile(values, share));
  return { least: least ?? NaN, median: median ?? NaN, most: most ?? NaN, count: values.length };
}

/** Images per second on the wall, and per second of processor time. */
export function ratesOf({ entrant, turns }: Entered) {
  const images = ({ steps }: Turn): number => steps * entrant.load.batch;
  return {
    wall: spreadOf(turns.map((turn) => images(turn) / turn.seconds)),
    cpu: spreadOf(turns.map((turn) => images(turn) / turn.cpuSeconds)),
  };
}

/** What became of a goal. */
export interface Verdict {
  readonly goal: Goal;
  /** Over paired rounds; nothing when an entrant is missing. */
  readonly found: Spread | undefined;
  readonly met: boolean;
}

export function verdictsOf({ work, entered }: Measured): readonly Verdict[] {
  const find = (label: string): Entered | undefined =>
    entered.find(({ entrant }) => entrant.label === label);
  const subject = find(work.entrants[0]?.label ?? "");
  return work.goals.map((goal) => {
    const found = subject === undefined ? undefined : foundOf(goal, subject, find);
    const met =
      found !== undefined &&
      (goal.kind === "speed" ? found.median >= goal.atLeast : found.median <= goal.atMost);
    return { goal, found, met };
  });
}

function foundOf(
  goal: Goal,
  subject: Entered,
  find: (label: string) => Entered | undefined,
): Spread | undefined {
  const seconds = (entered: Entered): number[] =>
    entered.turns.map((turn) => turn.seconds / turn.steps);
  const own = seconds(subject);
  if (goal.kind === "seconds") return spreadOf(own);
  const other = find(goal.against);
  if (other === undefined) return undefined;
  const shares = seconds(other).map((theirs, round) => (own[round] ?? NaN) / theirs);
  return spreadOf(goal.kind === "time" ? shares : shares.map((share) => 1 / share));
}

/** `≥ 1.3 × native PyTorch`. */
export function sayGoal(goal: Goal): string {
  if (goal.kind === "speed") return `≥ ${goal.atLeast} × ${goal.against}`;
  if (goal.kind === "time") return `≤ ${percent(goal.atMost)} of the ${goal.against} one's time`;
  return `≤ ${goal.atMost} s`;
}

/** The measured figure in the goal's own unit, with its spread. */
export function sayFound({ goal, found }: Verdict): string {
  if (found === undefined) return "not measured";
  const show = (value: number): string => {
    if (goal.kind === "time") return percent(value);
    return goal.kind === "seconds" ? `${value.toFixed(2)} s` : value.toPrecision(3);
  };
  return `${show(found.median)} (${show(found.least)}–${show(found.most)})`;
}

/** `met`, or by how much not: of the goal's own figure. */
export function sayMet({ goal, found, met }: Verdict): string {
  if (found === undefined) return "";
  if (met) return "met";
  const short =
    goal.kind === "speed" ? 1 - found.median / goal.atLeast : found.median / goal.atMost - 1;
  return `missed by ${percent(short)}`;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
