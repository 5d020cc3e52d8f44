/**
 * @file Whole networks: inference, in which batch norms are folded and activations fused, against the
 * reference, in which nothing is, and what holds of every program. That they train on wasm as on cpu is
 * shown in `spmd/networks.test.ts`.
 *
 * 2e-5 for logits behind twenty layers.
 */
import { beforeAll, describe, expect, it } from "vitest";
import type { Network } from "../model/index.ts";
import { compile, lossOf, type BackendKind } from "./index.ts";
import { openInNode } from "./testing/backends.ts";
import { distance } from "./testing/close.ts";
import { withLeakCheck } from "./testing/leaks.ts";
import { batchFor, NETWORKS, REAL_STEP, tiny, withSoftmax, worn } from "./testing/networks.ts";
import { answerOf } from "./testing/reference.ts";

const BATCH = 4;
const STEPS = 3;

async function trained(kind: Exclude<BackendKind, "webgpu">, network: Network) {
  const backend = await openInNode(kind);
  return withLeakCheck(async () => {
    const program = compile(network, backend, BATCH);
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      const { images, labels } = batchFor(network, BATCH, step);
      losses.push((await program.step(images, labels, REAL_STEP)).loss);
    }
    const parameters = await program.readParameters();
    program.dispose();
    return { losses, ...parameters };
  });
}

describe.each(NETWORKS)("%s", (_, make) => {
  beforeAll(() => openInNode("wasm"));

  it("answers on cpu and on wasm as its unfused layers do", async () => {
    const network = worn(make());
    const { images, labels } = batchFor(network, 2);
    await openInNode("cpu");
    const expected = await withLeakCheck(() => answerOf(network, images, labels).output);
    for (const kind of ["cpu", "wasm"] as const) {
      const backend = await openInNode(kind);
      await withLeakCheck(async () => {
        const program = compile(network, backend, 2);
        expect(distance(await program.forward(images), expected), kind).toBeLessThan(2e-5);
        program.dispose();
      });
    }
  });
});

describe.each(["cpu", "wasm"] as const)("a final softmax on %s", (kind) => {
  it("changes neither the training nor the order of the answers", async () => {
    const plain = worn(tiny());
    const soft = withSoftmax(plain);
    const [a, b] = [await trained(kind, plain), await trained(kind, soft)];
    expect(b.losses).toEqual(a.losses);
    expect(b.weights).toEqual(a.weights);

    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const { images } = batchFor(plain, BATCH);
      const programs = [compile(plain, backend, BATCH), compile(soft, backend, BATCH)] as const;
      const [logits, probabilities] = [
        await programs[0].forward(images),
        await programs[1].forward(images),
      ];
      for (let row = 0; row < BATCH; row++) {
        const [z, p] = [logits, probabilities].map((all) => all.slice(row * 10, row * 10 + 10));
        expect.assert(z !== undefined && p !== undefined);
        const total = z.reduce((sum, value) => sum + Math.exp(value), 0);
        expect(
          distance(
            p,
            z.map((value) => Math.exp(value) / total),
          ),
        ).toBeLessThan(1e-5);
      }
      for (const program of programs) program.dispose();
    });
  });
});

