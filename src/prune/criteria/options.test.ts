/** @file A criterion's options as text: what is read, what is shown again, and what is refused. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusal } from "../testing/small-graphs.ts";
import { CRITERION_NAMES, criterionNamed, readCriterion } from "./index.ts";

describe("a criterion as text", () => {
  it("is the name alone where everything is as usual", () => {
    expect(CRITERION_NAMES).toEqual([
      "bn-scale",
      "l1",
      "l2",
      "lp",
      "fpgm",
      "taylor",
      "apoz",
      "mean-activation",
      "random",
    ]);
    for (const name of CRITERION_NAMES) {
      const { text, options } = readCriterion(name);
      expect(text).toBe(name);
      const usual = Object.entries(criterionNamed(name).options).map(([key, o]) => [key, o.usual]);
      expect(options).toEqual(Object.fromEntries(usual));
      expect(readCriterion(`${name}:`).text).toBe(name);
    }
  });

  it("carries the options that are not, in one order", () => {
    const { options, text } = readCriterion("lp:reduce=max, p=3 ,normalise=auto");
    expect(options).toEqual({ p: 3, form: "norm", reduce: "max", normalise: "auto" });
    expect(text).toBe("lp:p=3,reduce=max");
  });

  it("reads what it shows", () => {
    const anyText = fc.constantFrom(...CRITERION_NAMES).chain((name) => {
      const { options } = criterionNamed(name);
      const values = Object.entries(options).map(([key, option]) =>
        (option.kind === "choice"
          ? fc.constantFrom(...option.choices)
          : option.whole
            ? fc.integer({ min: option.least, max: option.most })
            : fc.double({ min: option.least, max: option.most, noNaN: true })
        ).map((value) => `${key}=${value}`),
      );
      return fc.tuple(...values).map((pairs) => `${name}:${pairs.join(",")}`);
    });
    fc.assert(
      fc.property(anyText, (given) => {
        const read = readCriterion(given);
        expect(readCriterion(read.text)).toEqual(read);
      }),
      { numRuns: 200 },
    );
  });

  it("is refused in one sentence that names the option", () => {
    expect(refusal(() => readCriterion("luck"))).toMatch(
      /^prune\/unknown-criterion \| criterion: .*expected one of bn-scale, l1, .*found luck/,
    );
    expect(refusal(() => readCriterion("toString"))).toMatch(/^prune\/unknown-criterion/);
    expect(refusal(() => readCriterion("l1:p=2"))).toBe(
      "prune/bad-option | criterion › p: an option of the criterion has a bad value (expected one of " +
        "reduce, normalise, found p); correct that option.",
    );
    expect(refusal(() => readCriterion("lp:p=0"))).toMatch(/a number from 0.1 to 16, found 0\)/);
    expect(refusal(() => readCriterion("lp:p="))).toMatch(/found nothing/);
    expect(refusal(() => readCriterion("lp:p=NaN"))).toMatch(/found NaN/);
    expect(refusal(() => readCriterion("lp:p=3=4"))).toMatch(/bad-option/);
    expect(refusal(() => readCriterion("random:seed=1.5"))).toMatch(/a whole number from 0/);
    expect(refusal(() => readCriterion("random:toString=1"))).toMatch(/one of seed, found toStr/);
    expect(refusal(() => readCriterion("taylor:variant=signed"))).toMatch(
      /one of absolute, squared, .*found signed/,
    );
  });
});
