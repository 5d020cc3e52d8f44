/**
 * @file In which order a browser is looked for and installed, on a machine made of answers.
 */

import { describe, expect, it } from "vitest";
import { ensureBrowser } from "./browser.mjs";

const done = { code: 0, stdout: "", stderr: "", timedOut: false };
const failed = { ...done, code: 1 };
const voice = { say: () => {}, warn: () => {}, show: () => {}, clear: () => {} };

/**
 * A machine with some browsers, which notes what is done to it.
 *
 * @param {{ there?: string, runs?: string[], own?: boolean, apt?: boolean, system?: boolean }} facts
 */
function machine({ there, runs = ["own", "system"], own = false, apt = false, system = false }) {
  let found = there;
  /** @type {string[]} */
  const log = [];
  const install = async (/** @type {string} */ what, /** @type {boolean} */ works) => {
    log.push(what);
    if (works) found = what;
    return works ? done : failed;
  };
  const world = {
    find: async () => (found === undefined ? undefined : { source: found, path: found }),
    runs: async (/** @type {string} */ path) => runs.includes(path),
    installOwn: () => install("own", own),
    hasApt: () => apt,
    installSystem: () => install("system", system),
  };
  return { log, world };
}

describe("ensureBrowser", () => {
  it("installs nothing where a browser runs", async () => {
    const { log, world } = machine({ there: "system" });
    await ensureBrowser(voice, world);
    expect(log).toEqual([]);
  });

  it("installs Playwright's own first", async () => {
    const { log, world } = machine({ own: true, apt: true, system: true });
    await ensureBrowser(voice, world);
    expect(log).toEqual(["own"]);
  });

  it("takes the system's package when Playwright's cannot be had", async () => {
    const { log, world } = machine({ apt: true, system: true });
    await ensureBrowser(voice, world);
    expect(log).toEqual(["own", "system"]);
  });

  it("takes the system's package when Playwright's does not run", async () => {
    const { log, world } = machine({ own: true, runs: ["system"], apt: true, system: true });
    await ensureBrowser(voice, world);
    expect(log).toEqual(["own", "system"]);
  });

  it("says in one sentence how to get one", async () => {
    const { world } = machine({});
    await expect(ensureBrowser(voice, world)).rejects.toMatchObject({
      kind: "browser",
      message: expect.stringMatching(/^The tests need Chromium[^\n]*CHROMIUM_PATH[^\n]*\.$/),
    });
  });
});
