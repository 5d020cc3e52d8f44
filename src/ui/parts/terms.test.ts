/** @file The explanations are short whole sentences with a source that can be found; those with figures say them. */
import { describe, expect, it } from "vitest";
import { gapMeaning, guardMeaning, heldLayersMeaning, heldMeaning } from "./meanings.ts";
import { TERMS, type Meaning } from "./terms.ts";

/** Plain spaces, as a person reads them. */
const plain = ({ means }: Meaning): string => means.replaceAll(/[\u202f\u00a0]/g, " ");

describe("the table of terms", () => {
  it.each(Object.entries(TERMS))("explains %s in a few whole sentences", (_, { means }) => {
    expect(means).toMatch(/^(\p{Lu}|±|γ).*\.$/u);
    expect(means.length).toBeLessThan(290);
  });

  it.each(Object.entries(TERMS).filter(([, { paper }]) => paper !== undefined))(
    "says where %s comes from",
    (_, { paper }) => expect(paper).toMatch(/\b(1[89]|20)\d\d\b.*[.?]$/),
  );

  it("has a paper for every word that a method is made of", () => {
    for (const word of ["regularizer", "criterion", "allocation", "repair", "schedule"] as const) {
      expect(TERMS[word].paper, word).toBeDefined();
    }
  });
});

describe("explanations with figures", () => {
  const held = { name: "conv8", kept: 1, of: 112, largest: 0.16, threshold: 0.18, least: 0 };

  it("say why a layer stopped at one channel", () => {
    expect(plain(heldMeaning(held))).toBe(
      "conv8 stopped at 1 channel. Even the largest score of its 112, 0.16, is not above the threshold 0.18. The guard keeps the last channel: a layer without any would cut the network in two.",
    );
  });

  it("say which share was asked for, and name no threshold where there is none", () => {
    const said = plain(heldMeaning({ ...held, kept: 12, threshold: null, least: 0.1 }));
    expect(said).toContain("conv8 stopped at 12 channels.");
    expect(said).toContain("keeps 10 % of every layer");
    expect(said).not.toContain("threshold");
  });

  it("do not blame the largest score where it lies above the threshold", () => {
    const said = plain(heldMeaning({ ...held, kept: 56, largest: 0.5, least: 0.5 }));
    expect(said).toContain("more of its 112 would have to go");
  });

  it("name every layer where several were stopped", () => {
    const both = heldLayersMeaning([held, { ...held, name: "conv9", kept: 2 }]);
    expect(plain(both)).toContain("conv8 at 1, conv9 at 2");
    expect(heldLayersMeaning([held])).toEqual(heldMeaning(held));
  });

  it("say where a cut is free and where a guard begins", () => {
    expect(plain(gapMeaning({ gap: 0.182, pools: 1 }))).toContain("up to 18.2 %");
    expect(plain(gapMeaning({ gap: 0.182, pools: 3 }))).toContain("the fewest of them");
    expect(plain(guardMeaning({ guard: 0.48, least: 0 }))).toContain("its last channel");
    expect(plain(guardMeaning({ guard: 0.48, least: 0.1 }))).toContain("10 % of every layer");
  });
});
