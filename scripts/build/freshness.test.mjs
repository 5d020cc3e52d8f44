/**
 * @file What makes a build stale, and what does not.
 */

import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildIfStale, fingerprintOf } from "./freshness.mjs";

/** @type {string} */
let root;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "espalier-fresh-"));
  mkdirSync(join(root, "src", "deep"), { recursive: true });
  for (const name of ["src/a.ts", "src/deep/b.ts"]) writeFileSync(join(root, name), name);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const print = () => fingerprintOf(root, ["src", "not-there"]);

describe("fingerprintOf", () => {
  it("changes when a file is changed, added or removed", () => {
    const seen = new Set([print()]);
    utimesSync(join(root, "src/a.ts"), 1, 1);
    seen.add(print());
    writeFileSync(join(root, "src/c.ts"), "c");
    seen.add(print());
    rmSync(join(root, "src/deep/b.ts"));
    seen.add(print());
    expect(seen.size).toBe(4);
  });

  it("stays when a test is added, or what is made of the sources", () => {
    const before = print();
    for (const name of ["a.test.ts", "deep/b.generated.ts"]) {
      writeFileSync(join(root, "src", name), "");
    }
    mkdirSync(join(root, "src", "built"));
    writeFileSync(join(root, "src", "built", "a.wasm"), "");
    expect(print()).toBe(before);
  });
});

describe("buildIfStale", () => {
  it("builds once, and again after a build that was broken off", async () => {
    const mark = join(root, "dist", "mark");
    let builds = 0;
    const build = async () => void builds++;
    const options = { mark, fingerprint: "one", build };
    expect(await buildIfStale(options)).toBe(true);
    expect(await buildIfStale(options)).toBe(false);
    const broken = () => Promise.reject(new Error("broken off"));
    const attempt = buildIfStale({ mark, fingerprint: "two", build: broken });
    await expect(attempt).rejects.toThrow("broken off");
    expect(await buildIfStale(options)).toBe(true);
    expect(builds).toBe(2);
  });
});
