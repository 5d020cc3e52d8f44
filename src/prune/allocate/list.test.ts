/** @file A list by layer: what it names goes, what it asks in vain is refused by name. */
import { describe, expect, it } from "vitest";
import type { PruneOptions } from "../prepare.ts";
import { graphOf, prepareBy, refusal, widthsOf } from "../testing/small-graphs.ts";
import { planAllocation } from "./index.ts";
import type { Entry } from "./list.ts";

// a → b, and b is summed with c: a stream.
const graph = graphOf((b, from) => {
  const x = b.relu("relu", b.bn("bn", b.conv("a", from, { filters: 4 })));
  const sum = b.add(
    "sum",
    { kind: "add" },
    b.conv("b", x, { filters: 6 }),
    b.conv("c", x, { filters: 6 }),
  );
  return b.conv("d", sum, { filters: 5 });
});
const SCORES = { a: [1, 2, 3, 4], b: [6, 5, 4, 3, 2, 1], d: [3, 1, 2, 5, 4] };

const plan = (layers: Readonly<Record<string, Entry>>, options: PruneOptions = {}) =>
  planAllocation(prepareBy(graph, SCORES, options), { kind: "list", layers });

describe("a list", () => {
  it("cuts what it names, to a number or by a share, and leaves the rest whole", () => {
    const made = plan({ d: { keep: 2 } });
    expect(widthsOf(made)).toEqual({ a: 4, d: 2 });
    expect([...(made.kept.get("d") ?? [])]).toEqual([3, 4]);
    expect(made.requested).toBeCloseTo(3 / 9, 12);
    expect(widthsOf(plan({ a: { ratio: 0.3 }, d: { ratio: 0 } }))).toEqual({ a: 2, d: 5 });
  });

  it("knows a group by any layer of it, and by what follows a layer", () => {
    expect(widthsOf(plan({ bn: { keep: 1 } }))).toEqual({ a: 1, d: 5 });
    expect(widthsOf(plan({ c: { keep: 1 } }, { streams: "prune" }))).toMatchObject({ b: 1 });
  });

  it("refuses numbers that no layer can have, naming what it could", () => {
    expect(refusal(() => plan({ a: { keep: 0 } }))).toBe(
      "prune/out-of-reach | list › a: this cannot be reached (expected a whole number of channels to " +
        "keep from 1 to 4, found 0); keep a number in that range.",
    );
    for (const keep of [5, 1.5, -1, NaN]) {
      expect(refusal(() => plan({ a: { keep } }))).toContain(`found ${keep}`);
    }
    expect(refusal(() => plan({ a: { keep: 1 } }, { minimumShare: 0.5 }))).toContain("from 2 to 4");
    expect(refusal(() => plan({ a: { ratio: 1 } }))).toMatch(/^prune\/bad-ratio \| list › a: /);
  });

  it("refuses a number that rounding would change, naming the nearest that it would not", () => {
    const wide = graphOf((b, from) => b.conv("wide", from, { filters: 19 }));
    const scores = { wide: Array.from({ length: 19 }, (_, i) => i) };
    const made = (entry: Entry, rounding: PruneOptions["rounding"]) =>
      planAllocation(prepareBy(wide, scores, { rounding }), {
        kind: "list",
        layers: { wide: entry },
      });
    expect(refusal(() => made({ keep: 13 }, { to: 8 }))).toBe(
      "prune/bad-allocation | list › wide: this allocation does not fit (expected 8 or 16 channels to " +
        "keep, as widths are rounded to multiples of 8, found 13); keep 8 or 16, or do not round.",
    );
    for (const how of ["nearest", "down", "up"] as const) {
      for (const keep of [8, 16, 19]) {
        expect(widthsOf(made({ keep }, { to: 8, how }))).toEqual({ wide: keep });
      }
    }
    expect(refusal(() => made({ keep: 3 }, { to: 8 }))).toContain("(expected 8 channels to keep");
    expect(refusal(() => made({ keep: 18 }, { to: 32 }))).toContain(
      "(expected 19 channels to keep",
    );
    // A share is no number: it goes where rounding takes it.
    expect(widthsOf(made({ ratio: 0.3 }, { to: 8 }))).toEqual({ wide: 16 });
  });

  it("refuses layers that take no part, and says why", () => {
    const why = (name: string, options: PruneOptions = {}) =>
      refusal(() => plan({ [name]: { keep: 1 } }, options));
    expect(why("c")).toBe(
      "prune/out-of-reach | list › c: this cannot be reached (expected a group that takes part, found " +
        "one that is a residual stream, and streams are kept); let streams be pruned, or leave it out.",
    );
    expect(why("a", { locked: ["a"] })).toContain("is locked");
    expect(why("fc")).toContain("cannot be cut");
    expect(why("nowhere")).toBe(
      "prune/unknown-group | small › nowhere: there is no such group of channels (expected one layer, " +
        "such as a, b, d, found no layer of that name); take a name from `inspect` or from the " +
        "page's rows.",
    );
  });

  it("refuses two names of one group", () => {
    expect(refusal(() => plan({ a: { keep: 2 }, relu: { keep: 3 } }))).toMatch(
      /list › relu: .*each group once, found a too/,
    );
  });

  it("is not fooled by names that every object has", () => {
    expect(refusal(() => plan({ constructor: { keep: 1 } }))).toMatch(/^prune\/unknown-group/);
    expect(refusal(() => plan(JSON.parse('{"__proto__":{"keep":1}}') as {}))).toMatch(
      /^prune\/unknown-group/,
    );
  });
});
