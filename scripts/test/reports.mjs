/**
 * @file Reads how many tests passed and failed from the reports that Vitest and Playwright write for
 * machines. Whatever ended a suite badly without being a test (a file that does not load, an error
 * outside of every test, no test at all) counts as one failure, so that no failure can go unseen.
 */

/** @typedef {{ passed: number, failed: number, note?: string }} Count */

/**
 * @param {string | undefined} report text of the JSON report; undefined when none was written
 * @param {number | null} exitCode the suite's own
 * @returns {Count}
 */
export function countVitest(report, exitCode) {
  if (report === undefined) return noReport();
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(report);
  const brokenFiles = testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  return settle({ passed: numPassedTests, failed: numFailedTests + brokenFiles }, exitCode);
}

/**
 * @param {string | undefined} report text of the JSON report; undefined when none was written
 * @param {number | null} exitCode the suite's own
 * @returns {Count}
 */
export function countPlaywright(report, exitCode) {
  if (report === undefined) return noReport();
  const { stats, errors } = JSON.parse(report);
  const failed = stats.unexpected + stats.flaky + errors.length;
  return settle({ passed: stats.expected, failed }, exitCode);
}

/**
 * A check that passes or fails as a whole.
 *
 * @param {number | null} exitCode
 * @returns {Count}
 */
export function countWhole(exitCode) {
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * @param {Count} count
 * @param {number | null} exitCode
 * @returns {Count}
 */
function settle(count, exitCode) {
  if (count.failed > 0) return count;
  if (count.passed === 0) return { passed: 0, failed: 1, note: "it executed no test" };
  if (exitCode === 0) return count;
  return { ...count, failed: 1, note: `it ended with code ${String(exitCode)}` };
}

/** @returns {Count} */
function noReport() {
  return { passed: 0, failed: 1, note: "it wrote no report" };
}
