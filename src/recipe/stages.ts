/**
 * @file A recipe's stages, one after the other: training, pruning, repair; and again as often as the
 * schedule says. Each begins with the network that the one before it has left.
 */
import type { TrainSettings } from "../train/index.ts";
import { repairSettings, trainSettings, type Recipe } from "./recipe.ts";

export type Stage =
  | {
      readonly kind: "train" | "repair";
      /** Counts from 1. */
      readonly pass: number;
      readonly settings: TrainSettings;
    }
  | {
      readonly kind: "prune";
      readonly pass: number;
      /** Share of each layer's channels that stays, whatever the allocation says. */
      readonly minimumShare: number;
    };

const NAMES = { train: "trained", prune: "pruned", repair: "repaired" } as const;

/** `2-pruned`. */
export function stageName({ kind, pass }: Stage): string {
  return `${pass}-${NAMES[kind]}`;
}

/**
 * Lays a recipe out. Every pass trains on other shuffles: the seed counts up. The allocation's share is
 * of what the pass before has left.
 */
export function stagesOf(recipe: Recipe): readonly Stage[] {
  const { schedule } = recipe;
  const passes = schedule.kind === "multi-pass" ? schedule.passes : 1;
  const minimumShare = schedule.kind === "multi-pass" ? 1 - schedule.mostPerLayer : 0;
  return Array.from({ length: passes }, (_, index) => index + 1).flatMap((pass): Stage[] => {
    const seeded = (settings: TrainSettings | undefined) =>
      settings && { ...settings, seed: settings.seed + pass - 1 };
    const [training, repair] = [trainSettings(recipe), repairSettings(recipe)].map(seeded);
    return [
      ...(training === undefined ? [] : [{ kind: "train" as const, pass, settings: training }]),
      { kind: "prune", pass, minimumShare },
      ...(repair === undefined ? [] : [{ kind: "repair" as const, pass, settings: repair }]),
    ];
  });
}
