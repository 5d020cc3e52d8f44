/**
 * @file What `npm test` consists of, in order: the quick checks first, the built app in a browser last.
 */

import { join } from "node:path";
import { ROOT } from "../setup/paths.mjs";
import { countPlaywright, countVitest, countWhole } from "./reports.mjs";

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {readonly (readonly string[])[]} commands each a program, seen from
 * `node_modules`, and its arguments
 * @property {(report: string | undefined, exitCode: number | null) => import("./reports.mjs").Count} count
 * @property {string} [report] where its machine-readable report goes
 * @property {Record<string, string>} [env]
 */

const REPORTS = join(ROOT, ".cache", "test-reports");
const reportOf = (/** @type {string} */ name) => join(REPORTS, `${name}.json`);

const VITEST = "vitest/vitest.mjs";
const TSC = "typescript/bin/tsc";

/** @type {Suite["count"]} */
const asWhole = (_report, exitCode) => countWhole(exitCode);

/**
 * @param {string} name
 * @param {readonly string[]} projects of vitest's
 * @returns {Suite}
 */
function vitest(name, projects) {
  const report = reportOf(name);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const chosen = projects.map((project) => `--project=${project}`);
  return { name, commands: [[VITEST, "run", ...chosen, ...reporters]], count: countVitest, report };
}

/** @type {readonly Suite[]} */
export const SUITES = [
  {
    name: "types",
    commands: [
      [TSC, "-p", "."],
      [TSC, "-p", "scripts"],
    ],
    count: asWhole,
  },
  {
    name: "lint",
    commands: [["oxlint/bin/oxlint", "--type-aware", "--deny-warnings"]],
    count: asWhole,
  },
  { name: "format", commands: [["oxfmt/bin/oxfmt", "--check"]], count: asWhole },
  vitest("unit", ["alone", "unit"]),
  vitest("browser", ["browser"]),
  { name: "build", commands: [["../scripts/build.mjs"]], count: asWhole },
  {
    name: "e2e",
    commands: [["@playwright/test/cli.js", "test", "--reporter=list,json"]],
    count: countPlaywright,
    report: reportOf("e2e"),
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: reportOf("e2e") },
  },
];
