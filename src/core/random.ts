/**
 * @file Seeded random numbers. A stream is named by numbers, such as (seed, epoch, index), so that
 * any image of any epoch can be drawn without drawing those before it: that is what makes a stopped
 * run resume to the same bits. Never `Math.random` in a run.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of random numbers with state; make one per purpose, never share it. */
export interface Random {
  /** Uniform in [0, 1), 24 random bits. */
  uniform(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** Standard normal, Box–Muller. */
  normal(): number;
}

/**
 * Opens the stream of that name.
 * @param name — integers; different names give unrelated streams
 */
export function makeRandom(...name: readonly number[]): Random {
  const generator = xoroshiro128plus(mix(name));
  const uniform = (): number => uniformInt(generator, 0, 0xffffff) / 0x1000000;
  let spare: number | undefined;
  return {
    uniform,
    integer: (below) => uniformInt(generator, 0, below - 1),
    normal: () => {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}

/** A permutation of 0 … n−1 by Fisher and Yates. */
export function permutation(n: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const swap = order[i] as number;
    order[i] = order[j] as number;
    order[j] = swap;
  }
  return order;
}

/** Folds a name into 32 bits with MurmurHash3's finalizer, so that neighbours do not correlate. */
function mix(name: readonly number[]): number {
  let h = 0x9e3779b9;
  for (const part of name) {
    h = Math.imul(h ^ (part >>> 0), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h | 0;
}
