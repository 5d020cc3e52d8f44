/** @file Sensitivity curves that are stopped, gone on with, and cut by, on synthetic images. */
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeOnnx } from "../files/onnx/write.ts";
import { buildArchitecture } from "../model/index.ts";
import { withRandomScales } from "../prune/testing/random-network.ts";
import { hashesIn, makeWorld, words, type World } from "./testing/world.ts";

let world: World;
/** A network with streams, whose scales are all different. */
let model: string;
let other: string;
beforeAll(() => {
  world = makeWorld();
  const write = (name: string, seed: number): string => {
    const network = withRandomScales(buildArchitecture("preresnet-11:width=0.125", 1), seed);
    return world.write(name, writeOnnx(network, name).bytes);
  };
  [model, other] = [write("model.onnx", 2), write("other.onnx", 3)];
});
afterAll(() => world.remove());

const FLAGS = "--limit 24 --ratios .3,.6";
const measure = (file: string, ...more: string[]) =>
  world.espalier(...words(`sensitivity ${model} ${FLAGS} -o ${world.at(file)}`), ...more);

const textOf = (file: string): string => readFileSync(world.at(file), "utf8");

interface Curves {
  readonly groups: readonly { readonly name: string; readonly accuracy: readonly number[] }[];
}
const pointsIn = (file: string): number =>
  (JSON.parse(textOf(file)) as Curves).groups.flatMap(({ accuracy }) => accuracy).length;

const firstIn = (file: string): string =>
  (JSON.parse(textOf(file)) as Curves).groups[0]?.name ?? "";