describe.each(["cpu", "wasm"] as const)("a program on %s", (kind) => {
  it("answers by the newest weights, though it folds them once", async () => {
    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const network = worn(tiny());
      const program = compile(network, backend, BATCH);
      const { images, labels } = batchFor(network, BATCH);
      const before = await program.forward(images);
      expect(await program.forward(images)).toEqual(before);
      await program.step(images, labels, REAL_STEP);
      const after = await program.forward(images);
      expect(after).not.toEqual(before);
      const fresh = compile({ ...network, weights: await program.read() }, backend, BATCH);
      expect(await fresh.forward(images)).toEqual(after);
      program.writeParameters({ weights: network.weights, velocity: new Map() });
      expect(await program.forward(images)).toEqual(before);
      program.dispose();
      fresh.dispose();
    });
  });

  it("shows its nodes and gradients by the newest weights, and changes nothing", async () => {
    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const network = worn(tiny());
      const program = compile(network, backend, BATCH);
      const { images, labels } = batchFor(network, BATCH);
      const look = async (nodes: readonly string[]) => ({
        seen: await program.observe(images, nodes),
        ...(await program.gradients(images, labels)),
        output: await program.forward(images),
        parameters: await program.readParameters(),
      });
      const first = await look(["relu1", "fc"]);
      expect(first.parameters.weights).toEqual(network.weights);
      expect(first.parameters.velocity.size).toBe(0);
      expect([...first.seen].map(([name, { length }]) => [name, length])).toEqual([
        ["relu1", BATCH * 8 * 8 * 8],
        ["fc", BATCH * 10],
      ]);
      expect(first.seen.get("fc")).toEqual(first.output);
      expect(first.loss).toBeCloseTo(lossOf(first.output, labels).loss, 5);
      // Other nodes between, and the same ones twice.
      expect([...(await look(["bn2", "bn2"])).seen.keys()]).toEqual(["bn2"]);
      expect(await look(["relu1", "fc"])).toEqual(first);
      await program.step(images, labels, REAL_STEP);
      const second = await look(["relu1", "fc"]);
      expect(second.seen.get("relu1")).not.toEqual(first.seen.get("relu1"));
      expect(second.gradients).not.toEqual(first.gradients);
      expect(await look(["relu1", "fc"])).toEqual(second);
      program.writeParameters({ weights: network.weights, velocity: new Map() });
      const third = await look(["relu1", "fc"]);
      expect([third.seen, third.gradients]).toEqual([first.seen, first.gradients]);
      program.dispose();
    });
  });

  it("has gradients of an image alone whose mean is the batch's", async () => {
    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const network = worn(tiny());
      const program = compile(network, backend, BATCH);
      const { images, labels } = batchFor(network, BATCH);
      const all = await program.gradients(images, labels);
      const sums = new Map<string, Float64Array>();
      for (let image = 0; image < BATCH; image++) {
        const own = images.subarray(image * 192, (image + 1) * 192);
        const one = await program.gradients(own, labels.subarray(image, image + 1));
        for (const [name, { values }] of one.gradients) {
          const before = sums.get(name) ?? new Float64Array(values.length);
          sums.set(
            name,
            before.map((sum, i) => sum + (values[i] ?? NaN) / BATCH),
          );
        }
      }
      expect(sums.size).toBe(all.gradients.size);
      for (const [name, { values }] of all.gradients) {
        expect(distance(values, [...(sums.get(name) ?? [])]), name).toBeLessThan(1e-5);
      }
      program.dispose();
    });
  });

  it("answers the same for an image alone as in a batch, and borrows what it is given", async () => {
    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const network = worn(tiny());
      const program = compile(network, backend, BATCH);
      const { images } = batchFor(network, BATCH);
      const given = images.slice();
      const all = await program.forward(given);
      expect(given).toEqual(images);
      given.fill(7);
      const third = await program.forward(images.slice(2 * 192, 3 * 192));
      expect(distance(third, all.slice(20, 30))).toBeLessThan(1e-6);
      program.dispose();
    });
  });

  it("reports the loss and the hits of the batch as it was before the step", async () => {
    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const network = tiny();
      const { images, labels } = batchFor(network, BATCH);
      const program = compile(network, backend, BATCH);
      const first = await program.step(images, labels, { ...REAL_STEP, learningRate: 0 });
      const second = await program.step(images, labels, { ...REAL_STEP, learningRate: 0 });
      expect(second).toEqual(first);
      // Fresh weights know nothing: every class is about as likely as any other.
      expect(first.loss).toBeCloseTo(Math.log(10), 1);
      program.dispose();
    });
  });

  it("refuses a batch of the wrong size as our own mistake", async () => {
    const backend = await openInNode(kind);
    await withLeakCheck(async () => {
      const program = compile(tiny(), backend, 2);
      for (const length of [0, 191, 3 * 192]) {
        await expect(program.forward(new Float32Array(length))).rejects.toThrow(/^internal: /);
      }
      program.dispose();
    });
  });
});

