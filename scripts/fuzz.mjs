/**
 * @file `npm run fuzz -- READER …`: damaged files against every reader, for as long as one likes; see
 * `tests/fuzz/main.ts`.
 */

import { join } from "node:path";
import { runNodeProgram } from "./build/node-program.mjs";

await runNodeProgram({
  name: "fuzz",
  entry: join("tests", "fuzz", "main.ts"),
  sources: ["tests/fuzz"],
});
