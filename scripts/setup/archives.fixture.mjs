/**
 * @file Writers for the tests of the readers: a PNG encoder with a chosen row filter and a tar
 * writer, both as small as the formats allow.
 */

import { deflateSync } from "node:zlib";

/**
 * @param {object} picture
 * @param {number} picture.width
 * @param {number} picture.height
 * @param {Uint8Array} picture.pixels RGB interleaved
 * @param {(row: number) => number} picture.filterOf the filter of each row, 0 … 4
 * @param {string} [picture.kind] the last five bytes of the header, in hexadecimal
 * @returns {Buffer}
 */
export function encodePng({ width, height, pixels, filterOf, kind = "0802000000" }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.write(kind, 8, "hex");
  const stride = width * 3;
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    x < 0 || y < 0 ? 0 : pixels[y * stride + x];
  const rows = Array.from({ length: height }, (_, y) => {
    const row = Buffer.alloc(stride + 1);
    row[0] = filterOf(y);
    for (let x = 0; x < stride; x++) {
      const [a, b, c] = [at(x - 3, y), at(x, y - 1), at(x - 3, y - 1)];
      const nearest = [a, b, c].toSorted(
        (p, q) => Math.abs(a + b - c - p) - Math.abs(a + b - c - q),
      );
      const guess = [0, a, b, Math.floor((a + b) / 2), nearest[0]][row[0]] ?? 0;
      row[x + 1] = at(x, y) - guess;
    }
    return row;
  });
  const compressed = deflateSync(Buffer.concat(rows));
  const half = compressed.length >> 1;
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("tEXt", Buffer.from("Comment\0ignored")),
    chunk("IDAT", compressed.subarray(0, half)),
    chunk("IDAT", compressed.subarray(half)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/**
 * @param {string} kind
 * @param {Buffer} body
 */
function chunk(kind, body) {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length, 0);
  head.write(kind, 4, "latin1");
  // The reader leaves the chunks' checksums alone; the digest of the result is what counts.
  return Buffer.concat([head, body, Buffer.alloc(4)]);
}

/**
 * @param {Readonly<Record<string, Uint8Array>>} files
 * @returns {Buffer}
 */
export function encodeTar(files) {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, "latin1");
    header.write(bytes.length.toString(8).padStart(11, "0"), 124, "latin1");
    header.write(" ".repeat(8), 148, "latin1");
    header.write(name.endsWith("/") ? "5" : "0", 156, "latin1");
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/**
 * Cuts bytes into chunks, as a network would.
 *
 * @param {Uint8Array} bytes
 * @param {number} size
 */
export async function* inChunks(bytes, size) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
