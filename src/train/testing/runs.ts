/** @file Test support: short runs of a tiny network on wasm, and the identity of where they end. */
import { hashOf, type Hashable } from "../../core/index.ts";
import { CIFAR10_NORMALIZATION } from "../../data/index.ts";
import { firstIndices, randomImages } from "../../data/testing/images.ts";
import { fingerprintNetwork } from "../../model/index.ts";
import { compile, type Backend } from "../../runtime/index.ts";
import { withLeakCheck } from "../../runtime/testing/leaks.ts";
import { tiny } from "../../runtime/testing/networks.ts";
import {
  DEFAULT_SETTINGS,
  startState,
  train,
  type TrainData,
  type TrainHooks,
  type TrainResult,
  type TrainSettings,
  type TrainState,
} from "../index.ts";

/** 22 images: an epoch of three batches of 8, the last of them short. */
export const DATA: TrainData = {
  dataset: randomImages(22),
  indices: firstIndices(22),
  normalization: CIFAR10_NORMALIZATION,
};

/** Three epochs, nine steps, with everything switched on. */
export const SETTINGS: TrainSettings = {
  ...DEFAULT_SETTINGS,
  length: { epochs: 3 },
  batchSize: 8,
  learningRate: 0.05,
  schedule: { kind: "step", at: [0.5], factor: 0.1 },
  sparsity: { strength: 1e-2, form: "subgradient" },
  augmentation: { pad: 2, flip: true },
};

/** SHA-256 of step, weights with running statistics, and velocity. */
export function identityOf({ network, velocity, step }: TrainState): string {
  const parts: Hashable[] = [String(step), fingerprintNetwork(network)];
  for (const [name, { values }] of [...velocity].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    parts.push(name, values);
  }
  return hashOf(parts);
}

/** One run of its own program, which must give back every tensor. */
export function runOn(
  backend: Backend,
  settings: Partial<TrainSettings> = {},
  { from = startState(tiny()), hooks = {}, data = DATA }: RunOptions = {},
): Promise<TrainResult> {
  return withLeakCheck(async () => {
    const all = { ...SETTINGS, ...settings };
    const program = compile(from.network, backend, Math.min(all.batchSize, 64));
    try {
      return await train(program, from, data, all, hooks);
    } finally {
      program.dispose();
    }
  });
}

export interface RunOptions {
  readonly from?: TrainState;
  readonly hooks?: TrainHooks;
  readonly data?: TrainData;
}

/** Hooks that ask for a stop once `steps` steps are done. */
export function stoppingAt(steps: number): TrainHooks {
  const control = new AbortController();
  return {
    signal: control.signal,
    onStep: ({ step }) => {
      if (step === steps) control.abort();
    },
  };
}
