/**
 * @file The figures of a pruned VGG by another road than the page's: from the bytes that lie in
 * `public/`, the cut network itself and the textbook's formulas, not from the table of costs that the
 * slider reads.
 */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openFiles } from "../src/files/index.ts";
import type { Network } from "../src/model/index.ts";
import { applyPlan, findGroups, planAt, preparePruning } from "../src/prune/index.ts";
import { DEMO } from "../src/state/shipped.ts";
import { ROOT } from "./command-line.ts";

/** Where the network of a fresh visit lies. */
export const DEMO_FOLDER = dirname(join(ROOT, "public", DEMO.path));
const DEMO_FILES = ["model.json", "group1-shard1of1.bin"];

export interface Cut {
  /** Channels that stay in each layer, in forward order. */
  readonly kept: readonly number[];
  readonly parameters: number;
  readonly macs: number;
}

export async function demoFiles(): Promise<{ name: string; bytes: Uint8Array }[]> {
  return Promise.all(
    DEMO_FILES.map(async (name) => ({ name, bytes: await readFile(join(DEMO_FOLDER, name)) })),
  );
}

/** The shipped network, as the command line would open it. */
export async function demoNetwork(): Promise<Network> {
  const files = (await demoFiles()).map(
    ({ name, bytes }) => new File([Uint8Array.from(bytes)], name),
  );
  const [opened] = await openFiles(files);
  if (opened?.kind !== "network") throw new Error("the shipped network does not open");
  return opened.network;
}

/** Cuts the network for real and counts what is left by hand. */
export function cutAt(network: Network, ratio: number): Cut {
  const plan = planAt(preparePruning(network, "bn-scale"), { ratio });
  return countVgg(applyPlan(network, findGroups(network), plan));
}

/**
 * Liu et al. 2017, table 1's way of counting: kernels, γ and β, classifier; MACs of convolutions and
 * classifier at the resolution of their maps.
 */
export function countVgg({ nodes, weights }: Network): Cut {
  let [size, parameters, macs] = [32, 0, 0];
  const kept: number[] = [];
  for (const { name, op } of nodes) {
    if (op.kind === "maxPool") size /= 2;
    const kernel = weights.get(`${name}/kernel`);
    if (kernel === undefined) continue;
    const count = kernel.values.length;
    const width = kernel.shape.at(-1) ?? 0;
    if (op.kind === "conv2d") {
      kept.push(width);
      parameters += count + 2 * width;
      macs += count * size * size;
    } else {
      parameters += count + width;
      macs += count;
    }
  }
  return { kept, parameters, macs };
}
