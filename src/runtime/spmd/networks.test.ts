/**
 * @file Whole networks on the kernels, on one, two and three threads and as the wasm backend opens them: three
 * training steps and inference against the program that TensorFlow.js runs on the cpu. Programs are
 * compiled for more images than come.
 *
 * 1e-4 of a tensor's largest value after three steps: the two differ by about 1e-6 in each gradient, and
 * twenty batch norms over few rows amplify that. 2e-5 for logits behind as many layers.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeKernelFiles, nodeThreads } from "../../cli/kernels.ts";
import type { Network } from "../../model/index.ts";
import type { Backend } from "../backend.ts";
import { compile } from "../compile.ts";
import { openInNode } from "../testing/backends.ts";
import { distance } from "../testing/close.ts";
import { withLeakCheck } from "../testing/leaks.ts";
import { batchFor, REAL_STEP, worn } from "../testing/networks.ts";
import { openMachine, type Machine } from "./machine.ts";
import { backendOn } from "./testing/backends.ts";
import { WHOLE } from "./testing/networks.ts";

const BATCH = 5;
const IMAGES = 3;
const STEPS = 3;

async function trained(network: Network, backend: Backend) {
  return withLeakCheck(async () => {
    const program = compile(network, backend, BATCH);
    const { images } = batchFor(network, IMAGES, 9);
    const before = await program.forward(images);
    const losses: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      const batch = batchFor(network, IMAGES, step);
      losses.push((await program.step(batch.images, batch.labels, REAL_STEP)).loss);
    }
    const parameters = await program.readParameters();
    const after = await program.forward(images);
    program.dispose();
    return { before, losses, after, ...parameters };
  });
}

describe("whole networks", () => {
  const machines: Machine[] = [];
  beforeAll(async () => {
    for (const count of [1, 2, 3]) {
      machines.push(await openMachine({ files: nodeKernelFiles, threads: nodeThreads(count) }));
    }
  });
  afterAll(() => machines.forEach((machine) => machine.dispose()));

  it.each(WHOLE)("train and answer as on cpu: %s", async (_, make) => {
    const network = worn(make());
    const expected = await trained(network, await openInNode("cpu"));
    const backends = [
      ...machines.map((machine) => [`${machine.threads} threads`, backendOn(machine)] as const),
      ["the wasm backend", await openInNode("wasm")] as const,
    ];
    for (const [where, backend] of backends) {
      const found = await trained(network, backend);
      expect(distance(found.before, expected.before), where).toBeLessThan(2e-5);
      expect(distance(found.losses, expected.losses), where).toBeLessThan(1e-4);
      for (const [name, { values }] of expected.weights) {
        const weight = found.weights.get(name)?.values ?? [];
        expect(distance(weight, values), `${where}, ${name}`).toBeLessThan(1e-4);
      }
      expect([...found.velocity.keys()].toSorted()).toEqual(
        [...expected.velocity.keys()].toSorted(),
      );
      expect(distance(found.after, expected.after), where).toBeLessThan(1e-3);
    }
  });

  it.each([1, 2, 3])("give the same bits every time on %i threads", async (threads) => {
    const machine = machines.find((one) => one.threads === threads);
    expect.assert(machine !== undefined);
    const network = worn(WHOLE[2]?.[1]() ?? expect.fail("no network"));
    const runs = [
      await trained(network, backendOn(machine)),
      await trained(network, backendOn(machine)),
    ];
    expect(runs[1]).toEqual(runs[0]);
  });
});
