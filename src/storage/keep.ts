/**
 * @file The project that a browser keeps: saved, read and forgotten, each in one transaction. A network is
 * written once, under its fingerprint, and goes in the transaction in which no run needs it any more. A training
 * that is under way is kept with the project that it belongs to. What a newer program wrote is never written over.
 */
import { known } from "../core/index.ts";
import { parseJsonText, encodeNetwork, readOutline, readProject } from "../files/index.ts";
import type { ReadProject } from "../files/index.ts";
import type { Network } from "../model/index.ts";
import { readDocument } from "./read.ts";
import type { ProjectDocument } from "./schema.ts";
import type { Shelf } from "./shelf.ts";
import { outlineOf, readTraining, type FoundTraining, type WrittenTraining } from "./training.ts";

/** How messages call what is kept. */
const PLACE = "the project kept in this browser";

/** A project that can be put on the page. */
export interface SoundProject extends Omit<ReadProject, "document" | "where"> {
  readonly document: ProjectDocument;
}

/** What was kept, with the training that was under way. */
export interface FoundProject extends SoundProject {
  readonly training: FoundTraining | null;
}

/** What becomes of a training that is kept: another takes its place, it stays, or it goes. */
export type TrainingToKeep = WrittenTraining | "as it is" | null;

/** Checks what is left to check of a project whose networks are sound. */
export function soundProject({ document, where, networks }: ReadProject): SoundProject {
  const sound = readDocument(document, where);
  const runs = sound.runs.map((run, i) => ({
    ...run,
    metadata: known(networks[i], "network").metadata,
  }));
  return { document: { ...sound, runs }, networks };
}

/**
 * Saves a project in the place of the one that is there.
 * @param networkOf — the network of a fingerprint; asked only for what is not there yet
 * @returns the step of the training that is kept with it; null without one
 * @throws project/newer, storage/*; what was kept before is then untouched
 */
export async function saveProject(
  shelf: Shelf,
  document: ProjectDocument,
  networkOf: (key: string) => Network,
  training: TrainingToKeep = null,
): Promise<number | null> {
  const text = JSON.stringify(readDocument(document, PLACE));
  const wanted = new Set(document.runs.map(({ network }) => network));
  const written = training === null || training === "as it is" ? null : training;
  return await shelf.transact("readwrite", async (shelved) => {
    refuseNewer(await shelved.document());
    const there = new Set(await shelved.keys());
    const found = training === "as it is" ? outlineOf(await shelved.training()) : null;
    // What of its state is gone can be had from nobody, and is no reason to lose the project.
    const isWhole = found !== null && there.has(found.weights) && there.has(found.momentum);
    const outline = isWhole ? found : (written?.record ?? null);
    if (outline !== null) for (const key of [outline.weights, outline.momentum]) wanted.add(key);
    // First, as there may be room for one state and not for two.
    for (const key of there) if (!wanted.has(key)) await shelved.deleteNetwork(key);
    for (const key of wanted) {
      if (there.has(key)) continue;
      const network = written?.networks.get(key) ?? networkOf(key);
      await shelved.putNetwork(key, encodeNetwork(network, key));
    }
    await shelved.putDocument(text);
    if (written !== null) await shelved.putTraining(JSON.stringify(written.record));
    else if (outline === null) await shelved.deleteTraining();
    return outline?.step ?? null;
  });
}

/** A damaged one may be written over; what a newer program can read may not. */
function refuseNewer(text: string | undefined): void {
  if (text === undefined) return;
  const format = /^\{"format":"(espalier-project\/[1-9]\d{0,8})"/.exec(text)?.[1];
  if (format !== undefined) readOutline({ format, runs: ONE_RUN }, PLACE);
}

/** Enough for an outline whose version alone is in question. */
const ONE_RUN = [{ network: "0".repeat(64), name: "", metadata: {} }];

/**
 * Reads the project that is kept.
 * @returns null when there is none
 * @throws project/newer, storage/*, and what a file with the same damage is refused for
 */
export async function loadProject(shelf: Shelf): Promise<FoundProject | null> {
  const found = await shelf.transact("readonly", async (shelved) => {
    const text = await shelved.document();
    if (text === undefined) return null;
    const networks = new Map<string, Uint8Array>();
    for (const key of await shelved.keys()) {
      const bytes = await shelved.network(key);
      if (bytes !== undefined) networks.set(key, bytes);
    }
    return { text, networks, training: await shelved.training() };
  });
  if (found === null) return null;
  const document = parseJsonText(found.text, PLACE);
  const project = await readProject(document, PLACE, async (key) => {
    const bytes = found.networks.get(key);
    return bytes && { bytes, where: `${PLACE} › ${key.slice(0, 8)}` };
  });
  const sound = soundProject(project);
  if (found.training === undefined) return { ...sound, training: null };
  const start = (run: number, key: string): Network | undefined => {
    const { runs } = sound.document;
    return sound.networks[runs.findIndex(({ id, network }) => id === run && network === key)];
  };
  const training = await readTraining(found.training, start, (key) => found.networks.get(key));
  return { ...sound, training };
}

/**
 * Forgets the project that is kept, damaged or not.
 * @throws project/newer, storage/*
 */
export async function forgetProject(shelf: Shelf): Promise<void> {
  await shelf.transact("readwrite", async (shelved) => {
    refuseNewer(await shelved.document());
    await shelved.clear();
  });
}
