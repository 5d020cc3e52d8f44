/** @file Sound files that get damaged, and how each is opened. Every one of them opens as it is. */
import type { Random } from "../../src/core/index.ts";
import type { Picture, Sketch } from "../../src/files/index.ts";
import { openFiles } from "../../src/files/index.ts";
import { validateNetwork } from "../../src/model/index.ts";
import { soundProject } from "../../src/storage/index.ts";
import { countOf } from "../../src/data/index.ts";
import { mutateBytes } from "./bytes.ts";
import { type Mutator, pick } from "./mutator.ts";

/** A file with the folders it lies in. */
export interface DroppedBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Files that are dropped together, of which the first is damaged. */
export interface Sample {
  readonly files: readonly [DroppedBytes, ...DroppedBytes[]];
  /** Mutators that know the format; those that know none come beside them. */
  readonly grammar: readonly Mutator[];
  /** How it is opened: through the page's own door, unless said otherwise. */
  readonly open?: (files: readonly DroppedBytes[]) => Promise<void>;
}

/** Damages a sample: once by any mutator, and every third time once more, blindly. */
export function damage({ files, grammar }: Sample, random: Random): DroppedBytes[] {
  const [{ path, bytes }, ...others] = files;
  const knowing = grammar.length > 0 && random.integer(2) === 0;
  let mutant = (knowing ? pick(grammar, random) : mutateBytes)(bytes, random);
  if (random.integer(3) === 0) mutant = mutateBytes(mutant, random);
  return [{ path, bytes: mutant }, ...others];
}

/** Opens files as a drop, and looks at what came. */
export async function openDrop(files: readonly DroppedBytes[]): Promise<void> {
  const dropped = files.map(({ path, bytes }) => ({
    file: new File([bytes as BlobPart], path.slice(path.lastIndexOf("/") + 1)),
    path,
  }));
  for (const opened of await openFiles(dropped, { decodePicture, sketches: true })) {
    if (opened.kind === "network") validateNetwork(opened.network);
    else if (opened.kind === "project") soundProject(opened).networks.forEach(validateNetwork);
    else if (opened.kind === "sketch") checkSketch(opened.sketch);
    else for (const set of [opened.training, opened.test]) if (set !== undefined) countOf(set);
    if (opened.notes.some((note) => /undefined|NaN|\[object/.test(note))) {
      throw new Error(`a note that says nothing: ${opened.notes.join("; ")}`);
    }
  }
}

/** What is not known is null, and never a number that is none. */
function checkSketch({ layers, scales }: Sketch): void {
  const figures = layers.flatMap(({ shape, parameters, macs }) => [
    ...(shape ?? []),
    parameters,
    macs,
  ]);
  const isSound = (figure: number | null): boolean =>
    figure === null || (Number.isInteger(figure) && figure >= 0);
  if (!figures.every(isSound)) throw new Error("a sketch with a figure that is none");
  if (scales.some((scale) => scale < 0)) throw new Error("a sketch with a negative scale");
}

/** A picture as the tests write it: PNG's signature, width, height, RGBA. A browser has a better one. */
async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  const [width = 0, height = 0] = bytes.subarray(8, 10);
  if (bytes.length !== 10 + width * height * 4) throw new Error("no picture");
  return { width, height, pixels: bytes.subarray(10) };
}
