/**
 * @file `npm run -s espalier -- COMMAND …`: the command line (`src/cli/main.ts`), bundled when its
 * sources have changed. Standard output belongs to the program alone.
 */

import { runNodeProgram } from "./build/node-program.mjs";

await runNodeProgram({ name: "espalier", entry: "src/cli/main.ts" });
