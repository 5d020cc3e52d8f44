/**
 * @file Ratios from sensitivity curves: what each group can lose alone for the same loss of accuracy.
 *
 * loss(r) = (base − accuracy(r)) / base, and loss(0) = 0; between two measured ratios it is a straight
 * line. A group's ratio is the largest measured or interpolated r with loss(r) ≤ L; nothing is
 * extrapolated. Li et al. 2017, §3.2, chose by eye from such curves; the rule is PaddleSlim's
 * (`sensitive.py`). For a size instead of a loss, L is bisected: 20 halvings from the largest loss there
 * is, and the smallest L that met the goal is taken.
 *
 * Single curves do not add up: together, groups usually lose more than the sum.
 *
 * Deviates: where a noisy curve comes back under L, the largest such ratio counts, as in PaddleSlim; an
 * L of 0 therefore takes whatever cost nothing on the measured images.
 *
 * Example: losses .1 → .01 and .2 → .03, L = .02 → r = .15.
 */
import { AppError } from "../../core/index.ts";
import { countOf, planRemoval, removeCounts } from "../cut.ts";
import { groupNamed } from "../groups.ts";
import type { Plan } from "../plan.ts";
import { costAt, type PreparedPruning } from "../prepare.ts";
import { hasByHand, withByHand, type ByHand } from "./by-hand.ts";
import { missed, mostOf, type Goal } from "./target.ts";
import { shareOf } from "./uniform.ts";

/** Accuracy against ratio, each group cut alone: what `sensitivity` answers. */
export interface Curves {
  /** Of the whole network, in (0, 1]. */
  readonly base: number;
  /** Ascending, in [0, 1). */
  readonly ratios: readonly number[];
  readonly groups: readonly Curve[];
}

export interface Curve {
  readonly name: string;
  /** One for each ratio. */
  readonly accuracy: readonly number[];
}

export type FromSensitivity =
  /** The relative loss that each group may cost, in [0, 1]. */
  | { readonly kind: "sensitivity"; readonly loss: number }
  | { readonly kind: "sensitivity"; readonly goal: Goal };

const HALVINGS = 20;

/**
 * Plans by curves. Groups without a curve stay whole.
 * @throws prune/bad-allocation when curves or loss are unfit, prune/unknown-group, prune/out-of-reach
 */
export function planSensitivity(
  prepared: PreparedPruning,
  allocation: FromSensitivity & ByHand,
  curves: Curves,
): Plan {
  const lossy = lossesOf(prepared, curves);
  if ("loss" in allocation) {
    const { loss } = allocation;
    if (loss >= 0 && loss <= 1) return planAtLoss(prepared, lossy, loss);
    throw unfit("loss", "a number from 0 to 1", String(loss));
  }
  const { goal } = allocation;
  const most = mostOf(prepared, goal);
  const costOf = (loss: number): number => {
    const plan = withByHand(prepared, planAtLoss(prepared, lossy, loss), allocation.byHand);
    return costAt(prepared, plan)[goal.of];
  };
  if (costOf(0) <= most) return planAtLoss(prepared, lossy, 0);
  let [low, high] = [0, Math.max(0, ...[...lossy.values()].flatMap(({ losses }) => losses))];
  const least = costOf(high);
  if (least > most) {
    const hands = hasByHand(allocation) ? "layers set by hand and " : "";
    const leave = `${hands}the measured curves leave at their last ratios`;
    throw missed({ of: goal.of, least, asked: most, leave, hint: "measure higher ratios" });
  }
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (costOf(middle) <= most) high = middle;
    else low = middle;
  }
  return planAtLoss(prepared, lossy, high);
}

/** A curve as losses, with its point at 0. */
interface LossCurve {
  readonly ratios: readonly number[];
  readonly losses: readonly number[];
}

/** The largest ratio at which the interpolated loss is at most `limit`. */
export function ratioAtLoss({ ratios, losses }: LossCurve, limit: number): number {
  const last = losses.findLastIndex((loss) => loss <= limit);
  // At 0 nothing is lost; only a limit below 0 has no answer.
  if (last < 0) return 0;
  const [r, loss] = [ratios[last] as number, losses[last] as number];
  const [nextRatio, nextLoss] = [ratios[last + 1], losses[last + 1]];
  if (nextRatio === undefined || nextLoss === undefined) return r;
  return r + ((limit - loss) * (nextRatio - r)) / (nextLoss - loss);
}

function planAtLoss(
  prepared: PreparedPruning,
  curves: ReadonlyMap<string, LossCurve>,
  limit: number,
): Plan {
  const { lines, criterion } = prepared;
  const counts = lossCounts(prepared, curves, limit);
  const requested = shareOf(prepared, counts);
  return planRemoval(lines, removeCounts(lines, counts), { criterion, requested });
}

/** How many channels of each line cost at most that loss. */
function lossCounts(
  { lines }: PreparedPruning,
  curves: ReadonlyMap<string, LossCurve>,
  limit: number,
): readonly number[] {
  return lines.map(({ id, size }) => {
    const curve = curves.get(id);
    return curve === undefined ? 0 : countOf(size, ratioAtLoss(curve, limit));
  });
}

/** The curves by group, checked. */
function lossesOf(
  { table }: PreparedPruning,
  { base, ratios, groups }: Curves,
): ReadonlyMap<string, LossCurve> {
  if (!(base > 0 && base <= 1)) throw unfit("base", "an accuracy above 0, up to 1", String(base));
  ratios.forEach((ratio, i) => {
    const least = ratios[i - 1] ?? 0;
    if (ratio < 1 && (i === 0 ? ratio >= 0 : ratio > least)) return;
    throw unfit("ratios", "rising ratios from 0 up to, but not including, 1", String(ratio));
  });
  return new Map(
    groups.map(({ name, accuracy }) => {
      const bad = accuracy.find((value) => !(value >= 0 && value <= 1));
      if (accuracy.length !== ratios.length || bad !== undefined) {
        const found = bad === undefined ? `${accuracy.length} numbers` : String(bad);
        throw unfit(name, `${ratios.length} accuracies from 0 to 1`, found);
      }
      const losses = accuracy.map((value) => (base - value) / base);
      // Nothing removed loses nothing, whatever was measured there.
      const isFirst = ratios[0] === 0;
      return [
        groupNamed(table, name).id,
        {
          ratios: isFirst ? ratios : [0, ...ratios],
          losses: [0, ...(isFirst ? losses.slice(1) : losses)],
        },
      ];
    }),
  );
}

function unfit(where: string, expected: string, found: string): AppError {
  return new AppError("prune/bad-allocation", {
    where: `sensitivity › ${where}`,
    expected,
    found,
  });
}
