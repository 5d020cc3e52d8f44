/**
 * @file The shipped network evaluated on test images by the product's own engine: its worker, its
 * batches, its counting, with the network and the images already there, as when a person has them open.
 */
import { invariant } from "../../src/core/index.ts";
import { createEngine, type NetworkKey } from "../../src/worker/index.ts";
import type { Peer } from "../train/peer.ts";

/** A load's architecture is here where the network lies; its batch is how many images are evaluated. */
export function shippedNetwork(): Peer {
  const engine = createEngine(`${location.origin}/`);
  let count = 0;
  let key: NetworkKey | undefined;
  return {
    async init({ architecture, batch }) {
      count = batch;
      const { description } = await engine.openBackend("wasm");
      await engine.loadData("test");
      key = await engine.hold(await engine.loadShipped(architecture));
      return { description, logits: [] };
    },
    async run(kind, steps) {
      invariant(key !== undefined && kind === "evaluate", `${kind} needs another peer`);
      const times: number[] = [];
      for (let i = 0; i < steps; i++) {
        const start = performance.now();
        await engine.evaluate({ network: key, set: "test", count });
        times.push(performance.now() - start);
      }
      return times;
    },
  };
}
