/**
 * @file Zip archives for download: stored, not deflated, since weights do not compress, and with a
 * fixed date, so that equal networks make equal bytes.
 */
import { zipSync } from "fflate";
import { invariant } from "../../core/index.ts";

/** A file with its name, ready to be written or packed. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

// Zip stores local time without a zone; made of local parts, this is the same bytes everywhere.
const FIXED_DATE = new Date(1980, 0, 1, 12);

/** Packs files into one archive, in the given order. */
export function zipFiles(files: readonly NamedBytes[]): Uint8Array {
  const names = new Set(files.map(({ name }) => name));
  invariant(names.size === files.length && !names.has("__proto__"), "names in a zip must differ");
  return zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])), {
    level: 0,
    mtime: FIXED_DATE,
  });
}
