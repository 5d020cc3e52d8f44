/**
 * @file The CIFAR archive, streamed: of a tar only the binary shards are kept, everything else goes
 * by without being stored. Archives that hold CIFAR in another form are named and refused. Written
 * here because modern-tar 0.8.6 mixes up the bodies of two entries when one is skipped that is
 * complete already, which then waits for ever.
 */
import { AppError } from "../../core/index.ts";
import { at, baseName, latin1, showBytes, showCount } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { StreamReader } from "./stream-reader.ts";

/** A file of an archive, whole. */
export interface TarFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Headers and bodies come in blocks of this. */
const BLOCK = 512;

const SHARD = /^(?:data_batch_\d{1,3}|test_batch|train|test)\.bin$/;
const PICKLED_SHARD = /^(?:data_batch_\d{1,3}|test_batch|batches\.meta)$/;
const PICKLED_CIFAR100 = /(?:^|\/)cifar-100-python\//;

/**
 * The CIFAR shards of a tar, in archive order, one after the other. The source is read to its end, so
 * that whatever unpacks it can check its own checksum.
 * @throws files/python-pickle, files/wrong-kind when it holds none,
 *   files/truncated or files/checksum when it is damaged, files/over-limit
 */
export async function* readTarShards(
  source: AsyncIterable<Uint8Array>,
  where: string,
): AsyncGenerator<TarFile> {
  const reader = new StreamReader(source, where);
  try {
    yield* shardsIn(reader, where);
    await reader.drain();
  } finally {
    await reader.close();
  }
}

async function* shardsIn(reader: StreamReader, where: string): AsyncGenerator<TarFile> {
  let [total, found] = [0, 0];
  for (let count = 1; ; count++) {
    const header = readHeader(await reader.take(BLOCK), where);
    if (header === undefined) break;
    if (count > LIMITS.tarEntries) {
      throw new AppError("files/over-limit", {
        where,
        expected: `at most ${showCount(LIMITS.tarEntries)} files in the archive`,
        found: "more",
      });
    }
    refuseOtherForms(header.path, where);
    const padding = (BLOCK - (header.size % BLOCK)) % BLOCK;
    if (!header.isFile || !SHARD.test(baseName(header.path))) {
      await reader.skip(header.size + padding);
      continue;
    }
    total += header.size;
    if (total > LIMITS.imageBytes) {
      throw new AppError("files/over-limit", {
        where: at(where, header.path),
        expected: `at most ${showBytes(LIMITS.imageBytes)} of images`,
        found: showBytes(total),
      });
    }
    found += 1;
    yield { path: header.path, bytes: await reader.take(header.size) };
    await reader.skip(padding);
  }
  if (found > 0) return;
  throw new AppError("files/wrong-kind", {
    where,
    found: "an archive without data_batch_*.bin, test_batch.bin, train.bin or test.bin",
    hint: "drop the official cifar-10-binary.tar.gz or cifar-100-binary.tar.gz",
  });
}

interface TarHeader {
  readonly path: string;
  readonly size: number;
  readonly isFile: boolean;
}

/**
 * Reads a header. Long names (pax, GNU) are entries of their own kind, which are skipped: no file
 * that is wanted here has one.
 * @returns nothing at the block of zeros that ends the archive
 */
function readHeader(block: Uint8Array, where: string): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  if (readOctal(block, 148, 8) !== sum) throw damaged(where);
  const size = readOctal(block, 124, 12);
  if (size === undefined) throw damaged(where);
  const type = block[156] as number;
  const path = untilZero(latin1(block, 0, 100));
  // POSIX "ustar" with a zero keeps the front of a long path here; GNU tar keeps dates.
  const prefix = latin1(block, 257, 263) === "ustar\0" ? untilZero(latin1(block, 345, 500)) : "";
  return {
    path: prefix === "" ? path : `${prefix}/${path}`,
    size,
    isFile: type === 0 || type === 0x30,
  };
}

function untilZero(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** Octal digits with spaces or zeros around them. Sizes beyond 8 GB, in base 256, are no CIFAR. */
function readOctal(block: Uint8Array, start: number, length: number): number | undefined {
  const text = latin1(block, start, start + length).replace(/^ +|[ \0]+$/g, "");
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function damaged(where: string): AppError {
  return new AppError("files/checksum", {
    where: at(where, "tar header"),
    expected: "an undamaged header",
    found: "a damaged one",
  });
}

function refuseOtherForms(path: string, where: string): void {
  const name = baseName(path);
  if (PICKLED_SHARD.test(name) || PICKLED_CIFAR100.test(path)) {
    throw new AppError("files/python-pickle", { where: at(where, path) });
  }
}
