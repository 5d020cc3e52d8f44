/** @file What a bundle's documents say of a network that was cut before it came to the page. */
import { expect, it } from "vitest";
import { fingerprintNetwork, type Network } from "../model/index.ts";
import { cutNetwork, planAt, preparePruning } from "../prune/index.ts";
import { makeDocuments } from "./documents.ts";
import { createMeasured } from "./measured.ts";
import { makeSession } from "./session.ts";
import { makeSparseNetwork } from "./testing/fake-network.ts";

function documentsOf(network: Network) {
  return makeDocuments({
    session: makeSession(network, fingerprintNetwork(network), "mine.safetensors"),
    shown: null,
    whole: planAt(preparePruning(network, "bn-scale"), { ratio: 0 }),
    lineage: [],
    baseline: undefined,
    runs: [],
    measured: createMeasured().getState(),
    set: "test",
    backend: null,
    data: null,
    exports: [],
    written: "2026-01-01T00:00:00.000Z",
  });
}

it("take the plan that the network remembers, and all channels where it remembers none", () => {
  const network = makeSparseNetwork("vgg11:width=0.0625");
  const plan = planAt(preparePruning(network, "bn-scale"), { ratio: 0.5 });
  const cut = cutNetwork(network, plan).network;
  const [recorded] = cut.metadata.surgery?.history ?? [];
  expect(documentsOf(cut).plan).toEqual(recorded && "plan" in recorded && recorded.plan);
  expect(documentsOf(cut).plan).toMatchObject({ requested: 0.5 });
  expect(documentsOf(network).plan).toMatchObject({ requested: 0, achieved: 0 });
});
