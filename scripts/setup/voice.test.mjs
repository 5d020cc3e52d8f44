/**
 * @file What is drawn on a terminal, and what is printed into a file.
 */

import { describe, expect, it } from "vitest";
import { makeVoice, showBytes } from "./voice.mjs";

/** @param {boolean} isTTY */
function recorder(isTTY) {
  let text = "";
  return {
    isTTY,
    columns: 40,
    write: (/** @type {string} */ part) => (text += part),
    all: () => text,
  };
}

describe("showBytes", () => {
  it("prints a line for each quarter where nothing can move", () => {
    const out = recorder(false);
    const onBytes = showBytes(makeVoice(out), "fetched");
    for (let done = 0; done <= 100; done++) onBytes(done * 1e6, 100e6);
    const lines = out.all().trimEnd().split("\n");
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toBe("  fetched 100 %  100 MB of 100 MB");
    expect(out.all()).not.toContain("\u001B");
  });

  it("redraws one line on a terminal and takes it away before the next word", () => {
    const out = recorder(true);
    const voice = makeVoice(out);
    showBytes(voice, "fetched")(5e6, 10e6);
    voice.say("done");
    expect(out.all()).toBe("\r\u001B[2K  fetched  50 %  5.0 MB of 10 MB\r\u001B[2Kdone\n");
  });
});
