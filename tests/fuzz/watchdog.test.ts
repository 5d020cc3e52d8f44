/** @file What never comes back is ended and named. */
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { PROGRAM } from "./watchdog.ts";

/** Opens three mutants, of which the last loops for ever. */
const STUCK = `
  const { Worker } = require("node:worker_threads");
  const place = new Int32Array(new SharedArrayBuffer(8));
  const workerData = { place, command: "npm run fuzz -- tar --only", mostMs: 300 };
  new Worker(${JSON.stringify(PROGRAM)}, { eval: true, workerData }).once("online", () => {
    for (const number of [5, 6, 7]) {
      Atomics.store(place, 0, number);
      Atomics.add(place, 1, 1);
    }
    for (;;);
  });
`;

it("ends a process whose mutant loops for ever, and names the mutant", () => {
  const { signal, stderr } = spawnSync(process.execPath, ["-e", STUCK], {
    encoding: "utf8",
    timeout: 30_000,
  });
  expect(stderr).toBe("npm run fuzz -- tar --only 7: gave no answer in 300 ms\n");
  expect(signal).toBe("SIGKILL");
});
