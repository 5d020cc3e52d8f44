/**
 * @file Projects of every version that there was, in `projects/`, open for ever. The files are never written
 * again; a new version adds one.
 */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { openFiles } from "../../src/files/index.ts";
import { soundProject } from "../../src/storage/index.ts";

it.each([[1]])("opens a project of version %i", async (version) => {
  const name = `version-${version}.espalier.zip`;
  const bytes = readFileSync(new URL(`./projects/${name}`, import.meta.url));
  const [opened] = await openFiles([new File([bytes], name)]);
  if (opened?.kind !== "project") throw new Error(`${name} opened as ${opened?.kind}`);
  const { document, networks } = soundProject(opened);
  expect(document.runs.map(({ id, label }) => [id, label])).toEqual([
    [1, "Baseline"],
    [2, "Cut at 50 %"],
    [4, "Fine-tuned"],
  ]);
  expect(networks).toHaveLength(3);
  expect(document.shown).toBe(2);
  expect(document.accuracies).toHaveLength(3);
  expect(document.curves).toHaveLength(1);
});
