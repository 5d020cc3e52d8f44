/** @file A bundle of everything that a network can be written as, for tests. */
import type { Network } from "../../../model/index.ts";
import type { NamedBytes } from "../../containers/zip-write.ts";
import { exportNetwork } from "../../write.ts";
import { INSIDE, writeBundle } from "../write.ts";

export async function bundleOf(network: Network): Promise<NamedBytes> {
  const documents = { recipe: {}, plan: {}, report: {}, summary: [] };
  const exports = [
    await exportNetwork(network, "tfjs", { name: INSIDE }),
    await exportNetwork(network, "onnx", { name: INSIDE }),
    await exportNetwork(network, "torch", { name: INSIDE }),
  ];
  return writeBundle({ network, exports, documents, checks: [] });
}
