/** @file Pictures for tests: PNGs of one colour, written from the specification. */
import { deflateSync, crc32 } from "node:zlib";

/** 8-bit RGB, not interlaced (PNG, W3C 2025, §5 and §11). */
export function plainPng(side: number, [r, g, b]: readonly [number, number, number]): Uint8Array {
  const row = Buffer.from([0, ...Array.from({ length: side }, () => [r, g, b]).flat()]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: side }, () => row)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(kind: string, body: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(kind, "latin1"), body]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(body.length, 0);
  ends.writeUInt32BE(crc32(content), 4);
  return Buffer.concat([ends.subarray(0, 4), content, ends.subarray(4)]);
}
