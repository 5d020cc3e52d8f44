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
  /** The last state that a training has told, until it lies on the shelf. */
  #newest: TrainCheckpoint | undefined;
  /** What is done with the shelf goes one after the other, as a state takes its time to be hashed. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ shelf, locks }: Keeping) {
    this.#shelf = shelf;
    this.#isOurs = createWriter(locks);
  }

  /** A training tells where it can be taken up. */
  tell(checkpoint: TrainCheckpoint): void {
    this.#newest = checkpoint;
  }

  /** Keeps the project, and of its training the newest state, which may be later than what the page says of it. */
  save(document: ProjectDocument, note: TrainingNote | null, networkOf: NetworkOf) {
    // Looked at when it is asked for: a training that begins meanwhile is another one.
    const newest = note === null ? undefined : this.#newest;
    return this.#inTurn(async (): Promise<SavedBy> => {
      if (!(await this.#isOurs())) return "another tab";
      const shelf = this.#there();
      const keep = (training: TrainingToKeep): Promise<number | null> =>
        saveProject(shelf, document, networkOf, training);
      if (note === null) {
        await keep(null);
        return "this tab";
      }
      if (newest !== undefined) {
        const written = await writeTraining(noteAt(note, newest), newest.state);
        if ((await keep(written).catch(isFull)) !== "full") {
          if (this.#newest === newest) this.#newest = undefined;
          return "this tab";
        }
      }
      // The project comes before the state of a training, the last one before none.
      const step = await keep("as it is").catch(isFull);
      if (step === "full") await keep(null);
      const isKept = step !== "full" && step !== null && step >= note.step;
      return isKept ? "this tab" : "this tab, without the training";
    });
  }

  /** What is kept, whoever keeps it; a training that another tab is at was not cut off. */
  async load(): Promise<FoundProject | null> {
    const found = await loadProject(this.#there());
    const isElsewhere = found !== null && found.training !== null && !(await this.#isOurs());
    return isElsewhere ? { ...found, training: null } : found;
  }

  forget(): Promise<KeptBy> {
    return this.#inTurn(async () => {
      if (!(await this.#isOurs())) return "another tab";
      await forgetProject(this.#there());
      return "this tab";
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  #there(): Shelf {
    if (this.#shelf !== undefined) return this.#shelf;
    throw new AppError("storage/unavailable", { where: "the browser's storage" });
  }
}

/** What is said of a training, at the same or a later state of it: plans are only ever added. */
function noteAt(note: TrainingNote, at: TrainCheckpoint): TrainingNote {
  const { state, replans, total, perEpoch, seconds, images } = at;
  const plans = replans === undefined ? {} : { replans };
  return { ...note, step: state.step, total, ...plans, perEpoch, seconds, images };
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