describe("lossOf", () => {
  it("is the mean of −log softmax at the label, also for logits that overflow exp", () => {
    const { loss, correct } = lossOf(Float32Array.of(0, 0, 1000, 0), Int32Array.of(1, 0));
    expect(loss).toBeCloseTo((Math.log(2) + 0) / 2, 12);
    expect(correct).toBe(1);
    expect(lossOf(Float32Array.of(-1000, 0), Int32Array.of(0)).loss).toBe(1000);
  });

  it("is NaN when a logit is, so that a divergence is seen", () => {
    for (const logits of [
      [NaN, 0, 0],
      [0, NaN, 0],
      [0, 0, NaN],
    ]) {
      expect(lossOf(Float32Array.from(logits), Int32Array.of(1)).loss).toBeNaN();
    }
  });

  it("gives a tie to the first class", () => {
    expect(lossOf(Float32Array.of(3, 3), Int32Array.of(0)).correct).toBe(1);
    expect(lossOf(Float32Array.of(3, 3), Int32Array.of(1)).correct).toBe(0);
  });
});

describe("lossOf with a teacher", () => {
  const [student, label] = [Float32Array.of(1, 2, 3), Int32Array.of(2)];
  const logits = Float32Array.of(3, 2, 1);

  it.each([
    [1, 1.150421],
    [2, 1.280627],
    [4, 1.31963],
    [10, 1.331116],
  ])("is T²·KL at T = %d (Hinton et al. 2015, §2)", (temperature, expected) => {
    const { loss } = lossOf(student, label, { logits, temperature, weight: 1 });
    expect(loss).toBeCloseTo(expected, 6);
  });

  it("mixes by weight, is plain at 0, and nothing at 1 for a student that knows as much", () => {
    const plain = lossOf(student, label).loss;
    const at = (weight: number): number =>
      lossOf(student, label, { logits, temperature: 2, weight }).loss;
    expect(at(0)).toBe(plain);
    expect(at(0.25)).toBeCloseTo(0.75 * plain + 0.25 * at(1), 12);
    const same = lossOf(student, label, { logits: student, temperature: 3, weight: 1 });
    expect(same.loss).toBe(0);
  });
});

describe("a step with a teacher", () => {
  const network = tiny();
  const { images, labels } = batchFor(network, BATCH);
  const logits = Float32Array.from({ length: BATCH * 10 }, (_, i) => Math.sin(i * i) * 3);

  async function taught(kind: "cpu" | "wasm", weight: number | null) {
    const backend = await openInNode(kind);
    return withLeakCheck(async () => {
      const program = compile(network, backend, BATCH);
      const teacher = weight === null ? undefined : { logits, temperature: 4, weight };
      const { loss } = await program.step(images, labels, REAL_STEP, teacher);
      const { weights } = await program.readParameters();
      program.dispose();
      return { loss, weights };
    });
  }

  it("is on wasm what it is on cpu", async () => {
    const [onCpu, onWasm] = [await taught("cpu", 0.9), await taught("wasm", 0.9)];
    expect(onWasm.loss).toBeCloseTo(onCpu.loss, 5);
    for (const [name, { values }] of onCpu.weights) {
      expect(distance(onWasm.weights.get(name)?.values ?? [], values), name).toBeLessThan(1e-5);
    }
  });

  it.each(["cpu", "wasm"] as const)(
    "is a plain one, bit for bit, at weight 0 on %s",
    async (kind) => {
      const [plain, ignored, heard] = [
        await taught(kind, null),
        await taught(kind, 0),
        await taught(kind, 0.5),
      ];
      expect(ignored).toEqual(plain);
      expect(heard.weights).not.toEqual(plain.weights);
    },
  );
});

describe.each(["cpu", "wasm"] as const)("a weight that is no number, on %s", (kind) => {
  it.each(["conv1/kernel", "bn1/gamma", "bn2/beta", "bn1/variance", "fc/kernel", "fc/bias"])(
    "is reported by the step, wherever it is: %s",
    async (name) => {
      const backend = await openInNode(kind);
      await withLeakCheck(async () => {
        const network = tiny();
        const { images, labels } = batchFor(network, BATCH);
        const program = compile(network, backend, BATCH);
        expect((await program.step(images, labels, REAL_STEP)).finite).toBe(true);
        const tensor = network.weights.get(name);
        expect.assert(tensor !== undefined);
        const poisoned = { ...tensor, values: tensor.values.with(0, NaN) };
        program.writeParameters({
          weights: new Map([...network.weights, [name, poisoned]]),
          velocity: new Map(),
        });
        expect((await program.step(images, labels, REAL_STEP)).finite).toBe(false);
        program.dispose();
      });
    },
  );
});
