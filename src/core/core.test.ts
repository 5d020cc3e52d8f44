/** @file The words that every room shares: errors a person reads, random numbers a run repeats. */
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  AppError,
  digestOf,
  explain,
  fromPlainError,
  hashOf,
  invariant,
  isAbort,
  known,
  makeRandom,
  permutation,
  printable,
  sameShape,
  showShape,
  sizeOf,
  toPlainError,
  type ErrorCode,
} from "./index.ts";

describe("random numbers", () => {
  it("are these, for ever: a published run must stay reproducible", () => {
    const random = makeRandom(1, 2, 3);
    const drawn = [random.uniform(), random.uniform(), random.integer(1000), random.normal()];
    expect(drawn).toMatchInlineSnapshot(`
      [
        0.07865208387374878,
        0.8952463865280151,
        246,
        -0.5833584074976341,
      ]
    `);
    const order = permutation(10, makeRandom(42));
    expect([...order]).toMatchInlineSnapshot(`
      [
        4,
        3,
        5,
        2,
        0,
        7,
        1,
        8,
        9,
        6,
      ]
    `);
  });

  it("of one name are one stream, of neighbouring names unrelated ones", () => {
    const stream = (...name: number[]): number[] => {
      const random = makeRandom(...name);
      return Array.from({ length: 2000 }, () => random.uniform() - 0.5);
    };
    expect(stream(7, 8)).toEqual(stream(7, 8));
    const names = [[7, 8], [7, 9], [8, 7], [8, 8], [7], [7, 8, 0]];
    for (const [i, a] of names.entries()) {
      for (const b of names.slice(i + 1)) {
        const [xs, ys] = [stream(...a), stream(...b)];
        const product = xs.reduce((sum, x, at) => sum + x * (ys[at] ?? 0), 0);
        // Correlation of unrelated streams: deviation 1/√2000 ≈ 0.022.
        expect(Math.abs(product / 2000) * 12).toBeLessThan(0.11);
      }
    }
  });

  it("as first draws of consecutive names are uniform too", () => {
    const bins = new Uint32Array(16);
    for (let i = 0; i < 16_000; i++) {
      const bin = Math.floor(makeRandom(5, i).uniform() * 16);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    // 1000 a bin, deviation 31.
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(190);
  });

  it("are uniform in [0, 1)", () => {
    const random = makeRandom(3);
    const values = Array.from({ length: 20_000 }, () => random.uniform());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(values.reduce((a, b) => a + b) / 20_000).toBeCloseTo(0.5, 1.8);
  });

  it("are standard normal where asked", () => {
    const random = makeRandom(3, 3);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    const mean = values.reduce((a, b) => a + b) / 20_000;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 20_000;
    // Deviations of mean and variance: 0.007 and 0.01.
    expect(Math.abs(mean)).toBeLessThan(0.035);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
    const beyond = values.filter((x) => Math.abs(x) > 1.96).length / 20_000;
    expect(Math.abs(beyond - 0.05)).toBeLessThan(0.008);
    expect(values.every((x) => Number.isFinite(x))).toBe(true);
  });

  it("as integers reach every value below, and no other", () => {
    const random = makeRandom(9);
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(7)));
    expect([...seen].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(random.integer(1)).toBe(0);
  });

  it("permute: every number once, for any length", () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), (n, seed) => {
        const order = permutation(n, makeRandom(seed));
        expect([...order].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: n }, (_, i) => i),
        );
      }),
    );
  });

  it("permute three things into all six orders", () => {
    const orders = Array.from({ length: 200 }, (_, i) => permutation(3, makeRandom(i)).join(""));
    expect(new Set(orders).size).toBe(6);
  });
});

describe("printable", () => {
  it("leaves what can be read alone, in any script", () => {
    for (const text of ["conv1/kernel", "naïve Größe 模型 🙂", ""])
      expect(printable(text)).toBe(text);
  });

  it("shows what cannot be seen, or would turn the line around", () => {
    expect(printable("a\u0000b\u001b[31m\n")).toBe(String.raw`a\u0000b\u001b[31m\u000a`);
    expect(printable("\u202Egpj.exe\u200B\uFEFF\u2028")).toBe(
      String.raw`\u202egpj.exe\u200b\ufeff\u2028`,
    );
  });

  it("is never longer than the limit, not even when every character must be escaped", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }),
        fc.integer({ min: 8, max: 90 }),
        (text, limit) => {
          const shown = printable(text, limit);
          expect(shown.length).toBeLessThanOrEqual(limit);
          expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        },
      ),
    );
    expect(printable("x".repeat(100))).toBe(`${"x".repeat(79)}…`);
    expect(printable("x".repeat(80))).toBe("x".repeat(80));
    expect(printable("\n".repeat(80))).toHaveLength(79);
  });

  it("says the same of what it has said", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });

  it("never cuts a character in half", () => {
    for (let limit = 8; limit < 20; limit++) {
      expect(printable("🙂".repeat(20), limit)).not.toMatch(/\p{Cs}/u);
    }
  });
});

