/**
 * @file The machine on real threads of Node: what runs is copies, because where their bytes go is easily
 * told, and programs that no network would ask for.
 */
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { nodeKernelFiles, nodeThreads } from "../../cli/kernels.ts";
import { breathe } from "../../core/index.ts";
import { refusal } from "../../core/testing/refusal.ts";
import { CONTROL, CONTROL_BYTES, encode, OPCODES } from "./instructions.ts";
import { openMachine, type Machine, type MachineMemory, type MachineOptions } from "./machine.ts";
import type { KernelFiles, Thread, ThreadHost } from "./rim.ts";

const PAGE = 65_536;
const PROGRAM = CONTROL_BYTES;
const FROM = 4096;
const TO = 32_768;

let machines: Machine[] = [];

async function machineOf(options: Partial<MachineOptions> = {}): Promise<Machine> {
  const machine = await openMachine({ files: nodeKernelFiles, ...options });
  machines.push(machine);
  return machine;
}

const onThreads = (count: number): Promise<Machine> => machineOf({ threads: nodeThreads(count) });

function closeAll(): void {
  for (const machine of machines) machine.dispose();
  machines = [];
}

afterEach(closeAll);

/** Copies `count` words from one place to another. */
function writeCopy({ buffer }: MachineMemory, count: number, to = TO): void {
  const words = encode([{ name: "copy", words: { from: FROM, to, count } }]);
  new Int32Array(buffer).set(words, PROGRAM / 4);
}

const fill = ({ buffer }: MachineMemory, count: number, first: number): void => {
  new Int32Array(buffer, FROM, count).forEach((_, i, words) => (words[i] = first + i));
};

const read = ({ buffer }: MachineMemory, count: number): number[] => [
  ...new Int32Array(buffer, TO, count),
];

const counting = (count: number, first: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i);

async function expectToCopy(memory: MachineMemory, count: number, first: number): Promise<void> {
  writeCopy(memory, count);
  fill(memory, count, first);
  await memory.run(PROGRAM);
  expect(read(memory, count + 1)).toEqual([...counting(count, first), 0]);
}

describe("a run", () => {
  it.each([1, 2, 3])("is shared by %i threads", async (count) => {
    const machine = await onThreads(count);
    expect(machine).toMatchObject({ threads: count });
    expect(machine.description).toMatch(/^own kernels, (fused )?SIMD, \d threads?$/);
    await expectToCopy(machine.open(PAGE), 1001, 7);
  });

  it("goes without threads, in memory that is not shared", async () => {
    const machine = await machineOf();
    expect(machine).toMatchObject({
      variant: "single",
      threads: 1,
      description: "own kernels, SIMD, 1 thread",
      note: "no threads: none were given",
    });
    const memory = machine.open(PAGE);
    expect(memory.buffer).toBeInstanceOf(ArrayBuffer);
    await expectToCopy(memory, 1001, 7);
  });

  it("wakes every thread every time, hundreds of times", async () => {
    const memory = (await onThreads(2)).open(PAGE);
    writeCopy(memory, 2);
    for (let i = 0; i < 500; i++) {
      fill(memory, 2, i);
      await memory.run(PROGRAM);
      expect(read(memory, 2)).toEqual([i, i + 1]);
    }
  });

  it("keeps to its own memory, in turn with others", async () => {
    const machine = await onThreads(2);
    const [a, b] = [machine.open(PAGE), machine.open(3 * PAGE)];
    expect(b.buffer.byteLength).toBe(3 * PAGE);
    for (let i = 0; i < 20; i++) {
      for (const [memory, first] of [[a, i] as const, [b, -i] as const]) {
        writeCopy(memory, 64);
        fill(memory, 64, first);
      }
      // Not awaited one by one: the machine has to keep them apart.
      await Promise.all([a.run(PROGRAM), b.run(PROGRAM), a.run(PROGRAM)]);
      expect(read(a, 64)).toEqual(counting(64, i));
      expect(read(b, 64)).toEqual(counting(64, -i));
    }
  });
});

