/**
 * @file The built page, served for a script that looks at it: as `npm start` serves it, on a free port.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./setup/paths.mjs";

/**
 * Builds the page when it is stale and serves it.
 *
 * @returns {Promise<{ url: string, stop(): void }>} rejects with what was said instead of an address
 */
export async function servePage() {
  const child = spawn(process.execPath, [join(ROOT, "scripts", "start.mjs"), "--port=0"]);
  child.stderr.pipe(process.stderr);
  /** @type {string} */
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += String(chunk);
      const found = /http:\/\/localhost:\d+\//.exec(said);
      if (found !== null) resolve(found[0]);
    });
    child.once("close", () => reject(new Error(`the page is not served: ${said}`)));
  });
  return { url, stop: () => void child.kill() };
}
