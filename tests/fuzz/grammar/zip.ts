/**
 * @file Damage to zip archives: to named fields of their records, and to what is inside with its
 * checksum put right, so that the reader of the content meets it.
 */
import { gunzipSync, gzipSync, unzipSync, zipSync } from "fflate";
import { type Mutator, EDGES, NAMES, pick, writeNumber } from "../mutator.ts";

/** Signature, then offset and size of each field behind it. */
const RECORDS: readonly (readonly [
  signature: number,
  fields: readonly (readonly [number, number])[],
])[] = [
  [
    0x04034b50,
    [
      [4, 2],
      [6, 2],
      [8, 2],
      [14, 4],
      [18, 4],
      [22, 4],
      [26, 2],
      [28, 2],
    ],
  ],
  [
    0x02014b50,
    [
      [8, 2],
      [10, 2],
      [16, 4],
      [20, 4],
      [24, 4],
      [28, 2],
      [30, 2],
      [32, 2],
      [34, 2],
      [42, 4],
    ],
  ],
  [
    0x06054b50,
    [
      [4, 2],
      [6, 2],
      [8, 2],
      [10, 2],
      [12, 4],
      [16, 4],
      [20, 2],
    ],
  ],
  [
    0x06064b50,
    [
      [4, 4],
      [24, 4],
      [32, 4],
      [40, 4],
      [48, 4],
    ],
  ],
  [
    0x07064b50,
    [
      [8, 4],
      [16, 4],
    ],
  ],
];

/** Sets one field of one record to an edge, or moves it a little. */
export const mutateZipRecord: Mutator = (bytes, random) => {
  const mutant = bytes.slice();
  const view = new DataView(mutant.buffer);
  const found: (readonly [at: number, size: number])[] = [];
  for (let at = mutant.indexOf(0x50); at >= 0; at = mutant.indexOf(0x50, at + 1)) {
    if (at + 22 > mutant.length) break;
    const [, fields = []] = RECORDS.find(([code]) => code === view.getUint32(at, true)) ?? [];
    found.push(...fields.map(([offset, size]) => [at + offset, size] as const));
  }
  if (found.length === 0) return mutant;
  const [at, size] = pick(found, random);
  const before = (mutant[at] ?? 0) + 256 * (mutant[at + 1] ?? 0);
  const value =
    random.integer(2) === 0 ? pick(EDGES, random) : before + pick([1, -1, 4, 256], random);
  writeNumber(mutant, at, value, { size });
  return mutant;
};

/** Damages the content of one entry whose path matches, or its name, or leaves it out. */
export function insideZip(path: RegExp, inner: Mutator): Mutator {
  return (bytes, random) => {
    const entries = Object.entries(unzipped(bytes));
    const wanted = entries.filter(([name]) => path.test(name));
    if (wanted.length === 0) return bytes;
    const [name, content] = pick(wanted, random);
    const others = entries.filter(([other]) => other !== name);
    switch (random.integer(12)) {
      case 0:
        return zipped(others, 0);
      case 1:
        return zipped([...others, [pick(NAMES.slice(5), random), content]], 0);
      default:
        return zipped(
          entries.map(([other, own]) => [other, other === name ? inner(own, random) : own]),
          random.integer(4) === 0 ? 6 : 0,
        );
    }
  };
}

function unzipped(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch {
    return {};
  }
}

function zipped(entries: readonly (readonly [string, Uint8Array])[], level: 0 | 6): Uint8Array {
  const named = entries.filter(([name]) => name !== "__proto__" && name.length < 60_000);
  return zipSync(Object.fromEntries(named), { level, mtime: new Date(1980, 0, 2) });
}

/** Damages what a gzip archive holds, and packs it again. */
export function insideGzip(inner: Mutator): Mutator {
  return (bytes, random) => {
    try {
      return gzipSync(inner(gunzipSync(bytes), random), { level: 1, mtime: 0 });
    } catch {
      return bytes;
    }
  };
}
