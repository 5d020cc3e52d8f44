/**
 * @file Projects in the worker: the file that a person downloads, and the one that the browser keeps. The
 * page names networks by their keys, so that saving moves no weights between threads.
 */
import { AppError, known } from "../core/index.ts";
import { fileName, writeProject } from "../files/index.ts";
import type { Network } from "../model/index.ts";
import {
  createWriter,
  forgetProject,
  loadProject,
  readDocument,
  saveProject,
  type Locks,
  type ProjectDocument,
  type Shelf,
  type SoundProject,
} from "../storage/index.ts";
import type { ExportedFile, KeptBy, NetworkKey } from "./protocol.ts";

/** Where projects are kept, and how tabs agree on who does it; nothing where that cannot be. */
export interface Keeping {
  readonly shelf?: Shelf | undefined;
  readonly locks?: Locks | undefined;
}

type NetworkOf = (key: NetworkKey) => Network;

/** The project that this browser keeps. */
export class KeptProject {
  readonly #shelf: Shelf | undefined;
  readonly #isOurs: () => Promise<boolean>;

  constructor({ shelf, locks }: Keeping) {
    this.#shelf = shelf;
    this.#isOurs = createWriter(locks);
  }

  async save(document: ProjectDocument, networkOf: NetworkOf): Promise<KeptBy> {
    if (!(await this.#isOurs())) return "another tab";
    await saveProject(this.#there(), document, networkOf);
    return "this tab";
  }

  /** What is kept, whoever keeps it. */
  load(): Promise<SoundProject | null> {
    return loadProject(this.#there());
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
