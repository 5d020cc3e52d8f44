/** @file Lets a benchmark use what the command line is made of. */
import process from "node:process";
import type { Io } from "../src/cli/io.ts";
import { projectFolder } from "../src/cli/project.ts";

export const io: Io = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: false,
  projectFolder: projectFolder(),
  now: () => performance.now(),
  onInterrupt: () => () => undefined,
};