describe("memory", () => {
  it.each([undefined, 2])("is handed out again, all zero, and grows (threads: %o)", async (n) => {
    const machine = n === undefined ? await machineOf() : await onThreads(n);
    const first = machine.open(PAGE);
    await expectToCopy(first, 100, 1);
    first.dispose();
    first.dispose();
    expect(() => first.buffer).toThrow(/given back/);
    await expect(first.run(PROGRAM)).rejects.toThrow(/given back/);

    const second = machine.open(40 * PAGE);
    expect(new Int32Array(second.buffer).every((word) => word === 0)).toBe(true);
    // Where it has grown, threads that slept meanwhile must be able to write.
    const last = 40 * PAGE - 400;
    writeCopy(second, 100, last);
    fill(second, 100, 5);
    await second.run(PROGRAM);
    expect([...new Int32Array(second.buffer, last, 100)]).toEqual(counting(100, 5));
    second.dispose();

    const [small, other] = [machine.open(1), machine.open(1)];
    expect(small.buffer).not.toBe(other.buffer);
    expect(new Int32Array(small.buffer).every((word) => word === 0)).toBe(true);
    await expectToCopy(small, 10, 1);
    await expectToCopy(other, 10, 2);
  });

  it("is zero where that was asked for, whatever it held before", async () => {
    const machine = await machineOf();
    const first = machine.open(4 * PAGE);
    new Int32Array(first.buffer).fill(7);
    first.dispose();
    const second = machine.open(4 * PAGE, PAGE);
    const words = new Int32Array(second.buffer);
    expect(words.subarray(0, PAGE / 4).every((word) => word === 0)).toBe(true);
    second.dispose();
    // What was left as it was is cleared for the next who asks for that.
    const third = new Int32Array(machine.open(PAGE).buffer);
    expect(third.every((word) => word === 0)).toBe(true);
  });

  it("is given back only when its runs are over", async () => {
    const machine = await onThreads(2);
    const memory = machine.open(PAGE);
    writeCopy(memory, 10);
    const running = memory.run(PROGRAM);
    memory.dispose();
    const next = machine.open(PAGE);
    await running;
    await expectToCopy(next, 10, 3);
  });

  it("that cannot be had is refused", async () => {
    for (const machine of [await machineOf(), await onThreads(1)]) {
      const error = await refusal(async () => machine.open(2 ** 33));
      expect(error).toMatchObject({ code: "runtime/out-of-memory" });
      expect(error.found).toContain("8.59 GB");
    }
  });
});

describe("a machine that was closed", () => {
  it("opens nothing and runs nothing, but lets its bytes be read", async () => {
    const machine = await onThreads(2);
    const memory = machine.open(PAGE);
    await expectToCopy(memory, 10, 4);
    machine.dispose();
    expect(read(memory, 2)).toEqual([4, 5]);
    expect(() => machine.open(1)).toThrow(/closed/);
    await expect(memory.run(PROGRAM)).rejects.toThrow(/closed/);
  });
});

/** A host whose threads a test can reach, and whose messages it can hold back. */
function watched(
  host: ThreadHost,
  swallow: (kind: string, thread: number) => boolean = () => false,
) {
  const threads: Thread[] = [];
  const start = (): Thread => {
    const thread = host.start();
    const at = threads.push(thread) - 1;
    const post: Thread["post"] = (message) => {
      if (!swallow(message.kind, at)) thread.post(message);
    };
    return { ...thread, post };
  };
  return { count: host.count, start, threads };
}

/** A copy that says it has no length: it is the next instruction again, for ever. */
function writeEndless({ buffer }: MachineMemory): void {
  new Int32Array(buffer).set([OPCODES.copy, 0, FROM, TO, 0], PROGRAM / 4);
}

describe("a thread that is lost", () => {
  it("in the middle of a run is noticed, and the next run has new ones", async () => {
    const host = watched(nodeThreads(2));
    const machine = await machineOf({ threads: host });
    const [memory, other] = [machine.open(PAGE), machine.open(PAGE)];
    await expectToCopy(other, 50, 9);
    writeEndless(memory);
    fill(memory, 50, 21);
    const running = refusal(() => memory.run(PROGRAM));
    await breathe();
    await host.threads[1]?.terminate();
    expect(await running).toMatchObject({
      code: "runtime/thread-lost",
      found: "it ended",
    });

    expect(new Int32Array(memory.buffer)[CONTROL.barrierCount]).toBe(0);
    expect([...new Int32Array(memory.buffer, FROM, 50)]).toEqual(counting(50, 21));
    expect(read(other, 50)).toEqual(counting(50, 9));
    await expectToCopy(memory, 50, 33);
    await expectToCopy(other, 50, 34);
    expect(host.threads).toHaveLength(4);
  });

  it("between two runs costs nothing but its successor's start", async () => {
    const host = watched(nodeThreads(2));
    const memory = (await machineOf({ threads: host })).open(PAGE);
    await expectToCopy(memory, 50, 1);
    await host.threads[0]?.terminate();
    await expectToCopy(memory, 50, 2);
    expect(host.threads).toHaveLength(4);
  });

  it("because it hangs is noticed where the others wait for it", async () => {
    let patient = true;
    const host = watched(nodeThreads(2), (kind, at) => patient && kind === "memory" && at === 1);
    const machine = await machineOf({ threads: host, stallMs: 1000 });
    const memory = machine.open(PAGE);
    writeCopy(memory, 50);
    expect(await refusal(() => memory.run(PROGRAM))).toMatchObject({
      code: "runtime/thread-lost",
      found: "no progress in 1 s",
    });
    patient = false;
    await expectToCopy(memory, 50, 3);
  });
});

