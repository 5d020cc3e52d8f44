/** @file `prune` by every allocation and option, and what it says where one cannot be had. */
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeOnnx } from "../files/onnx/write.ts";
import { buildArchitecture, type Network } from "../model/index.ts";
import { ALLOCATION_KINDS, CRITERION_NAMES } from "../prune/index.ts";
import { withRandomScales } from "../prune/testing/random-network.ts";
import { withoutSelections } from "../prune/testing/without-selections.ts";
import { readRecipe } from "../recipe/index.ts";
import { hashesIn, makeWorld, TINY, words, type World } from "./testing/world.ts";

let world: World;
let sparse: string;
beforeAll(async () => {
  world = makeWorld();
  sparse = world.at("sparse.safetensors");
  // One epoch, so that no two scales are alike.
  await world.json(
    ...words(`train ${TINY} --epochs 1 --batch 40 --lr 0.01 --no-augment -o ${sparse}`),
  );
});
afterAll(() => world.remove());

interface Pruned {
  readonly requested: number;
  readonly achieved: number;
  readonly groups: readonly { name: string; of: number; kept: readonly number[] }[];
  readonly before: { readonly parameters: number; readonly macs: number };
  readonly after: { readonly parameters: number; readonly macs: number };
  readonly guarded: readonly string[];
  readonly safe: { readonly free: number | null; readonly most: number };
}

/** A pre-activation ResNet as other tools write it. */
const bareNetwork = (): Network =>
  withoutSelections(withRandomScales(buildArchitecture("preresnet-20:width=0.125", 1), 2));

let runs = 0;
/** Prunes, and checks that the written network costs what was said. */
async function prune(flags: string, model = sparse): Promise<Pruned> {
  const out = world.at(`run-${++runs}.safetensors`);
  const found = (await world.json(...words(`prune ${model} ${flags} -o ${out}`))) as Pruned;
  expect(await world.json("inspect", out)).toMatchObject(found.after);
  return found;
}

const widths = ({ groups }: Pruned): Record<string, number> =>
  Object.fromEntries(groups.map(({ name, kept }) => [name, kept.length]));

const report = () =>
  JSON.parse(readFileSync(world.at(`run-${runs}.report.json`), "utf8")) as {
    recipe: { criterion: { name: string }; allocation: Record<string, unknown> };
  };

