/** @file The answers of every command on synthetic images, in the shapes of docs/command-line.md. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wilson } from "../analyze/index.ts";
import { sha256Of } from "../core/index.ts";
import { entriesOf } from "../files/bundle/testing/run-code.ts";
import { readRecipe } from "../recipe/index.ts";
import type { ExportRecord } from "../worker/protocol.ts";
import { hashesIn, makeWorld, TEST_IMAGES, TINY, words, type World } from "./testing/world.ts";

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => world.remove());

const NORMALIZATION = "0.4914,0.4822,0.4465/0.2023,0.1994,0.201";

interface Group {
  readonly name: string;
  readonly of: number;
  readonly kept: readonly number[];
}
interface Pruned {
  readonly requested: number;
  readonly achieved: number;
  readonly threshold: number;
  readonly groups: readonly Group[];
  readonly before: { readonly parameters: number; readonly macs: number };
  readonly after: { readonly parameters: number; readonly macs: number };
  readonly guarded: readonly string[];
  readonly safe: { readonly free: number | null; readonly most: number | null };
}

describe("help", () => {
  it("lists the commands, tells of one, and gives the version", async () => {
    const all = await world.espalier("--help");
    expect(all.code).toBe(0);
    for (const name of [
      "inspect",
      "predict",
      "evaluate",
      "score",
      "sensitivity",
      "prune",
      "replay",
      "train",
      "run",
    ]) {
      expect(all.out).toContain(`  ${name} `);
      const { out, code } = await world.espalier(name, "--help");
      expect(code).toBe(0);
      expect(out).toContain("--json");
      expect(out.split("\n").every((line) => line.length <= 110)).toBe(true);
    }
    expect((await world.espalier("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await world.espalier()).out).toBe(all.out);
  });
});

describe("inspect", () => {
  it("counts what the literature counts", async () => {
    expect(await world.json("inspect", "vgg16")).toMatchObject({
      name: "vgg16",
      format: "zoo",
      input: [32, 32, 3],
      classes: 10,
      parameters: 14_724_042,
      nodes: expect.arrayContaining([
        {
          name: "conv1",
          op: "conv2d",
          inputs: ["input"],
          shape: [32, 32, 64],
          parameters: 1728,
          macs: 1_769_472,
        },
      ]) as unknown,
    });
    const { out } = await world.espalier("inspect", TINY);
    expect(out).toContain("MACs");
  });
});

describe("predict and evaluate", () => {
  it("agree, in file order, on both backends", async () => {
    const all = (await world.json("predict", TINY)) as { output: string; logits: number[][] };
    expect(all.output).toBe("logits");
    expect(all.logits).toHaveLength(TEST_IMAGES);
    const first = (await world.json(
      "predict",
      TINY,
      "--limit",
      "5",
      "--backend",
      "cpu",
    )) as typeof all;
    expect(first.logits).toHaveLength(5);
    first.logits.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(all.logits.flat()[i] ?? NaN, 5);
    });
    const labels = readFileSync(world.at("data/cifar-10/test_batch.bin")).filter(
      (_, i) => i % 3073 === 0,
    );
    const right = all.logits.filter((row, i) => row.indexOf(Math.max(...row)) === labels[i]).length;
    const found = (await world.json("evaluate", TINY)) as Record<string, unknown>;
    expect(Object.keys(found)).toEqual([
      "count",
      "accuracy",
      "loss",
      "interval",
      "imagesPerSecond",
    ]);
    expect(found).toMatchObject({ count: TEST_IMAGES, accuracy: right / TEST_IMAGES });
    expect((found["interval"] as number[])[0]).toBeLessThanOrEqual(right / TEST_IMAGES);
  });

  it("follow --normalize", async () => {
    const usual = await world.json("predict", TINY, "--limit", "1");
    const same = "0.4914,0.4822,0.4465/0.2023,0.1994,0.201";
    expect(await world.json("predict", TINY, "--limit", "1", "--normalize", same)).toEqual(usual);
    const other = await world.json("predict", TINY, "--limit", "1", "--normalize", "0,0,0/1,1,1");
    expect(other).not.toEqual(usual);
  });
});

describe("score and sensitivity", () => {
  it("list the same groups in forward order", async () => {
    const scored = (await world.json("score", TINY)) as {
      criterion: string;
      groups: { name: string; layers: string[]; scores: number[] }[];
    };
    expect(scored.criterion).toBe("bn-scale");
    const names = scored.groups.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(["conv1", "conv2"]);
    expect(scored.groups[0]).toMatchObject({ layers: ["conv1"], scores: [0.5, 0.5] });
    const curves = (await world.json(
      "sensitivity",
      TINY,
      "--limit",
      "8",
      "--ratios",
      ".5,.25",
    )) as {
      base: number;
      baseInterval: number[];
      count: number;
      ratios: number[];
      groups: { name: string; accuracy: number[]; interval: number[][] }[];
    };
    expect(curves.ratios).toEqual([0.25, 0.5]);
    expect(curves.groups.map(({ name }) => name)).toEqual(names);
    expect(curves.count).toBe(8);
    expect(curves.baseInterval).toEqual(wilson(curves.base * 8, 8));
    for (const { accuracy, interval } of curves.groups) {
      expect(accuracy).toHaveLength(2);
      expect(interval).toEqual(accuracy.map((share) => wilson(share * 8, 8)));
    }
    const { out } = await world.espalier("sensitivity", TINY, "--limit", "8", "--ratios", ".5");
    const low = ((curves.baseInterval[0] ?? NaN) * 100).toFixed(1);
    expect(out).toContain(`(${low} - `);
    expect(out).toContain("of 8 images");
    expect(out).toMatch(/conv1 +[\d.]+ %\n +[\d.]+ - [\d.]+ %\n/);
  });
});

describe("every criterion", () => {
  interface Scored {
    readonly criterion: string;
    readonly options: Record<string, unknown>;
    readonly images?: unknown;
    readonly groups: readonly { readonly name: string; readonly scores: readonly number[] }[];
  }
  const score = async (...more: string[]) => (await world.json("score", TINY, ...more)) as Scored;

  it("scores the same groups, and says how to score them again", async () => {
    const usual = await score();
    for (const text of [
      "l1",
      "l2",
      "lp:p=3,form=power",
      "fpgm:reduce=max",
      "random:seed=7",
      "taylor",
      "taylor:variant=activation",
      "apoz",
      "mean-activation:normalise=mean",
    ]) {
      const found = await score("--criterion", text, "--batch", "8");
      expect(found.criterion).toBe(text);
      expect(found.groups.map(({ name }) => name)).toEqual(usual.groups.map(({ name }) => name));
      expect(found.groups.flatMap(({ scores }) => scores).every(Number.isFinite)).toBe(true);
      const looks = /taylor|apoz|mean/.test(text);
      expect(found.images).toEqual(looks ? { set: "test", count: 8, batch: 8 } : undefined);
      expect(await score("--criterion", found.criterion, "--batch", "8")).toEqual(found);
    }
    const told = await score("--criterion", "lp:form=norm,p=2");
    expect(told.criterion).toBe("lp");
    expect(told.options).toEqual({ p: 2, form: "norm", reduce: "mean", normalise: "auto" });
  });

  it("looks at the images that it is told to", async () => {
    const apoz = (...more: string[]) => score("--criterion", "apoz", "--batch", "4", ...more);
    const four = await apoz();
    const eight = await apoz("--steps", "2");
    const training = await apoz("--images", "training");
    expect(eight.images).toEqual({ set: "test", count: 8, batch: 4 });
    expect(training.images).toEqual({ set: "training", count: 4, batch: 4 });
    expect(new Set([four, eight, training].map(({ groups }) => JSON.stringify(groups))).size).toBe(
      3,
    );
    // There are no more.
    expect((await apoz("--steps", "100")).images).toEqual({ set: "test", count: 24, batch: 4 });
  });

  it("can prune, on training images, and its report says all of it", async () => {
    const prune = async (criterion: string, ...more: string[]) => {
      const out = world.at("scored");
      const line = words(`prune ${TINY} --preset network-slimming --ratio .5 -o ${out}`);
      const found = (await world.json(...line, "--criterion", criterion, ...more)) as Pruned;
      expect(found.groups.reduce((sum, { kept }) => sum + kept.length, 0)).toBeGreaterThan(7);
      return JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as Record<string, unknown>;
    };
    const taylor = "taylor:variant=squared";
    expect(await prune(taylor, "--batch", "16", "--steps", "2")).toMatchObject({
      criterion: taylor,
      images: { set: "training", count: 32, batch: 16 },
    });
    const report = await prune("lp:p=3");
    expect(report["criterion"]).toBe("lp:p=3");
    expect(report).not.toHaveProperty("images");
    const curves = (await world.json(
      ...words(`sensitivity ${TINY} --limit 4 --ratios .5 --criterion apoz --batch 4`),
    )) as { groups: unknown[] };
    expect(curves.groups).toHaveLength(8);
  });
});

describe("prune", () => {
  const prune = (out: string, ...more: string[]) =>
    world.json("prune", TINY, "--preset", "network-slimming", "-o", world.at(out), ...more);

  it("writes a network that costs what it says, and a report", async () => {
    const found = (await prune("half", "--ratio", "0.5")) as Pruned;
    expect(Object.keys(found)).toEqual([
      "requested",
      "achieved",
      "threshold",
      "groups",
      "before",
      "after",
      "guarded",
      "safe",
    ]);
    const of = found.groups.reduce((sum, group) => sum + group.of, 0);
    const kept = found.groups.reduce((sum, group) => sum + group.kept.length, 0);
    expect(found.achieved).toBeCloseTo(1 - kept / of, 12);
    expect(found.requested).toBe(0.5);
    expect(readdirSync(world.at("half"))).toEqual([
      "group1-shard1of1.bin",
      "model.json",
      "report.json",
    ]);
    const inside = (await world.json("inspect", world.at("half"))) as Record<string, unknown>;
    expect(inside).toMatchObject({ format: "tfjs", ...found.after });
    const report = JSON.parse(readFileSync(world.at("half/report.json"), "utf8")) as Pruned;
    expect(report.groups).toEqual(found.groups);
    expect(await world.json("evaluate", world.at("half"))).toMatchObject({ count: TEST_IMAGES });
  });

  it("tells of guards, and takes one more in reference mode", async () => {
    const { err, code } = await world.espalier(
      ...words(
        `prune ${TINY} --preset network-slimming --ratio .9 -o ${world.at("guarded.safetensors")}`,
      ),
      "--json",
    );
    expect(code).toBe(0);
    expect(err).toContain("a guard kept the last channel of conv1");
    expect(existsSync(world.at("guarded.report.json"))).toBe(true);
    const half = "--ratio .9 --minimum-share .5 -o";
    const more = await world.espalier(
      ...words(`prune ${TINY} --preset network-slimming ${half} ${world.at("guarded-half")}`),
    );
    expect(more.err).toMatch(/a guard kept the last channels of (?:conv1 \(1\), )?conv2 \(2\)/);
    const reference = (await prune("reference.zip", "--ratio", "0", "--reference")) as Pruned;
    expect(reference.guarded).not.toEqual([]);
    // All scales of a fresh network are equal, so that its first threshold takes them all.
    expect(reference.safe).toEqual({ free: null, most: null });
    const exact = (await prune("zero", "--ratio", "0")) as Pruned;
    expect(exact.achieved).toBe(0);
    expect(exact.safe.most).toBeGreaterThan(0);
  });

  it("takes the ratio from a recipe, and replaces only its own files", async () => {
    mkdirSync(world.at("mine"));
    writeFileSync(world.at("mine/notes.txt"), "keep me");
    writeFileSync(world.at("mine/group1-shard9of9.bin"), "stray");
    const recipe = world.write(
      "recipe.json",
      readFileSync(join(import.meta.dirname, "../../public/models/vgg13-sparse/recipe.json")),
    );
    const found = (await world.json(
      ...words(`prune ${TINY} --recipe ${recipe} -o ${world.at("mine")}/`),
    )) as Pruned;
    expect(found.requested).toBe(0.5);
    expect(readdirSync(world.at("mine"))).toEqual([
      "group1-shard1of1.bin",
      "model.json",
      "notes.txt",
      "report.json",
    ]);
  });
});

describe("convert", () => {
  it("writes into the file how its pixels are normalized", async () => {
    const figures = "0.1,0.2,0.3/0.5,0.5,0.25";
    const found = { mean: [0.1, 0.2, 0.3], std: [0.5, 0.5, 0.25] };
    await world.json("convert", TINY, world.at("said.onnx"), "--normalize", figures);
    expect(await world.json("inspect", world.at("said.onnx"))).toMatchObject({
      normalization: found,
    });
    const there = ["predict", world.at("said.onnx"), "--limit", "2"];
    const given = await world.json("predict", TINY, "--limit", "2", "--normalize", figures);
    expect(await world.json(...there)).toEqual(given);
    expect((await world.espalier("inspect", world.at("said.onnx"))).out).toContain(
      "mean 0.1, 0.2, 0.3, deviation 0.5, 0.5, 0.25",
    );
  });

  it("keeps every bit through every format", async () => {
    const logits = await world.json("predict", TINY, "--seed", "5", "--limit", "4");
    await world.json("convert", TINY, world.at("a"), "--seed", "5");
    const stages = ["b.safetensors", "c.zip", "deep/er/d.json", "e/"];
    let from = world.at("a");
    for (const stage of stages) {
      const to = world.at(stage);
      const written = (await world.json("convert", from, to)) as { files: { bytes: number }[] };
      expect(written.files[0]?.bytes).toBeGreaterThan(1000);
      from = to;
    }
    expect(hashesIn(world.at("e"))).toEqual(hashesIn(world.at("a")));
    expect(readdirSync(world.at("deep/er"))).toEqual(["d-group1-shard1of1.bin", "d.json"]);
    expect(await world.json("predict", world.at("e"), "--limit", "4")).toEqual(logits);
    expect(await world.json("inspect", world.at("c.zip"))).toMatchObject({ format: "zip" });
  });

  it("proves what it writes, and says the hash of every file", async () => {
    for (const [name, files] of [
      ["net", ["model.json", "group1-shard1of1.bin"]],
      ["net.onnx", ["net.onnx"]],
      ["net.pth", ["net.pth", "net_net.py"]],
      ["net.torch.safetensors", ["net.torch.safetensors", "net_net.py"]],
      ["net.bundle.zip", ["net.bundle.zip"]],
    ] as const) {
      mkdirSync(world.at(`proved-${name}`));
      const out = world.at(`proved-${name}/${name}`);
      const written = (await world.json("convert", TINY, out)) as ExportRecord;
      expect(written.files.map((file) => file.name)).toEqual(files);
      expect(written).toMatchObject({
        readBack: { weights: "bit-identical", logits: "bit-identical", images: 16 },
        folded: null,
      });
      for (const { name: file, bytes, sha256 } of written.files) {
        const content = readFileSync(name === "net" ? join(out, file) : join(out, "..", file));
        expect([content.length, sha256Of(content)]).toEqual([bytes, sha256]);
      }
    }
    const { out } = await world.espalier("convert", TINY, world.at("said.onnx"));
    expect(out).toMatch(
      /read back: weights bit-identical, logits of 16 images bit-identical on wasm/,
    );
    expect(out).toMatch(/sha256 [0-9a-f]{64} {2}said\.onnx/);
  });

  it("folds when asked, to nearly the same logits", async () => {
    const preresnet = "preresnet-20:width=0.125";
    const out = world.at("folded.onnx");
    const written = (await world.json("convert", preresnet, out, "--fold")) as ExportRecord;
    expect(written.folded).toMatchObject({ batchNorms: { of: 19 }, selections: { of: 7 } });
    expect(written.folded?.macs.after).toBe(written.folded?.macs.before);
    const [plain, folded] = [
      await world.json("predict", preresnet, "--limit", "4"),
      await world.json("predict", out, "--limit", "4", "--normalize", NORMALIZATION),
    ] as { logits: number[][] }[];
    const scale = Math.max(1, ...(plain?.logits.flat() ?? []).map(Math.abs));
    folded?.logits.flat().forEach((logit, i) => {
      expect(Math.abs(logit - (plain?.logits.flat()[i] ?? NaN)) / scale).toBeLessThan(1e-4);
    });
    const columns = (await world.json("convert", preresnet, out, "--no-gather")) as ExportRecord;
    expect(columns.folded).toMatchObject({ batchNorms: { left: { length: 19 } } });
    expect(columns.folded?.selections.left).toEqual([]);
  });
});

describe("a bundle", () => {
  const inside = (path: string, name: string): unknown =>
    JSON.parse(new TextDecoder().decode(entriesOf(readFileSync(world.at(path))).get(name)));

  it("of a pruned network holds its recipe and its plan, also when it is converted later", async () => {
    const line = `prune ${TINY} --preset network-slimming --ratio .5 -o`;
    const pruned = (await world.json(...words(line), world.at("cut.bundle.zip"))) as Pruned;
    await world.json(...words(line), world.at("cut"));
    await world.json("convert", world.at("cut"), world.at("later.bundle.zip"));
    for (const bundle of ["cut.bundle.zip", "later.bundle.zip"]) {
      expect(inside(bundle, "plan.json"), bundle).toMatchObject({ groups: pruned.groups });
      const recipe = readRecipe(inside(bundle, "recipe.json"), "recipe.json");
      expect(recipe.paper).toContain("Network Slimming");
      expect(inside(bundle, "report.json")).toMatchObject({
        after: pruned.after,
        exports: [{ format: "tfjs" }, { format: "onnx" }, { format: "torch" }],
      });
    }
    expect(existsSync(world.at("cut.report.json"))).toBe(true);
    const report = JSON.parse(readFileSync(world.at("cut/report.json"), "utf8")) as {
      exports: ExportRecord[];
    };
    const shard = report.exports[0]?.files.find(({ name }) => name.endsWith(".bin"));
    expect(shard?.sha256).toBe(sha256Of(readFileSync(world.at("cut/group1-shard1of1.bin"))));
    const logits = await world.json("predict", world.at("cut"), "--limit", "4");
    expect(await world.json("predict", world.at("cut.bundle.zip"), "--limit", "4")).toEqual(logits);
  });

  it("of a fresh network keeps every channel, and leaves a stranger's report aside", async () => {
    const plan = async (out: string): Promise<Pruned> => {
      await world.json("convert", world.at("plain"), world.at(out));
      return inside(out, "plan.json") as Pruned;
    };
    await world.json("convert", TINY, world.at("plain"));
    const { groups } = await plan("plain.bundle.zip");
    expect(groups.map(({ name }) => name).slice(0, 2)).toEqual(["conv1", "conv2"]);
    for (const { of, kept } of groups) expect(kept.length).toBe(of);
    readRecipe(inside("plain.bundle.zip", "recipe.json"), "recipe.json");
    writeFileSync(world.at("plain/report.json"), JSON.stringify({ recipe: 1, groups: [] }));
    expect((await plan("other.bundle.zip")).groups).toEqual(groups);
  });
});
