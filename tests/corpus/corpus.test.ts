/**
 * @file Every broken file of the corpus gets exactly the code and the sentence that are pinned in
 * `expected.json`, and makes nobody ask the network for anything. Run with `ESPALIER_PIN=1` to write that file anew, then read the difference.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { AppError, explain } from "../../src/core/index.ts";
import { openFiles, type OpenOptions } from "../../src/files/index.ts";
import { CASES } from "./cases.ts";
import { COVERAGE, type Kind, KINDS } from "./kinds.ts";

interface Pinned {
  readonly code: string;
  readonly sentence: string;
}

const PATH = fileURLToPath(new URL("expected.json", import.meta.url));

/** Of a browser, which cannot make anything of these pictures; elsewhere there is none. */
const decoderFor = (name: string): OpenOptions =>
  name === "pictures/half-a-picture"
    ? { decodePicture: () => Promise.reject(new Error("cut short")) }
    : {};

async function refusalOf(files: readonly File[], options: OpenOptions): Promise<Pinned> {
  try {
    await openFiles(files, options);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, sentence: explain(error) };
    throw error;
  }
  return { code: "accepted", sentence: "" };
}

it("refuses every broken file with the pinned code and sentence", async () => {
  const found: Record<string, Pinned> = {};
  const requests = vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("a request"));
  for (const [name, make] of Object.entries(CASES)) {
    found[name] = await refusalOf(await make(), decoderFor(name));
  }
  expect(requests).not.toHaveBeenCalled();
  if (process.env["ESPALIER_PIN"] === "1") {
    writeFileSync(PATH, `${JSON.stringify(found, undefined, 2)}\n`);
  }
  expect(found).toEqual(JSON.parse(readFileSync(PATH, "utf8")));
  for (const [name, { code, sentence }] of Object.entries(found)) {
    expect(code, name).toMatch(/^(?:files|model)\//);
    expect(sentence, name).toMatch(/^.+: .+; .+\.$/);
    // A file without a word for it is a bug of ours, as is a second sentence.
    expect(sentence, name).not.toMatch(/undefined|NaN|null|\n|\. [A-Z]/);
  }
});

describe("the table of readers and kinds", () => {
  const pinned = JSON.parse(readFileSync(PATH, "utf8")) as Readonly<Record<string, Pinned>>;

  it.each(Object.entries(COVERAGE))(
    "has a case of every kind for %s, or a reason",
    (reader, row) => {
      for (const [kind, shown] of Object.entries(row) as [Kind, string][]) {
        if (/^\(.+\)$/.test(shown)) continue;
        const code = pinned[`${reader}/${shown}`]?.code;
        expect(KINDS[kind], `${reader}, ${kind}: ${shown}`).toContain(code);
      }
    },
  );

  it("has all readers", () => {
    const readers = new Set(Object.keys(CASES).map((name) => name.split("/")[0]));
    expect(readers).toEqual(new Set(["any", ...Object.keys(COVERAGE)]));
  });
});