describe("an allocation on the command line", () => {
  it("is offered by name in the help", async () => {
    const { out } = await world.espalier("prune", "--help");
    for (const kind of ALLOCATION_KINDS) expect(out).toContain(kind);
    for (const preset of ["li-2017-resnet-110-b", "network-slimming-compact-vgg"]) {
      expect(out).toContain(preset);
    }
  });

  it("takes the same share of every layer, by either rule", async () => {
    const uniform = await prune("--allocation uniform --ratio .4");
    for (const { of, kept } of uniform.groups) expect(kept).toHaveLength(Math.floor(of * 0.6));
    const exact = await prune("--allocation uniform --ratio .4 --exact");
    for (const { of, kept } of exact.groups) expect(kept).toHaveLength(Math.ceil(of * 0.6));
    expect(exact.requested).toBe(0.4);
    expect(exact.safe.most).toBeGreaterThan(0);
    // A preset without a ratio of its own takes one as a share of every layer.
    const li = await prune("--preset li-2017 --criterion bn-scale --ratio .4");
    expect(li.groups).toEqual(uniform.groups);
    expect(report().recipe.allocation).toMatchObject({ kind: "uniform", ratio: 0.4 });
  });

  it("meets a target as a share or a number", async () => {
    const half = await prune("--target-macs 0.5");
    expect(half.after.macs).toBeLessThanOrEqual(half.before.macs / 2);
    expect(half.after.macs).toBeGreaterThan(half.before.macs * 0.3);
    const most = Math.round(half.before.parameters * 0.7);
    const fewer = await prune(`--target-parameters ${most} --scope layer`);
    expect(fewer.after.parameters).toBeLessThanOrEqual(most);
    expect(report().recipe.allocation).toEqual({
      kind: "target",
      of: "parameters",
      most,
      scope: "layer",
    });
    expect((await prune("--target-bytes 1")).achieved).toBe(0);
  });

  it("follows a list, and keeps what that does not name", async () => {
    const list = world.write("list.json", '{"conv2": {"keep": 1}, "bn4": {"ratio": 0.5}}');
    const found = await prune(`--list ${list}`);
    expect(widths(found)).toMatchObject({ conv1: 2, conv2: 1, conv3: 8, conv4: 4 });
  });

  it("follows curves as `sensitivity` answers them", async () => {
    const answer = await world.json(
      ...words(`sensitivity ${sparse} --limit 24 --ratios .25,.5,.75`),
    );
    const curves = world.write("curves.json", JSON.stringify(answer));
    const free = await prune(`--curves ${curves} --loss 1`);
    // All may be lost, so every layer goes as far as was measured.
    for (const { of, kept } of free.groups) {
      expect(kept).toHaveLength(Math.max(1, of - Math.floor(of * 0.75)));
    }
    const sized = await prune(`--allocation sensitivity --curves ${curves} --target-macs .9`);
    expect(sized.after.macs).toBeLessThanOrEqual(sized.before.macs * 0.9);
  });

  it("heeds locks, steps, scopes and the least share", async () => {
    const found = await prune(
      "--preset network-slimming --ratio .6 --scope layer --round 4 --lock conv1,bn3 --minimum-share .3",
    );
    expect(Object.keys(widths(found))).not.toContain("conv3");
    for (const { of, kept } of found.groups) {
      expect(kept.length % 4 === 0 || kept.length === of).toBe(true);
      expect(kept.length).toBeGreaterThanOrEqual(of * 0.3);
    }
    const { allocation } = readRecipe(report().recipe, "report");
    expect(allocation).toMatchObject({
      kind: "global-threshold",
      ratio: 0.6,
      scope: "layer",
      rounding: { to: 4 },
      locked: ["conv1", "bn3"],
    });
    // The report's recipe does it again.
    const recipe = world.write("again.json", JSON.stringify(report().recipe));
    expect(await prune(`--recipe ${recipe}`)).toEqual(found);
  });

  it("reads locks however they are set apart", async () => {
    const line = words(`prune ${sparse} --preset network-slimming --ratio .3`);
    const out = world.at("trimmed.safetensors");
    const found = await world.json(...line, "--lock", "conv1, bn3", "-o", out);
    const cut = Object.keys(widths(found as Pruned));
    expect(cut).toContain("conv2");
    expect(cut.filter((name) => name === "conv1" || name === "conv3")).toEqual([]);
  });

  it("cuts at the readers of a stream where selections are asked for, in score and curves too", async () => {
    const bare = world.write("bare.onnx", writeOnnx(bareNetwork(), "bare.onnx").bytes);
    const groups = async (...argv: string[]) =>
      ((await world.json(...argv)) as { groups: { name: string }[] }).groups.map(
        ({ name }) => name,
      );
    const selected = await groups(...words(`score ${bare} --streams select`));
    expect(selected.filter((name) => name.endsWith(".select"))).toHaveLength(7);
    expect(await groups(...words(`score ${bare}`))).not.toContain("bn.select");
    const curves = words(`sensitivity ${bare} --streams select --limit 4 --ratios .5`);
    expect(await groups(...curves)).toEqual(selected);
    const found = await prune("--allocation global-threshold --ratio .5 --streams select", bare);
    expect(found.groups.map(({ name }) => name)).toEqual(selected);
    expect(report().recipe.allocation).toMatchObject({ streams: "select" });
  });

  it.each(CRITERION_NAMES)("goes by the scores of %s as by any other", async (criterion) => {
    const scored = `--criterion ${criterion} --batch 8`;
    const half = await prune(`--target-parameters 0.6 --scope layer ${scored}`);
    expect(half.after.parameters).toBeLessThanOrEqual(half.before.parameters * 0.6);
    const uniform = await prune(`--allocation uniform --ratio .5 ${scored}`);
    for (const { of, kept } of uniform.groups) expect(kept).toHaveLength(Math.floor(of / 2));
    expect(report().recipe.criterion).toEqual({ name: criterion });
  });

  it("scores greedily, for the same counts", async () => {
    const li = "--preset li-2017 --ratio .5";
    const [independent, greedy] = [await prune(li), await prune(`${li} --scoring greedy`)];
    expect(greedy.after).toEqual(independent.after);
    const kept = ({ groups }: Pruned) => groups.map((group) => group.kept);
    // Nothing was cut before the first layer.
    expect(kept(greedy)[0]).toEqual(kept(independent)[0]);
    expect(kept(greedy)).not.toEqual(kept(independent));
  });

  it("makes a paper's network of the architecture by name", async () => {
    const found = await prune("--preset li-2017-resnet-56-a", "resnet-56");
    expect(found.after).toEqual({ parameters: 773_336, macs: 112_435_840 });
  });
});

