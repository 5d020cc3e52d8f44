/**
 * @file PyTorch as a witness: runs Python code with tensors going in and coming out, where a Python
 * with torch is installed. A state dict travels as a JSON list of names and shapes beside raw numbers.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sizeOf, type Shape } from "../../../core/index.ts";
import type { NamedBytes } from "../../containers/zip-write.ts";
import { PYTHON } from "../../testing/python.ts";
import type { StateDict, TorchTensor } from "../../torch/state-dict.ts";

/** `read()` gives the tensors that came in, `write(tensors, facts)` sends some back. */
const PREAMBLE = `
import json, sys
import numpy as np
import torch

def read():
    data, at, found = np.fromfile("in.bin", dtype="<f4"), 0, {}
    for name, shape, dtype in json.load(open("in.json")):
        count = int(np.prod(shape, dtype=np.int64))
        found[name] = torch.from_numpy(data[at:at + count].reshape(shape).astype(dtype))
        at += count
    return found

def write(tensors, facts=None):
    listed = [(name, list(t.shape), str(t.dtype)[6:]) for name, t in tensors.items()]
    json.dump({"tensors": listed, "facts": facts}, open("out.json", "w"))
    with open("out.bin", "wb") as out:
        for t in tensors.values():
            out.write(t.detach().numpy().astype("<f4").tobytes())
`;

interface Answer {
  readonly tensors: StateDict;
  readonly facts: unknown;
}

/**
 * Runs `code` behind the preamble above, in a folder of its own.
 * @param files — laid into the folder; their names may contain folders
 */
export function runTorch(
  code: string,
  tensors: StateDict = new Map(),
  files: readonly NamedBytes[] = [],
): Answer {
  const folder = mkdtempSync(join(tmpdir(), "espalier-torch-"));
  try {
    const listed = [...tensors].map(([name, { shape, dtype }]) => [name, shape, dtype]);
    writeFileSync(join(folder, "in.json"), JSON.stringify(listed));
    const bytes = [...tensors.values()].map(({ values }) =>
      Buffer.from(values.buffer, values.byteOffset, values.byteLength),
    );
    writeFileSync(join(folder, "in.bin"), Buffer.concat(bytes));
    for (const { name, bytes: content } of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    writeFileSync(join(folder, "main.py"), PREAMBLE + code);
    execFileSync(PYTHON, ["main.py"], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    return readAnswer(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Listing {
  readonly tensors: readonly (readonly [name: string, shape: Shape, dtype: string])[];
  readonly facts: unknown;
}

function readAnswer(folder: string): Answer {
  const listing = JSON.parse(readFileSync(join(folder, "out.json"), "utf8")) as Listing;
  const bytes = Uint8Array.from(readFileSync(join(folder, "out.bin")));
  const all = new Float32Array(bytes.buffer);
  let at = 0;
  const tensors = new Map<string, TorchTensor>();
  for (const [name, shape, dtype] of listing.tensors) {
    tensors.set(name, { shape, values: all.slice(at, at + sizeOf(shape)), dtype });
    at += sizeOf(shape);
  }
  return { tensors, facts: listing.facts };
}

/** `[n, h, w, c]` to PyTorch's `[n, c, h, w]`. */
export function channelsFirst(images: Float32Array, [h = 1, w = 1, c = 1]: Shape): TorchTensor {
  const n = images.length / (h * w * c);
  const values = images.map((_, i) => {
    const [x, y, channel] = [i % w, Math.floor(i / w) % h, Math.floor(i / (w * h)) % c];
    return images[((Math.floor(i / (w * h * c)) * h + y) * w + x) * c + channel] as number;
  });
  return { shape: [n, c, h, w], values, dtype: "float32" };
}

/** The way back. */
export function channelsLast({ shape, values }: TorchTensor): Float32Array {
  const [, c = 1, h = 1, w = 1] = shape;
  return values.map((_, i) => {
    const [channel, x, y] = [i % c, Math.floor(i / c) % w, Math.floor(i / (c * w)) % h];
    return values[((Math.floor(i / (w * h * c)) * c + channel) * h + y) * w + x] as number;
  });
}
