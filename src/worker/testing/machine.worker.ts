/** @file Runs copies on a machine from inside a worker, as the engine does, and posts what came of it. */
import { openMachine } from "../../runtime/spmd/machine.ts";
import { tryCopies, type CopyReport } from "./copies.ts";
import { browserKernelFiles, browserThreads } from "../kernels.ts";

self.onmessage = async ({ data: threads }: MessageEvent<number>) => {
  const machine = await openMachine({
    files: browserKernelFiles,
    threads: browserThreads(threads),
  });
  const report: CopyReport = await tryCopies(machine);
  self.postMessage(report);
};