describe("a kernel that traps", () => {
  it.each([undefined, 1, 3])("fails its run, not the next (threads: %o)", async (count) => {
    const machine = count === undefined ? await machineOf() : await onThreads(count);
    const memory = machine.open(PAGE);
    new Int32Array(memory.buffer).set([9999, 2, 0], PROGRAM / 4);
    expect(await refusal(() => memory.run(PROGRAM))).toMatchObject({
      code: "runtime/thread-lost",
      found: "unreachable",
    });
    await expectToCopy(memory, 50, 3);
  });

  it("in one thread alone does not leave the others waiting", async () => {
    const memory = (await onThreads(2)).open(PAGE);
    // The second thread's half lies behind the end.
    writeCopy(memory, 1000, PAGE - 2000);
    const error = await refusal(() => memory.run(PROGRAM));
    expect(error.code).toBe("runtime/thread-lost");
    expect(error.found).toContain("out of bounds");
    await expectToCopy(memory, 50, 3);
  });

  it("does not stop a run that stands behind it", async () => {
    const machine = await onThreads(2);
    const [bad, good] = [machine.open(PAGE), machine.open(PAGE)];
    new Int32Array(bad.buffer).set([9999, 2, 0], PROGRAM / 4);
    const failing = refusal(() => bad.run(PROGRAM));
    await expectToCopy(good, 50, 8);
    await failing;
  });
});

describe("the choice of a build", () => {
  /** The real files but for those that are replaced, or missing. */
  const filesWith = (replaced: Readonly<Record<string, ArrayBuffer | undefined>>): KernelFiles => ({
    load: (name) => {
      if (!(name in replaced)) return nodeKernelFiles.load(name);
      const bytes = replaced[name];
      return bytes === undefined ? Promise.reject(new Error("status 404")) : Promise.resolve(bytes);
    },
  });
  const garbage = new TextEncoder().encode("<html>").buffer;

  it("passes over what is no module or is not there, and says so", async () => {
    const threads = nodeThreads(1);
    const simd = await machineOf({ threads, files: filesWith({ fma: garbage }) });
    expect(simd).toMatchObject({ variant: "simd", note: "no fused SIMD here" });
    await expectToCopy(simd.open(PAGE), 10, 1);
    const single = await machineOf({
      threads,
      files: filesWith({ fma: garbage, simd: undefined }),
    });
    expect(single).toMatchObject({
      variant: "single",
      note: "no fused SIMD here; SIMD could not be loaded (status 404)",
    });
  });

  it("refuses when nothing is left, or when what was asked for cannot be had", async () => {
    const files = filesWith({ fma: garbage, simd: garbage, single: undefined });
    const error = await refusal(() => machineOf({ files }));
    expect(error.code).toBe("runtime/backend-unavailable");
    expect(error.found).toContain("status 404");
    const simd = await refusal(() => machineOf({ only: "simd" }));
    expect(simd.found).toBe("no threads: none were given");
    const only = await machineOf({ only: "single", threads: nodeThreads(2) });
    expect(only).toMatchObject({ variant: "single", note: "" });
  });

  it("does without threads that die or do not start", async () => {
    const dies: ThreadHost = {
      count: 2,
      start: () => {
        const thread = nodeThreads(1).start();
        void thread.terminate();
        return thread;
      },
    };
    const refuses: ThreadHost = {
      count: 2,
      start: () => {
        throw new Error("not allowed here");
      },
    };
    expect((await machineOf({ threads: dies })).note).toMatch(
      /no threads: they did not start \(it ended\)$/,
    );
    const machine = await machineOf({ threads: refuses });
    expect(machine.variant).toBe("single");
    expect(machine.note).toContain("not allowed here");
  });
});

afterAll(closeAll);
