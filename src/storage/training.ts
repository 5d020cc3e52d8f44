/**
 * @file A training that was under way, beside the project that is kept: a record, and its state as two networks
 * of the graph that is trained, one with the weights and one with the momentum in their place, so that they are
 * written, named by fingerprint and checked as every other network is. It is part of no file that is handed out.
 */
import * as v from "valibot";
import { AppError, known, sameShape } from "../core/index.ts";
import { normalizationOf } from "../data/index.ts";
import { checkJson, parseJsonText, PROJECT_FORMATS, readProject } from "../files/index.ts";
import { digestNetwork, weightSpecs, withNormalization, type Network } from "../model/index.ts";
import type { TrainState } from "../train/index.ts";
import { checkTold } from "./read.ts";
import { trainingSchema, type TrainingNote, type TrainingRecord } from "./schema.ts";

/** How messages call it. */
const PLACE = "the training kept in this browser";

/** What is written of a training. */
export interface WrittenTraining {
  readonly record: TrainingRecord;
  /** Those that the record names. */
  readonly networks: ReadonlyMap<string, Network>;
}

/** What was found of one: it can go on, or why it cannot. */
export type FoundTraining =
  | { readonly kind: "sound"; readonly record: TrainingRecord; readonly state: TrainState }
  | { readonly kind: "damaged"; readonly error: AppError };

/** Makes what is to be kept of a training's state. */
export async function writeTraining(
  note: TrainingNote,
  { network, velocity }: TrainState,
): Promise<WrittenTraining> {
  const values = new Map(
    [...network.weights].map(
      ([
        name,
        {
          shape,
          values: { length },
        },
      ]) => [
        name,
        // What has no momentum yet starts at zero, and so do statistics.
        velocity.get(name) ?? { shape, values: new Float32Array(length) },
      ],
    ),
  );
  const slow: Network = { ...network, metadata: {}, weights: values };
  // One after the other: each takes a copy.
  const weights = await digestNetwork(network);
  const momentum = await digestNetwork(slow);
  const normalization = normalizationOf(network);
  const more = { normalization, weights, momentum };
  const record: TrainingRecord = { format: "espalier-training/1", ...note, ...more };
  return {
    record,
    networks: new Map([
      [weights, network],
      [momentum, slow],
    ]),
  };
}

/** What a text says of networks that are needed for it, and how far it was; null for one that says nothing. */
export function outlineOf(
  text: string | undefined,
): Pick<TrainingRecord, "weights" | "momentum" | "step"> | null {
  try {
    const read = v.safeParse(trainingSchema, JSON.parse(text ?? "null"));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

/**
 * Reads what was kept.
 * @param start — the network of a run with that number and fingerprint; nothing where there is none
 * @param find — the bytes of a network by its fingerprint
 * @returns null for one that is of another project
 */
export async function readTraining(
  text: string,
  start: (run: number, network: string) => Network | undefined,
  find: (key: string) => Uint8Array | undefined,
): Promise<FoundTraining | null> {
  try {
    const record = checkJson(trainingSchema, parseJsonText(text, PLACE), PLACE);
    const { settings, total } = record;
    const length = "seconds" in settings.length ? { steps: total } : settings.length;
    checkTold({ ...settings, length }, PLACE);
    const network = start(record.run, record.network);
    if (network === undefined) return null;
    const parts = [record.weights, record.momentum].map((key) => ({
      network: key,
      name: network.name,
      metadata: {},
    }));
    const outline = { format: PROJECT_FORMATS[0], runs: parts };
    const { networks } = await readProject(outline, PLACE, async (key) => {
      const bytes = find(key);
      return bytes && (await Promise.resolve({ bytes, where: `${PLACE} › ${key.slice(0, 8)}` }));
    });
    const [weights, momentum] = [known(networks[0], "weights"), known(networks[1], "momentum")];
    for (const one of [weights, momentum]) checkSame(one, network);
    const specs = weightSpecs(network);
    const velocity = new Map(
      [...momentum.weights].filter(([name]) => specs.get(name)?.trainable === true),
    );
    const state = {
      // The run's own may have been fed otherwise since.
      network: withNormalization({ ...network, weights: weights.weights }, record.normalization),
      velocity,
      step: record.step,
    };
    return { kind: "sound", record, state };
  } catch (error) {
    if (error instanceof AppError) return { kind: "damaged", error };
    throw error;
  }
}

/** A state is of the very network that the training began with. */
function checkSame(state: Network, network: Network): void {
  for (const [name, { shape }] of weightSpecs(network)) {
    const found = state.weights.get(name);
    if (found !== undefined && sameShape(found.shape, shape)) continue;
    throw new AppError("train/state-mismatch", { where: `${PLACE} › ${name}` });
  }
}
