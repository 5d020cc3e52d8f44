/**
 * @file Keeps TensorFlow.js' threaded WebAssembly build alive through minification.
 *
 * tfjs hands its Emscripten factory to the threads as text (`factory.toString()`). The factory
 * mentions an outer `_scriptDir` behind a `typeof` guard; minifiers rename the variable and fold the
 * guard away, each thread dies with a ReferenceError, and `setBackend("wasm")` never settles.
 * The variable is not needed where the worker's file is given, so its two mentions are replaced.
 *
 * It belongs into `worker.plugins`: in `plugins` alone the worker's bundle stays as it was.
 */

import type { Plugin } from "vite";

const REPLACEMENTS = [
  ['typeof _scriptDir !== "undefined" && _scriptDir', "false"],
  ["||_scriptDir", "||undefined"],
] as const;

export function keepTfjsThreads(): Plugin {
  return {
    name: "espalier:keep-tfjs-threads",
    enforce: "pre",
    transform: {
      filter: { id: /tfjs-backend-wasm-threaded-simd\.js$/ },
      handler(code) {
        let patched = code;
        for (const [from, to] of REPLACEMENTS) {
          if (!patched.includes(from)) {
            this.error(
              `TensorFlow.js' threaded build no longer contains \`${from}\`: look again whether ` +
                "it survives minification, and change scripts/vite/tfjs-threads.ts.",
            );
          }
          patched = patched.replaceAll(from, to);
        }
        return { code: patched, map: null };
      },
    },
  };
}
