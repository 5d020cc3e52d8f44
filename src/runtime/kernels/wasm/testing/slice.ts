/** @file A tensor inside a wider buffer: what kernels read and write, and must not touch. */
import * as fc from "fast-check";
import { makeRandom } from "../../../../core/index.ts";
import { padded, type Lab } from "./lab.ts";

/** Stands wherever no kernel has written. */
const UNTOUCHED = 12345;

/** [pixels][channels] values in a buffer of [pixels][stride], from `offset` on. */
export class Slice {
  readonly #lab: Lab;
  /** With a pixel in front of the first one and one behind the last. */
  readonly #buffer: number;
  readonly #pixels: number;
  readonly #channels: number;
  readonly #offset: number;
  /** Floats from pixel to pixel. */
  readonly stride: number;
  /** Address of the first pixel's first channel. */
  readonly at: number;

  /** @param values — [pixels][channels]; without them the slice is yet to be written */
  constructor(
    lab: Lab,
    pixels: number,
    channels: number,
    { before, behind }: Beside,
    values?: ArrayLike<number>,
  ) {
    this.#lab = lab;
    this.#pixels = pixels;
    this.#channels = channels;
    this.stride = before + channels + behind;
    this.#offset = this.stride + before;
    const all = new Float32Array((pixels + 2) * this.stride).fill(UNTOUCHED);
    for (let i = 0; i < (values?.length ?? 0); i++) {
      all[this.#index(i)] = values?.[i] ?? NaN;
    }
    this.#buffer = lab.floats(all);
    this.at = this.#buffer + this.#offset * 4;
  }

  #index(i: number): number {
    return Math.floor(i / this.#channels) * this.stride + this.#offset + (i % this.#channels);
  }

  /**
   * The values, [pixels][channels].
   * @throws when a neighbour has been written
   */
  read(): Float32Array {
    const all = this.#lab.read(this.#buffer, (this.#pixels + 2) * this.stride);
    const own = Float32Array.from(
      { length: this.#pixels * this.#channels },
      (_, i) => all[this.#index(i)] ?? NaN,
    );
    for (let i = 0; i < own.length; i++) all[this.#index(i)] = UNTOUCHED;
    if (all.some((value) => value !== UNTOUCHED)) throw new Error("a neighbour has been written");
    return own;
  }
}

/** Channels of the buffer on both sides of a slice, multiples of 4. */
export interface Beside {
  readonly before: number;
  readonly behind: number;
}

/** A slice that is its whole buffer. */
export const ALONE: Beside = { before: 0, behind: 0 };

export const beside: fc.Arbitrary<Beside> = fc.record({
  before: fc.constantFrom(0, 4, 12),
  behind: fc.constantFrom(0, 8),
});

/** 1 to 40 logical channels. */
export const channelCount: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 1, max: 8 }),
  fc.integer({ min: 1, max: 40 }),
);

export const threadCount: fc.Arbitrary<number> = fc.integer({ min: 1, max: 3 });

/** How random values are drawn: normal, or from few levels, so that many are equal. */
export type Draw = "normal" | "levels";

export function draw(length: number, seed: number, kind: Draw = "normal"): Float32Array {
  const random = makeRandom(seed, length);
  const next = kind === "normal" ? random.normal : (): number => random.integer(5) - 2;
  return Float32Array.from({ length }, next);
}

/** Where logical channels stand: in order, or with a gap of four zeros as behind a concatenation. */
export interface Layout {
  readonly logical: number;
  readonly physical: number;
  readonly map: readonly number[];
}

export function layoutOf(logical: number, hasGap: boolean): Layout {
  const cut = hasGap ? (logical >> 1) & ~3 : logical;
  const map = Array.from({ length: logical }, (_, c) => (c < cut ? c : c + 4));
  return { logical, physical: padded((map.at(-1) ?? 0) + 1), map };
}

/** Random [pixels][physical] values with zeros where no logical channel stands. */
export function drawMap(
  layout: Layout,
  pixels: number,
  seed: number,
  kind: Draw = "normal",
): Float32Array {
  const values = draw(pixels * layout.physical, seed, kind);
  const isThere = new Set(layout.map);
  return values.map((value, i) => (isThere.has(i % layout.physical) ? value : 0));
}
