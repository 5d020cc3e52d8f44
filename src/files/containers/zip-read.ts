/**
 * @file Zip archives, read with suspicion: the directory is checked as a whole before any entry is
 * touched (ranges inside the file, no overlap, no name twice, sizes under the cap), and an entry is
 * handed out only when its size and CRC-32 are what the directory says. Stored and deflated entries
 * only; no encryption, no split archives, and of zip64 only the records that repeat the plain ones, as
 * PyTorch always writes them.
 */
import { AppError } from "../../core/index.ts";
import { at, ByteReader, showBytes, showCount } from "../bytes.ts";
import { LIMITS, unpackedLimit } from "../limits.ts";
import { crc32 } from "./crc32.ts";
import { chunksOf, inflate } from "./inflate.ts";

/** One file of an archive, still packed. */
export interface ZipEntry {
  readonly path: string;
  /** Unpacked, as claimed; checked when read. */
  readonly size: number;
  /** The whole content. */
  read(): Promise<Uint8Array>;
}

interface DirectoryRecord {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly headerAt: number;
}

const END_SIGNATURE = 0x06054b50;
const DIRECTORY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const [STORED, DEFLATED] = [0, 8];
const ENCRYPTED_FLAG = 1;

/**
 * Lists an archive's files, folders left out.
 * @param bytes — the whole archive, borrowed; stored entries share its memory
 * @throws files/truncated, files/out-of-range, files/overlap, files/duplicate-name,
 *   files/over-limit, files/unsupported
 */
export function readZip(bytes: Uint8Array, where: string): ZipEntry[] {
  const reader = new ByteReader(bytes, where);
  const end = findEnd(reader);
  const count = reader.uint16(end + 10);
  const directorySize = reader.uint32(end + 12);
  const directoryAt = reader.uint32(end + 16);
  if (reader.uint16(end + 4) !== 0 || reader.uint16(end + 8) !== count) {
    throw unsupported(where, "a split archive");
  }
  if (count === 0xffff || directoryAt === 0xffffffff) throw unsupported(where, "a zip64 archive");
  const directoryEnd = directoryAt + directorySize;
  if (directoryEnd !== end && !hasZip64Copy(reader, end, { count, directoryAt, directorySize })) {
    throw new AppError("files/out-of-range", {
      where: at(where, "directory"),
      expected: `bytes up to ${showCount(end)}`,
      found: `${showCount(directoryAt)} to ${showCount(directoryEnd)}`,
    });
  }
  const records = readDirectory(reader, directoryAt, directoryEnd, count);
  checkTotal(records, bytes.length, where);
  const starts = checkRanges(reader, records, directoryAt);
  return records
    .filter(({ path }) => !path.endsWith("/"))
    .map((record) => ({
      path: record.path,
      size: record.size,
      read: () => extract(reader, record, starts.get(record) as number),
    }));
}

function unsupported(where: string, found: string): AppError {
  return new AppError("files/unsupported", {
    where,
    expected: "a plain zip archive",
    found,
    hint: "unpack it yourself and drop what is inside",
  });
}

/** Sizes of zip64's end record, without extensions, and of the locator after it. */
const [ZIP64_END, ZIP64_LOCATOR] = [56, 20];

/** True when zip64's records, and nothing else, stand between directory and end, and say the same. */
function hasZip64Copy(
  reader: ByteReader,
  end: number,
  plain: { readonly count: number; readonly directoryAt: number; readonly directorySize: number },
): boolean {
  const at64 = end - ZIP64_END - ZIP64_LOCATOR;
  const locator = end - ZIP64_LOCATOR;
  return (
    at64 === plain.directoryAt + plain.directorySize &&
    reader.uint32(at64) === 0x06064b50 &&
    reader.uint32(locator) === 0x07064b50 &&
    reader.uint64(at64 + 24, "zip64 directory") === plain.count &&
    reader.uint64(at64 + 32, "zip64 directory") === plain.count &&
    reader.uint64(at64 + 40, "zip64 directory") === plain.directorySize &&
    reader.uint64(at64 + 48, "zip64 directory") === plain.directoryAt &&
    reader.uint64(locator + 8, "zip64 locator") === at64
  );
}

/** The end record is the last 22 bytes, or stands before a comment that reaches the end exactly. */
function findEnd(reader: ByteReader): number {
  const { bytes } = reader;
  for (let end = bytes.length - 22; end >= Math.max(0, bytes.length - 22 - 0xffff); end--) {
    if (
      reader.uint32(end) === END_SIGNATURE &&
      reader.uint16(end + 20) === bytes.length - end - 22
    ) {
      return end;
    }
  }
  throw new AppError("files/truncated", {
    where: reader.where,
    expected: "a zip directory at the end",
    found: `none in ${showBytes(bytes.length)}`,
  });
}

function readDirectory(
  reader: ByteReader,
  start: number,
  end: number,
  count: number,
): readonly DirectoryRecord[] {
  const records: DirectoryRecord[] = [];
  const paths = new Set<string>();
  let offset = start;
  for (let i = 0; i < count; i++) {
    const record = readRecord(reader, offset, end);
    if (paths.has(record.path)) {
      throw new AppError("files/duplicate-name", { where: at(reader.where, record.path) });
    }
    paths.add(record.path);
    records.push(record);
    offset +=
      46 + reader.uint16(offset + 28) + reader.uint16(offset + 30) + reader.uint16(offset + 32);
  }
  if (offset !== end) throw badDirectory(reader.where, offset);
  return records;
}