describe("an error", () => {
  const error = new AppError("files/truncated", {
    where: "net.bin › conv1/kernel",
    expected: "2304 bytes",
    found: "2200",
  });

  it("says place, fault, facts and the next step in one sentence", () => {
    expect(explain(error)).toBe(
      "net.bin › conv1/kernel: the file is cut short (expected 2304 bytes, found 2200); download it again.",
    );
  });

  it("gives its own advice where it has any", () => {
    const hinted = new AppError("train/bad-setting", { where: "settings › seed", hint: "take 1" });
    expect(explain(hinted)).toBe("settings › seed: a setting is out of range; take 1.");
  });

  it.each<ErrorCode>([
    "files/empty",
    "files/python-pickle",
    "model/bad-graph",
    "model/missing-weight",
    "data/missing",
    "prune/bad-ratio",
    "train/not-finite",
    "recipe/bad-field",
    "recipe/long-link",
    "recipe/newer-link",
    "recipe/damaged-link",
    "runtime/out-of-memory",
    "runtime/device-lost",
    "worker/crashed",
    "cli/bad-argument",
  ])("of code %s reads as one sentence without gaps", (code) => {
    const text = explain(new AppError(code, { where: "here" }));
    expect(text).toMatch(/^here: [^;]+; .+\.$/);
    expect(text).not.toMatch(/undefined|NaN|\(\)|\.\.|\s{2}/);
  });

  it("crosses a worker's boundary unharmed", () => {
    const there = fromPlainError(structuredClone(toPlainError(error)));
    expect(there).toBeInstanceOf(AppError);
    expect([explain(there), there.code, there.message]).toEqual([
      explain(error),
      error.code,
      error.message,
    ]);
    expect(toPlainError(there)).toEqual(toPlainError(error));
  });

  it("keeps hostile text harmless wherever it stands", () => {
    const hostile = "\u202E\u0007".repeat(500);
    const facts = { where: hostile, expected: hostile, found: hostile };
    const bad = new AppError("files/bad-field", facts);
    expect(explain(bad)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(explain(bad).length).toBeLessThan(800);
    expect(toPlainError(fromPlainError(toPlainError(bad)))).toEqual(toPlainError(bad));
  });

  it("is told apart from a wish to stop", () => {
    expect(isAbort(new DOMException("stop", "AbortError"))).toBe(true);
    expect([isAbort(error), isAbort("AbortError"), isAbort(undefined)]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("invariant and known", () => {
  it("blame ourselves", () => {
    expect(() => invariant(false, "x")).toThrow("internal: x");
    expect(() => known(undefined, "the thing")).toThrow("internal: the thing is missing");
    expect(() => known(null, "it")).toThrow("internal: it is missing");
  });

  it("take 0, false and the empty text for what they are", () => {
    expect([known(0, "n"), known(false, "b"), known("", "t")]).toEqual([0, false, ""]);
  });
});

describe("hashOf", () => {
  it("is SHA-256 over length and bytes of each part", () => {
    // The bytes are 3:abc; the digest is from Python's hashlib.
    expect(hashOf([])).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(hashOf(["abc"])).toBe(
      "aab5f9ae99b2e38fb462025c8f72f570c9c811705d2a4277dc855d7fa293fe97",
    );
    expect(hashOf(["a", "bc"])).not.toBe(hashOf(["ab", "c"]));
  });

  it("sees a single bit, and only the part of the buffer that the view shows", () => {
    const values = Float32Array.of(1, 2, 3, 4);
    const view = values.subarray(1, 3);
    expect(hashOf([view])).toBe(hashOf([Float32Array.of(2, 3)]));
    expect(hashOf([Float32Array.of(0)])).not.toBe(hashOf([Float32Array.of(-0)]));
  });
});

describe("digestOf", () => {
  const parts = ["a", Float32Array.of(1, -0, NaN), "", new Uint8Array(100_000).fill(7)];

  it("is the same hash, by the platform and where that has none", async () => {
    expect(await digestOf(parts)).toBe(hashOf(parts));
    vi.stubGlobal("crypto", {});
    expect(await digestOf(parts)).toBe(hashOf(parts));
    vi.unstubAllGlobals();
  });
});

describe("shapes", () => {
  it("multiply, compare and show", () => {
    expect([sizeOf([]), sizeOf([3, 4, 5])]).toEqual([1, 60]);
    expect([sameShape([1, 2], [1, 2]), sameShape([1, 2], [1, 2, 1]), sameShape([1], [2])]).toEqual([
      true,
      false,
      false,
    ]);
    expect(showShape([3, 3, 16, 32])).toBe("[3,3,16,32]");
  });
});
