/**
 * @file What a file is, told by its first bytes and its size, never by its name: a server may have
 * unpacked it, a person may have renamed it, and an error page may have been saved in its place.
 */
import { latin1, startsWith } from "./bytes.ts";
import { LIMITS } from "./limits.ts";

/** What Espalier does something with. */
export type KnownKind =
  | "json"
  | "safetensors"
  | "gzip"
  | "tar"
  | "zip"
  | "cifar10"
  | "cifar100"
  | "picture"
  | "onnx"
  | "hdf5"
  | "pickle";
/** Everything a file can turn out to be. */
export type FileKind = KnownKind | "impostor" | "empty" | "unknown";

/** A kind, and in words what it is: "this is an HTML page". */
export interface Sniffed {
  readonly kind: FileKind;
  readonly words: string;
}

/** Label byte and 32 × 32 × 3 pixels. */
export const CIFAR10_RECORD = 3073;
/** Two label bytes: coarse, fine. */
export const CIFAR100_RECORD = 3074;

const ascii = (text: string): readonly number[] => Array.from(text, (c) => c.charCodeAt(0));

interface Signature {
  readonly bytes: readonly number[];
  readonly offset?: number;
  readonly sniffed: Sniffed;
}

const impostor = (bytes: readonly number[], words: string, offset = 0): Signature => ({
  bytes,
  offset,
  sniffed: { kind: "impostor", words },
});

const picture = (bytes: readonly number[], words: string, offset = 0): Signature => ({
  bytes,
  offset,
  sniffed: { kind: "picture", words },
});

/** Signatures of four bytes and more, which chance does not produce. */
const SIGNATURES: readonly Signature[] = [
  {
    bytes: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
    sniffed: { kind: "hdf5", words: "an HDF5 file" },
  },
  picture([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "a PNG picture"),
  picture([0xff, 0xd8, 0xff], "a JPEG picture"),
  picture(ascii("GIF8"), "a GIF picture"),
  picture(ascii("WEBP"), "a WebP picture", 8),
  impostor(ascii("%PDF"), "a PDF document"),
  impostor(ascii("TFL3"), "a TensorFlow Lite model", 4),
  impostor([0x93, ...ascii("NUMPY")], "a NumPy array"),
  impostor(ascii("GGUF"), "a GGUF model"),
  impostor(ascii("BZh"), "a bzip2 archive"),
  impostor([0xfd, ...ascii("7zXZ")], "an xz archive"),
  impostor([0x37, 0x7a, 0xbc, 0xaf], "a 7z archive"),
  impostor(ascii("Rar!"), "a RAR archive"),
  impostor([0x28, 0xb5, 0x2f, 0xfd], "a Zstandard archive"),
  impostor([0x7f, ...ascii("ELF")], "a program"),
  impostor(ascii("version https://git-lfs"), "a Git LFS pointer"),
  { bytes: [0x50, 0x4b, 3, 4], sniffed: { kind: "zip", words: "a zip archive" } },
  { bytes: [0x50, 0x4b, 5, 6], sniffed: { kind: "zip", words: "a zip archive" } },
  { bytes: [0x1f, 0x8b, 8], sniffed: { kind: "gzip", words: "a gzip archive" } },
  { bytes: ascii("ustar"), offset: 257, sniffed: { kind: "tar", words: "a tar archive" } },
];

/**
 * Tells what a file is.
 * @param head — its first {@link LIMITS.sniffBytes} bytes, or all when it is shorter
 * @param size — its whole size in bytes
 */
export function sniff(head: Uint8Array, size: number): Sniffed {
  if (size === 0) return { kind: "empty", words: "an empty file" };
  for (const { bytes, offset, sniffed } of SIGNATURES) {
    if (startsWith(head, bytes, offset ?? 0)) return sniffed;
  }
  if (looksLikeSafetensors(head)) return { kind: "safetensors", words: "a safetensors file" };
  const text = sniffText(head);
  if (text !== undefined) return text;
  if (looksLikeRecords(head, size, CIFAR10_RECORD, [9])) {
    return { kind: "cifar10", words: "CIFAR-10 images" };
  }
  if (looksLikeRecords(head, size, CIFAR100_RECORD, [19, 99])) {
    return { kind: "cifar100", words: "CIFAR-100 images" };
  }
  if (looksLikePickle(head)) return { kind: "pickle", words: "a Python pickle" };
  if (looksLikeOnnx(head)) return { kind: "onnx", words: "an ONNX model" };
  return { kind: "unknown", words: "a file of an unknown kind" };
}

/** Header length in eight bytes, the upper ones zero, then an object. */
function looksLikeSafetensors(head: Uint8Array): boolean {
  return head[8] === 0x7b && head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0;
}

function sniffText(head: Uint8Array): Sniffed | undefined {
  const start = startsWith(head, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  const text = latin1(head, start, start + 1024).trimStart();
  if (/^<(?:!doctype\s+html|html|head|body|script|meta|!--)/i.test(text)) {
    return { kind: "impostor", words: "an HTML page" };
  }
  if (/^<\?xml|^<svg/i.test(text)) return { kind: "impostor", words: "an XML document" };
  // A brace alone could begin anything: JSON goes on with a key or closes at once.
  if (/^\{\s*["}]|^\[\s*["[{\]\-\d]|^[{[]\s*$/.test(text))
    return { kind: "json", words: "a JSON file" };
  const printableOnly = /^[\t\n\f\r\x20-\x7e]+$/.test(text);
  if (printableOnly && /^\(?[dl]p\d+\n/.test(text)) {
    return { kind: "pickle", words: "a Python pickle" };
  }
  return printableOnly && text.length >= 8 ? { kind: "impostor", words: "a text file" } : undefined;
}

/** True when the size is whole records, and every record that the head shows has good labels. */
function looksLikeRecords(
  head: Uint8Array,
  size: number,
  record: number,
  highest: readonly number[],
): boolean {
  if (size % record !== 0) return false;
  for (let start = 0; start < Math.min(head.length, LIMITS.sniffBytes); start += record) {
    if (highest.some((most, i) => (head[start + i] ?? 0) > most)) return false;
  }
  return true;
}

/** Protocol 2 to 5, then an opcode that begins a dictionary, list, class or persistent object. */
function looksLikePickle(head: Uint8Array): boolean {
  const [first, protocol = 0, opcode = 0] = head;
  return (
    first === 0x80 &&
    protocol >= 2 &&
    protocol <= 5 &&
    /[}\]c.(\x8a\x95]/.test(latin1(head, 2, 3)) &&
    opcode > 0
  );
}

/** Protobuf: field 1 (ir_version) small, then field 2, 3, 7 or 8 with a length. */
function looksLikeOnnx(head: Uint8Array): boolean {
  const [tag, version = 0, next = 0] = head;
  return tag === 0x08 && version > 0 && version <= 20 && [0x12, 0x1a, 0x3a, 0x42].includes(next);
}
