/**
 * @file Reads a PNG picture: 8-bit RGB, not interlaced, all five row filters. That is the only kind
 * in which CIFAR-10 comes, and any other is refused.
 * PNG Specification (Third Edition), W3C 2025, §9 "Filtering".
 */

import { inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const CHANNELS = 3;

/**
 * @param {Uint8Array} file
 * @returns {{ width: number, height: number, pixels: Buffer }} `pixels` row by row, RGB interleaved
 * @throws {Error} for anything that is no such picture
 */
export function decodePng(file) {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error("not a PNG picture");
  const { header, compressed } = readChunks(bytes);
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  // Bit depth 8, colour type 2 (RGB), and no exotic compression, filtering or interlacing.
  if (header.subarray(8, 13).toString("hex") !== "0802000000") {
    throw new Error("not an 8-bit RGB picture without interlacing");
  }
  const stride = width * CHANNELS;
  const filtered = inflateSync(compressed, { maxOutputLength: (stride + 1) * height + 1 });
  if (filtered.length !== (stride + 1) * height) throw new Error("a picture cut short");
  return { width, height, pixels: unfilter(filtered, stride, height) };
}

/** @param {Buffer} bytes */
function readChunks(bytes) {
  /** @type {Buffer | undefined} */
  let header;
  const parts = [];
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString("latin1", at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (body.length !== length) throw new Error("a picture cut short");
    if (kind === "IHDR" && length === 13) header = body;
    if (kind === "IDAT") parts.push(body);
    if (kind === "IEND") break;
    at += length + 12;
  }
  if (header === undefined || parts.length === 0) throw new Error("a picture without content");
  return { header, compressed: Buffer.concat(parts) };
}

/**
 * Undoes the row filters. Each row begins with its filter's number; each byte was stored as its
 * difference to a guess from its neighbours: a to the left, b above, c above to the left.
 *
 * @param {Buffer} filtered
 * @param {number} stride bytes in a row, without the filter's number
 * @param {number} height
 */
function unfilter(filtered, stride, height) {
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1) + 1;
    const to = y * stride;
    const filter = filtered[from - 1];
    if (filter > 4) throw new Error(`an unknown row filter (${filter})`);
    for (let x = 0; x < stride; x++) {
      const a = x < CHANNELS ? 0 : pixels[to + x - CHANNELS];
      const b = y === 0 ? 0 : pixels[to + x - stride];
      let guess = 0;
      if (filter === 1) guess = a;
      else if (filter === 2) guess = b;
      else if (filter === 3) guess = (a + b) >> 1;
      else if (filter === 4) {
        guess = paeth(a, b, x < CHANNELS || y === 0 ? 0 : pixels[to + x - stride - CHANNELS]);
      }
      pixels[to + x] = filtered[from + x] + guess;
    }
  }
  return pixels;
}

/**
 * The neighbour closest to a + b - c; ties go to a, then to b.
 *
 * @param {number} a
 * @param {number} b
 * @param {number} c
 */
function paeth(a, b, c) {
  const toA = Math.abs(b - c);
  const toB = Math.abs(a - c);
  const toC = Math.abs(a + b - 2 * c);
  if (toA <= toB && toA <= toC) return a;
  return toB <= toC ? b : c;
}
