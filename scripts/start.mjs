/**
 * @file `npm start`: builds the page when its sources have changed and serves it on localhost, cross-
 * origin isolated, on the usual port or the next free one. `--port=N` and `--host[=NAME]` choose.
 */

import { ensureApp } from "./build/app.mjs";
import { ROOT } from "./setup/paths.mjs";

const USUAL_PORT = 4173;

/** @param {string} name */
function option(name) {
  const given = process.argv.slice(2).find((arg) => arg === name || arg.startsWith(`${name}=`));
  return given === undefined ? undefined : given.slice(name.length + 1);
}

async function serve() {
  const { preview } = await import("vite");
  const port = Number(option("--port") ?? USUAL_PORT);
  const host = option("--host");
  const server = await preview({
    root: ROOT,
    logLevel: "warn",
    // An empty --host means every address of this machine.
    preview: { port, strictPort: false, host: host === "" ? true : (host ?? "localhost") },
  });
  const address = server.httpServer.address();
  const taken = address !== null && typeof address === "object" ? address.port : port;
  if (port !== 0 && taken !== port) console.log(`Port ${port} is in use; taking ${taken}.`);
  console.log(`\nEspalier is at http://localhost:${taken}/ (Ctrl-C stops it)`);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.once(signal, () => {
      console.log("\nStopped.");
      process.exit(0);
    });
  }
}

try {
  await ensureApp((text) => console.log(text));
  await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error("Espalier could not be started: the lines above say why.");
  process.exitCode = 1;
}
