/** @file Numbers as people read them. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import {
  bounded,
  bytes,
  bytesLike,
  count,
  duration,
  figures,
  fixed,
  halfWidth,
  largeSpoken,
  largeText,
  percent,
  points,
  relative,
  score,
} from "./format.ts";

/** Thin spaces as plain ones, to read the tests. */
const plain = (text: string): string => text.replaceAll("\u202f", " ");

it("groups thousands from five digits on", () => {
  expect([0, 9216, 10_000, 12_112, 1_234_567].map((n) => plain(count(n)))).toEqual([
    "0",
    "9216",
    "10 000",
    "12 112",
    "1 234 567",
  ]);
});

it("writes large counts in one unit after the other, with the digits that matter", () => {
  expect(
    [378, 999, 9216, 9999, 73_229, 99_980, 519_982, 999_700, 6_280_000, 313_500_000, 2.5e9].map(
      (n) => plain(largeText(n)),
    ),
  ).toEqual([
    "378",
    "999",
    "9.22 k",
    "10.0 k",
    "73.2 k",
    "100 k",
    "520 k",
    "1.00 M",
    "6.28 M",
    "313.5 M",
    "2.50 G",
  ]);
  expect(largeSpoken(5_600_000)).toBe("5.60 million");
  expect(largeSpoken(73_229)).toBe("73.2 thousand");
});

it("never writes a smaller count as a larger one, whatever the unit", () => {
  const read = (n: number): number => {
    const [value = "", unit = ""] = plain(largeText(n)).split(" ");
    return Number(value) * { "": 1, k: 1e3, M: 1e6, G: 1e9 }[unit as "k"];
  };
  fc.assert(
    fc.property(fc.nat(2_000_000_000), fc.nat(1_000_000), (n, more) => {
      expect(read(n)).toBeLessThanOrEqual(read(n + more));
      expect(Math.abs(read(n) - n)).toBeLessThanOrEqual(0.0051 * n);
    }),
  );
});

it("gives what has no bound three digits from 10 000 on, so that it has room", () => {
  expect([0.4183, 9999.4, 10_000, 327423798654728, NaN].map((n) => bounded(n, 3))).toEqual([
    "0.418",
    "9999.400",
    "1.00e4",
    "3.27e14",
    "\u2013",
  ]);
});

it("has a true minus and no minus zero", () => {
  expect(points(0.884, 0.886)).toBe("\u22120.2\u202fpt");
  expect(points(0.886, 0.886)).toBe("\u00b10.0\u202fpt");
  expect(relative(22, 100)).toBe("\u221278\u202f%");
  expect(relative(771, 519_982)).toBe("\u221299.8\u202f%");
  expect(fixed(-0.001, 1)).toBe("0.0");
});

it("says per cent, bytes, times and scores", () => {
  expect(plain(percent(0.625))).toBe("62.5 %");
  expect(plain(percent(0.5, 1, true))).toBe("50 %");
  expect(plain(bytes(470_000))).toBe("0.47 MB");
  expect(plain(bytes(12_345))).toBe("12.3 kB");
  expect(bytesLike(948, 1_820_000)).toBe("0.00");
  expect([0, 99_999, 1_820_000].map((n) => bytesLike(n, 1_820_000).length)).toEqual([4, 4, 4]);
  expect(plain(duration(0.42))).toBe("0.4 s");
  expect(plain(duration(80))).toBe("1 min 20 s");
  expect(plain(duration(803))).toBe("13 min");
  expect(plain(duration(3595))).toBe("1 h 0 min");
  expect(plain(duration(7500))).toBe("2 h 5 min");
  expect(score(0.0432)).toBe("0.043");
  expect(score(0.00012)).toBe("1.2e\u22124");
  expect(halfWidth([0.878, 0.89])).toBe("0.6");
});

it("gives figures side by side as many decimals each, and no more than one of them needs", () => {
  expect(figures([0.2023, 0.1994, 0.201])).toBe("0.2023, 0.1994, 0.2010");
  expect(figures([0.5, 0.5, 0.5])).toBe("0.5, 0.5, 0.5");
  expect(figures([0.30000001, 127.5])).toBe("0.3, 127.5");
  expect(figures([1, 0])).toBe("1, 0");
});

it("never shows what is not a number", () => {
  const shown = [Number.NaN, Infinity, -Infinity].flatMap((n) => [
    count(n),
    fixed(n, 1),
    percent(n),
    largeText(n),
    bytes(n),
    relative(n, 1),
    relative(1, n),
    points(n, 0),
    duration(n),
    score(n),
  ]);
  for (const text of shown) expect(text).not.toMatch(/NaN|Infinity|undefined/);
});
