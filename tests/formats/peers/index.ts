/** @file All peers, and how far from ours their answers are. */
import { known } from "../../../src/core/index.ts";
import { logitsOf } from "../../../src/files/families/testing/state-dicts.ts";
import { image } from "../../../src/files/testing/samples.ts";
import type { Network } from "../../../src/model/index.ts";
import { distance } from "../../../src/runtime/testing/close.ts";
import { onnxRuntime, onnxRuntimeFolded } from "./onnxruntime.ts";
import { IMAGES, type Peer, type Work } from "./peer.ts";
import { pyTorch } from "./pytorch.ts";
import { plainTfjs } from "./tfjs.ts";

export const PEERS: readonly Peer[] = [plainTfjs, onnxRuntime, onnxRuntimeFolded, pyTorch];

/** A network with sixteen seeded images of noise. */
export function workOf(network: Network): Work {
  const rows = Array.from({ length: IMAGES }, (_, i) => image(network, 100 + i));
  const images = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  rows.forEach((row, i) => images.set(row, i * row.length));
  return { network, images };
}

/**
 * The largest difference of each network's outputs from ours on wasm, as a share of the largest
 * output: weights that were shaken at random answer with any magnitude.
 */
export async function distances(peer: Peer, networks: readonly Network[]): Promise<number[]> {
  const works = networks.map(workOf);
  const theirs = await peer.logits(works);
  const found: number[] = [];
  for (const [i, { network, images }] of works.entries()) {
    found.push(distance(known(theirs[i], network.name), await logitsOf(network, images)));
  }
  return found;
}
