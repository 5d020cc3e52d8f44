/** @file Surgery from the command line: dead channels, masks, and histories that are replayed and undone. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openFiles } from "../files/index.ts";
import { fingerprintNetwork, type Network } from "../model/index.ts";
import { makeWorld, TINY, words, type World } from "./testing/world.ts";

let world: World;
beforeAll(async () => {
  world = makeWorld();
  // A few steps, so that scales and shifts are not all alike.
  const { code } = await world.espalier(
    ...words(`train ${TINY} --steps 3 --batch 8 --lr .5 -o ${world.at("base.safetensors")}`),
  );
  expect(code).toBe(0);
  await prune("base", "half");
});
afterAll(() => world.remove());

const prune = (from: string, to: string, ...more: string[]) =>
  world.json(
    ...words(`prune ${world.at(`${from}.safetensors`)} --preset network-slimming --ratio .5`),
    ...more,
    "-o",
    world.at(`${to}.safetensors`),
  );

const replay = (from: string, cut: string, to: string, ...more: string[]) => {
  const files = [world.at(`${cut}.safetensors`), "-o", world.at(`${to}.safetensors`)];
  return world.espalier("replay", from, ...files, ...more, "--json");
};

async function open(name: string): Promise<Network> {
  const bytes = Uint8Array.from(readFileSync(world.at(`${name}.safetensors`)));
  const [opened] = await openFiles([new File([bytes], `${name}.safetensors`)]);
  if (opened?.kind !== "network") throw new Error("no network");
  return opened.network;
}

const bits = async (name: string): Promise<string> => fingerprintNetwork(await open(name));

interface Pruned {
  readonly absorbed?: readonly { readonly layer: string; readonly error: number }[];
  readonly after: { readonly parameters: number };
  readonly before: { readonly parameters: number };
}

describe("dead channels", () => {
  it("are dropped unless they are to be absorbed, and then said with their error", async () => {
    expect(await prune("base", "plain")).not.toHaveProperty("absorbed");
    expect(await bits("plain")).toBe(await bits("half"));
    const found = (await prune("base", "absorbed", "--dead", "absorb")) as Pruned;
    expect(found.absorbed?.length).toBeGreaterThan(0);
    expect(found.absorbed?.some(({ error }) => error > 0)).toBe(true);
    expect(await bits("absorbed")).not.toBe(await bits("half"));
    const { metadata } = await open("absorbed");
    expect(metadata.surgery?.history).toMatchObject([{ kind: "cut", dead: "absorb" }]);
    const { code, err } = await world.espalier(
      ...words(`prune ${TINY} --preset network-slimming --dead alive -o ${world.at("no")}`),
    );
    expect(code).toBe(1);
    expect(err).toMatch(/^--dead: .*one of zero, absorb/);
  });
});

describe("the report", () => {
  interface Report {
    readonly recipe: { readonly repair: { readonly dead?: string } };
    readonly manner: unknown;
  }
  const reportOf = (name: string): Report =>
    JSON.parse(readFileSync(world.at(`${name}.report.json`), "utf8")) as Report;
  /** Prunes the base by a recipe alone. */
  const byRecipe = (recipe: unknown, to: string, ...more: string[]) =>
    world.json(
      ...words(`prune ${world.at("base.safetensors")} -o ${world.at(`${to}.safetensors`)}`),
      "--recipe",
      world.write("reported.json", JSON.stringify(recipe)),
      ...more,
    );

  it("has a recipe that does the same again, whether a flag or a recipe said what becomes of dead channels", async () => {
    await prune("base", "flagged", "--dead", "absorb");
    const { recipe, manner } = reportOf("flagged");
    expect(manner).toEqual({ kind: "cut", dead: "absorb" });
    await byRecipe(recipe, "again-flagged");
    expect(await bits("again-flagged")).toBe(await bits("flagged"));
    expect(await bits("again-flagged")).not.toBe(await bits("half"));
    // The flag has the last word, and the recipe of what was done says so.
    await byRecipe(recipe, "dropped", "--dead", "zero");
    expect(reportOf("dropped").recipe.repair.dead).toBe("zero");
    await byRecipe(reportOf("dropped").recipe, "again-dropped");
    expect(await bits("again-dropped")).toBe(await bits("half"));
  });

  it("says beside the recipe that it was a mask", async () => {
    await prune("base", "veiled", "--mask");
    const { recipe, manner } = reportOf("veiled");
    expect(manner).toEqual({ kind: "mask", dead: "zero" });
    await byRecipe(recipe, "again-veiled", "--mask");
    expect(await bits("again-veiled")).toBe(await bits("veiled"));
  });
});

