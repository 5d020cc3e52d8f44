/** @file The words of the method's controls. */
import { expect, it } from "vitest";
import { makeRandom } from "../../core/index.ts";
import { buildArchitecture } from "../../model/index.ts";
import { withRandomScales, withRandomWeights } from "../../prune/testing/random-network.ts";
import { preparePage } from "../../state/planner.ts";
import {
  criterionTitle,
  keptWords,
  modeNote,
  moreSummary,
  presetTitle,
  sparedKinds,
} from "./method-words.ts";

const method = {
  criterion: "bn-scale",
  options: {},
  allocation: { kind: "global-threshold", ratio: 0.5 },
  manner: { kind: "cut", dead: "zero" },
} as const;

it("names criteria as people do, with the order of a norm", () => {
  expect(criterionTitle("bn-scale")).toBe("BN scale |γ|");
  expect(criterionTitle("lp:p=3")).toBe("Lp norm, p = 3");
  expect(criterionTitle("taylor:variant=gate")).toBe("Taylor");
});

it("says beside a closed disclosure what is not as usual", () => {
  expect(moreSummary(method)).toBe("");
  const options = {
    streams: "prune",
    rounding: { to: 8 },
    minimumShare: 0.1,
    locked: ["a", "b"],
  } as const;
  const manner = { kind: "mask", dead: "absorb" } as const;
  const said = moreSummary({ ...method, criterion: "lp:p=3", options, manner });
  expect(said.replaceAll("\u202f", " ")).toBe(
    "p 3, streams cut, steps of 8, at least 10 %, dead absorbed, mask, 2 locked",
  );
});

it("says what each mode does", () => {
  expect(modeNote(method)).toBe("the lowest scores of all");
  expect(modeNote({ ...method, options: { scope: "stage" } })).toBe(
    "the lowest scores of each pool",
  );
  const list = { kind: "list", layers: { a: { keep: 1 } } } as const;
  expect(modeNote({ ...method, allocation: list })).toBe("1 layer set in the sheet");
});

it("says which layers a guard kept, in words and not in signs", () => {
  expect(`conv8${keptWords([1])}`).toBe("conv8 kept its last channel");
  expect(`conv8${keptWords([1, 1])}`).toBe("conv8 and 1 more layer kept their last channel");
  expect(`conv8${keptWords([1, 1, 1])}`).toBe("conv8 and 2 more layers kept their last channel");
  // Of a least share.
  expect(`conv8${keptWords([12])}`).toBe("conv8 kept its last 12 channels");
  expect(`conv8${keptWords([12, 6])}`).toBe("conv8 and 1 more layer kept their last channels");
});

it("calls presets by their papers", () => {
  expect(presetTitle("network-slimming")).toBe("Network Slimming");
  expect(presetTitle("li-2017-resnet-56-a")).toBe("Li et al. 2017, ResNet-56-A");
  expect(presetTitle("network-slimming-compact-vgg")).toBe("Network Slimming, compact VGG");
  expect(presetTitle("li-2017-vgg-16-a")).toBe("Li et al. 2017, VGG-16-A");
  expect(presetTitle("somebody-else")).toBe("somebody-else");
});

it("sorts what stays whole by its reason, and leaves locked rows to the sheet", () => {
  const network = withRandomScales(
    withRandomWeights(buildArchitecture("resnet-20:width=0.25", 1), makeRandom(1)),
    2,
  );
  const kinds = sparedKinds(preparePage(network, "bn-scale", { locked: ["layer1.0.conv1"] }));
  expect(kinds.map(({ title, groups }) => [title, groups.length])).toEqual([
    ["the image", 1],
    ["the classes", 1],
    ["3 residual streams", 3],
  ]);
  for (const { why } of kinds) expect(why).toMatch(/\.$/);
});
