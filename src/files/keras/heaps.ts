/**
 * @file A guard in front of the HDF5 library. Long texts, such as a model's config, lie in "global
 * heap collections", lists of objects that the library walks by their sizes; where a damaged size
 * makes it step nowhere, or backwards, it walks for ever (found by fuzzing HDF5 2.0.0 as h5wasm
 * 0.10.3 builds it). Such a list is looked for before the library sees the file.
 */

const SIGNATURE = [0x47, 0x43, 0x4f, 0x4c, 1];
/** Signature, version, three reserved bytes, size. */
const HEADER_BYTES = 16;
/** Index, count of references, four reserved bytes, size. */
const OBJECT_BYTES = 16;
/** From here on a step turns negative in the library's 32-bit addresses. */
const BACKWARDS = 2 ** 31;

/** True when some collection cannot be walked to an end. Cost O(bytes). */
export function hasEndlessHeap(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = bytes.indexOf(0x47); start >= 0; start = bytes.indexOf(0x47, start + 1)) {
    const isHeap = SIGNATURE.every((byte, i) => bytes[start + i] === byte);
    if (isHeap && isEndless(view, start)) return true;
  }
  return false;
}

function isEndless(view: DataView, start: number): boolean {
  if (start + HEADER_BYTES > view.byteLength) return false;
  const size = Number(view.getBigUint64(start + 8, true));
  const end = Math.min(view.byteLength, start + size);
  let at = start + HEADER_BYTES;
  // The library stops where not even an object's header fits.
  while (at + OBJECT_BYTES <= end) {
    const isFree = view.getUint16(at, true) === 0;
    // Sizes have eight bytes in the file, of which the library keeps four.
    const length = view.getUint32(at + 8, true);
    const step = isFree ? length : OBJECT_BYTES + 8 * Math.ceil(length / 8);
    if (step === 0 || step >= BACKWARDS) return true;
    at += step;
  }
  return false;
}
