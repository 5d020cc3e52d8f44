/**
 * @file Which browser is chosen when there are several.
 */

import { describe, expect, it } from "vitest";
import { findChromium, systemChromiumPaths } from "./chromium.mjs";

/**
 * @param {readonly string[]} there
 * @param {string} [named]
 */
const find = (there, named) =>
  findChromium({
    env: named === undefined ? {} : { CHROMIUM_PATH: named },
    platform: "linux",
    playwrightPath: "/own/chrome",
    exists: (path) => there.includes(path),
  });

describe("findChromium", () => {
  it("prefers the one that is named, then Playwright's, then the system's", () => {
    const all = ["/named", "/own/chrome", "/usr/bin/chromium"];
    expect(find(all, "/named")?.path).toBe("/named");
    expect(find(all)?.source).toBe("Playwright");
    expect(find(["/usr/bin/google-chrome"])).toEqual({
      source: "system",
      path: "/usr/bin/google-chrome",
    });
  });

  it("passes over a name that leads nowhere, and says when there is none", () => {
    expect(find(["/own/chrome"], "/typo")?.source).toBe("Playwright");
    expect(find([])).toBeUndefined();
  });
});

describe("systemChromiumPaths", () => {
  it("knows the folders of each system", () => {
    expect(systemChromiumPaths("darwin", {})[0]).toContain("/Applications/");
    expect(systemChromiumPaths("win32", { ProgramFiles: "C:\\Program Files" })).toHaveLength(1);
  });
});
