/**
 * @file No failure of a suite goes unseen, whatever shape it has.
 */

import { describe, expect, it } from "vitest";
import { countPlaywright, countVitest, countWhole } from "./reports.mjs";

/** @param {object} facts */
const vitestReport = (facts) =>
  JSON.stringify({ numPassedTests: 0, numFailedTests: 0, testResults: [], ...facts });
/** @param {object} stats @param {unknown[]} [errors] */
const playwrightReport = (stats, errors = []) =>
  JSON.stringify({ stats: { expected: 0, unexpected: 0, flaky: 0, ...stats }, errors });

describe("countVitest", () => {
  it("counts tests", () => {
    expect(countVitest(vitestReport({ numPassedTests: 5 }), 0)).toEqual({ passed: 5, failed: 0 });
    const mixed = vitestReport({ numPassedTests: 5, numFailedTests: 2 });
    expect(countVitest(mixed, 1)).toEqual({ passed: 5, failed: 2 });
  });

  it("counts a file that does not load", () => {
    const testResults = [{ status: "failed", assertionResults: [] }];
    const report = vitestReport({ numPassedTests: 5, testResults });
    expect(countVitest(report, 1)).toEqual({ passed: 5, failed: 1 });
  });

  it("counts an error outside of every test", () => {
    expect(countVitest(vitestReport({ numPassedTests: 5 }), 1)).toMatchObject({ failed: 1 });
  });

  it("fails a suite without tests or without a report", () => {
    expect(countVitest(vitestReport({}), 0)).toMatchObject({
      failed: 1,
      note: "it executed no test",
    });
    expect(countVitest(undefined, 1)).toMatchObject({ failed: 1, note: "it wrote no report" });
  });
});

describe("countPlaywright", () => {
  it("counts a flaky test as failed", () => {
    const report = playwrightReport({ expected: 3, unexpected: 1, flaky: 1 });
    expect(countPlaywright(report, 1)).toEqual({ passed: 3, failed: 2 });
  });

  it("counts a server that did not start", () => {
    const report = playwrightReport({}, [{ message: "not able to start" }]);
    expect(countPlaywright(report, 1)).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe("countWhole", () => {
  it("is one check", () => {
    expect(countWhole(0)).toEqual({ passed: 1, failed: 0 });
    expect(countWhole(null)).toEqual({ passed: 0, failed: 1 });
  });
});
