/**
 * @file The seam to what really stores: one shelf with a document, the record of a training that is under way, and
 * networks by fingerprint, changed in transactions that happen whole or not at all. Thin, so that every one of its calls can be made to fail.
 */

/** What can be done within a transaction; it ends when nothing of it is waited for any more. */
export interface ShelfTransaction {
  /** The document's text; nothing on an empty shelf. */
  document(): Promise<string | undefined>;
  putDocument(text: string): Promise<void>;
  /** The text about a training that is under way; nothing without one. */
  training(): Promise<string | undefined>;
  putTraining(text: string): Promise<void>;
  deleteTraining(): Promise<void>;
  /** The fingerprints of the networks that are there. */
  keys(): Promise<readonly string[]>;
  network(key: string): Promise<Uint8Array | undefined>;
  putNetwork(key: string, bytes: Uint8Array): Promise<void>;
  deleteNetwork(key: string): Promise<void>;
  /** Takes everything away. */
  clear(): Promise<void>;
}

export interface Shelf {
  /**
   * Runs work in one transaction: when it throws, or cannot be written, nothing of it has happened.
   * @param mode — what is written is on the disk when the promise resolves
   * @throws what the work throws; project/newer, storage/full, storage/unavailable
   */
  transact<T>(
    mode: "readonly" | "readwrite",
    work: (transaction: ShelfTransaction) => Promise<T>,
  ): Promise<T>;
}
