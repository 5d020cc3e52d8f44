/**
 * @file A tfjs model that Espalier wrote: the exact graph stands in `userDefinedMetadata`, and the
 * weights are taken back along the same translation that wrote them. A topology that was edited by
 * hand meanwhile is not looked at; its weights would no longer fit.
 */
import { AppError, sameShape, showShape } from "../../core/index.ts";
import type { Network, Tensor } from "../../model/index.ts";
import { assembleNetwork } from "../assemble.ts";
import { at } from "../bytes.ts";
import { inFile, readGraph, readMetadata } from "../graph.ts";
import { type OwnJson, readOwnJson } from "../own-json.ts";
import { lower } from "./lower.ts";
import { restoreWeight } from "./weights.ts";

/**
 * Reads what Espalier has put beside the topology.
 * @throws files/bad-field, files/unsupported for what a newer Espalier wrote
 */
export function readEspalier(json: unknown, file: string): OwnJson {
  return readOwnJson(json, placeIn(file));
}

/**
 * Builds the network.
 * @param readWeights — every weight by name; asked once the graph is known to be sound
 * @throws files/missing-part, files/shape-mismatch, files/bad-field, and what
 *   {@link assembleNetwork} throws
 */
export function restoreNetwork(
  espalier: OwnJson,
  readWeights: () => Map<string, Tensor>,
  file: string,
): Network {
  const place = placeIn(file);
  const graph = readGraph(espalier.graph, at(place, "graph"));
  const metadata = readMetadata(espalier.metadata, graph, at(place, "metadata"));
  const theirs = readWeights();
  const tensors = new Map<string, Tensor>();
  const { layers } = inFile(file, () => lower(graph));
  for (const weight of layers.flatMap((layer) => layer.weights)) {
    const where = at(file, "weightsManifest", weight.name);
    const found = theirs.get(weight.name);
    if (found === undefined) {
      throw new AppError("files/missing-part", {
        where,
        expected: `${showShape(weight.shape)} float32`,
        found: "nothing",
        hint: "export the network again",
      });
    }
    if (!sameShape(found.shape, weight.shape)) {
      throw new AppError("files/shape-mismatch", {
        where,
        expected: showShape(weight.shape),
        found: showShape(found.shape),
      });
    }
    theirs.delete(weight.name);
    const tensor = restoreWeight(weight, found.values, where);
    if (tensor !== undefined && weight.source.kind !== "one-hot") {
      tensors.set(weight.source.tensor, tensor);
    }
  }
  const [stray] = theirs.keys();
  if (stray !== undefined) {
    throw new AppError("files/bad-field", {
      where: at(file, "weightsManifest", stray),
      expected: "a weight of the network",
      found: "a weight that no layer uses",
    });
  }
  return assembleNetwork({ graph, metadata, tensors }, file);
}

function placeIn(file: string): string {
  return at(file, "userDefinedMetadata", "espalier");
}
