/** @file The cut on the page as a line and as a recipe: the command line must cut the same by them. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeWorld, TINY, type World } from "../cli/testing/world.ts";
import { buildArchitecture } from "../model/index.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench, type Workbench } from "./workbench.ts";

let world: World;

beforeAll(() => {
  world = makeWorld();
});

afterAll(() => {
  world.remove();
});

async function started(): Promise<Workbench> {
  const engine = createFakeEngine({ pace: 0 });
  const bench = createWorkbench({
    ...engine,
    buildArchitecture: async (name, seed) => await Promise.resolve(buildArchitecture(name, seed)),
  });
  await bench.commands.start();
  await bench.commands.buildArchitecture(TINY);
  bench.commands.changeMethod({ criterion: "l1" }, "criterion");
  return bench;
}

/** Channels that stay on the page, by layer. */
function shown({ slider }: Workbench): Record<string, readonly number[]> {
  const { kept = new Map<string, readonly number[]>() } = slider.getState().preview?.plan ?? {};
  return Object.fromEntries([...kept].map(([name, channels]) => [name, [...channels]]));
}

interface Pruned {
  readonly groups: readonly { readonly name: string; readonly kept: readonly number[] }[];
}

/** What the copied line cuts, its recipe beside it. */
async function run({ commands }: Workbench): Promise<Record<string, readonly number[]>> {
  const line = commands.writeCut("command line") ?? "";
  const recipe = world.write("recipe.json", commands.writeCut("recipe") ?? "");
  const words = line.split(" ").map((word) => (word === "recipe.json" ? recipe : word));
  expect(words.slice(0, 5)).toEqual(["npm", "run", "-s", "espalier", "--"]);
  const argv = words.slice(5, -2);
  const found = (await world.json(...argv, "-o", world.at("cut"))) as Pruned;
  return Object.fromEntries(found.groups.map(({ name, kept }) => [name, kept]));
}

it("has nothing to copy where nothing goes", async () => {
  const { commands } = await started();
  expect(commands.writeCut("command line")).toBeNull();
  expect(commands.writeCut("recipe")).toBeNull();
});

const METHODS: readonly (readonly [string, (bench: Workbench) => void])[] = [
  [
    "a ratio, each layer by itself",
    ({ commands }) => {
      commands.changeMethod({ criterion: "lp:p=3", options: { scope: "layer" } }, "scope");
      commands.setRatio(0.4);
    },
  ],
  [
    "the scripts' count, width steps and a lock",
    ({ commands }) => {
      commands.setRatio(0.45);
      commands.changeMethod({ mode: "reference", options: { rounding: { to: 2 } } }, "more");
      commands.toggleLock("conv2");
    },
  ],
  [
    "the same share of each layer",
    ({ commands }) => {
      commands.chooseMode("uniform");
      commands.typeSetting("share", "30");
    },
  ],
  [
    "a target",
    ({ commands }) => {
      commands.chooseMode("target");
      commands.typeSetting("goal", "60");
    },
  ],
  [
    "a ratio with a layer by hand",
    ({ commands }) => {
      commands.setRatio(0.3);
      commands.keepByHand("conv2", "1");
    },
  ],
  [
    "a list with a layer by hand",
    ({ commands }) => {
      commands.setRatio(0.3);
      commands.chooseMode("list");
      commands.keepByHand("conv2", "1");
    },
  ],
];

it.each(METHODS)("cuts what the page cuts by %s", async (_, choose) => {
  const bench = await started();
  choose(bench);
  const expected = shown(bench);
  expect(Object.keys(expected).length).toBeGreaterThan(0);
  const found = await run(bench);
  for (const [name, kept] of Object.entries(found)) expect(kept, name).toEqual(expected[name]);
});

it("says what is carried out how, and quotes what a shell would take apart", async () => {
  const bench = await started();
  bench.commands.setRatio(0.4);
  bench.commands.changeMethod({ manner: { dead: "absorb", kind: "mask" } }, "more");
  const line = bench.commands.writeCut("command line");
  expect(line).toBe(
    `npm run -s espalier -- prune ${TINY} --allocation global-threshold --ratio 0.4 --criterion l1 --dead absorb --mask -o cut`,
  );
  bench.commands.keepByHand("conv2", "3");
  expect(bench.commands.writeCut("command line")).toContain(" --by-hand conv2=3 ");
  await bench.commands.openFiles([new File(["{}"], "it's mine.json")]);
  bench.commands.setRatio(0.4);
  expect(bench.commands.writeCut("command line")).toContain(
    String.raw`prune 'it'\''s mine.json' --`,
  );
});