/** The one line of a refusal, of a command that has changed no file. */
async function refusal(...argv: string[]): Promise<string> {
  const before = hashesIn(world.folder);
  const { code, out, err } = await world.espalier(...argv);
  expect([code, out]).toEqual([1, ""]);
  expect(hashesIn(world.folder)).toEqual(before);
  const line = err.replaceAll(/^(?:80 of CIFAR-10's|the file does not say) .*\n/gm, "");
  expect(line).toMatch(/^[^\n]+\.\n$/);
  expect(line).not.toMatch(/undefined|NaN|internal|mistake/);
  return line;
}

describe("curves", () => {
  it.each([
    ["bn-scale", []],
    ["mean-activation", ["--criterion", "mean-activation", "--steps", "2"]],
  ])("are the same after a stop as without one, by %s", async (name, more) => {
    const whole = await measure(`${name}.json`, ...more, "--json");
    expect(whole.code).toBe(0);
    expect(textOf(`${name}.json`)).toBe(whole.out);
    const parts = `${name}-parts.json`;
    let before = 0;
    for (const looks of [6, 9]) {
      world.interrupt = { looks };
      const { code, out, err } = await measure(parts, ...more, ...(before > 0 ? ["--resume"] : []));
      expect({ code, out }).toEqual({ code: 130, out: "" });
      expect(err).toContain(`the same command with --resume goes on from ${world.at(parts)}`);
      expect(pointsIn(parts)).toBeGreaterThan(before);
      before = pointsIn(parts);
    }
    world.interrupt = "never";
    expect(before).toBeLessThan(pointsIn(`${name}.json`));
    expect((await measure(parts, ...more, "--resume", "--json")).out).toBe(whole.out);
    expect(textOf(parts)).toBe(whole.out);
    // All is there: nothing is measured, and the answer is the same.
    expect((await measure(parts, ...more, "--resume", "--json")).out).toBe(whole.out);
  });

  it("do not depend on how many images run at once", async () => {
    const criterion = ["--criterion", "mean-activation", "--steps", "2"];
    const { out } = await measure("few.json", ...criterion, "--batch", "5", "--json");
    expect(out).toBe(textOf("mean-activation.json"));
  });

  it("are lost where no file was named, which is said", async () => {
    world.interrupt = { looks: 4 };
    const { code, out, err } = await world.espalier(...words(`sensitivity ${model} ${FLAGS}`));
    world.interrupt = "never";
    expect({ code, out }).toEqual({ code: 130, out: "" });
    expect(err).toContain("stopped; with -o FILE its points would have stayed");
  });
});

describe("what is in the way", () => {
  beforeAll(async () => {
    world.interrupt = { looks: 8 };
    expect((await measure("stopped.json")).code).toBe(130);
    world.interrupt = "never";
  });

  const again = (...more: string[]) =>
    refusal(...words(`sensitivity ${model} -o ${world.at("stopped.json")}`), ...more);

  it("is a measurement that was stopped, unless it is gone on with as it was", async () => {
    expect(await again(...words(FLAGS))).toMatch(
      /^--resume: .*stopped\.json, stopped after \d+ of \d+ points.*add --resume to go on, or remove/,
    );
    for (const [flags, sentence] of [
      [
        "--limit 24 --ratios .3",
        /stopped\.json › ratios: .*expected \[0\.3,0\.6\], as the run began/,
      ],
      ["--limit 23 --ratios .3,.6", /› images › count: .*expected 24.*found 23/],
      [`${FLAGS} --criterion l1`, /› criterion: .*expected "bn-scale".*found "l1"/],
      [`${FLAGS} --minimum-share .3`, /› options › minimumShare: .*expected 0.*found 0\.3/],
      [
        `${FLAGS} --lock ${firstIn("stopped.json")}`,
        /› options › locked: .*expected \[\], as the run began, found \["/,
      ],
      [`${FLAGS} --normalize 0,0,0/1,1,1`, /› normalization › mean: .*found \[0,0,0\]/],
    ] as const) {
      expect(await again("--resume", ...words(flags))).toMatch(sentence);
    }
    const network = words(`sensitivity ${other} ${FLAGS} --resume -o ${world.at("stopped.json")}`);
    expect(await refusal(...network)).toMatch(/› network › /);
  });

  it("is any other file", async () => {
    world.write("notes.json", "{}");
    const line = words(`sensitivity ${model} -o ${world.at("notes.json")}`);
    expect(await refusal(...line)).toMatch(/notes\.json: .*found another file.*with -o\.$/m);
    expect(await refusal(...line, "--resume")).toMatch(/found another file/);
    expect(await refusal(...words(`sensitivity ${model} --resume`))).toMatch(
      /^--resume: .*name it with -o/,
    );
  });
});

describe("cutting by curves", () => {
  const prune = (curves: string, ...more: string[]) => {
    const what = words(`prune ${model} --curves ${world.at(curves)} --loss .9`);
    return [...what, "-o", world.at("cut.safetensors"), ...more];
  };

  it("takes those of the same options, of streams and steps too", async () => {
    const options = words("--streams prune --decider shortcut --round 2 --minimum-share .25");
    expect((await measure("streams.json", ...options)).code).toBe(0);
    const { groups } = (await world.json(...prune("streams.json", ...options))) as Curves;
    const measured = JSON.parse(textOf("streams.json")) as Curves;
    expect(groups.map(({ name }) => name)).toEqual(measured.groups.map(({ name }) => name));
    expect(existsSync(world.at("cut.safetensors"))).toBe(true);
    // The report has what it takes to do it again.
    const { recipe, curves } = JSON.parse(textOf("cut.report.json")) as Record<string, unknown>;
    expect(curves).toEqual(measured);
    const [again, by] = [recipe, curves].map((part, i) =>
      world.write(`part-${i}.json`, JSON.stringify(part)),
    );
    const line = words(`prune ${model} --recipe ${again} --curves ${by}`);
    const repeated = (await world.json(...line, "-o", world.at("again.safetensors"))) as Curves;
    expect(repeated.groups).toEqual(groups);
  });

  it.each([
    [
      "decider",
      "--streams prune",
      /options › decider: .*expected "closure", as .*found "shortcut"/,
    ],
    ["streams", "", /options › streams: .*expected "keep", as channels go here, found "prune"/],
    [
      "rounding",
      "--streams prune --decider shortcut --minimum-share .25",
      /options › rounding › to: .*expected 1, .*found 2/,
    ],
    [
      "criterion",
      "--streams prune --decider shortcut --round 2 --minimum-share .25 --criterion l2",
      /criterion: .*expected "l2", .*found "bn-scale"/,
    ],
  ])("refuses those of another %s", async (_, flags, sentence) => {
    const more = words(flags).filter((word) => word !== "");
    expect(await refusal(...prune("streams.json", ...more))).toMatch(sentence);
  });

  it("refuses those of another network, those that were stopped, and those without a layer that is cut", async () => {
    const stranger = words(`prune ${other} --curves ${world.at("bn-scale.json")} --loss .9 -o x`);
    expect(await refusal(...stranger)).toMatch(/bn-scale\.json: .*curves of this network/);
    expect(await refusal(...prune("stopped.json"))).toMatch(
      /stopped\.json: .*found \d+ of \d+ points\); go on with `sensitivity`/,
    );
    const first = firstIn("bn-scale.json");
    expect((await measure("locked.json", "--lock", first)).code).toBe(0);
    expect(await refusal(...prune("locked.json"))).toMatch(/› options › locked: .* locked\);/);
    expect((await world.espalier(...prune("locked.json", "--lock", first))).code).toBe(0);
    // What is locked now needs no curve.
    expect((await world.espalier(...prune("bn-scale.json", "--lock", first))).code).toBe(0);
  });
});
