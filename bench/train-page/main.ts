/**
 * @file The page that a harness drives, this project's own or a foreign one: `window.ready`,
 * `benchInit(load)` and `benchRun(kind, steps)`. The work itself is done in a worker, as in the product.
 * `?peer=` puts something else behind the same names.
 */
import * as Comlink from "comlink";
import type { Load, Peer, Ready, RunKind } from "../train/peer.ts";
import { shippedNetwork } from "./product.ts";

declare global {
  interface Window {
    /** A promise of true, and true itself once it is kept. */
    ready: Promise<true> | true;
    benchInit: (load: Load) => Promise<Ready>;
    benchRun: (kind: RunKind, steps: number) => Promise<readonly number[]>;
  }
}

// The literal form: Vite finds a worker by it.
const WORKERS: Readonly<Record<string, () => Worker>> = {
  ours: () => new Worker(new URL("./ours.worker.ts", import.meta.url), { type: "module" }),
  tfjs: () => new Worker(new URL("./tfjs.worker.ts", import.meta.url), { type: "module" }),
  onnxruntime: () =>
    new Worker(new URL("./onnxruntime.worker.ts", import.meta.url), { type: "module" }),
};

/** What the peer's worker offers beside running: an answer, for a sign that its script is there. */
export type Served = Peer & { hello: () => true };

interface Started {
  readonly peer: Peer;
  readonly ready: Promise<true>;
}

function inWorker(worker: Worker): Started {
  const served = Comlink.wrap<Served>(worker);
  // A call into a worker that is gone would never settle.
  const failure = new Promise<never>((_, reject) => {
    worker.addEventListener("error", ({ message }) => reject(new Error(`the worker: ${message}`)));
  });
  failure.catch(() => undefined);
  const unlessItFails = <T>(answer: Promise<T>): Promise<T> => Promise.race([answer, failure]);
  return {
    peer: {
      init: (load) => unlessItFails(served.init(load)),
      run: (kind, steps) => unlessItFails(served.run(kind, steps)),
    },
    ready: unlessItFails(served.hello()),
  };
}

function start(name: string): Started {
  if (name === "product") return { peer: shippedNetwork(), ready: Promise.resolve(true) };
  const worker = WORKERS[name]?.();
  if (worker === undefined) throw new Error(`?peer=${name}: there is no such peer`);
  return inWorker(worker);
}

const { peer, ready } = start(new URLSearchParams(location.search).get("peer") ?? "ours");
window.benchInit = (load) => peer.init(load);
window.benchRun = (kind, steps) => peer.run(kind, steps);
window.ready = ready;
window.ready = await ready;
