/**
 * @file Where bytes come from: a file of the person's, or an entry of an archive. Both are read in
 * pieces small enough that an abort is noticed, with progress counted over all that was dropped.
 */
import { AppError, type OnProgress } from "../core/index.ts";
import { showBytes } from "./bytes.ts";
import type { ZipEntry } from "./containers/zip-read.ts";
import type { InputSize } from "./input-size.ts";
import { LIMITS } from "./limits.ts";
import type { DecodePicture } from "./pictures/read.ts";

export interface OpenOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Lets the thread hear its messages, an abort among them, between two pieces of arithmetic. */
  readonly breathe?: () => Promise<void>;
  /** Browsers have one; without it pictures are refused. */
  readonly decodePicture?: DecodePicture;
  /** The images' size, for networks that leave it open. */
  readonly inputSize?: InputSize | undefined;
  /** Which of the networks that weights without a graph fit; the usual one by default. */
  readonly reading?: string | undefined;
  /** Whether a network that cannot be run is opened to be looked at; refused by default. */
  readonly sketches?: boolean;
}

/** A file with the folders it was dropped in: `cifar/train/cat/1.png`. A copied `File` forgets them. */
export interface DroppedFile {
  readonly file: File;
  readonly path: string;
}

/** What a person hands over. */
export type Dropped = File | DroppedFile;

/** Something with bytes and a name. */
export interface Source {
  /** For messages: `model.zip › weights/model.json`. */
  readonly where: string;
  /** With folders, as far as they are known. */
  readonly path: string;
  readonly size: number;
  /** The first bytes, at most {@link LIMITS.sniffBytes}. */
  head(): Promise<Uint8Array>;
  /** All bytes at once. */
  read(): Promise<Uint8Array>;
  /** All bytes in pieces. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Counts bytes over all files that were dropped together, and notices an abort. */
export class ReadProgress {
  readonly #options: OpenOptions;
  readonly #total: number;
  #done = 0;
  /** Bytes since the last breath. */
  #worked = 0;

  constructor(total: number, options: OpenOptions) {
    this.#options = options;
    this.#total = total;
    this.advance(0);
  }

  /** @throws the signal's reason when it was aborted */
  advance(bytes: number): void {
    this.#options.signal?.throwIfAborted();
    this.#done = Math.min(this.#done + bytes, this.#total);
    this.#options.onProgress?.({ done: this.#done, total: this.#total, unit: "bytes" });
  }

  /**
   * To be awaited behind arithmetic on so many bytes: whoever wishes to stop is heard, now and then.
   * @throws the signal's reason when it was aborted
   */
  async rest(bytes: number): Promise<void> {
    this.#worked += bytes;
    if (this.#worked >= LIMITS.readBytes) {
      this.#worked = 0;
      await this.#options.breathe?.();
    }
    this.#options.signal?.throwIfAborted();
  }

  /** Reports everything as done, files that were left aside included. */
  finish(): void {
    this.advance(this.#total);
  }
}

/** A file of the person's. */
export function fileSource({ file, path }: DroppedFile, progress: ReadProgress): Source {
  const where = file.name;
  if (file.size > LIMITS.fileBytes) {
    throw new AppError("files/over-limit", {
      where,
      expected: `at most ${showBytes(LIMITS.fileBytes)}`,
      found: showBytes(file.size),
    });
  }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of slices(file)) {
      progress.advance(chunk.length);
      yield chunk;
    }
  }
  const read = async (): Promise<Uint8Array> => {
    const bytes = new Uint8Array(file.size);
    let offset = 0;
    for await (const chunk of chunks()) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    return bytes;
  };
  return {
    where,
    path,
    size: file.size,
    head: () => readSlice(file, 0, LIMITS.sniffBytes),
    read,
    chunks,
  };
}

/** Pieces of a file that are asked for before they are wanted. */
const AHEAD = 2;

/**
 * A file in pieces. The platform reads the next ones while this one is worked on: a browser has other
 * processes for that, which take as long as unpacking does.
 */
async function* slices(file: File): AsyncGenerator<Uint8Array> {
  const coming: Promise<Uint8Array>[] = [];
  let asked = 0;
  do {
    while (coming.length <= AHEAD && asked < file.size) {
      const slice = readSlice(file, asked, asked + LIMITS.readBytes);
      // Whoever stops early never takes it; a failure of one that is taken is thrown there.
      slice.catch(() => undefined);
      coming.push(slice);
      asked += LIMITS.readBytes;
    }
    const next = coming.shift();
    if (next !== undefined) yield await next;
  } while (coming.length > 0);
}

async function readSlice(file: File, start: number, end: number): Promise<Uint8Array> {
  const expected = Math.min(end, file.size) - start;
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch {
    // A file that changed, moved or lost its permission after it was chosen.
    throw new AppError("files/read-failed", { where: file.name });
  }
  if (bytes.length !== expected) throw new AppError("files/read-failed", { where: file.name });
  return bytes;
}

/** Entries between which the thread is heard. */
export function restful(entries: readonly ZipEntry[], progress: ReadProgress): readonly ZipEntry[] {
  return entries.map((entry) => ({
    ...entry,
    read: async () => {
      const bytes = await entry.read();
      await progress.rest(bytes.length);
      return bytes;
    },
  }));
}

/** An entry of a zip archive; its bytes were counted with the archive. */
export function entrySource(entry: ZipEntry, archive: string, progress: ReadProgress): Source {
  let whole: Promise<Uint8Array> | undefined;
  const read = (): Promise<Uint8Array> => {
    progress.advance(0);
    whole ??= entry.read();
    return whole;
  };
  return {
    where: `${archive} › ${entry.path}`,
    path: entry.path,
    size: entry.size,
    read,
    head: async () => (await read()).subarray(0, LIMITS.sniffBytes),
    async *chunks() {
      yield await read();
    },
  };
}
