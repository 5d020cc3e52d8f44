/**
 * @file Checkpoints as torch writes them since 1.6: a zip of `NAME/data.pkl`, which describes the tensors, and
 * one entry `NAME/data/KEY` per storage, raw and little-endian. The archive itself is read and
 * checked by `containers/`; of the storages only those that the weights need are touched.
 */
import { AppError } from "../../core/index.ts";
import { at, showBytes } from "../bytes.ts";
import type { ZipEntry } from "../containers/zip-read.ts";
import { storageOf } from "./globals.ts";
import { PICKLE_LIMITS } from "./pickle-reader.ts";
import type { PickleValue } from "./pickle-values.ts";
import type { Checkpoint } from "./state-dict.ts";
import { checkStorage, checkTensors, readTensor } from "./tensors.ts";
import { unpickle } from "./unpickle.ts";
import { unwrap } from "./unwrap.ts";

const PICKLE = "data.pkl";

/** True when an archive's paths are those of a torch checkpoint. */
export function isTorchZip(paths: readonly string[]): boolean {
  return paths.some((path) => isPickle(path));
}

function isPickle(path: string): boolean {
  return path === PICKLE || path.endsWith(`/${PICKLE}`);
}

/**
 * Reads an unzipped checkpoint.
 * @param where — the archive
 * @throws what {@link unpickle}, {@link unwrap} and {@link checkTensors} throw; files/missing-part,
 *   files/shape-mismatch for storages; files/unsupported for TorchScript and big-endian files
 */
export async function readTorchZip(
  entries: readonly ZipEntry[],
  where: string,
): Promise<Checkpoint> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const folder = await findFolder(byPath, where);
  const root = await readPickle(byPath.get(`${folder}${PICKLE}`), at(where, PICKLE));
  const { tensors: refs, ...rest } = unwrap(root, where);
  const fileBytes = entries.reduce((sum, { size }) => sum + size, 0);
  checkTensors(refs, fileBytes, where);

  const storages = new Map<string, Uint8Array>();
  for (const [name, { storage }] of refs) {
    const entry = present(byPath.get(`${folder}data/${storage.key}`), `data/${storage.key}`, where);
    checkStorage(storage, entry.size, at(where, name));
    if (!storages.has(storage.key)) storages.set(storage.key, await entry.read());
  }
  const tensors = new Map(
    [...refs].map(([name, ref]) => {
      const bytes = storages.get(ref.storage.key) as Uint8Array;
      return [name, readTensor(ref, bytes, at(where, name))];
    }),
  );
  return { tensors, ...rest };
}

/** The folder that all of it stands in, with its slash. */
async function findFolder(byPath: ReadonlyMap<string, ZipEntry>, where: string): Promise<string> {
  const [path = "", ...others] = [...byPath.keys()].filter((name) => isPickle(name));
  const folder = path.slice(0, path.length - PICKLE.length);
  if (others.length > 0) {
    throw new AppError("files/unsupported", {
      where,
      expected: "one checkpoint in an archive",
      found: String(others.length + 1),
      hint: "unpack it and drop one of them",
    });
  }
  if (byPath.has(`${folder}constants.pkl`)) {
    throw new AppError("files/unsupported", {
      where,
      expected: "a state_dict",
      found: "a TorchScript program (torch.jit.save)",
      hint: "save model.state_dict() with torch.save and drop that",
    });
  }
  // Written since torch 2.1; before, only little-endian machines wrote files that others could read.
  const order = await byPath.get(`${folder}byteorder`)?.read();
  if (order !== undefined && new TextDecoder().decode(order.subarray(0, 16)) !== "little") {
    throw new AppError("files/unsupported", {
      where: at(where, "byteorder"),
      expected: "little-endian numbers",
      found: new TextDecoder().decode(order.subarray(0, 16)),
      hint: "save the checkpoint on another machine",
    });
  }
  return folder;
}

async function readPickle(entry: ZipEntry | undefined, where: string): Promise<PickleValue> {
  const { size, read } = present(entry, PICKLE, where);
  if (size > PICKLE_LIMITS.bytes) {
    throw new AppError("files/over-limit", {
      where,
      expected: `at most ${showBytes(PICKLE_LIMITS.bytes)}`,
      found: showBytes(size),
    });
  }
  const { value, end } = unpickle(await read(), 0, where, storageOf);
  if (end === size) return value;
  throw new AppError("files/trailing-bytes", {
    where,
    expected: showBytes(end),
    found: showBytes(size),
  });
}

function present(entry: ZipEntry | undefined, path: string, where: string): ZipEntry {
  if (entry !== undefined) return entry;
  throw new AppError("files/missing-part", {
    where,
    expected: path,
    found: "an archive without it",
    hint: "download it again, or save the checkpoint again",
  });
}
