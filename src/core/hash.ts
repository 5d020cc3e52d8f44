/**
 * @file SHA-256 over typed arrays and text, synchronous so that a fingerprint is a plain function
 * of a value.
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
  for (const part of parts) {
    const bytes =
      typeof part === "string"
        ? utf8ToBytes(part)
        : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    hash.update(utf8ToBytes(`${bytes.length}:`));
    hash.update(bytes);
  }
  return bytesToHex(hash.digest());
}
