/**
 * @file Every broken file of the corpus gets exactly the code and the sentence that are pinned in
 * `expected.json`. Run with `ESPALIER_PIN=1` to write that file anew, then read the difference.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { AppError, explain } from "../../src/core/index.ts";
import { openFiles } from "../../src/files/index.ts";
import { CASES } from "./cases.ts";

interface Pinned {
  readonly code: string;
  readonly sentence: string;
}

const PATH = fileURLToPath(new URL("expected.json", import.meta.url));

async function refusalOf(files: readonly File[]): Promise<Pinned> {
  try {
    await openFiles(files);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, sentence: explain(error) };
    throw error;
  }
  return { code: "accepted", sentence: "" };
}

it("refuses every broken file with the pinned code and sentence", async () => {
  const found: Record<string, Pinned> = {};
  for (const [name, make] of Object.entries(CASES)) found[name] = await refusalOf(await make());
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
