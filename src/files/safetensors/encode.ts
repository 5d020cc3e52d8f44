/** @file The bytes of a safetensors file: a header as JSON, then the data in the header's order. */
import type { Shape } from "../../core/index.ts";
import type { NamedBytes } from "../containers/zip-write.ts";

/** One tensor as it will stand in the file; `bytes` are little-endian and borrowed. */
export interface EncodedTensor {
  readonly name: string;
  readonly dtype: "F32" | "I64";
  readonly shape: Shape;
  readonly bytes: Uint8Array;
}

/** Data begins on a multiple of this, so that readers may map float64 in place. */
const ALIGNMENT = 8;

/**
 * Encodes tensors in their order; those of eight bytes an element come first, so that each stands on
 * a multiple of its size. Equal tensors give equal bytes.
 */
export function encodeSafetensors(
  name: string,
  metadata: Readonly<Record<string, string>>,
  tensors: readonly EncodedTensor[],
): NamedBytes {
  const ordered = [
    ...tensors.filter(({ dtype }) => dtype === "I64"),
    ...tensors.filter(({ dtype }) => dtype === "F32"),
  ];
  let offset = 0;
  const entries = ordered.map(({ name: tensor, dtype, shape, bytes }) => {
    const begin = offset;
    offset += bytes.length;
    return [tensor, { dtype, shape, data_offsets: [begin, offset] }] as const;
  });
  const text = JSON.stringify(Object.fromEntries([["__metadata__", metadata], ...entries]));
  const header = new TextEncoder().encode(text);
  const start = Math.ceil((8 + header.length) / ALIGNMENT) * ALIGNMENT;
  const whole = new Uint8Array(start + offset);
  new DataView(whole.buffer).setBigUint64(0, BigInt(start - 8), true);
  whole.fill(0x20, 8, start);
  whole.set(header, 8);
  let to = start;
  for (const { bytes } of ordered) {
    whole.set(bytes, to);
    to += bytes.length;
  }
  return { name, bytes: whole };
}

/** The bytes of an array, not copied. */
export function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