describe("masks", () => {
  it("keep every shape and answer as the cut network does", async () => {
    const { before, after } = (await prune("base", "masked", "--mask")) as Pruned;
    expect(after).toEqual(before);
    const [masked, cut] = await Promise.all(
      ["masked", "half"].map((name) => world.json("predict", world.at(`${name}.safetensors`))),
    );
    const rows = (answers: unknown) => (answers as { logits: number[][] }).logits.flat();
    rows(masked).forEach((logit, i) => expect(logit).toBeCloseTo(rows(cut)[i] ?? NaN, 5));
    expect((await open("masked")).metadata.surgery?.history).toMatchObject([{ kind: "mask" }]);
  });

  it("are kept by a training that is told so, stopped and resumed too", async () => {
    await prune("base", "held", "--mask");
    const train = (to: string, ...more: string[]) =>
      world.espalier(
        ...words(`train ${world.at("held.safetensors")} --epochs 2 --batch 16 --freeze-zeros`),
        ...more,
        "-o",
        world.at(`${to}.safetensors`),
      );
    expect((await train("whole")).code).toBe(0);
    world.interrupt = "at once";
    expect((await train("parts")).code).toBe(130);
    world.interrupt = "never";
    expect((await train("parts", "--resume")).code).toBe(0);
    expect(await bits("parts")).toBe(await bits("whole"));
    const [before, after] = [await open("held"), await open("whole")];
    const zeros = (name: string): number[] =>
      [...(before.weights.get(name)?.values.entries() ?? [])].flatMap(([i, w]) =>
        w === 0 ? [i] : [],
      );
    const masked = [...before.weights.keys()].filter((name) => /kernel|gamma/.test(name));
    expect(masked.some((name) => zeros(name).length > 0)).toBe(true);
    for (const name of masked) {
      const values = after.weights.get(name)?.values;
      expect(zeros(name).every((i) => values?.[i] === 0)).toBe(true);
      expect(values).not.toEqual(before.weights.get(name)?.values);
    }
    expect(after.metadata.surgery?.history.map(({ kind }) => kind)).toEqual(["mask", "trained"]);
  });
});

describe("replay", () => {
  it("gives the same bits again, and what was before", async () => {
    await prune("half", "quarter");
    const base = world.at("base.safetensors");
    expect((await replay(base, "quarter", "again")).out).toContain('"replayed":2,"of":2');
    expect(await bits("again")).toBe(await bits("quarter"));
    expect((await open("again")).metadata.surgery).toEqual(
      (await open("quarter")).metadata.surgery,
    );
    await replay(base, "quarter", "undone", "--undo", "1");
    expect(await bits("undone")).toBe(await bits("half"));
    await replay(base, "quarter", "back", "--undo", "2");
    expect(await bits("back")).toBe(await bits("base"));
    await replay(TINY, "quarter", "scratch", "--seed", "9");
    expect((await open("scratch")).nodes).toEqual((await open("quarter")).nodes);
  });

  it.each([
    [
      "another network",
      ["vgg11:width=0.0625", "half"],
      /step 1 of 1: .*the graph that it was made/,
    ],
    ["a cut one", ["half", "half"], /step 1 of 1: .*the graph that it was made for/],
    ["a network without a history", [TINY, "base"], /a network with a history of plans/],
    ["more to undo than was done", [TINY, "half", "--undo", "2"], /--undo: .*found 2 of 1/],
  ])("refuses %s in one sentence", async (_, [from = "", cut = "", ...more], sentence) => {
    const model = from === "half" ? world.at("half.safetensors") : from;
    const { code, out, err } = await replay(model, cut, "refused", ...more);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(sentence);
    expect(err).toMatch(/^[^\n]+\.\n$/);
  });
});
