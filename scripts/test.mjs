/**
 * @file `npm test`: runs every suite, each with its own output, and closes with one line that sums
 * them up. A suite that fails does not stop the others. `npm test -- unit e2e` runs those two only.
 */

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./setup/paths.mjs";
import { SUITES } from "./test/suites.mjs";

/** @typedef {import("./test/suites.mjs").Suite} Suite */

/**
 * @param {readonly string[]} command
 * @param {Record<string, string>} [env]
 * @returns {Promise<number | null>} its exit code, null when it was ended by a signal
 */
function run([program, ...args], env) {
  return new Promise((resolve) => {
    const path = join(ROOT, "node_modules", program);
    const child = spawn(process.execPath, [path, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: "inherit",
    });
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
}

/** @param {Suite} suite */
async function runSuite({ name, commands, count, report, env }) {
  console.log(`\n── ${name}`);
  const start = Date.now();
  if (report !== undefined) {
    mkdirSync(dirname(report), { recursive: true });
    rmSync(report, { force: true });
  }
  /** @type {number | null} */
  let exitCode = 0;
  for (const command of commands) exitCode = (await run(command, env)) === 0 ? exitCode : 1;
  const counted = count(report === undefined ? undefined : readReport(report), exitCode);
  return { name, ...counted, seconds: (Date.now() - start) / 1000 };
}

/** @param {string} path */
function readReport(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** @param {readonly string[]} names */
function chosenSuites(names) {
  const unknown = names.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    const known = SUITES.map((suite) => suite.name).join(", ");
    console.error(`There is no suite "${unknown}"; there are ${known}.`);
    process.exit(1);
  }
  return names.length === 0 ? SUITES : SUITES.filter((suite) => names.includes(suite.name));
}

const results = [];
for (const suite of chosenSuites(process.argv.slice(2))) results.push(await runSuite(suite));

console.log("\n── all");
for (const { name, passed, failed, seconds, note } of results) {
  const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed`;
  const time = `${seconds.toFixed(1).padStart(6)} s`;
  console.log(`${name.padEnd(8)} ${counts} ${time}${note === undefined ? "" : `  (${note})`}`);
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
if (failed > 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
