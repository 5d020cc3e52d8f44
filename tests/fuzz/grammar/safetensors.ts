/** @file Damage to a safetensors header with its length put right, so that what stands in it is read. */
import { join } from "../../../src/files/testing/samples.ts";
import { type Mutator, writeNumber } from "../mutator.ts";
import { mutateJson } from "./json.ts";

/** Damages the header alone; with it now and then a text inside, which is JSON again. */
export const mutateSafetensors: Mutator = (bytes, random) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? 0 : Math.min(view.getUint32(0, true), bytes.length - 8);
  const header = bytes.subarray(8, 8 + length);
  const damaged =
    random.integer(3) === 0 ? insideOwnText(header, random) : mutateJson(header, random);
  const start = new Uint8Array(8);
  writeNumber(start, 0, damaged.length, { size: 8 });
  return join(start, damaged, bytes.subarray(8 + length));
};

/** The graph and the metadata of ours are JSON in a text of the header. */
const insideOwnText: Mutator = (header, random) => {
  try {
    const json = JSON.parse(new TextDecoder().decode(header)) as {
      __metadata__: Record<string, string>;
    };
    const own = json["__metadata__"];
    const key = random.integer(4) === 0 ? "metadata" : "graph";
    const text = new TextEncoder().encode(own[key] ?? "");
    own[key] = new TextDecoder().decode(mutateJson(text, random));
    return new TextEncoder().encode(JSON.stringify(json));
  } catch {
    return header;
  }
};
