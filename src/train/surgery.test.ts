/**
 * @file A run that goes on with a cut network, and one that goes on with the masked one, are the same
 * run: weights, running statistics and momentum agree step by step, and nothing that was masked comes
 * back.
 */
import { describe, expect, it } from "vitest";
import { known } from "../core/index.ts";
import { weightSpecs, type Network, type Tensor } from "../model/index.ts";
import {
  findGroups,
  planAt,
  planMasks,
  prepareScores,
  sliceTensors,
  zeroMasks,
  type Plan,
} from "../prune/index.ts";
import { randomScores } from "../prune/testing/random-network.ts";
import { compile, type Backend } from "../runtime/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";
import { distance } from "../runtime/testing/close.ts";
import { withLeakCheck } from "../runtime/testing/leaks.ts";
import {
  batchFor,
  curved,
  NETWORKS,
  REAL_STEP,
  separable,
  tiny,
  worn,
} from "../runtime/testing/networks.ts";
import { backendOn } from "../runtime/spmd/testing/backends.ts";
import { interpreter } from "../runtime/spmd/testing/interpreter.ts";
import { compileRun, cutState, DEFAULT_SETTINGS, maskState, type TrainState } from "./index.ts";

const BATCH = 6;
type Tensors = ReadonlyMap<string, Tensor>;

/** So many steps on the same few batches. */
async function stepped(state: TrainState, backend: Backend, steps: number, frozen?: Plan) {
  const { network } = state;
  const masks = frozen && planMasks(findGroups(network), frozen);
  const program = compile(network, backend, BATCH, { frozen: masks });
  program.writeParameters({ weights: network.weights, velocity: state.velocity });
  for (let i = 0; i < steps; i++) {
    const { images, labels } = batchFor(network, BATCH, state.step + i);
    await program.step(images, labels, REAL_STEP);
  }
  const { weights, velocity } = await program.readParameters();
  program.dispose();
  return { network: { ...network, weights }, velocity, step: state.step + steps };
}

function planFor(network: Network): Plan {
  const table = findGroups(network);
  const scores = randomScores(table, 3);
  return planAt(prepareScores(table, "random", scores, { streams: "prune" }), { ratio: 0.4 });
}

function expectClose(ours: Tensors, theirs: Tensors): void {
  expect([...ours.keys()]).toEqual([...theirs.keys()]);
  for (const [name, { values }] of ours) {
    const other = known(theirs.get(name), name).values;
    // Sums are taken in another order; what is near 0 is measured by the size of what made it.
    expect([name, distance([1, ...values], [1, ...other]) < 2e-5]).toEqual([name, true]);
  }
}

/** How many entries that the plan takes are not exactly +0. */
function revived(tensors: Tensors, network: Network, plan: Plan): number {
  const masks = planMasks(findGroups(network), plan);
  let count = 0;
  for (const [name, mask] of masks) {
    tensors.get(name)?.values.forEach((value, i) => {
      if (mask[i] === 0 && !Object.is(value, 0)) count += 1;
    });
  }
  return count;
}

async function expectAlike(make: () => Network, backend: Backend): Promise<void> {
  const network = worn(make());
  const plan = planFor(network);
  const table = findGroups(network);
  const start = await stepped({ network, velocity: new Map(), step: 0 }, backend, 2);
  expect(start.velocity.size).toBeGreaterThan(0);
  const cut = await stepped(cutState(start, plan), backend, 3);
  const masked = await stepped(maskState(start, plan), backend, 3, plan);
  expect(revived(masked.network.weights, network, plan)).toBe(0);
  expect(revived(masked.velocity, network, plan)).toBe(0);
  expectClose(cut.network.weights, sliceTensors(masked.network.weights, table, plan));
  expectClose(cut.velocity, sliceTensors(masked.velocity, table, plan));
  expect([cut.step, masked.step]).toEqual([5, 5]);
  const specs = weightSpecs(cut.network);
  for (const [name, { shape }] of cut.velocity) expect(shape).toEqual(specs.get(name)?.shape);
}

describe("a run that goes on cut is one that goes on masked", () => {
  it.each(NETWORKS)("on the kernels: %s", async (_, make) => {
    await expectAlike(make, await openInNode("wasm"));
  });

  it.each([tiny, separable, curved])("on the interpreter and on TensorFlow.js", async (make) => {
    await expectAlike(make, backendOn(interpreter({ threads: 2 })));
    const cpu = await openInNode("cpu");
    await withLeakCheck(() => expectAlike(make, cpu));
  });
});

describe("frozen zeros", () => {
  // Where a ReLU stands behind, 0 has no gradient; behind these it has.
  const network = worn(curved());
  const plan = planFor(network);
  const start: TrainState = maskState({ network, velocity: new Map(), step: 0 }, plan);
  const settings = { ...DEFAULT_SETTINGS, batchSize: BATCH };

  it("are found in a masked network as the plan has made them", () => {
    const masks = planMasks(findGroups(network), plan);
    const found = zeroMasks(start.network);
    expect([...found.keys()].toSorted()).toEqual([...masks.keys()].toSorted());
    for (const [name, mask] of masks) expect(found.get(name)).toEqual(mask);
    expect(zeroMasks(network).size).toBe(0);
    // Fresh shifts and biases are 0 too, but live.
    expect(zeroMasks(curved()).size).toBe(0);
  });

  it("come back when nobody holds them, which is why they must be held", async () => {
    const backend = await openInNode("wasm");
    for (const freezeZeros of [false, true]) {
      const program = compileRun(start.network, backend, { ...settings, freezeZeros });
      for (let i = 0; i < 2; i++) {
        const { images, labels } = batchFor(network, BATCH, i);
        await program.step(images, labels, REAL_STEP);
      }
      const { weights, velocity } = await program.readParameters();
      program.dispose();
      const back = revived(weights, network, plan) + revived(velocity, network, plan);
      expect(back > 0).toBe(!freezeZeros);
    }
  });

  it("are not there where no weight is held: the same bits as without a word", async () => {
    const backend = await openInNode("wasm");
    const run = async (frozen?: ReadonlyMap<string, Uint8Array>) => {
      const program = compile(network, backend, BATCH, { frozen });
      const { images, labels } = batchFor(network, BATCH);
      await program.step(images, labels, REAL_STEP);
      const { weights } = await program.readParameters();
      program.dispose();
      return weights;
    };
    const everything = new Map(
      [...network.weights].map(([name, { values }]) => [
        name,
        new Uint8Array(values.length).fill(1),
      ]),
    );
    expect(await run(everything)).toEqual(await run());
  });

  it("hold whatever is written to them", async () => {
    for (const kind of ["wasm", "cpu"] as const) {
      const backend = await openInNode(kind);
      const frozen = planMasks(findGroups(network), plan);
      const program = compile(network, backend, BATCH, { frozen });
      const { images, labels } = batchFor(network, BATCH);
      const masked = compile(start.network, backend, BATCH);
      const expected = await masked.forward(images);
      expect(await program.forward(images)).toEqual(expected);
      await program.step(images, labels, REAL_STEP);
      program.writeParameters({ weights: network.weights, velocity: network.weights });
      expect(await program.forward(images)).toEqual(expected);
      const { velocity } = await program.readParameters();
      expect(revived(velocity, network, plan)).toBe(0);
      program.dispose();
      masked.dispose();
    }
  });
});
