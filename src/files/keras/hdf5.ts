/**
 * @file HDF5 by the HDF Group's own library in WebAssembly. It works on bytes in memory, on one file at
 * a time, and gives everything back. Whatever it throws becomes an `AppError`; no group is ever walked
 * recursively, and nothing is read before its claimed size has been held against the file's.
 */
import type { Attribute, Dataset, File as Hdf5File } from "h5wasm";
import { AppError, showShape, sizeOf } from "../../core/index.ts";
import type { Tensor } from "../../model/index.ts";
import { at, ByteReader, showBytes, startsWith } from "../bytes.ts";
import { LIMITS, unpackedLimit } from "../limits.ts";
import { type Library, withHdf5Library } from "./hdf5-library.ts";
import { hasEndlessHeap } from "./heaps.ts";

/** What Keras keeps in such a file. */
export interface Hdf5 {
  /** Names in a group; none when it is not there. */
  keys(group: string): readonly string[];
  /** An attribute that is one text, or a list of them. */
  texts(object: string, attribute: string): readonly string[] | undefined;
  /** A dataset of floating-point numbers; nothing when it is not there. */
  tensor(dataset: string): Tensor | undefined;
}

const [FLOAT, STRING] = [1, 3];
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const PATH = "/opened.h5";
/** The file system works on the very bytes, which it would copy else: such a file is only read. */
const BORROWED = { flags: "w", canOwn: true };

/**
 * Opens a file, lets `look` read from it and closes it.
 * @param bytes — borrowed
 * @throws files/truncated, files/bad-field for a damaged file, files/reader-missing, and what `look`
 *   throws
 */
export async function withHdf5<T>(
  bytes: Uint8Array,
  where: string,
  look: (file: Hdf5) => T,
): Promise<T> {
  checkEnd(bytes, where);
  if (hasEndlessHeap(bytes)) throw damaged(where);
  try {
    return await withHdf5Library(where, (library, { FS }) => {
      let file: Hdf5File | undefined;
      try {
        FS.writeFile(PATH, bytes, BORROWED);
        file = new library.File(PATH, "r");
        if (file.file_id < 0n) throw damaged(where);
        return look(new OpenFile(file, library, bytes.length, where));
      } finally {
        quietly(() => file?.close());
        quietly(() => FS.unlink(PATH));
      }
    });
  } catch (error) {
    // The library throws errors, texts and its own exceptions, with words for programmers.
    throw error instanceof AppError ? error : damaged(where, error);
  }
}

/** Closing a file that never opened fails, which changes nothing; a trap is another matter. */
function quietly(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
  }
}

function damaged(where: string, cause?: unknown): AppError {
  return new AppError("files/bad-field", {
    where,
    expected: "a sound HDF5 file",
    found: "a damaged one",
    hint: "download it again",
    cause,
  });
}

/** Holds the end that the superblock names against the file's. */
function checkEnd(bytes: Uint8Array, where: string): void {
  if (!startsWith(bytes, SIGNATURE)) {
    throw new AppError("files/wrong-kind", {
      where,
      expected: "an HDF5 file",
      found: "another file",
    });
  }
  const reader = new ByteReader(bytes, where);
  const version = reader.range(8, 1)[0] as number;
  // Version 0 and 1: signature, versions, sizes, flags, base, free space, end; later ones are shorter.
  const offsets = [40, 44, 28, 28];
  const offset = offsets[version];
  const sizeOfOffsets = reader.range(version < 2 ? 13 : 9, 1)[0] as number;
  if (offset === undefined || sizeOfOffsets !== 8) throw damaged(where);
  const end = reader.uint64(offset, "end of file");
  if (end <= bytes.length) return;
  throw new AppError("files/truncated", {
    where,
    expected: showBytes(end),
    found: showBytes(bytes.length),
  });
}

class OpenFile implements Hdf5 {
  /** What may still be read, so that many datasets cannot claim the same bytes for ever. */
  #budget: number;

  constructor(
    readonly file: Hdf5File,
    readonly library: Library,
    bytes: number,
    readonly where: string,
  ) {
    this.#budget = Math.min(unpackedLimit(bytes), LIMITS.fileBytes);
  }

  keys(group: string): readonly string[] {
    const found = this.file.get(group);
    return found instanceof this.library.Group ? found.keys() : [];
  }

  texts(object: string, name: string): readonly string[] | undefined {
    const found = object === "/" ? this.file : this.file.get(object);
    if (!(found instanceof this.library.Group)) return undefined;
    const attributes: Readonly<Record<string, Attribute>> = found.attrs;
    if (!Object.hasOwn(attributes, name)) return undefined;
    const attribute = attributes[name] as Attribute;
    const where = at(this.where, object, name);
    const { metadata } = attribute;
    this.#spend(metadata.size * metadata.total_size, where);
    if (metadata.total_size > LIMITS.tensors) throw tooMany(metadata.total_size, where);
    const value = metadata.type === STRING ? attribute.value : undefined;
    if (typeof value === "string") return [value];
    if (Array.isArray(value) && value.every((text) => typeof text === "string")) return value;
    throw new AppError("files/bad-field", { where, expected: "text", found: "something else" });
  }

  tensor(path: string): Tensor | undefined {
    const found = this.file.get(path);
    if (found === null) return undefined;
    const where = at(this.where, path);
    if (found instanceof this.library.ExternalLink) throw elsewhere(where, "in another file");
    if (!(found instanceof this.library.Dataset)) {
      throw new AppError("files/bad-field", {
        where,
        expected: "numbers",
        found: "something else",
      });
    }
    const shape = this.#checkDataset(found, where);
    const { value } = found;
    const values = value instanceof Float64Array ? Float32Array.from(value) : value;
    if (values instanceof Float32Array && values.length === sizeOf(shape)) return { shape, values };
    // A dataset without axes comes back as a number.
    if (typeof values === "number") return { shape, values: Float32Array.of(values) };
    throw damaged(this.where);
  }

  #checkDataset(dataset: Dataset, where: string): readonly number[] {
    const { type, size, shape, chunks, virtual_sources: sources } = dataset.metadata;
    if (sources !== undefined) throw elsewhere(where, "in other datasets");
    if (shape === null) throw elsewhere(where, "nowhere");
    if (type !== FLOAT || (size !== 4 && size !== 8)) {
      throw new AppError("files/dtype-unsupported", {
        where,
        expected: "float32 or float64",
        found: type === FLOAT ? `${size * 8}-bit floating point` : "another type",
      });
    }
    if (shape.length > LIMITS.rank) {
      throw new AppError("files/over-limit", {
        where,
        expected: `at most ${LIMITS.rank} axes`,
        found: showShape(shape),
      });
    }
    this.#spend(Math.max(sizeOf(shape), sizeOf(chunks ?? [])) * size, where);
    return shape;
  }

  #spend(bytes: number, where: string): void {
    if (!(bytes <= this.#budget)) {
      throw new AppError("files/over-limit", {
        where,
        expected: `at most ${showBytes(this.#budget)} more in a file of this size`,
        found: showBytes(bytes),
      });
    }
    this.#budget -= bytes;
  }
}

/** What HDF5 could fetch from other places is not fetched. */
function elsewhere(where: string, place: string): AppError {
  return new AppError("files/unsupported", {
    where,
    expected: "numbers in the file itself",
    found: `numbers ${place}`,
    hint: "save the model again as one file",
  });
}

function tooMany(count: number, where: string): AppError {
  return new AppError("files/over-limit", {
    where,
    expected: `at most ${LIMITS.tensors} names`,
    found: String(count),
  });
}
