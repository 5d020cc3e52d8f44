/**
 * @file What is measured on images, on random graphs of every op and on the architectures, against a
 * slow forward pass in double precision and the slopes that its loss really has.
 */
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { AppError, isAbort, known, type Progress } from "../core/index.ts";
import { buildArchitecture, tensorName, type Network, type NodeName } from "../model/index.ts";
import {
  classesOf,
  findGroups,
  readCriterion,
  scoreChannels,
  type ActivationEvidence,
  type Evidence,
  type EvidenceKind,
  type GradientEvidence,
  type ResponseEvidence,
} from "../prune/index.ts";
import { interpret } from "../model/testing/interpret.ts";
import { randomNetwork } from "../prune/testing/random-network.ts";
import { type Backend } from "../runtime/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";
import { withLeakCheck } from "../runtime/testing/leaks.ts";
import { tiny, worn } from "../runtime/testing/networks.ts";
import { measureEvidence, type EvidencePlan } from "./evidence.ts";
import { fitting } from "./fitting.ts";
import { withGates } from "./gates.ts";
import type { Images } from "./index.ts";
import { imagesFor, singles, slowLoss, slowSlope, slowValues } from "./testing/slow.ts";

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Single precision against differences of losses: 1e-3 of the number, and what is lost near zero. */
function near(found: number | undefined, expected: number, what: string): void {
  const limit = 1e-3 * Math.abs(expected) + 3e-6;
  expect(Math.abs((found ?? NaN) - expected), what).toBeLessThan(limit);
}

const cases = fc.record({ seed: fc.nat(1e6), steps: fc.integer({ min: 1, max: 12 }) });

