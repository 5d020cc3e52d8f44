/**
 * @file Each known cause gets one sentence with a next step.
 */

import { describe, expect, it } from "vitest";
import { npmError } from "./command.mjs";
import { SetupFailure, codeOf, toFailure } from "./failure.mjs";

const context = { doing: "fetching CIFAR-10", retry: "npm run setup" };

/** @param {string} code */
const withCode = (code) => Object.assign(new Error("low-level words"), { code });

describe("toFailure", () => {
  it.each([
    ["ENOSPC", "disk", "The disk is full while fetching CIFAR-10 (ENOSPC)"],
    ["ENOTFOUND", "network", "The network failed while fetching CIFAR-10 (ENOTFOUND)"],
    ["ECONNREFUSED", "network", "The network failed"],
    ["UND_ERR_SOCKET", "network", "The network failed"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "network", "certificate was not accepted"],
    ["EACCES", "permission", "could not be written (EACCES)"],
    ["EROFS", "permission", "could not be written (EROFS)"],
    ["Z_BUF_ERROR", "archive", "cut short or damaged"],
    ["EINTEGRITY", "archive", "cut short or damaged"],
    ["TAR_BAD_ARCHIVE", "archive", "cut short or damaged"],
  ])("says %s in one sentence", (code, kind, words) => {
    const failure = toFailure(withCode(code), context);
    expect(failure).toBeInstanceOf(SetupFailure);
    const { message, kind: found } = /** @type {SetupFailure} */ (failure);
    expect(found).toBe(kind);
    expect(message).toContain(words);
    expect(message).toContain("`npm run setup`");
    expect(message).not.toContain("\n");
    expect(message.endsWith(".")).toBe(true);
  });

  it("finds the cause that fetch hides", () => {
    const error = new TypeError("fetch failed", { cause: withCode("EAI_AGAIN") });
    expect(codeOf(error)).toBe("EAI_AGAIN");
    const several = new TypeError("fetch failed", {
      cause: new AggregateError([withCode("ECONNREFUSED")]),
    });
    expect(codeOf(several)).toBe("ECONNREFUSED");
  });

  it("leaves an unknown error alone", () => {
    const error = new RangeError("a fault of ours");
    expect(toFailure(error, context)).toBe(error);
  });
});

describe("npmError", () => {
  it("takes the code and the first words of npm", () => {
    const stderr = "npm error code ENOTFOUND\nnpm error network request failed\n";
    const error = npmError({ code: 1, stdout: "", stderr, timedOut: false });
    expect([error.code, error.message]).toEqual(["ENOTFOUND", "network request failed"]);
  });

  it("has words for silence", () => {
    const error = npmError({ code: 7, stdout: "", stderr: "", timedOut: false });
    expect(error.message).toBe("npm ended with code 7");
  });
});