describe("what cannot be had", () => {
  /** The one line of a refusal; nothing may have been written. */
  async function refusal(flags: string): Promise<string> {
    const before = hashesIn(world.folder.concat("/data/cifar-10"));
    const { code, out, err } = await world.espalier(
      ...words(`prune ${sparse} ${flags} -o ${world.at("no.safetensors")}`),
    );
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^[^\n]+\.\n$/);
    expect(err).not.toMatch(/undefined|NaN|internal/);
    expect(existsSync(world.at("no.safetensors"))).toBe(false);
    expect(hashesIn(world.folder.concat("/data/cifar-10"))).toEqual(before);
    return err.trim();
  }

  it("is said in one sentence that names the group, what was asked and what is possible", async () => {
    expect(await refusal("--target-macs 10")).toMatch(
      /^target › MACs: .*at least [\d,]+ MACs, which is what guards leave, found 10 MACs/,
    );
    expect(await refusal("--target-macs .3 --lock conv8,conv1")).toMatch(
      /^target › MACs: .*the locked conv1.* leave.*unlock conv1, or/,
    );
    const list = (layers: object): string =>
      `--list ${world.write("bad-list.json", JSON.stringify(layers))}`;
    expect(await refusal(list({ conv2: { keep: 0 } }))).toMatch(
      /^list › conv2: .*from 1 to 4, found 0\); keep a number/,
    );
    expect(await refusal(list({ conv2: { keep: "half" } }))).toMatch(/^.*bad-list\.json › conv2/);
    expect(await refusal(list({ nowhere: { ratio: 0.5 } }))).toContain("› nowhere: ");
    expect(await refusal(list({ conv2: { ratio: 1 } }))).toMatch(/^list › conv2: the ratio/);
    expect(await refusal(`${list({ conv2: { keep: 1 } })} --lock conv2`)).toContain("is locked");
    expect(await refusal("--target-macs .5 --lock conv99")).toMatch(/› conv99: /);
    expect(await refusal("--allocation uniform --ratio .5 --by-hand conv2")).toMatch(
      /^--by-hand: .*found conv2/,
    );
    expect(await refusal("--allocation uniform --ratio .5 --by-hand conv2=1,conv2=2")).toContain(
      "found conv2 again",
    );
    expect(await refusal("--allocation uniform --ratio .5 --by-hand conv2=99")).toMatch(
      /^by hand › conv2: /,
    );
    expect(await refusal("--allocation uniform --ratio 1")).toMatch(/^--ratio: /);
  });

  it("is said of flags that do not go together", async () => {
    expect(await refusal("--allocation uniform --ratio .5 --loss .1")).toMatch(
      /^--loss: .*a flag of the allocation uniform/,
    );
    expect(await refusal("--allocation uniform")).toMatch(/^--ratio P: .*a ratio, found none/);
    expect(await refusal("--allocation target")).toMatch(/^--target-macs N: /);
    expect(await refusal("--allocation sensitivity --loss .1")).toMatch(
      /^--curves FILE: .*measure them with `sensitivity/,
    );
    expect(await refusal("--target-macs .5 --target-bytes .5")).toMatch(/^--target-bytes: /);
    expect(await refusal("--target-macs many")).toMatch(/^--target-macs: .*found many/);
    expect(await refusal("--target-macs .5 --round 0")).toMatch(/^rounding: /);
    expect(await refusal("--target-macs .5 --round-how up")).toMatch(
      /^--round-how: .*add --round 8, or leave --round-how out/,
    );
    expect(await refusal("--target-macs .5 --scope street")).toMatch(/^--scope: .*one of global/);
    expect(await refusal("--target-macs .5 --minimum-share 2")).toMatch(/^minimum share: /);
    expect(await refusal("--target-macs .5 --scoring greedy")).toMatch(
      /^scoring: .*criterion l1.*found bn-scale/,
    );
    expect(await refusal("--preset li-2017-vgg-16-a --criterion bn-scale")).toMatch(
      /› conv9: .*; this preset is for vgg16:head=512\.$/,
    );
    expect(await refusal("--preset li-2017")).toMatch(/^--curves FILE: .*or give --ratio P/);
  });
});
