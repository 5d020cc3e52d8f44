/**
 * @file Projects in the worker: the file that a person downloads, and the one that the browser keeps. The
 * page names networks by their keys, so that saving moves no weights between threads.
 */
import { AppError, known, toPlainError } from "../core/index.ts";
import { fileName, writeProject } from "../files/index.ts";
import type { Network } from "../model/index.ts";
import {
  createWriter,
  forgetProject,
  loadProject,
  readDocument,
  saveProject,
  writeTraining,
  type FoundProject,
  type FoundTraining,
  type Locks,
  type ProjectDocument,
  type Shelf,
  type TrainingNote,
  type TrainingToKeep,
} from "../storage/index.ts";
import type {
  ExportedFile,
  KeptBy,
  KeptTraining,
  NetworkKey,
  SavedBy,
  TrainCheckpoint,
} from "./protocol.ts";

/** Where projects are kept, and how tabs agree on who does it; nothing where that cannot be. */
export interface Keeping {
  readonly shelf?: Shelf | undefined;
  readonly locks?: Locks | undefined;
}

type NetworkOf = (key: NetworkKey) => Network;

/**
 * The project that this browser keeps, and with it the last state of a training that is under way: that is here
 * already, so that the page sends only what it knows about it.
 */
export class KeptProject {
  readonly #shelf: Shelf | undefined;
  readonly #isOurs: () => Promise<boolean>;
  /** The last state that a training has told. */
  #newest: TrainCheckpoint | undefined;
  /** That of them which lies on the shelf. */
  #written: TrainCheckpoint | undefined;

  constructor({ shelf, locks }: Keeping) {
    this.#shelf = shelf;
    this.#isOurs = createWriter(locks);
  }

  /** A training tells where it can be taken up. */
  tell(checkpoint: TrainCheckpoint): void {
    this.#newest = checkpoint;
  }

  async save(
    document: ProjectDocument,
    note: TrainingNote | null,
    networkOf: NetworkOf,
  ): Promise<SavedBy> {
    if (!(await this.#isOurs())) return "another tab";
    const shelf = this.#there();
    const newest = this.#newest;
    const isNew = note !== null && newest?.state.step === note.step && newest !== this.#written;
    const keep = (training: TrainingToKeep): Promise<number | null> =>
      saveProject(shelf, document, networkOf, training);
    if (note === null) {
      this.#written = undefined;
      await keep(null);
      return "this tab";
    }
    if (isNew) {
      const written = await writeTraining(note, newest.state);
      const step = await keep(written).catch(isFull);
      if (step !== "full") {
        this.#written = newest;
        return "this tab";
      }
    }
    // The project comes before the state of a training, the last one before none.
    const step = await keep("as it is").catch(isFull);
    if (step === "full") await keep(null);
    return step === note.step ? "this tab" : "this tab, without the training";
  }

  /** What is kept, whoever keeps it; a training that another tab is at was not cut off. */
  async load(): Promise<FoundProject | null> {
    const found = await loadProject(this.#there());
    const isElsewhere = found !== null && found.training !== null && !(await this.#isOurs());
    return isElsewhere ? { ...found, training: null } : found;
  }

  async forget(): Promise<KeptBy> {
    if (!(await this.#isOurs())) return "another tab";
    await forgetProject(this.#there());
    return "this tab";
  }

  #there(): Shelf {
    if (this.#shelf !== undefined) return this.#shelf;
    throw new AppError("storage/unavailable", { where: "the browser's storage" });
  }
}

/** There is no room for it. @throws everything else */
function isFull(error: unknown): "full" {
  if (error instanceof AppError && error.code === "storage/full") return "full";
  throw error;
}

/** A training that was under way, as the page takes it up. */
export function handTraining(found: FoundTraining | null): KeptTraining | null {
  if (found === null) return null;
  if (found.kind === "damaged") return { kind: found.kind, error: toPlainError(found.error) };
  const { format: _, normalization: __, weights: ___, momentum: ____, ...note } = found.record;
  const { total, replans, perEpoch, seconds, images } = note;
  const plans = replans === undefined ? {} : { replans };
  const checkpoint = { state: found.state, total, ...plans, perEpoch, seconds, images };
  return { kind: found.kind, note, checkpoint };
}

/** A project's file, called after its first network, written and read back. */
export async function writeProjectOf(
  document: ProjectDocument,
  networkOf: NetworkOf,
): Promise<ExportedFile> {
  const name = `${fileName(known(document.runs[0], "run").name)}.espalier.zip`;
  const sound = readDocument(document, name);
  const networks = document.runs.map((run) => ({
    ...networkOf(run.network),
    name: run.name,
    metadata: run.metadata,
  }));
  return writeProject({ document: sound, networks }, name);
}

/** Each network of a project once, by its key; of equal ones, that of the run that is shown. */
export function eachOnce(
  { runs, shown }: ProjectDocument,
  networks: readonly Network[],
): ReadonlyMap<NetworkKey, Network> {
  const found = new Map<NetworkKey, Network>();
  runs.forEach(({ id, network: key }, i) => {
    if (!found.has(key) || id === shown) found.set(key, known(networks[i], key));
  });
  return found;
}
