/**
 * @file A program on a machine: what it opens and when, what it refuses, what it does when a thread is
 * lost, and that calls do not get in each other's way. The machine is the interpreter.
 */
import { describe, expect, it } from "vitest";
import { AppError, explain } from "../../core/index.ts";
import { refusal } from "../../core/testing/refusal.ts";
import { buildArchitecture, GraphBuilder, initialize, type Network } from "../../model/index.ts";
import { compile } from "../compile.ts";
import type { Parameters } from "../program.ts";
import { openInNode } from "../testing/backends.ts";
import { withLeakCheck } from "../testing/leaks.ts";
import { batchFor, REAL_STEP, tiny, worn } from "../testing/networks.ts";
import { CONTROL, type InstructionName } from "./instructions.ts";
import { SpmdProgram } from "./program.ts";
import { backendOn } from "./testing/backends.ts";
import type { Bytes, Given } from "./testing/bytes.ts";
import { interpreter } from "./testing/interpreter.ts";
import { planTrainingMemory } from "./training-memory.ts";

const BATCH = 4;

const valuesOf = ({ weights, velocity }: Parameters) =>
  [...weights, ...velocity].map(([name, { values }]) => [name, [...values]] as const);

const lost = (): AppError =>
  new AppError("runtime/thread-lost", { where: "a thread of the kernels", found: "it ended" });

describe("a program", () => {
  it("opens nothing before it is asked, and training at the first step alone", async () => {
    const opened: number[] = [];
    const network = tiny();
    const program = new SpmdProgram(network, interpreter({ onOpen: (n) => opened.push(n) }), BATCH);
    const { images, labels } = batchFor(network, BATCH);
    const { parameterBytes, peakActivationBytes, instructions } = program.memory;
    expect(opened).toEqual([]);
    await program.forward(images);
    await program.read();
    expect(opened).toHaveLength(1);
    await program.step(images, labels, REAL_STEP);
    await program.step(images, labels, REAL_STEP);
    await program.forward(images);
    expect(opened).toHaveLength(2);
    expect(opened[1]).toBe(parameterBytes + peakActivationBytes);
    expect(instructions).toBe(
      planTrainingMemory(network, BATCH, 1).lowered.listing.instructions.length,
    );
    program.dispose();
    program.dispose();
    await expect(program.forward(images)).rejects.toThrow(/^internal: /);
  });

  it("has velocities from the first step on, or those that were given", async () => {
    const network = tiny();
    const program = new SpmdProgram(network, interpreter(), BATCH);
    const { images, labels } = batchFor(network, BATCH);
    expect((await program.readParameters()).velocity.size).toBe(0);
    await program.step(images, labels, REAL_STEP);
    const first = await program.readParameters();
    expect([...first.velocity.keys()].filter((name) => /mean|variance/.test(name))).toEqual([]);
    expect(first.velocity.size).toBe(8);
    await program.step(images, labels, REAL_STEP);
    const second = await program.readParameters();

    // Back to the first, in the same program and in a fresh one: the second step comes out again.
    for (const other of [program, new SpmdProgram(network, interpreter(), BATCH)]) {
      other.writeParameters(first);
      expect(valuesOf(await other.readParameters())).toEqual(valuesOf(first));
      await other.step(images, labels, REAL_STEP);
      expect(valuesOf(await other.readParameters())).toEqual(valuesOf(second));
      other.dispose();
    }
  });

  it("keeps nothing of what it is given: not even while it waits", async () => {
    const network = worn(tiny());
    const calm = new SpmdProgram(network, interpreter(), BATCH);
    const busy = new SpmdProgram(network, interpreter(), BATCH);
    const { images, labels } = batchFor(network, BATCH);
    const other = { weights: worn(tiny(7)).weights, velocity: new Map() };
    const expected = [
      await calm.forward(images),
      await calm.step(images, labels, REAL_STEP),
      await calm.forward(images),
    ];
    calm.writeParameters(other);
    expected.push(await calm.forward(images), valuesOf(await calm.readParameters()) as never);

    const [fed, told] = [images.slice(), labels.slice()];
    const given = { ...other, weights: new Map(other.weights) };
    const found = [
      busy.forward(fed.slice()),
      busy.step(fed, told, REAL_STEP),
      busy.forward(fed),
    ] as Promise<unknown>[];
    busy.writeParameters(given);
    found.push(busy.forward(fed), busy.readParameters().then(valuesOf));
    fed.fill(9);
    told.fill(9);
    expect(await Promise.all(found)).toEqual(expected);
    calm.dispose();
    busy.dispose();
  });

  it("refuses weights that do not fit, at once", () => {
    const program = new SpmdProgram(tiny(), interpreter(), BATCH);
    const wrong = new Map([["fc/bias", { shape: [3], values: new Float32Array(3) }]]);
    expect(() => program.writeParameters({ weights: wrong, velocity: new Map() })).toThrow(
      /^internal: 3 values for fc\/bias/,
    );
    program.dispose();
  });

  it("steps past dead branches, whose weights stay what they are", async () => {
    const b = new GraphBuilder();
    const x = b.conv("conv", b.input([4, 4, 2]), { filters: 4 });
    b.bn("dead.bn", b.conv("dead", x, { filters: 2, bias: true }));
    const y = b.add("gap", { kind: "globalAveragePool" }, x);
    const graph = b.finish("dead", b.add("fc", { kind: "dense", units: 10, bias: true }, y));
    const network = initialize(graph, { seed: 1 });
    const program = new SpmdProgram(network, interpreter({ threads: 2 }), 2);
    const { images, labels } = batchFor(network, 2);
    expect((await program.step(images, labels, REAL_STEP)).finite).toBe(true);
    const { weights, velocity } = await program.readParameters();
    for (const [name, { values }] of weights) {
      const before = network.weights.get(name)?.values;
      if (name.startsWith("dead")) expect(values, name).toEqual(before);
      else expect(values, name).not.toEqual(before);
    }
    expect([...velocity.keys()].some((name) => name.startsWith("dead"))).toBe(false);
    program.dispose();
  });
});

