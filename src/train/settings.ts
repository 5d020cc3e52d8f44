/**
 * @file What a training run is told. Defaults are Network Slimming's (Liu et al. 2017, §4), with CIFAR's
 * usual augmentation. Everything is data: settings travel in recipes, reports and checkpoints.
 */
import { AppError } from "../core/index.ts";
import { CIFAR_AUGMENTATION, type Augmentation } from "../data/index.ts";

/** How the learning rate falls over the run; `progress` is the share of steps done. */
export type Schedule =
  | { readonly kind: "constant" }
  /** Times `factor` at each share of the run. */
  | { readonly kind: "step"; readonly at: readonly number[]; readonly factor: number }
  /** Half a cosine down to 0 (Loshchilov & Hutter 2017, eq. 5, one period). */
  | { readonly kind: "cosine" };

/** L1 on BN scales (Liu et al. 2017, eq. 1). */
export interface Sparsity {
  /** The factor s; 0 is plain training, bit for bit. */
  readonly strength: number;
  /**
   * `subgradient` adds s·sign(γ) to the gradient, sign(0) = 0, as the reference code does;
   * `proximal` moves γ towards 0 by lr·s after the update and stops there: true zeros.
   */
  readonly form: "subgradient" | "proximal";
}

/** A plan that was given up while the run went, since time was short or plenty. */
export interface Replan {
  /** Steps done when it was. */
  readonly at: number;
  /** Steps of the whole run that were planned until then. */
  readonly steps: number;
}

/** How long a run lasts; with its replans a run of a time box can be repeated to the same bits. */
export type Length =
  | { readonly epochs: number }
  | { readonly steps: number; readonly replans?: readonly Replan[] };

export interface TrainSettings {
  readonly length: Length;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly momentum: number;
  /** Coupled, on every parameter, as the reference code has it. */
  readonly weightDecay: number;
  readonly schedule: Schedule;
  readonly sparsity: Sparsity;
  readonly augmentation: Augmentation;
  readonly seed: number;
  /** Weights that are 0 when the run begins stay 0: how a masked network is trained on. */
  readonly freezeZeros?: boolean | undefined;
}

export const DEFAULT_SETTINGS: TrainSettings = {
  length: { epochs: 1 },
  batchSize: 64,
  learningRate: 0.1,
  momentum: 0.9,
  weightDecay: 1e-4,
  schedule: { kind: "step", at: [0.5, 0.75], factor: 0.1 },
  sparsity: { strength: 0, form: "subgradient" },
  augmentation: CIFAR_AUGMENTATION,
  seed: 1,
};

/** Every numeric setting's range: what forms, recipes and the command line agree on. */
export const SETTING_RANGES = {
  batchSize: { least: 1, most: 4096, whole: true },
  learningRate: { least: 0, most: Number.MAX_VALUE, whole: false },
  momentum: { least: 0, most: 0.999999, whole: false },
  weightDecay: { least: 0, most: 1, whole: false },
  strength: { least: 0, most: 1, whole: false },
  epochs: { least: 1, most: 100_000, whole: true },
  steps: { least: 1, most: 1_000_000_000, whole: true },
  pad: { least: 0, most: 16, whole: true },
  factor: { least: 0, most: Number.MAX_VALUE, whole: false },
  at: { least: 0, most: 1, whole: false },
  seed: { least: 0, most: 0x7fffffff, whole: true },
} as const;

/**
 * Refuses a setting out of range.
 * @throws train/bad-setting naming the setting
 */
export function checkSettings(settings: TrainSettings): void {
  const { schedule, length } = settings;
  const values: Partial<Record<keyof typeof SETTING_RANGES, number | readonly number[]>> = {
    batchSize: settings.batchSize,
    learningRate: settings.learningRate,
    momentum: settings.momentum,
    weightDecay: settings.weightDecay,
    strength: settings.sparsity.strength,
    pad: settings.augmentation.pad,
    seed: settings.seed,
    ...("epochs" in length
      ? { epochs: length.epochs }
      : {
          steps: [length.steps, ...(length.replans ?? []).flatMap(({ at, steps }) => [at, steps])],
        }),
    ...(schedule.kind === "step" ? { at: schedule.at, factor: schedule.factor } : {}),
  };
  for (const [name, given] of Object.entries(values)) {
    const { least, most, whole } = SETTING_RANGES[name as keyof typeof SETTING_RANGES];
    const fits = (n: number): boolean => n >= least && n <= most && (!whole || Number.isInteger(n));
    const value = [given].flat().find((n) => !fits(n));
    if (value === undefined) continue;
    throw new AppError("train/bad-setting", {
      where: `settings › ${name}`,
      expected:
        most === Number.MAX_VALUE
          ? `a finite number from ${least}`
          : `${whole ? "a whole number" : "a number"} from ${least} to ${most}`,
      found: String(value),
    });
  }
}
