/**
 * @file SHA-256 over typed arrays and text: synchronous, so that a fingerprint is a plain function of a
 * value, and by the platform, which takes a tenth of the time and none of the thread's.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** Hex SHA-256 of a file's bytes: what `sha256sum` prints. */
export function sha256Of(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/** Part of a hash's input. Text is taken as UTF-8; arrays by their bytes as stored (little-endian). */
export type Hashable = string | ArrayBufferView;

/** Hex SHA-256 of the parts, each preceded by its length, so that no two lists of parts collide. */
export function hashOf(parts: Iterable<Hashable>): string {
  const hash = sha256.create();
  for (const piece of pieces(parts)) hash.update(piece);
  return bytesToHex(hash.digest());
}

/** The same, without keeping the thread; takes a copy of all parts meanwhile. */
export async function digestOf(parts: Iterable<Hashable>): Promise<string> {
  const given = [...parts];
  // The platform has it only where the page came over a secure connection, or from this machine.
  if (globalThis.crypto?.subtle === undefined) return hashOf(given);
  const all = [...pieces(given)];
  const whole = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of all) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return bytesToHex(new Uint8Array(await crypto.subtle.digest("SHA-256", whole)));
}

function* pieces(parts: Iterable<Hashable>): Generator<Uint8Array> {
  for (const part of parts) {
    const bytes =
      typeof part === "string"
        ? utf8ToBytes(part)
        : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    yield utf8ToBytes(`${bytes.length}:`);
    yield bytes;
  }
}
