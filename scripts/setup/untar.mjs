/**
 * @file Reads a tar archive as it streams by, one whole file at a time. Only what the archives of
 * CIFAR-10 need: regular files with short names; links, folders and extended headers are skipped.
 */

const BLOCK = 512;

/** No file of CIFAR-10 is larger than 31 MB; a size field above this is damage. */
const LARGEST_FILE = 64 * 1024 * 1024;

/** The archive ends too early, or its headers make no sense. */
export class TarError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = "TarError";
    this.code = "TAR_BAD_ARCHIVE";
  }
}

/**
 * @param {AsyncIterable<Uint8Array>} stream the unzipped archive
 * @returns {AsyncGenerator<{ name: string, bytes: Buffer }>}
 * @throws {TarError}
 */
export async function* tarFiles(stream) {
  const reader = makeReader(stream);
  for (;;) {
    const header = await reader.read(BLOCK);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    const { name, size, isFile } = readHeader(header);
    const body = await reader.read(size);
    const padding = await reader.read((BLOCK - (size % BLOCK)) % BLOCK);
    if (body === undefined || padding === undefined) throw new TarError(`${name} is cut short`);
    if (isFile) yield { name, bytes: body };
  }
}

/** @param {Buffer} header */
function readHeader(header) {
  const text = (/** @type {number} */ from, /** @type {number} */ length) =>
    header.toString("latin1", from, from + length).replace(/\0[^]*$/, "");
  const size = Number.parseInt(text(124, 12), 8);
  const stated = Number.parseInt(text(148, 8), 8);
  // The sum of all bytes, with the sum's own field read as blanks.
  let sum = 8 * 0x20;
  for (let i = 0; i < BLOCK; i++) if (i < 148 || i >= 156) sum += header[i];
  if (sum !== stated) throw new TarError("a header's checksum is wrong");
  if (!(size >= 0 && size <= LARGEST_FILE)) throw new TarError(`a file of ${size} bytes`);
  const kind = text(156, 1);
  return { name: text(0, 100), size, isFile: kind === "0" || kind === "" };
}

/**
 * Hands out exact numbers of bytes from chunks of any size.
 *
 * @param {AsyncIterable<Uint8Array>} stream
 */
function makeReader(stream) {
  const iterator = stream[Symbol.asyncIterator]();
  /** @type {Buffer} */
  let pending = Buffer.alloc(0);
  return {
    /**
     * @param {number} length
     * @returns {Promise<Buffer | undefined>} undefined where the stream ends before
     */
    async read(length) {
      /** @type {Uint8Array[]} */
      const chunks = [pending];
      let have = pending.length;
      while (have < length) {
        const { value, done } = await iterator.next();
        if (done === true) return undefined;
        chunks.push(value);
        have += value.byteLength;
      }
      const joined = chunks.length === 1 ? pending : Buffer.concat(chunks, have);
      pending = joined.subarray(length);
      return joined.subarray(0, length);
    },
  };
}
