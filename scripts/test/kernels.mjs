/** @file Builds the wasm kernels before the first test runs; vitest calls it once a run. */

import { ensureKernels } from "../build/kernels.mjs";

/** @returns {Promise<void>} */
export function setup() {
  return ensureKernels((text) => console.log(text));
}
