/**
 * @file Runs a TypeScript program of this project in Node: the command line and the benchmarks.
 * Vite bundles it, packages included, because TensorFlow.js' own modules cannot be imported by Node
 * as they lie. Each bundle is kept in a folder named after what it was made from, and appears there
 * whole: a program that runs while its sources change keeps its own files.
 */

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../setup/paths.mjs";
import { fingerprintOf } from "./freshness.mjs";
import { ensureKernels } from "./kernels.mjs";

const BUNDLES = join(ROOT, "dist-cli");
const SHARED_SOURCES = ["package-lock.json", "scripts/build", "src", "tsconfig.json"];

/** Bundles of older sources are removed when nothing can be running from them any more. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Tools that benchmarks drive; they are Node programs themselves, or too large to be bundled. */
const EXTERNAL = ["@playwright/test", "assemblyscript/asc"];

/**
 * CommonJS packages inside the bundle ask for their own folder. It is only used to find files that
 * the program names itself, so the bundle's own folder is as good. They are globals, and not the
 * module's own names, because fflate declares a `require` of its own.
 */
const BANNER = [
  'import { dirname as __dirnameOf } from "node:path";',
  'import { createRequire as __createRequire } from "node:module";',
  'import { fileURLToPath as __urlToPath } from "node:url";',
  "globalThis.__filename ??= __urlToPath(import.meta.url);",
  "globalThis.__dirname ??= __dirnameOf(globalThis.__filename);",
  "globalThis.require ??= __createRequire(import.meta.url);",
].join("\n");

/**
 * Bundles what has changed, then hands over to the program. Nothing is written to standard output.
 *
 * @param {{ name: string, entry: string, sources?: readonly string[] }} program `entry` and `sources`
 *   are relative to the repository's root
 * @returns {Promise<void>} settles when the program's top level has run
 */
export async function runNodeProgram({ name, entry, sources = [] }) {
  if (!existsSync(join(ROOT, "node_modules", "vite"))) {
    console.error("The packages are not installed yet: run `npm run setup` first.");
    process.exitCode = 1;
    return;
  }
  const fingerprint = fingerprintOf(ROOT, [...SHARED_SOURCES, ...sources]);
  const folder = join(BUNDLES, `${name}-${fingerprint.slice(0, 16)}`);
  if (!existsSync(folder)) {
    removeOldBundles();
    await bundle(join(ROOT, entry), folder);
  }
  // Not bundled: the program reads them from where they are built.
  await ensureKernels((text) => console.error(text));
  process.chdir(typedIn());
  await import(pathToFileURL(join(folder, "main.mjs")).href);
}

/**
 * The folder that relative paths were meant from. `npm run` changes into the project's folder and
 * leaves the person's own in `INIT_CWD`; a script started otherwise, or below another npm script,
 * stays where it is.
 */
function typedIn() {
  const { INIT_CWD: typed, npm_lifecycle_event: script } = process.env;
  const byNpm = script === "espalier" || script === "bench";
  return byNpm && typed !== undefined && process.cwd() === ROOT ? typed : process.cwd();
}

/**
 * @param {string} entry
 * @param {string} folder
 */
async function bundle(entry, folder) {
  const part = `${folder}.${process.pid}.part`;
  try {
    const { build } = await import("vite");
    await build({
      root: ROOT,
      configFile: false,
      publicDir: false,
      logLevel: "error",
      ssr: { target: "node", noExternal: true, external: EXTERNAL },
      build: {
        ssr: entry,
        outDir: part,
        target: "node20",
        minify: false,
        rolldownOptions: {
          output: {
            banner: BANNER,
            entryFileNames: "main.mjs",
            chunkFileNames: "[name]-[hash].mjs",
          },
        },
      },
    });
    renameSync(part, folder);
  } catch (error) {
    // Another process may have put the same bundle there first.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function removeOldBundles() {
  mkdirSync(BUNDLES, { recursive: true });
  for (const name of readdirSync(BUNDLES)) {
    const path = join(BUNDLES, name);
    const modifiedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - modifiedMs > KEPT_MS) rmSync(path, { recursive: true, force: true });
  }
}
