/** @file A link says what was on the page, whatever it was; a damaged one says that, and nothing else. */
import { deflateSync, strToU8 } from "fflate";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError, explain, known, sha256Of } from "../core/index.ts";
import { CRITERION_NAMES } from "../prune/index.ts";
import { AllocationSchema, readBy } from "./allocation.ts";
import { PRESETS, readLink, readRecipe, writeLink, type Link } from "./index.ts";

const share = fc.integer({ min: 0, max: 199 }).map((step) => step / 200);
const layerName = fc
  .tuple(fc.constantFrom("conv", "layer1.0.conv", "größe ", "__proto_"), fc.nat(200))
  .map((parts) => parts.join(""));
const options = fc.record(
  {
    scope: fc.constantFrom("global", "isomorphic", "stage", "layer"),
    rounding: fc.record({ to: fc.constantFrom(2, 8), how: fc.constantFrom("nearest", "up") }),
    minimumShare: share,
    locked: fc.array(layerName, { maxLength: 12 }),
    streams: fc.constantFrom("keep", "prune", "select"),
    scoring: fc.constantFrom("independent", "greedy"),
    byHand: fc.dictionary(layerName, fc.integer({ min: 1, max: 512 }), { maxKeys: 12 }),
  },
  { requiredKeys: [] },
);
const cost = fc.constantFrom("macs", "parameters", "bytes");
const allocation = fc
  .tuple(
    fc.oneof(
      fc.record({
        kind: fc.constant("global-threshold"),
        ratio: share,
        mode: fc.constantFrom("exact", "reference"),
      }),
      fc.record({ kind: fc.constant("uniform"), ratio: share }),
      fc.record({ kind: fc.constant("target"), of: cost, share }),
      fc.record({ kind: fc.constant("target"), of: cost, most: fc.nat() }),
      fc.record({ kind: fc.constant("sensitivity"), loss: share }),
      fc.record({ kind: fc.constant("sensitivity"), goal: fc.record({ of: cost, share }) }),
      fc.record({
        kind: fc.constant("list"),
        layers: fc.dictionary(layerName, fc.record({ keep: fc.nat(512) })),
      }),
    ),
    options,
  )
  .map((parts) => readBy(AllocationSchema, Object.assign({}, ...parts), "test"));

const fingerprint = sha256Of(strToU8("a network"));
const networks = fc.oneof(
  fc.record({ kind: fc.constant("shipped" as const), name: fc.constant("vgg13-sparse") }),
  fc.record({ kind: fc.constant("architecture" as const), name: fc.constant("vgg16:width=0.25") }),
  fc.record({
    kind: fc.constant("own" as const),
    name: fc.constantFrom("nets.onnx", "réseau 2.pth", "剪枝.safetensors"),
    fingerprint: fc.constant(fingerprint),
  }),
);

const links: fc.Arbitrary<Link> = fc.record({
  network: networks,
  step: fc.constantFrom("load", "sparse", "prune", "finetune", "export"),
  recipe: fc.record({
    criterion: fc.record({ name: fc.constantFrom(...CRITERION_NAMES, "lp:p=3") }),
    allocation,
    repair: fc.constantFrom({ kind: "none" } as const, { kind: "none", dead: "absorb" } as const),
  }),
  isMask: fc.boolean(),
});

const usual: Link = {
  network: { kind: "shipped", name: "vgg13-sparse" },
  step: "prune",
  recipe: {
    criterion: { name: "bn-scale" },
    allocation: { kind: "global-threshold", ratio: 0.625, mode: "exact", locked: ["conv3"] },
    repair: { kind: "none" },
  },
  isMask: false,
};

/** What reading says: the sentence of a refusal, or that there was none. */
function refusal(hash: string): string {
  try {
    return readLink(hash) === null ? "no link" : "read";
  } catch (error) {
    return error instanceof AppError ? explain(error) : `not refused but thrown: ${String(error)}`;
  }
}

/** A link with a true check sum around any text. */
function linkAround(text: string): string {
  const body = deflateSync(strToU8(text));
  const check = Buffer.from(sha256Of(body).slice(0, 6), "hex");
  return `#v1=${Buffer.concat([check, body]).toString("base64url")}`;
}

