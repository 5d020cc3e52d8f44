/** @file FPGM's distances by the backend are those of the plain way, and the plain way where they cannot be. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { isAbort, known, makeRandom, type Progress } from "../core/index.ts";
import { buildArchitecture, type Network, type Tensor } from "../model/index.ts";
import { distanceSums, distancesOf, readCriterion, scoreChannels } from "../prune/index.ts";
import { blankNetwork } from "../prune/testing/random-network.ts";
import { columnProducts, type Backend } from "../runtime/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";
import { withLeakCheck } from "../runtime/testing/leaks.ts";
import { measureDistances } from "./distances.ts";

function randomKernel(rows: number, width: number, seed: number, common = 0): Tensor {
  const random = makeRandom(seed, 7);
  const shared = Float64Array.from({ length: rows }, () => common * random.normal());
  const values = Float32Array.from(
    { length: rows * width },
    (_, i) => random.normal() + (shared[Math.floor(i / width)] ?? 0),
  );
  return { shape: [1, 1, rows, width], values };
}

const kernels = fc.record({
  rows: fc.constantFrom(1, 3, 127, 128, 129, 300),
  width: fc.constantFrom(1, 2, 3, 4, 5, 31, 63, 64, 65, 130),
  seed: fc.nat(1e6),
});

describe.each([
  ["cpu", undefined],
  ["wasm", undefined],
  ["wasm", 2],
] as const)("columns on %s, %s threads of its own", (kind, threads) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openInNode(kind, threads === undefined ? {} : { threads });
  });

  it("are multiplied with all that stand before them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(kernels, { minLength: 1, maxLength: 3 }), async (all) => {
        const tensors = all.map(({ rows, width, seed }) => randomKernel(rows, width, seed));
        const matrices = tensors.map(({ shape, values }) => ({
          rows: shape[2] ?? 0,
          columns: shape[3] ?? 0,
          values,
        }));
        let told = 0;
        await withLeakCheck(() =>
          columnProducts(matrices, backend, (products, index) => {
            expect(index).toBe(told++);
            const { rows, columns, values } = known(matrices[index], "matrix");
            for (let i = 0; i < columns; i++) {
              for (let j = 0; j <= i; j += 1 + Math.floor(columns / 9)) {
                let [sum, sizes] = [0, 0];
                for (let k = 0; k < rows; k++) {
                  const product =
                    (values[k * columns + i] ?? NaN) * (values[k * columns + j] ?? NaN);
                  sum += product;
                  sizes += Math.abs(product);
                }
                // The most by which a float32 dot product can be off, in any order of its sums
                // (Higham 2002, "Accuracy and Stability of Numerical Algorithms", §3.1).
                const most = rows * 2 ** -24 * sizes;
                const off = Math.abs((products[i * columns + j] ?? NaN) - sum);
                expect(off).toBeLessThanOrEqual(most);
              }
            }
          }),
        );
        expect(told).toBe(matrices.length);
      }),
      { numRuns: 25 },
    );
  });
});

describe("distances", () => {
  /** VGG-19's first convolutions, with filters that have nothing in common but where it is asked for. */
  function network(common: number): Network {
    const blank = blankNetwork("vgg19:width=0.25");
    const weights = new Map(blank.weights);
    for (const [name, { shape }] of blank.weights) {
      if (!name.endsWith("/kernel") || shape.length !== 4) continue;
      const width = shape[3] ?? 1;
      const rows = shape.reduce((a, b) => a * b, 1) / width;
      weights.set(name, { ...randomKernel(rows, width, rows + width, common), shape });
    }
    return { ...blank, weights };
  }

  it.each([0, 0.3, 30])(
    "are the plain way's to 1e-5, whatever filters share: %d",
    async (common) => {
      const own = network(common);
      const found = await measureDistances(own, () => openInNode("wasm"));
      const chosen = readCriterion("fpgm");
      const fast = scoreChannels(own, chosen, "as-defined", found);
      const plain = scoreChannels(own, chosen, "as-defined");
      expect([...fast.keys()]).toEqual([...plain.keys()]);
      for (const [id, scores] of fast) {
        const expected = known(plain.get(id), id);
        scores.forEach((score, i) => {
          const far = Math.abs(score - (expected[i] ?? NaN));
          expect(far, `${id} ${i}`).toBeLessThan(1e-5 * (expected[i] ?? NaN));
        });
      }
    },
  );

  it("are not trusted to single precision where filters are nearly one", () => {
    const products = (common: number): [Float32Array, Tensor] => {
      const kernel = randomKernel(50, 6, 3, common);
      const all = new Float32Array(36);
      for (let i = 0; i < 6; i++) {
        for (let j = 0; j <= i; j++) {
          for (let k = 0; k < 50; k++) {
            const product = (kernel.values[k * 6 + i] ?? 0) * (kernel.values[k * 6 + j] ?? 0);
            all[i * 6 + j] = (all[i * 6 + j] ?? 0) + product;
          }
        }
      }
      return [all, kernel];
    };
    const [apart, kernel] = products(0);
    distanceSums(kernel).forEach((sum, i) => {
      expect(distancesOf(apart, 6)?.[i]).toBeCloseTo(sum, 4);
    });
    expect(distancesOf(products(30)[0], 6)).toBeUndefined();
    expect(distancesOf(Float32Array.of(4), 1)).toEqual(Float64Array.of(0));
    expect(distancesOf(new Float32Array(4), 2)).toEqual(Float64Array.of(0, 0));
  });

  it("open a backend for large kernels alone, report each, and do not begin when told not to", async () => {
    const seen: Progress[] = [];
    const never = () => Promise.reject(new Error("a backend was opened"));
    const watch = { onProgress: (progress: Progress) => void seen.push(progress) };
    const small = buildArchitecture("vgg11:width=0.0625", 1);
    const { byKernel } = await measureDistances(small, never, watch);
    expect(byKernel.size).toBe(8);
    expect(seen.at(-1)).toEqual({ done: 8, total: 8, unit: "layers" });
    await expect(measureDistances(network(0), never)).rejects.toThrow("a backend was opened");
    const stopped = measureDistances(small, never, { signal: AbortSignal.abort() });
    expect(isAbort(await stopped.catch((error: unknown) => error))).toBe(true);
  });
});
