/**
 * @file Compares typed arrays by their bytes before vitest does so value by value, which takes it three
 * seconds for a million. Vitest loads this in every process that runs tests. Arrays of other bytes are left
 * to vitest, which has the last word: it takes NaN for NaN, and tells where they differ.
 */

import { expect } from "vitest";

/** @param {unknown} value */
const bytesOf = (value) =>
  ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : undefined;

/**
 * @param {unknown} left
 * @param {unknown} right
 * @returns {true | undefined} undefined where it has no opinion
 */
export function haveSameBytes(left, right) {
  const [a, b] = [bytesOf(left), bytesOf(right)];
  if (a === undefined || b === undefined) return undefined;
  if (Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return undefined;
  return Buffer.compare(a, b) === 0 || undefined;
}

// Once a process, which may run many files.
const ADDED = Symbol.for("typed arrays are compared by their bytes");
if (!Reflect.has(globalThis, ADDED)) {
  Reflect.set(globalThis, ADDED, true);
  expect.addEqualityTesters([haveSameBytes]);
}
