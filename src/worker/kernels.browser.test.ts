/** @file The kernels' threads in Chromium: under a window, which must not block, and under a worker. */
import { expect, it } from "vitest";
import { openMachine } from "../runtime/spmd/machine.ts";
import { browserKernelFiles, browserThreads } from "./kernels.ts";
import { tryCopies, type CopyReport } from "./testing/copies.ts";

function expectAllRight(report: CopyReport, threads: string): void {
  expect(report).toMatchObject({
    description: `own kernels, fused SIMD, ${threads}`,
    note: "",
    right: 210,
    wrong: 0,
  });
  expect(report.trap).toContain("runtime/thread-lost");
}

it("work under a window", async () => {
  const machine = await openMachine({ files: browserKernelFiles, threads: browserThreads(2) });
  expectAllRight(await tryCopies(machine), "2 threads");
});

it.each([
  [1, "1 thread"],
  [3, "3 threads"],
])("work under a worker (%i)", async (count, threads) => {
  const worker = new Worker(new URL("./testing/machine.worker.ts", import.meta.url), {
    type: "module",
  });
  const report = await new Promise<CopyReport>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<CopyReport>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(count);
  }).finally(() => worker.terminate());
  expectAllRight(report, threads);
});

it("are not needed: one thread does without a worker", async () => {
  const machine = await openMachine({ files: browserKernelFiles });
  expect(machine).toMatchObject({ variant: "single", threads: 1 });
  machine.dispose();
});