describe.each(["cpu", "wasm"] as const)("evidence on %s", (backendKind) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openInNode(backendKind);
  });
  const measure = async <E extends Evidence>(
    network: Network,
    kind: EvidenceKind,
    images: Images,
    more: Partial<EvidencePlan> = {},
  ): Promise<E> =>
    (await measureEvidence(
      { network, kind, images, batch: images.indices.length, ...more },
      backend,
    )) as E;

  it("counts what the activations of any graph say", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, steps }) => {
        const network = randomNetwork(seed, steps);
        const images = imagesFor(network, 3, seed);
        const found = await measure<ActivationEvidence>(network, "activations", images, {
          batch: 2,
        });
        const all = singles(images).map(({ image }) => interpret(network, image));
        for (const [name, { zeros, mean }] of found.byNode) {
          slowValues(network, name, all).forEach(({ said, told }, c) => {
            const largest = Math.max(...told.map(Math.abs), 1e-3);
            // Nearly zero in double precision may be on the other side in single precision.
            const unsure = told.filter((value) => Math.abs(value) < 1e-5 * largest).length;
            const none = said.filter((value) => value === 0).length;
            const wrong = Math.abs((zeros[c] ?? NaN) * said.length - none);
            expect(wrong, `${name} ${c}`).toBeLessThan(unsure + 1e-6);
            const average = sum(said) / said.length;
            expect(Math.abs((mean[c] ?? NaN) - average)).toBeLessThan(1e-4 * largest);
          });
        }
      }),
      { numRuns: 25 },
    );
  });

  it("finds the slopes of any graph's loss by its weights and scales", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, steps }) => {
        const network = randomNetwork(seed, steps);
        const images = imagesFor(network, 2, seed);
        const found = await measure<GradientEvidence>(network, "gradients", images);
        const all = singles(images);
        for (const [name, figures] of found.byKernel) {
          const { shape, values } = known(network.weights.get(name), name);
          const [width, column] = [shape.at(-1) ?? 1, seed % (shape.at(-1) ?? 1)];
          // A few weights more than the first would take long and say the same.
          if (values.length / width > 40) continue;
          const products = Array.from({ length: values.length / width }, (_, row) =>
            slowSlope(network, [{ name, at: (i) => i === row * width + column }], all),
          );
          near(figures.absolute[column], sum(products.map(Math.abs)), `${name} absolute`);
          near(figures.squared[column], sum(products.map((p) => p * p)), `${name} squared`);
          near(figures.multivariable[column], Math.abs(sum(products)), `${name} multivariable`);
          near(figures.multivariableSquared[column], sum(products) ** 2, `${name} its square`);
        }
        for (const [name, gates] of found.byNorm) {
          const column = seed % gates.length;
          const scaled = ["gamma", "beta"].map((slot) => ({
            name: tensorName(name, slot),
            at: (i: number) => i === column,
          }));
          near(gates[column], slowSlope(network, scaled, all) ** 2, `${name} gate`);
        }
      }),
      { numRuns: 12 },
    );
  });

  it("finds how the loss of every image of any graph takes its activations", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, steps }) => {
        const network = randomNetwork(seed, steps);
        const images = imagesFor(network, 2, seed);
        const found = await measure<ResponseEvidence>(network, "responses", images);
        const gated = withGates(network, [...found.byNode.keys()]);
        const all = singles(images);
        for (const one of all) {
          expect(slowLoss(gated.network, one)).toBeCloseTo(slowLoss(network, one), 6);
        }
        for (const [name, responses] of found.byNode) {
          const column = seed % responses.length;
          const factor = known(gated.factors.get(name), name);
          const places = known(interpret(network, known(all[0], "image").image).get(name), name);
          const pulls = all.map((one) =>
            Math.abs(slowSlope(gated.network, [{ name: factor, at: (i) => i === column }], [one])),
          );
          const expected = sum(pulls) / pulls.length / (places.length / responses.length);
          near(responses[column], expected, name);
        }
      }),
      { numRuns: 12 },
    );
  });

  it("takes a gradient a step, in parts of any size, and averages over the steps", async () => {
    await withLeakCheck(async () => {
      const network = worn(tiny());
      const images = imagesFor(network, 5);
      const found = await measure<GradientEvidence>(network, "gradients", images, { batch: 2 });
      const steps: GradientEvidence[] = [];
      for (const [from, to] of [
        [0, 2],
        [2, 4],
        [4, 5],
      ]) {
        const own = { ...images, indices: images.indices.subarray(from, to) };
        steps.push(await measure<GradientEvidence>(network, "gradients", own));
      }
      const parts = await measure<GradientEvidence>(network, "gradients", images, {
        batch: 2,
        atOnce: 1,
      });
      for (const [name, figures] of found.byKernel) {
        for (const key of ["absolute", "squared", "multivariable"] as const) {
          figures[key].forEach((value, c) => {
            const each = steps.map(({ byKernel }) => byKernel.get(name)?.[key][c] ?? NaN);
            near(value, sum(each) / 3, `${name} ${key} of the steps`);
            near(parts.byKernel.get(name)?.[key][c], value, `${name} ${key} in parts`);
          });
        }
      }
    });
  });

  it("gives a channel that is switched off nothing, by every variant and count", async () => {
    const whole = worn(tiny());
    const off = new Map(whole.weights);
    for (const [slot, value] of [
      ["gamma", [0, 0]],
      ["beta", [0, -1]],
    ] as const) {
      const name = `bn1/${slot}`;
      const { shape, values } = known(off.get(name), name);
      const changed = values.map((v, c) => (c === 3 ? value[0] : c === 5 ? value[1] : v));
      off.set(name, { shape, values: changed });
    }
    const network = { ...whole, weights: off };
    const images = imagesFor(network, 4);
    const scores = async (text: string): Promise<Float64Array> => {
      const chosen = readCriterion(text);
      const kind = known(chosen.criterion.needs(chosen.options), text);
      const evidence = await measure(network, kind, images);
      return known(scoreChannels(network, chosen, "as-defined", evidence).get("conv1"), "scores");
    };
    const variants = ["absolute", "squared", "multivariable", "gate", "activation"];
    for (const variant of variants) {
      const own = await scores(`taylor:variant=${variant}`);
      expect([own[3], own[5]], variant).toEqual([0, 0]);
      expect(own[0], variant).toBeGreaterThan(0);
    }
    for (const text of ["apoz", "mean-activation"]) {
      const own = await scores(text);
      expect([own[3], own[5]], text).toEqual([0, 0]);
      expect(own[0], text).toBeGreaterThan(0);
    }
  });

  it("reports its images, stops between two batches, and gives everything back", async () => {
    const network = worn(tiny());
    const images = imagesFor(network, 5);
    for (const kind of ["activations", "gradients", "responses"] as const) {
      await withLeakCheck(async () => {
        const seen: Progress[] = [];
        const plan = { network, kind, images, batch: 2 };
        await measureEvidence(plan, backend, { onProgress: (p) => void seen.push(p) });
        const done = kind === "responses" ? [1, 2, 3, 4, 5] : [2, 4, 5];
        expect(seen).toEqual(done.map((n) => ({ done: n, total: 5, unit: "images" })));
        const control = new AbortController();
        const watch = { signal: control.signal, onProgress: () => control.abort() };
        const stopped = await measureEvidence(plan, backend, watch).catch((e: unknown) => e);
        expect(isAbort(stopped)).toBe(true);
      });
    }
  });
});

