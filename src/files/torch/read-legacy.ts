/**
 * @file Checkpoints as torch wrote them from 0.1 to 1.5, and later on request: five pickles after one another
 * (a magic number, the version of the format, facts of the machine, the objects, the keys of the storages),
 * then each storage as a count of eight bytes and its elements, in the order of the keys.
 */
import { AppError } from "../../core/index.ts";
import { at, ByteReader, showBytes, showCount, startsWith } from "../bytes.ts";
import { storageOf } from "./globals.ts";
import { describe, isKind, type PickleValue, type StorageRef } from "./pickle-values.ts";
import type { Checkpoint } from "./state-dict.ts";
import { checkStorage, checkTensors, readTensor } from "./tensors.ts";
import { loadNothing, type PersistentLoad, unpickle } from "./unpickle.ts";
import { unwrap } from "./unwrap.ts";

/** Ten bytes that stand for the number 0x1950a86a20f9469cfc6c, with the opcode in front. */
const MAGIC = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

/** True when a file begins with the magic number, in any protocol of pickle. */
export function looksLikeTorchLegacy(head: Uint8Array): boolean {
  const isPickle = head[0] === 0x80 && (head[1] ?? 0) >= 2 && (head[1] ?? 0) <= 5;
  const isFramed = head[2] === 0x95;
  return isPickle && startsWith(head, MAGIC, isFramed ? 11 : 2);
}

/**
 * Reads a whole file.
 * @param bytes — borrowed; the weights are copies
 * @throws what {@link unpickle}, {@link unwrap} and {@link checkTensors} throw; files/bad-field,
 *   files/missing-part, files/duplicate-name, files/shape-mismatch, files/truncated,
 *   files/trailing-bytes for storages; files/unsupported for big-endian files
 */
export function readTorchLegacy(bytes: Uint8Array, where: string): Checkpoint {
  const declared = new Map<string, StorageRef>();
  const pickles = new Pickles(bytes, where);
  expectValue(pickles.next("magic number"), MAGIC_NUMBER, at(where, "magic number"));
  expectValue(pickles.next("version"), VERSION, at(where, "version"));
  expectLittleEndian(pickles.next("machine"), at(where, "machine"));
  const root = pickles.next("objects", (id, place) =>
    declare(storageOf(id, place), declared, place),
  );
  const keys = pickles.next("storage keys");

  const { tensors: refs, ...rest } = unwrap(root, where);
  checkTensors(refs, bytes.length, where);
  const storages = findStorages(new ByteReader(bytes, where), pickles.end, keys, declared);
  const tensors = new Map(
    [...refs].map(([name, ref]) => {
      const storage = storages.get(ref.storage.key);
      if (storage === undefined) throw noStorage(ref.storage.key, at(where, name));
      return [name, readTensor(ref, storage, at(where, name))];
    }),
  );
  return { tensors, ...rest };
}

/** Pickles one after the other. */
class Pickles {
  end = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly where: string,
  ) {}

  next(part: string, load: PersistentLoad = loadNothing): PickleValue {
    const { value, end } = unpickle(this.bytes, this.end, at(this.where, part), load);
    this.end = end;
    return value;
  }
}

function expectValue(found: PickleValue, expected: bigint | number, where: string): void {
  if (found === expected) return;
  throw new AppError("files/bad-field", {
    where,
    expected: String(expected),
    found: describe(found),
    hint: "save the checkpoint again",
  });
}

function expectLittleEndian(machine: PickleValue, where: string): void {
  if (isKind(machine, "dict") && machine.items.get("little_endian") === true) return;
  throw new AppError("files/unsupported", {
    where,
    expected: "little-endian numbers",
    found: "another order of bytes",
    hint: "save the checkpoint on another machine",
  });
}

/** Remembers what the objects say of a storage: the file itself does not repeat its type. */
function declare(
  storage: StorageRef,
  declared: Map<string, StorageRef>,
  place: () => string,
): StorageRef {
  const before = declared.get(storage.key) ?? storage;
  if (before.count !== storage.count || before.dtype !== storage.dtype) {
    throw new AppError("files/bad-field", {
      where: place(),
      expected: `storage ${storage.key} as ${showCount(before.count)} of ${before.dtype.name}`,
      found: `${showCount(storage.count)} of ${storage.dtype.name}`,
      hint: "save the checkpoint again",
    });
  }
  declared.set(storage.key, before);
  return storage;
}

/** @returns the bytes of each storage, in the file's memory */
function findStorages(
  reader: ByteReader,
  start: number,
  keys: PickleValue,
  declared: ReadonlyMap<string, StorageRef>,
): ReadonlyMap<string, Uint8Array> {
  const { where } = reader;
  const found = new Map<string, Uint8Array>();
  let offset = start;
  for (const key of isKind(keys, "list") ? keys.items : [keys]) {
    const storage = typeof key === "string" ? declared.get(key) : undefined;
    if (storage === undefined) throw noStorage(describe(key), at(where, "storage keys"));
    const place = at(where, `storage ${storage.key}`);
    if (found.has(storage.key)) throw new AppError("files/duplicate-name", { where: place });
    const count = reader.uint64(offset, `storage ${storage.key}`);
    checkStorage(storage, count * storage.dtype.bytes, place);
    found.set(storage.key, reader.range(offset + 8, count * storage.dtype.bytes));
    offset += 8 + count * storage.dtype.bytes;
  }
  if (offset === reader.bytes.length) return found;
  throw new AppError("files/trailing-bytes", {
    where,
    expected: showBytes(offset),
    found: showBytes(reader.bytes.length),
  });
}

function noStorage(key: string, where: string): AppError {
  return new AppError("files/missing-part", {
    where,
    expected: "storages and tensors that belong together",
    found: `storage ${key} without its other half`,
    hint: "download it again, or save the checkpoint again",
  });
}
