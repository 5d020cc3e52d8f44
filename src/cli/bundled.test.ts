/** @file The command line as it is started: bundled, in a process of its own. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld, TINY, words, type World } from "./testing/world.ts";

const ROOT = join(import.meta.dirname, "../..");

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => world.remove());

/** Starts it in the temporary folder. */
const start = (...argv: string[]) =>
  spawnSync(process.execPath, [join(ROOT, "scripts/espalier.mjs"), ...argv], {
    cwd: world.folder,
    encoding: "utf8",
  });

describe("the bundled program", () => {
  it("answers with JSON alone, and finds files from where it was started", () => {
    const { status, stdout, stderr } = start(
      ...words(`predict ${TINY} --data data/cifar-10 --limit 2 --backend cpu --json`),
    );
    expect(stderr).toBe("");
    expect((JSON.parse(stdout) as { logits: unknown[] }).logits).toHaveLength(2);
    expect(status).toBe(0);
  }, 60_000);

  it("runs wasm, and refuses in one line", () => {
    const wasm = start("evaluate", TINY, "--data", "data/cifar-10", "--json");
    expect(wasm.stderr).toBe("");
    expect(JSON.parse(wasm.stdout)).toMatchObject({ count: 24 });
    const refused = start("evaluate", "nowhere.json");
    expect(refused).toMatchObject({ status: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^nowhere\.json: [^\n]+\n$/);
  }, 60_000);
});