describe("a link", () => {
  it("brings back what it was made of, in letters that an address takes as they are", () => {
    fc.assert(
      fc.property(links, (link) => {
        const hash = writeLink(link);
        // A page from before there were layers by hand opens all that has none.
        const hasHands = Object.keys(link.recipe.allocation.byHand ?? {}).length > 0;
        expect(hash).toMatch(hasHands ? /^#v2=[\w-]+$/ : /^#v1=[\w-]+$/);
        const { recipe, ...rest } = known(readLink(hash), hash);
        expect({ ...rest, recipe: { ...recipe } }).toMatchObject(link);
        expect(recipe.allocation).toEqual(link.recipe.allocation);
      }),
    );
  });

  it("is short: a usual method in 200 characters, a paper's list of 54 layers in 600", () => {
    expect(writeLink(usual).length).toBeLessThan(200);
    for (const recipe of Object.values(PRESETS)) {
      const network = { kind: "own", name: "vgg16-epoch-160.safetensors", fingerprint } as const;
      expect(writeLink({ ...usual, network, recipe }).length, recipe.name).toBeLessThan(600);
    }
  });

  it("holds the fields of a recipe, so that a recipe's own reader judges them", () => {
    const read = known(readLink(writeLink(usual)), "link");
    expect(readRecipe(read.recipe, "link")).toEqual(read.recipe);
  });

  it("names a file without its place", () => {
    const network = { kind: "own", name: "/home/ada/nets/a\u0000b.onnx", fingerprint } as const;
    expect(readLink(writeLink({ ...usual, network }))?.network.name).toBe("ab.onnx");
    const windows = { ...network, name: String.raw`C:\nets\c.onnx` };
    expect(readLink(writeLink({ ...usual, network: windows }))?.network.name).toBe("c.onnx");
  });

  it("is not written where no page would read it", () => {
    const names = Array.from({ length: 9000 }, (_, i) => [sha256Of(strToU8(String(i))), 1]);
    const byHand = Object.fromEntries(names) as Record<string, number>;
    const recipe = { ...usual.recipe, allocation: { ...usual.recipe.allocation, byHand } };
    expect(() => writeLink({ ...usual, recipe })).toThrow(
      expect.objectContaining({ code: "recipe/long-link" }),
    );
  });

  it("may come with its equals sign escaped", () => {
    expect(readLink(writeLink(usual).replace("=", "%3D"))).toEqual(readLink(writeLink(usual)));
  });
});

describe("reading the end of an address", () => {
  it("takes no notice of what is no link", () => {
    for (const hash of ["", "#", "#step-panel", "#v", "#version=1", "#v1x=3"]) {
      expect(refusal(hash), hash).toBe("no link");
    }
  });

  it("says that a link of a later version needs a newer page", () => {
    expect(refusal("#v3=whatever-it-holds")).toBe(
      "#v3: this link was made by a newer Espalier (expected up to version 2, found version 3); reload the page without the link to get the newest one, then open the link again.",
    );
  });

  it("says of a link that was cut short, changed or made up that it is damaged", () => {
    const whole = writeLink(usual);
    const middle = Math.floor(whole.length / 2);
    const changed = whole[middle] === "A" ? "B" : "A";
    const cases = {
      [whole.slice(0, -3)]: "another check sum",
      [`${whole.slice(0, middle)}${changed}${whole.slice(middle + 1)}`]: "another check sum",
      [`${whole.slice(0, middle)}…`]: "characters that no link has",
      "#v1=": "nothing behind it",
      "#v1": "nothing behind it",
      "#v0=AAAA": "version 0",
      [`#v1=${"A".repeat(20_000)}`]: "20000 characters",
      [linkAround("{")]: "something else packed in it",
      [linkAround(JSON.stringify({ bomb: "0".repeat(1e6) }))]: "something else packed in it",
    };
    for (const [hash, found] of Object.entries(cases)) {
      const [where] = hash.split("=");
      expect(refusal(hash)).toBe(
        `${where}: this link is damaged (found ${found}); copy it again, whole, from where it came.`,
      );
    }
  });

  it("refuses every changed letter, and never throws anything else", () => {
    const whole = writeLink(usual);
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: whole.length - 2 }),
        fc.constantFrom("A", "Z", "a", "z", "0", "9", "-", "_"),
        (at, letter) => {
          fc.pre(whole[at] !== letter);
          expect(refusal(whole.slice(0, at) + letter + whole.slice(at + 1))).toMatch(/is damaged/);
        },
      ),
    );
  });

  it("names the field when a whole link holds something else", () => {
    const { network, step, recipe } = usual;
    const { criterion, allocation: amount } = recipe;
    const fields = { network, step, criterion, allocation: amount };
    const of = (change: object): string =>
      refusal(linkAround(JSON.stringify({ ...fields, ...change })));
    expect(of({})).toBe("read");
    expect(of({ step: "admin" })).toMatch(/^#v1 › step: a field has a bad value/);
    expect(of({ extra: 1 })).toMatch(/^#v1 › extra: a field has a bad value/);
    expect(of({ network: { kind: "shipped", name: "x".repeat(500) } })).toMatch(
      /^#v1 › network\.name/,
    );
    expect(of({ network: { kind: "own", name: "a", fingerprint: "1" } })).toMatch(
      /^#v1 › network\.fingerprint: .*64 hexadecimal digits/,
    );
    expect(of({ allocation: { kind: "global-threshold", ratio: "all" } })).toMatch(
      /^#v1 › allocation\.ratio/,
    );
    expect(of({ criterion: { name: "magic" } })).toMatch(/^#v1 › criterion\.name/);
    expect(refusal(linkAround("[]"))).toMatch(/^#v1 › network: a field has a bad value/);
  });
});
