/**
 * @file A bundle in a stranger's hands: unpacked into a folder, and its loading code run there by Node
 * and by Python, with nothing of Espalier's in reach but the packages that the code itself names.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { BUNDLE_JAVASCRIPT, BUNDLE_PYTHON } from "../../snippets.ts";
import { PYTHON } from "../../testing/python.ts";

const PACKAGES = new URL("../../../../node_modules", import.meta.url).pathname;

/** The bundle's entries by name. */
export function entriesOf(bundle: Uint8Array): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(unzipSync(bundle)));
}

/**
 * What the lines for JavaScript, as they stand in the README and on the page, make of pixels,
 * `[n, h, w, c]` bytes, by plain TensorFlow.js.
 */
export function runLoadMjs(bundle: Uint8Array, pixels: Uint8Array): Promise<Float32Array> {
  return inFolder(bundle, async (folder) => {
    writeFileSync(join(folder, "pixels.bin"), pixels);
    symlinkSync(PACKAGES, join(folder, "node_modules"));
    const code = `
import { readFileSync, writeFileSync } from "node:fs";
const pixels = readFileSync("pixels.bin");
${BUNDLE_JAVASCRIPT}
writeFileSync("outputs.bin", await outputs.data());
`;
    writeFileSync(join(folder, "main.mjs"), code);
    await promisify(execFile)(process.execPath, ["main.mjs"], { cwd: folder });
    return outputsIn(folder);
  });
}

/**
 * What the lines for Python make of them, by PyTorch; in the end `load.py` is also run by itself.
 * @param shape — of one image
 */
export async function runLoadPy(
  bundle: Uint8Array,
  pixels: Uint8Array,
  shape: readonly number[],
): Promise<Float32Array> {
  return inFolder(bundle, async (folder) => {
    writeFileSync(join(folder, "pixels.bin"), pixels);
    const code = `
import runpy
import numpy
import torch
torch.set_grad_enabled(False)
pixels = torch.from_numpy(numpy.fromfile("pixels.bin", dtype="uint8")).reshape(-1, ${shape.join(", ")})
${BUNDLE_PYTHON}
outputs.numpy().astype("<f4").tofile("outputs.bin")
runpy.run_path("load.py", run_name="__main__")
`;
    await python(folder, code);
    return outputsIn(folder);
  });
}

/** Runs Python code among the bundle's files. */
export function runPython(bundle: Uint8Array, code: string): Promise<void> {
  return inFolder(bundle, (folder) => python(folder, code));
}

async function python(folder: string, code: string): Promise<void> {
  writeFileSync(join(folder, "main.py"), code);
  await promisify(execFile)(PYTHON, ["main.py"], { cwd: folder });
}

function outputsIn(folder: string): Float32Array {
  return new Float32Array(Uint8Array.from(readFileSync(join(folder, "outputs.bin"))).buffer);
}

async function inFolder<T>(bundle: Uint8Array, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "espalier-bundle-"));
  try {
    for (const [name, bytes] of entriesOf(bundle)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
