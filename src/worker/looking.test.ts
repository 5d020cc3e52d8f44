/** @file Looking into a network through the engine: maps as its program says them, twins as its weights do. */
import { beforeAll, expect, it } from "vitest";
import { makeRandom } from "../core/index.ts";
import type { Network } from "../model/index.ts";
import { nearestFilter } from "../prune/index.ts";
import { NODE_WASM_PATHS } from "../runtime/testing/backends.ts";
import { makeHost } from "./calls.ts";
import { EngineHost } from "./engine-host.ts";
import type { NetworkKey } from "./protocol.ts";
import type { MethodName, Methods } from "./wire.ts";

const host = makeHost(new EngineHost({ wasmPaths: NODE_WASM_PATHS }));
let id = 1;
let network: Network;
let key: NetworkKey;

async function ask<M extends MethodName>(method: M, request: Methods[M]["request"]) {
  return host.call(id++, method, request, () => undefined);
}

async function value<M extends MethodName>(method: M, request: Methods[M]["request"]) {
  const reply = await ask(method, request);
  if (reply.kind !== "value") throw new Error(JSON.stringify(reply));
  return reply.value;
}

beforeAll(async () => {
  const random = makeRandom(1);
  const bytes = Uint8Array.from({ length: 12 * 3073 }, (_, i) =>
    i % 3073 === 0 ? 1 : random.integer(255),
  );
  await value("openFiles", { files: [new File([bytes], "test_batch.bin")] });
  ({ network, key } = await value("buildArchitecture", { name: "vgg11:width=0.0625", seed: 3 }));
  await value("hold", key);
});

it("gives all channels of a node for one image, another for another image", async () => {
  const relu = network.nodes.find(({ op }) => op.kind === "relu")?.name ?? "";
  const maps = await value("featureMaps", { network: key, node: relu, image: 3 });
  expect([maps.height, maps.width, maps.values.length]).toEqual([32, 32, 32 * 32 * maps.channels]);
  expect(Math.min(...maps.values)).toBe(0);
  expect(Math.max(...maps.values)).toBeGreaterThan(0);
  const again = await value("featureMaps", { network: key, node: relu, image: 3 });
  const other = await value("featureMaps", { network: key, node: relu, image: 4 });
  expect(again.values).toEqual(maps.values);
  expect(other.values).not.toEqual(maps.values);
});

it("gives what a node says that has no map", async () => {
  const logits = await value("featureMaps", { network: key, node: network.output, image: 0 });
  expect([logits.height, logits.width, logits.channels]).toEqual([1, 1, 10]);
  const predicted = await value("predict", { network: key, cut: null, indices: [0] });
  expect(logits.values.indexOf(Math.max(...logits.values))).toBe(predicted.classes[0]);
});

it("finds the twin that the weights have", async () => {
  const layer = network.nodes.findLast(({ op }) => op.kind === "conv2d")?.name ?? "";
  const twin = await value("nearestFilter", { network: key, node: layer, channel: 2 });
  expect(twin).toEqual(nearestFilter(network, layer, 2));
  expect(twin).not.toBeNull();
});

it("is stopped before it starts", async () => {
  const asking = host.call(
    999,
    "featureMaps",
    { network: key, node: network.output, image: 0 },
    () => undefined,
  );
  host.abort(999);
  expect((await asking).kind).toBe("aborted");
});
