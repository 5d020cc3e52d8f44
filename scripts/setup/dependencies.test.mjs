/**
 * @file When an installation counts as the one that the lock file asks for.
 */

import { describe, expect, it } from "vitest";
import { installFailure, isSatisfied, markOf } from "./dependencies.mjs";

/** @param {Record<string, { version: string, optional?: boolean }>} packages */
const lock = (packages) => JSON.stringify({ packages: { "": {}, ...packages } });
const wanted = lock({
  "node_modules/a": { version: "1.0.0" },
  "node_modules/for-another-platform": { version: "2.0.0", optional: true },
});

describe("isSatisfied", () => {
  it("accepts what npm recorded, without other platforms' packages", () => {
    expect(isSatisfied(wanted, lock({ "node_modules/a": { version: "1.0.0" } }))).toBe(true);
  });

  it("refuses a missing package and another version", () => {
    expect(isSatisfied(wanted, lock({}))).toBe(false);
    expect(isSatisfied(wanted, lock({ "node_modules/a": { version: "1.0.1" } }))).toBe(false);
  });

  it("refuses a record that was half-written", () => {
    expect(isSatisfied(wanted, '{"packages":{')).toBe(false);
  });
});

describe("markOf", () => {
  it("changes with the lock file", () => {
    expect(markOf(wanted)).toBe(markOf(wanted));
    expect(markOf(`${wanted} `)).not.toBe(markOf(wanted));
  });
});

describe("installFailure", () => {
  /** @param {string} code */
  const withCode = (code) => Object.assign(new Error("npm's words"), { code });

  it("names the network when the cache cannot stand in for it", () => {
    const failure = installFailure(withCode("ENOTCACHED"), withCode("ENOTFOUND"));
    expect(failure.message).toMatch(/^The network failed while installing .* \(ENOTFOUND\): /);
  });

  it("tells a lock that does not fit from everything else", () => {
    expect(installFailure(withCode("EUSAGE"), undefined).message).toContain("`npm install`");
    expect(installFailure(withCode("EWEIRD"), undefined).message).toContain("EWEIRD, npm's words");
  });
});
