/**
 * @file CRC-32 as zip and gzip have it (polynomial 0xEDB88320), sixteen bytes a step: sixteen tables, each
 * of which moves a byte's remainder one byte further (Kounavis & Berry 2005, "slicing-by-N").
 */

const STEP = 16;
const TABLES: readonly Uint32Array[] = makeTables();

function makeTables(): readonly Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, i) => {
    let c = i;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    return c;
  });
  const tables = [first];
  for (let k = 1; k < STEP; k++) {
    const before = tables[k - 1] as Uint32Array;
    tables.push(before.map((c) => (c >>> 8) ^ (first[c & 255] as number)));
  }
  return tables;
}

/** The checksum of all bytes, unsigned. */
export function crc32(bytes: Uint8Array): number {
  // Words can only be read at multiples of four.
  const head = Math.min(bytes.length, (4 - (bytes.byteOffset & 3)) & 3);
  const steps = Math.floor((bytes.length - head) / STEP);
  let crc = bytewise(-1, bytes, 0, head);
  if (steps > 0) {
    crc = wordwise(crc, new Int32Array(bytes.buffer, bytes.byteOffset + head, steps * 4));
  }
  return ~bytewise(crc, bytes, head + steps * STEP, bytes.length) >>> 0;
}

function bytewise(start: number, bytes: Uint8Array, from: number, to: number): number {
  const [table] = TABLES as [Uint32Array];
  let crc = start;
  for (let i = from; i < to; i++) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[i] as number)) & 255] as number);
  }
  return crc;
}

/** Four words a step; little-endian, as every processor here is. */
function wordwise(start: number, words: Int32Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = TABLES as Sixteen;
  let crc = start;
  for (let i = 0; i < words.length; i += 4) {
    const a = crc ^ (words[i] as number);
    const b = words[i + 1] as number;
    const c = words[i + 2] as number;
    const d = words[i + 3] as number;
    crc =
      (t15[a & 255] as number) ^
      (t14[(a >>> 8) & 255] as number) ^
      (t13[(a >>> 16) & 255] as number) ^
      (t12[a >>> 24] as number) ^
      (t11[b & 255] as number) ^
      (t10[(b >>> 8) & 255] as number) ^
      (t9[(b >>> 16) & 255] as number) ^
      (t8[b >>> 24] as number) ^
      (t7[c & 255] as number) ^
      (t6[(c >>> 8) & 255] as number) ^
      (t5[(c >>> 16) & 255] as number) ^
      (t4[c >>> 24] as number) ^
      (t3[d & 255] as number) ^
      (t2[(d >>> 8) & 255] as number) ^
      (t1[(d >>> 16) & 255] as number) ^
      (t0[d >>> 24] as number);
  }
  return crc;
}

// prettier-ignore
type Sixteen = [
  Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array,
  Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array,
  Uint32Array, Uint32Array,
];
