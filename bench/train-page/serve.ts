/** @file A peer's side of the page's worker. */
import * as Comlink from "comlink";
import type { Peer } from "../train/peer.ts";
import type { Served } from "./main.ts";

/** Answers the page's calls. */
export function serve(peer: Peer): void {
  const served: Served = { ...peer, hello: () => true };
  Comlink.expose(served);
}

/** Milliseconds of each of so many steps, one after the other. */
export async function timed(steps: number, step: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    await step();
    times.push(performance.now() - start);
  }
  return times;
}