/** Loses a thread in front of an instruction, in the steps with these numbers. */
function breaking(at: InstructionName, runs: readonly number[]) {
  let run = 0;
  return (name: InstructionName, words: Given, bytes: Bytes): void => {
    if (name === "spreadImages") run += 1;
    if (name !== at || !runs.includes(run)) return;
    if (name === "sgd") halfUpdate(words, bytes);
    throw lost();
  };
}

/** What an update leaves that breaks off: everything in the shadow, and half of the weights changed. */
function halfUpdate(words: Given, { floats, whole }: Bytes): void {
  const [count = 0, weights = 0, velocities = 0, shadow = 0] = [
    words["count"],
    ...["weights", "velocities", "shadow"].map((name) => (words[name] ?? 0) / 4),
  ];
  floats.copyWithin(shadow, weights, weights + count);
  floats.copyWithin(shadow + count, velocities, velocities + count);
  whole[CONTROL.stage] = 1;
  floats.fill(123, weights, weights + count / 2);
  floats.fill(45, velocities, velocities + count / 2);
}

describe("a thread that is lost in a step", () => {
  const network: Network = worn(tiny());
  const { images, labels } = batchFor(network, BATCH);

  async function after(steps: number): Promise<Parameters> {
    const program = new SpmdProgram(network, interpreter(), BATCH);
    for (let step = 0; step < steps; step++) await program.step(images, labels, REAL_STEP);
    return program.readParameters();
  }

  it.each(["convGemm", "crossEntropyGradient", "sgd", "checkFinite"] as const)(
    "at %s changes nothing when the step goes well again",
    async (at) => {
      const machine = interpreter({ watch: breaking(at, [2]) });
      const program = new SpmdProgram(network, machine, BATCH);
      await program.step(images, labels, REAL_STEP);
      await program.step(images, labels, REAL_STEP);
      expect(valuesOf(await program.readParameters())).toEqual(valuesOf(await after(2)));
    },
  );

  it.each(["crossEntropyGradient", "sgd", "checkFinite"] as const)(
    "at %s twice is told, with everything as it was before, and the next step goes on",
    async (at) => {
      const machine = interpreter({ watch: breaking(at, [2, 3]) });
      const program = new SpmdProgram(network, machine, BATCH);
      await program.step(images, labels, REAL_STEP);
      const error = await refusal(() => program.step(images, labels, REAL_STEP));
      expect(error.code).toBe("runtime/thread-lost");
      expect(valuesOf(await program.readParameters())).toEqual(valuesOf(await after(1)));
      await program.step(images, labels, REAL_STEP);
      expect(valuesOf(await program.readParameters())).toEqual(valuesOf(await after(2)));
    },
  );

  it("in inference is made good by asking again", async () => {
    const machine = interpreter({ watch: breaking("averagePool", [1]) });
    const program = new SpmdProgram(network, machine, BATCH);
    const calm = new SpmdProgram(network, interpreter(), BATCH);
    expect(await program.forward(images)).toEqual(await calm.forward(images));
  });

  it("does not have work done twice that is done meanwhile", async () => {
    const machine = interpreter({ watch: breaking("averagePool", [1]) });
    const program = new SpmdProgram(network, machine, BATCH);
    let times = 0;
    await program.forward(images, () => (times += 1));
    expect(times).toBe(1);
  });
});

