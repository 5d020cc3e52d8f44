/** @file A kernel thread in a browser: the worker's worker. Vite knows it by `new Worker(new URL(…))` in `kernels.ts`. */
import { makeThread, type ThreadMessage } from "../runtime/spmd/thread-loop.mjs";

const receive = makeThread();

self.onmessage = ({ data }: MessageEvent<ThreadMessage>) => {
  receive(data);
};
