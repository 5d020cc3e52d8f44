/** @file What a bundled benchmark finds in the project's folder instead of in its bundle. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as Vite from "vite";
import { projectFolder } from "../../src/cli/project.ts";

/** Vite is no part of the bundle: it builds the page while the benchmark runs. */
export async function importVite(): Promise<typeof Vite> {
  const path = join(projectFolder(), "node_modules/vite/dist/node/index.js");
  return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as typeof Vite;
}

/** Where benchmarks keep what they fetch and build; ignored by git. */
export function cacheFolder(name: string): string {
  return join(projectFolder(), ".cache", "bench", name);
}
