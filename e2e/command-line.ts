/** @file The same engine in Node: what the page says is held against what the command line says. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export const ROOT = join(import.meta.dirname, "..");
const run = promisify(execFile);

/** Runs `espalier COMMAND … --json` and reads its answer. */
export async function espalier<T>(...args: readonly string[]): Promise<T> {
  const script = join(ROOT, "scripts", "espalier.mjs");
  const { stdout } = await run(process.execPath, [script, ...args, "--json"], {
    cwd: ROOT,
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as T;
}
