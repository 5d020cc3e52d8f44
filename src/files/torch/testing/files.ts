/** @file Test support: pickles put together by hand, and the two files that they stand in. */
import { existsSync, readFileSync } from "node:fs";
import { zipSync } from "fflate";
import { readZip, type ZipEntry } from "../../containers/zip-read.ts";
import { join } from "../../testing/samples.ts";
import type { Checkpoint } from "../state-dict.ts";
import { readTorchZip } from "../read-zip.ts";

/** Checkpoints that PyTorch wrote; see `make.py` beside them. */
export function golden(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(`tests/goldens/torch/${name}`));
}

/** The folder of network-slimming's own checkpoints, where it exists; see docs/fixtures.md. */
export const FIXTURES = "../shared/fixtures";
export const hasFixtures = existsSync(FIXTURES);

export function fixture(path: string): Uint8Array {
  return Uint8Array.from(readFileSync(`${FIXTURES}/${path}`));
}

/** Opcodes as text, a byte for a character. */
export function latin(codes: string): Uint8Array {
  return Uint8Array.from(codes, (c) => c.charCodeAt(0));
}

export function uint32(value: number): string {
  return String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
}

/** BINUNICODE of ASCII. */
export function text(value: string): string {
  return `X${uint32(value.length)}${value}`;
}

/** BININT. */
export function int(value: number): string {
  return `J${uint32(value)}`;
}

export function tuple(...values: readonly number[]): string {
  return `(${values.map(int).join("")}t`;
}

/** What a pickle says of a tensor; the defaults fit each other. */
export interface TensorText {
  readonly type?: string;
  readonly key?: string;
  readonly count?: number;
  readonly offset?: number;
  readonly shape?: readonly number[];
  readonly strides?: readonly number[];
  /** Opcodes of a view, as before torch 0.4. */
  readonly view?: string;
}

export function tensor({
  type = "FloatStorage",
  key = "0",
  count = 6,
  offset = 0,
  shape = [2, 3],
  strides = [3, 1],
  view = "",
}: TensorText = {}): string {
  const storage = `(${text("storage")}ctorch\n${type}\n${text(key)}${text("cpu")}${int(count)}${view}tQ`;
  const where = `${int(offset)}${tuple(...shape)}${tuple(...strides)}`;
  return `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${where}\x89NtR`;
}

/** `{name: value, …}`, protocol 2, without its end. */
export function dict(entries: Readonly<Record<string, string>>): string {
  return `}(${Object.entries(entries)
    .map(([name, value]) => text(name) + value)
    .join("")}u`;
}

/** One float32 storage "0" of six values. */
export const SIX: Readonly<Record<string, Uint8Array>> = {
  "0": new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer),
};

export function zipFile(
  pickle: string,
  storages = SIX,
  more: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array {
  const entries = Object.entries(storages).map(([key, bytes]) => [`a/data/${key}`, bytes] as const);
  const files = { "a/data.pkl": latin(pickle), ...Object.fromEntries(entries), ...more };
  return zipSync(files, { level: 0, mtime: new Date(1980, 0, 2) });
}

/** A file of before torch 1.6 around a pickle; counts are told by four bytes an element. */
export function legacyFile(pickle: string, storages = SIX): Uint8Array {
  const keys = Object.keys(storages);
  const bytes = Object.values(storages).flatMap((storage) => [
    latin(uint32(storage.length / 4) + uint32(0)),
    storage,
  ]);
  const head = `${LEGACY_MAGIC}\x80\x02M\xe9\x03.\x80\x02${dict({ little_endian: "\x88" })}.`;
  return join(latin(`${head}${pickle}\x80\x02](${keys.map(text).join("")}e.`), ...bytes);
}

export const LEGACY_MAGIC = "\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.";

/** The entries of a torch zip. */
export function entriesOf(bytes: Uint8Array): ZipEntry[] {
  return readZip(bytes, "x.pth");
}

export async function openZip(bytes: Uint8Array): Promise<Checkpoint> {
  return readTorchZip(entriesOf(bytes), "x.pth");
}