function badDirectory(where: string, offset: number): AppError {
  return new AppError("files/out-of-range", {
    where: at(where, `directory at byte ${showCount(offset)}`),
    expected: "an entry of the directory",
    found: "something else",
  });
}

function readRecord(reader: ByteReader, offset: number, end: number): DirectoryRecord {
  if (offset + 46 > end || reader.uint32(offset) !== DIRECTORY_SIGNATURE) {
    throw badDirectory(reader.where, offset);
  }
  const nameLength = reader.uint16(offset + 28);
  if (nameLength > LIMITS.nameLength) {
    throw new AppError("files/over-limit", {
      where: at(reader.where, "directory"),
      expected: `names of at most ${showBytes(LIMITS.nameLength)}`,
      found: showBytes(nameLength),
    });
  }
  const path = new TextDecoder().decode(reader.range(offset + 46, nameLength));
  const record: DirectoryRecord = {
    path,
    method: reader.uint16(offset + 10),
    crc: reader.uint32(offset + 16),
    packed: reader.uint32(offset + 20),
    size: reader.uint32(offset + 24),
    headerAt: reader.uint32(offset + 42),
  };
  const place = at(reader.where, path);
  if ((reader.uint16(offset + 8) & ENCRYPTED_FLAG) !== 0) {
    throw unsupported(place, "an encrypted entry");
  }
  if (record.method !== STORED && record.method !== DEFLATED) {
    throw unsupported(place, `compression method ${record.method}`);
  }
  if (record.method === STORED && record.packed !== record.size) {
    throw new AppError("files/out-of-range", {
      where: place,
      expected: `${showBytes(record.size)} stored`,
      found: showBytes(record.packed),
    });
  }
  return record;
}

function checkTotal(
  records: readonly DirectoryRecord[],
  archiveBytes: number,
  where: string,
): void {
  const total = records.reduce((sum, { size }) => sum + size, 0);
  const limit = Math.min(unpackedLimit(archiveBytes), LIMITS.fileBytes);
  if (total > limit) {
    throw new AppError("files/over-limit", {
      where,
      expected: `at most ${showBytes(limit)} unpacked`,
      found: showBytes(total),
    });
  }
}

/**
 * Checks each entry's local header against the directory, and that no two entries share bytes: by
 * overlaps a small archive can claim terabytes.
 * @returns where each entry's data starts
 */
function checkRanges(
  reader: ByteReader,
  records: readonly DirectoryRecord[],
  limit: number,
): ReadonlyMap<DirectoryRecord, number> {
  const starts = new Map<DirectoryRecord, number>();
  let free = 0;
  for (const record of records.toSorted((a, b) => a.headerAt - b.headerAt)) {
    const { headerAt, packed, path, method } = record;
    const place = at(reader.where, path);
    if (headerAt + 30 > limit || reader.uint32(headerAt) !== LOCAL_SIGNATURE) {
      throw new AppError("files/out-of-range", {
        where: place,
        expected: "an entry inside the archive",
        found: `byte ${showCount(headerAt)}`,
      });
    }
    const nameLength = reader.uint16(headerAt + 26);
    const start = headerAt + 30 + nameLength + reader.uint16(headerAt + 28);
    if (start + packed > limit) {
      throw new AppError("files/out-of-range", {
        where: place,
        expected: `bytes up to ${showCount(limit)}`,
        found: `${showCount(start)} to ${showCount(start + packed)}`,
      });
    }
    if (headerAt < free) throw new AppError("files/overlap", { where: place });
    // What a lax reader would take from here, another would take from the directory.
    const localPath = new TextDecoder().decode(reader.range(headerAt + 30, nameLength));
    if (localPath !== path || reader.uint16(headerAt + 8) !== method) {
      throw new AppError("files/bad-field", {
        where: place,
        expected: "the same entry in directory and archive",
        found: "two that differ",
      });
    }
    free = start + packed;
    starts.set(record, start);
  }
  return starts;
}

async function extract(
  reader: ByteReader,
  record: DirectoryRecord,
  start: number,
): Promise<Uint8Array> {
  const where = at(reader.where, record.path);
  const packed = reader.range(start, record.packed);
  const bytes = record.method === STORED ? packed : await inflateWhole(packed, record.size, where);
  const crc = crc32(bytes);
  if (crc !== record.crc) {
    throw new AppError("files/checksum", {
      where,
      expected: `CRC-32 ${record.crc.toString(16).padStart(8, "0")}`,
      found: crc.toString(16).padStart(8, "0"),
    });
  }
  return bytes;
}

async function inflateWhole(packed: Uint8Array, size: number, where: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let filled = 0;
  for await (const chunk of inflate(chunksOf(packed), "deflate-raw", { where, limit: size })) {
    chunks.push(chunk);
    filled += chunk.length;
  }
  if (filled !== size) {
    throw new AppError("files/truncated", {
      where,
      expected: showBytes(size),
      found: showBytes(filled),
    });
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
