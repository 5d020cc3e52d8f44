/**
 * @file `npm run bench -- NAME …`: runs `bench/NAME.bench.ts` in Node with the arguments after it.
 * Without a name it tells which there are.
 */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runNodeProgram } from "./build/node-program.mjs";
import { ROOT } from "./setup/paths.mjs";

const SUFFIX = ".bench.ts";

const names = readdirSync(join(ROOT, "bench"))
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length));
const name = process.argv[2];

if (name !== undefined && names.includes(name)) {
  // The program sees its own arguments where any program has them.
  process.argv.splice(2, 1);
  await runNodeProgram({
    name: `bench-${name}`,
    entry: join("bench", name + SUFFIX),
    sources: ["bench", "tests/formats"],
  });
} else {
  const problem = name === undefined ? "Which benchmark?" : `There is no benchmark "${name}".`;
  console.error(`${problem} \`npm run bench -- NAME\` knows: ${names.join(", ") || "none yet"}.`);
  process.exitCode = 1;
}
