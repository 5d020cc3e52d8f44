/**
 * @file What Espalier puts beside a network in formats of others: its own graph and metadata as one JSON
 * value with a version, so that it reads back exactly what it wrote.
 */
import * as v from "valibot";
import type { Network } from "../model/index.ts";
import { at } from "./bytes.ts";
import { checkVersion, GRAPH_VERSION, graphToJson, metadataToJson } from "./graph.ts";
import { checkJson } from "./json.ts";

const ownSchema = v.object({
  version: v.number(),
  graph: v.unknown(),
  metadata: v.optional(v.unknown(), {}),
});

/** Graph and metadata of ours, not yet looked into. */
export type OwnJson = v.InferOutput<typeof ownSchema>;

/** The value, fit for `JSON.stringify`: equal networks give equal text. */
export function ownToJson(network: Network): OwnJson {
  return {
    version: GRAPH_VERSION,
    graph: graphToJson(network),
    metadata: metadataToJson(network.metadata),
  };
}

/**
 * Checks the value as far as it goes without the graph.
 * @param place — the file and the field that it stands in
 * @throws files/bad-field, files/unsupported for what a newer Espalier wrote
 */
export function readOwnJson(json: unknown, place: string): OwnJson {
  const own = checkJson(ownSchema, json, place);
  checkVersion(own.version, at(place, "version"));
  return own;
}