describe("work that is done while a program runs", () => {
  it.each(["cpu", "wasm"] as const)(
    "is done once on %s, over the images that were fed",
    async (kind) => {
      const network = tiny();
      const { images } = batchFor(network, BATCH);
      const program = compile(network, await openInNode(kind), BATCH);
      const calm = await program.forward(images);
      const fed = images.slice();
      let times = 0;
      const outputs = await program.forward(fed, () => {
        times += 1;
        fed.fill(0);
      });
      expect(times).toBe(1);
      expect(outputs).toEqual(calm);
      program.dispose();
    },
  );

  it.each(["cpu", "wasm"] as const)("may fail on %s without harm to the program", async (kind) => {
    const network = tiny();
    const { images } = batchFor(network, BATCH);
    const program = compile(network, await openInNode(kind), BATCH);
    const calm = await program.forward(images);
    const failing = program.forward(images, () => {
      throw new Error("no next batch");
    });
    await expect(failing).rejects.toThrow("no next batch");
    expect(await program.forward(images)).toEqual(calm);
    program.dispose();
  });
});

describe("a program that would be too large", () => {
  it("is refused before anything is opened, with a batch that would fit", async () => {
    const machine = interpreter({ onOpen: () => expect.fail("memory was opened") });
    const network = buildArchitecture("vgg11:width=0.0625", 1);
    const error = await refusal(() => compile(network, backendOn(machine), 100_000));
    expect(error.code).toBe("runtime/out-of-memory");
    expect(explain(error)).toMatch(
      /^vgg11:width=0\.0625 with batch 100000: .*expected at most 3\.2 GB, found [\d.]+ GB.*use a batch of \d+ or smaller\.$/,
    );
    const fitting = Number(/batch of (\d+)/.exec(explain(error))?.[1]);
    expect(() => compile(network, backendOn(machine), fitting)).not.toThrow();
    await refusal(() => compile(network, backendOn(machine), Math.ceil(fitting * 1.02)));
  });

  it("may answer where it cannot train: that is refused at the first step", async () => {
    const opened: number[] = [];
    const machine = interpreter({ onOpen: (bytes) => opened.push(bytes) });
    const network = buildArchitecture("densenet-22:growth=4", 1);
    const program = compile(network, backendOn(machine), 9000);
    const { images, labels } = batchFor(network, 1);
    const error = await refusal(() => program.step(images, labels, REAL_STEP));
    expect(error.code).toBe("runtime/out-of-memory");
    expect(opened).toEqual([]);
  });
});

describe("a network that the kernels do not have everything for", () => {
  it("runs on TensorFlow.js' kernels, and says why", async () => {
    const backend = { ...(await openInNode("cpu")), machine: interpreter() };
    await withLeakCheck(async () => {
      const b = new GraphBuilder();
      const x = b.add("soft", { kind: "softmax" }, b.input([5]));
      const graph = b.finish("soft", b.add("fc", { kind: "dense", units: 10, bias: true }, x));
      const program = compile(initialize(graph, { seed: 1 }), backend, 2);
      expect(program.note).toBe("not on our own kernels: soft is a softmax inside the network");
      expect(program).not.toBeInstanceOf(SpmdProgram);
      const { images, labels } = batchFor(program.network, 2);
      await program.step(images, labels, REAL_STEP);
      program.dispose();
    });
  });
});
