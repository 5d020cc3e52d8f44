/**
 * @file Random graphs, lowered and run by the interpreter and by the kernels, against the program that
 * TensorFlow.js runs on the cpu. All memory that is not asked to last is NaN before every run.
 */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeKernelFiles, nodeThreads } from "../../cli/kernels.ts";
import type { Network } from "../../model/index.ts";
import type { Backend } from "../backend.ts";
import { compile } from "../compile.ts";
import { openInNode } from "../testing/backends.ts";
import { distance } from "../testing/close.ts";
import { BARE_STEP, beyond, gradientsOf } from "../testing/conformance.ts";
import { batchFor } from "../testing/networks.ts";
import { openMachine, type Machine } from "./machine.ts";
import { backendOn } from "./testing/backends.ts";
import { interpreter } from "./testing/interpreter.ts";
import { poisoned } from "./testing/poisoned.ts";
import { choices, networkOf } from "./testing/random-networks.ts";

/** Compiled for more images than come. */
const BATCH = 4;
const IMAGES = 3;

async function answersOf(network: Network, backend: Backend) {
  const { images, labels } = batchFor(network, IMAGES);
  const told = labels.map((label) => label % 3);
  const program = compile(network, backend, BATCH);
  const output = await program.forward(images);
  const observed = await program.observe(images, watchedIn(network));
  const frozen = await program.gradients(images, told);
  const { loss, gradients } = await gradientsOf(program, { images, labels: told });
  const { weights } = await program.readParameters();
  const again = await program.forward(images);
  program.dispose();
  return { output, observed, frozen, loss, gradients, weights, again };
}

/** Every third node: some of them would be taken along by others, some would not. */
function watchedIn({ nodes }: Network): readonly string[] {
  return nodes.filter((_, at) => at % 3 === 1).map(({ name }) => name);
}

type Answers = Awaited<ReturnType<typeof answersOf>>;

async function differences(network: Network, expected: Answers, machine: Machine) {
  const found = await answersOf(
    network,
    backendOn(poisoned(machine, network, BATCH, watchedIn(network))),
  );
  const far: Record<string, number> = {
    output: distance(found.output, expected.output),
    loss: Math.abs(found.loss - expected.loss),
    again: distance(found.again, expected.again),
  };
  for (const [name, values] of expected.observed) {
    far[`node ${name}`] = distance(found.observed.get(name) ?? [], values);
  }
  far["frozen loss"] = Math.abs(found.frozen.loss - expected.frozen.loss);
  for (const [name, { values }] of expected.frozen.gradients) {
    far[`frozen ${name}`] = distance(found.frozen.gradients.get(name)?.values ?? [], values);
  }
  for (const [name, { values }] of expected.gradients) {
    far[name] = distance(found.gradients.get(name)?.values ?? [], values);
  }
  for (const [name, { values }] of expected.weights) {
    far[`new ${name}`] = distance(found.weights.get(name)?.values ?? [], values);
  }
  return beyond(far, (name) => (name === "output" ? 1e-4 : 1e-3));
}

describe("random networks", () => {
  let cpu: Backend;
  let kernels: Machine;
  beforeAll(async () => {
    cpu = await openInNode("cpu");
    kernels = await openMachine({ files: nodeKernelFiles, threads: nodeThreads(2) });
  });
  afterAll(() => kernels.dispose());

  it("steps at rate 1, so that weights show gradients", () => {
    expect(BARE_STEP.learningRate).toBe(1);
  });

  it("answer and train by the interpreter and by the kernels as on cpu", async () => {
    await fc.assert(
      fc.asyncProperty(choices, fc.integer({ min: 1, max: 3 }), async (list, threads) => {
        const network = networkOf(list);
        const expected = await answersOf(network, cpu);
        for (const machine of [interpreter({ threads }), kernels]) {
          const far = await differences(network, expected, machine);
          expect(far, machine === kernels ? "kernels" : "interpreter").toEqual({});
        }
      }),
      { numRuns: 60 },
    );
  });
});
