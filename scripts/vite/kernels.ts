/** @file Builds the wasm kernels before the page is built, and before the development server starts. */

import type { Plugin } from "vite";
import { ensureKernels } from "../build/kernels.mjs";

export function kernels(): Plugin {
  return {
    name: "espalier:kernels",
    buildStart() {
      return ensureKernels((text) => this.info(text));
    },
  };
}