/** Scores from the slow pass: each activation of a class speaks, and several are reduced. */
function slowScores(
  network: Network,
  images: Images,
  valueOf: (said: readonly number[]) => number,
  reduce: (values: readonly number[]) => number,
): Map<NodeName, number[]> {
  const table = findGroups(network);
  const all = singles(images).map(({ image }) => interpret(network, image));
  const votes: number[][] = Array.from({ length: table.classCount }, () => []);
  for (const { name, op } of network.nodes) {
    if (op.kind !== "relu") continue;
    const values = slowValues(network, name, all).map(({ said }) => valueOf(said));
    classesOf(table, name).forEach((c, j) => votes[c]?.push(values[j] ?? NaN));
  }
  const scores = new Map<NodeName, number[]>();
  for (const { id, start, size, fixed } of table.groups) {
    const own = votes.slice(start, start + size);
    if (!fixed && own.every(({ length }) => length > 0)) scores.set(id, own.map(reduce));
  }
  return scores;
}

describe("criteria by images on the architectures", () => {
  const REDUCTIONS = {
    mean: (values: readonly number[]) => sum(values) / values.length,
    max: (values: readonly number[]) => Math.max(...values),
    sum,
  };

  it.each(["preresnet-11:width=0.125", "densenet-7:growth=2", "resnet-8:width=0.125"])(
    "are plain counts on %s",
    async (name) => {
      const backend = await openInNode("wasm");
      const network = worn(buildArchitecture(name, 3));
      const images = imagesFor(network, 2);
      const plan = { network, kind: "activations", images, batch: 2 } as const;
      const evidence = await measureEvidence(plan, backend);
      const share = (said: readonly number[]): number =>
        said.filter((value) => value !== 0).length / said.length;
      const mean = (said: readonly number[]): number => sum(said) / said.length;
      for (const [text, valueOf] of [
        ["apoz", share],
        ["mean-activation", mean],
      ] as const) {
        for (const [reduction, reduce] of Object.entries(REDUCTIONS)) {
          const chosen = readCriterion(`${text}:reduce=${reduction}`);
          const found = scoreChannels(network, chosen, "as-defined", evidence);
          const expected = slowScores(network, images, valueOf, reduce);
          expect([...found.keys()]).toEqual([...expected.keys()]);
          for (const [id, own] of found) {
            own.forEach((score, i) => {
              expect(score, `${text} ${id} ${i}`).toBeCloseTo(expected.get(id)?.[i] ?? NaN, 3);
            });
          }
        }
      }
    },
  );

  it.each(["preresnet-11:width=0.125", "densenet-7:growth=2", "resnet-8:width=0.125"])(
    "are slopes of the loss on %s",
    async (name) => {
      const backend = await openInNode("wasm");
      const network = worn(buildArchitecture(name, 3));
      const images = imagesFor(network, 2);
      const plan = { network, kind: "gradients", images, batch: 2 } as const;
      const evidence = (await measureEvidence(plan, backend)) as GradientEvidence;
      const all = singles(images);
      const kernels = [...evidence.byKernel].filter((_, at) => at % 3 === 0);
      for (const [kernel, { multivariable }] of kernels) {
        const { length } = multivariable;
        const scaled = [{ name: kernel, at: (i: number) => i % length === 1 }];
        near(multivariable[1], Math.abs(slowSlope(network, scaled, all)), kernel);
      }
      const [bn, gates] = known([...evidence.byNorm].at(-1), "a batch norm");
      const scaled = ["gamma", "beta"].map((slot) => ({
        name: tensorName(bn, slot),
        at: (i: number) => i === 0,
      }));
      near(gates[0], slowSlope(network, scaled, all) ** 2, bn);
    },
  );
});

describe("as many images at once as fit", () => {
  const tooLarge = () => new AppError("runtime/out-of-memory", { where: "here" });

  it("is half as many each time, down to one", async () => {
    const tried: number[] = [];
    const work = (limit: number) => async (atOnce: number) => {
      tried.push(atOnce);
      if (atOnce > limit) throw tooLarge();
      return atOnce;
    };
    expect(await fitting(40, work(7))).toBe(5);
    expect(tried).toEqual([40, 20, 10, 5]);
    await expect(fitting(3, work(0))).rejects.toMatchObject({ code: "runtime/out-of-memory" });
  });

  it("does not hide another failure", async () => {
    await expect(fitting(8, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  });
});
