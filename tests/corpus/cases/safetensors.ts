/** @file safetensors files of ours, and of others. */
import { strToU8 } from "fflate";
import { exportNetwork } from "../../../src/files/index.ts";
import { join, tiny } from "../../../src/files/testing/samples.ts";
import { type Cases, one, patched, spoiled } from "./case.ts";

const NAME = "net.safetensors";
const bytes = (await exportNetwork(tiny(), "safetensors")).files[0]?.bytes ?? new Uint8Array();
const headerEnd = 8 + new DataView(bytes.buffer).getUint32(0, true);
const header = new TextDecoder().decode(bytes.subarray(8, headerEnd));

/** The same data behind another header, with its length put right. */
function withHeader(text: string): File[] {
  const start = new Uint8Array(8);
  new DataView(start.buffer).setUint32(0, strToU8(text).length, true);
  return one(NAME, join(start, strToU8(text), bytes.subarray(headerEnd)));
}

function edited(from: string, to: string): File[] {
  if (!header.includes(from)) throw new Error(`the sample has no ${from}`);
  return withHeader(header.replace(from, to));
}

export const SAFETENSORS: Cases = {
  "safetensors/truncated": () => one(NAME, bytes.subarray(0, -100)),
  "safetensors/truncated-header": () => one(NAME, bytes.subarray(0, 100)),
  "safetensors/trailing-bytes": () => one(NAME, join(bytes, new Uint8Array(3))),
  "safetensors/header-too-long": () => one(NAME, patched(bytes, 0, [0xff, 0xff, 0xff, 0xff])),
  "safetensors/deep-header": () => withHeader(`{"a":${"[".repeat(100)}${"]".repeat(100)}}`),
  "safetensors/nan-weights": () => one(NAME, spoiled(bytes, headerEnd + 8, [NaN])),
  "safetensors/wrong-dtype": () => edited('"dtype":"F32"', '"dtype":"I32"'),
  "safetensors/unknown-dtype": () => edited('"dtype":"F32"', '"dtype":"F4"'),
  "safetensors/shape-disagrees": () => edited('"shape":[3,3,3,8]', '"shape":[3,3,8,3]'),
  "safetensors/span-disagrees": () => edited('"shape":[3,3,3,8]', '"shape":[3,3,3,9]'),
  "safetensors/overlap": () => edited('"data_offsets":[864,896]', '"data_offsets":[860,892]'),
  "safetensors/hole": () => edited('"data_offsets":[864,896]', '"data_offsets":[868,900]'),
  "safetensors/outside": () => edited('"data_offsets":[0,864]', '"data_offsets":[90000,90864]'),
  "safetensors/name-twice": () =>
    edited(
      '"bn1/beta":',
      '"bn1/gamma":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"bn1/beta":',
    ),
  "safetensors/proto": () => edited('"bn1/beta":', '"__proto__":'),
  "safetensors/missing-weight": () => edited('"bn1/beta":', '"bn1/alpha":'),
  "safetensors/broken-edge": () => edited(String.raw`[\"bn1\"]`, String.raw`[\"bn9\"]`),
  "safetensors/bad-attribute": () =>
    edited(String.raw`\"stride\":[1,1]`, String.raw`\"stride\":[0,1]`),
  "safetensors/weights-alone": () => edited('"format":"espalier"', '"format":"pytorch!"'),
};
