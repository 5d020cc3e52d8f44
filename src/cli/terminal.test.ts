/** @file What a stranger's names do to a terminal: nothing. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { known } from "../core/index.ts";
import { exportNetwork } from "../files/index.ts";
import { floats, model, node, weights } from "../files/onnx/testing/models.ts";
import { GraphBuilder, initialize } from "../model/index.ts";
import { table } from "./table.ts";
import { makeWorld, type World } from "./testing/world.ts";

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => world.remove());

/** Clears the screen, goes to another line, turns the writing round. */
const HOSTILE = "\u001b[2J\u0007\r\n\u202egnp.\u2028x\u009b31m";
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

function expectVisible(text: string): void {
  expect(text.split("\n").filter((line) => UNSEEN.test(line))).toEqual([]);
  expect(text).toContain(String.raw`\u001b[2J`);
}

it("stand in answers as what they are", async () => {
  const b = new GraphBuilder();
  const pool = b.add(`pool${HOSTILE}`, { kind: "globalAveragePool" }, b.input([4, 4, 3]));
  const fc = b.add(`fc${HOSTILE}`, { kind: "dense", units: 2, bias: true }, pool);
  const network = initialize(b.finish(`net${HOSTILE}`, fc), { seed: 1 });
  const [file] = (await exportNetwork(network, "safetensors")).files;
  const path = world.write("net.safetensors", known(file, "file").bytes);
  const { out, code } = await world.espalier("inspect", path);
  expect(code).toBe(0);
  expectVisible(out);
  // The name, and a line for each of head and nodes: none has made a line of its own.
  expect(out.trimEnd().split("\n")).toHaveLength(8);
  expect(await world.json("inspect", path)).toMatchObject({ name: `net${HOSTILE}` });
});

it("stand in notes and refusals as what they are", async () => {
  const nodes = [
    node("Conv", ["x", `w${HOSTILE}`], "a", { pads: [1, 1, 1, 1] }),
    node("Conv", ["a", `w${HOSTILE}`], "b", { pads: [1, 1, 1, 1] }),
    node("GlobalAveragePool", ["b"], "y"),
  ];
  const kernel = weights(`w${HOSTILE}`, 3, 3, 3, 3);
  const shared = world.write("shared.onnx", model({ nodes, tensors: [kernel] }));
  const { err, code } = await world.espalier("inspect", shared);
  expect(code).toBe(0);
  expect(err).toContain("is shared by 2 nodes");
  expectVisible(err);
  const broken = floats(`w${HOSTILE}`, [3, 3, 3, 3], new Float32Array(81).fill(NaN));
  const refused = await world.espalier(
    "inspect",
    world.write("broken.onnx", model({ nodes, tensors: [broken] })),
  );
  expect(refused.code).toBe(1);
  expect(refused.err.trimEnd().split("\n").at(-1)).not.toMatch(UNSEEN);
});

it("do not move the columns of a table", () => {
  const lines = table(
    ["name", "op"],
    [
      ["\u001b[2J", "relu"],
      ["plain", "add"],
    ],
  );
  expect(lines).toEqual(["name       op", String.raw`\u001b[2J  relu`, "plain      add"]);
});
