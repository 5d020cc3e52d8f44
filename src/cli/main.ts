/** @file The command line's entry in Node: streams, signals and the exit code; the rest is `run.ts`. */
import { Console } from "node:console";
import { INTERRUPTED } from "./interrupt.ts";
import type { Io } from "./io.ts";
import { projectFolder } from "./project.ts";
import { run } from "./run.ts";

/** The first Ctrl-C is a wish, the second an order. */
function onInterrupt(hear: () => void): () => void {
  let wishes = 0;
  const handle = (): void => {
    wishes += 1;
    if (wishes > 1) process.exit(INTERRUPTED);
    hear();
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  return () => {
    process.off("SIGINT", handle);
    process.off("SIGTERM", handle);
  };
}

const io: Io = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  projectFolder: projectFolder(),
  now: () => performance.now(),
  onInterrupt,
};

// Standard output is the answer's alone: what a library has to say goes elsewhere. TensorFlow.js
// advertises its native build there, which nobody asked for.
const elsewhere = new Console(process.stderr, process.stderr);
const warn = elsewhere.warn.bind(elsewhere);
elsewhere.warn = (...words: unknown[]) => {
  if (!String(words[0]).includes("you are running TensorFlow.js in Node.js")) warn(...words);
};
globalThis.console = elsewhere;

// Whoever reads may have read enough: `espalier inspect … | head`.
process.stdout.on("error", () => process.exit(0));

process.exitCode = await run(process.argv.slice(2), io);
