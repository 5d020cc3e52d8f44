/**
 * @file The random criterion: what every other one must beat. A seeded uniform number in [0, 1) for each
 * channel; the same seed on the same network gives the same numbers, whatever was scored before.
 */
import { makeRandom } from "../../core/index.ts";
import { criterion } from "./criterion.ts";

/** Names the stream, so that no other use of the seed draws the same numbers. */
const STREAM = 71;
/** `uniform` has 24 bits, of which thousands of channels would share some. */
const BITS = 2 ** 24;

export const random = criterion({
  title: "Random",
  explanation: "a number drawn by lot; the measure of what a criterion is worth",
  options: {
    seed: {
      kind: "number",
      least: 0,
      most: 4294967295,
      whole: true,
      usual: 1,
      says: "seed of the lot",
    },
  },
  needs: () => undefined,
  normalisation: () => "none",
  *judge({ table }, { seed }) {
    for (const [index, { start, size }] of table.groups.entries()) {
      const draw = makeRandom(seed, STREAM, index);
      yield {
        classes: Int32Array.from({ length: size }, (_, i) => start + i),
        values: Float64Array.from({ length: size }, () => draw.uniform() + draw.uniform() / BITS),
      };
    }
  },
});
