/**
 * @file How far other people's programs are from ours on the networks that we write: TensorFlow.js,
 * onnxruntime-web, PyTorch, sixteen images each. `tests/formats/peers.test.ts` holds the same to 1e-4;
 * here the figures are printed, and onnxruntime-web is fetched when it is not there.
 */
import { known } from "../src/core/index.ts";
import { awkward } from "../src/files/testing/samples.ts";
import type { Network } from "../src/model/index.ts";
import { NETWORKS } from "../tests/formats/networks.ts";
import { sayWhere } from "./machine.ts";
import { ensureOnnxRuntime } from "./train/onnxruntime.ts";
import { messageOf } from "./train/rounds.ts";

const SAMPLES: ReadonlyMap<string, () => Network> = new Map([
  ...Object.entries(NETWORKS),
  ["every corner", awkward],
]);

sayWhere("peers");
await ensureOnnxRuntime((text) => console.error(text)).catch((error: unknown) =>
  console.error(`onnxruntime-web is missing: ${messageOf(error)}`),
);
// Looks for the programs when it is loaded, so behind the fetching.
const { distances, PEERS } = await import("../tests/formats/peers/index.ts");

for (const peer of PEERS) {
  console.log(peer.missing === undefined ? peer.name : `${peer.name}: skipped, ${peer.missing}`);
  if (peer.missing !== undefined) continue;
  for (const name of SAMPLES.keys()) {
    const found = await distances(peer, [known(SAMPLES.get(name), name)()]).catch(messageOf);
    const [share] = typeof found === "string" ? [] : found;
    console.log(`  ${share === undefined ? String(found) : share.toExponential(1)}  ${name}`);
  }
}
