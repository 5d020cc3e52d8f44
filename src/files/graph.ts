/**
 * @file A network's graph and metadata as JSON: what every format of ours carries beside the
 * weights, so that a network comes back exactly. Reading checks each field's type here, its value by
 * the op itself, and the shapes by `factsOf`.
 */
import * as v from "valibot";
import { AppError, channelsOf, sameBits, showShape, sizeOf } from "../core/index.ts";
import {
  endsOf,
  factsOf,
  type Graph,
  type Metadata,
  type Network,
  type Op,
} from "../model/index.ts";
import { at, showCount } from "./bytes.ts";
import { checkJson } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { checkSurgery, surgerySchema } from "./surgery-record.ts";

/** The version of the JSON that this file writes; it grows when old readers would misread it. */
export const GRAPH_VERSION = 1;

const count = v.pipe(v.number(), v.safeInteger());
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.nameLength));
const pair = v.strictTuple([count, count]);
const window = { size: pair, stride: pair, padding: v.strictTuple([count, count, count, count]) };
const bare = <K extends string>(kind: K) => v.strictObject({ kind: v.literal(kind) });

// Strict objects: an attribute that this version does not know would change what the op computes.
const opSchema = v.variant("kind", [
  v.strictObject({
    kind: v.literal("input"),
    shape: v.pipe(v.array(count), v.maxLength(LIMITS.rank)),
  }),
  v.strictObject({
    kind: v.literal("conv2d"),
    filters: count,
    groups: count,
    bias: v.boolean(),
    ...window,
  }),
  v.strictObject({ kind: v.literal("batchNorm"), epsilon: v.number(), momentum: v.number() }),
  bare("relu"),
  bare("relu6"),
  v.strictObject({ kind: v.literal("elu"), alpha: v.number() }),
  v.strictObject({ kind: v.literal("leakyRelu"), alpha: v.number() }),
  bare("swish"),
  bare("tanh"),
  v.strictObject({ kind: v.literal("maxPool"), ...window }),
  v.strictObject({ kind: v.literal("averagePool"), ...window }),
  bare("globalAveragePool"),
  bare("flatten"),
  v.strictObject({ kind: v.literal("dense"), units: count, bias: v.boolean() }),
  bare("add"),
  bare("concat"),
  v.strictObject({ kind: v.literal("channelSelect"), indices: v.array(count) }),
  bare("softmax"),
]) satisfies v.GenericSchema<unknown, Op>;

const graphSchema = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(LIMITS.nameLength)),
  nodes: v.pipe(
    v.array(v.strictObject({ name, op: opSchema, inputs: v.array(name) })),
    v.maxLength(LIMITS.nodes),
  ),
  output: name,
});

const finite = v.pipe(v.number(), v.finite());

const metadataSchema = v.object({
  classes: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.maxLength(LIMITS.nameLength))),
      v.maxLength(LIMITS.classes),
    ),
  ),
  normalization: v.optional(v.object({ mean: v.array(finite), std: v.array(finite) })),
  // Kept as it is: copying key by key would lose keys such as `constructor`.
  provenance: v.optional(v.custom<Readonly<Record<string, unknown>>>(isObject)),
  surgery: v.optional(surgerySchema),
});

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The graph alone, fit for `JSON.stringify`. */
export function graphToJson({ name: title, nodes, output }: Graph): Graph {
  return { name: title, nodes, output };
}

type Loose = { readonly [K in keyof Metadata]?: Metadata[K] | undefined };

/** Metadata, fit for `JSON.stringify`: equal metadata give equal text, however they were put together. */
export function metadataToJson(metadata: Loose): Metadata {
  const { classes, normalization, provenance, surgery } = metadata;
  return {
    ...(classes === undefined ? {} : { classes }),
    ...(normalization === undefined ? {} : { normalization }),
    ...(provenance === undefined ? {} : { provenance }),
    ...(surgery === undefined ? {} : { surgery }),
  };
}

/**
 * Reads a graph.
 * @param where — the file and field it stood in
 * @throws files/bad-field, files/over-limit, model/* with the file in front of the place
 */
export function readGraph(json: unknown, where: string): Graph {
  const graph = checkJson(graphSchema, json, where);
  const facts = inFile(where, () => factsOf(graph));
  const most = Math.max(LIMITS.channels, weightsIn(facts));
  for (const { node, shape } of facts.values()) {
    const place = at(where, node.name);
    if (shape.some((size) => size > LIMITS.elements) || sizeOf(shape) > LIMITS.elements) {
      throw new AppError("files/over-limit", {
        where: place,
        expected: `at most ${LIMITS.elements} values`,
        found: showShape(shape),
      });
    }
    checkChannels(channelsOf(shape), place, node.op.kind === "input" ? undefined : most);
  }
  return graph;
}

/** How many numbers the file must have for the graph. */
function weightsIn(facts: ReturnType<typeof factsOf>): number {
  const specs = [...facts.values()].flatMap(({ weights }) => Object.values(weights));
  return specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/**
 * Refuses an axis of channels that costs the file nothing and whoever opens it minutes.
 * @param most — more than {@link LIMITS.channels} where weights stand for them
 * @throws files/over-limit
 */
export function checkChannels(
  channels: number,
  where: string,
  most: number = LIMITS.channels,
): void {
  if (channels <= most) return;
  throw new AppError("files/over-limit", {
    where,
    expected: `at most ${showCount(most)} channels`,
    found: showCount(channels),
  });
}

/** Reads metadata and holds it against the graph. */
export function readMetadata(json: unknown, graph: Graph, where: string): Metadata {
  const metadata = metadataToJson(checkJson(metadataSchema, json, where));
  checkMetadata(graph, metadata, where);
  return metadata;
}

/**
 * Checks that metadata fits the graph: one class name per output, one mean and deviation per input
 * channel, an origin for every channel. Asked before writing too, since what is written must be readable.
 * @throws files/bad-field
 */
export function checkMetadata(graph: Graph, metadata: Metadata, where: string): void {
  const { input, output } = endsOf(graph);
  const { classes, normalization, surgery } = metadata;
  if (surgery !== undefined) checkSurgery(graph, surgery, where);
  const expectLength = (field: string, found: number, expected: number): void => {
    if (found === expected) return;
    throw new AppError("files/bad-field", {
      where: at(where, ...field.split(".")),
      expected: `${expected} entries`,
      found: String(found),
    });
  };
  if (classes !== undefined) expectLength("classes", classes.length, sizeOf(output));
  if (normalization === undefined) return;
  const channels = input[input.length - 1] ?? 0;
  expectLength("normalization.mean", normalization.mean.length, channels);
  expectLength("normalization.std", normalization.std.length, channels);
  const bad = normalization.std.find((deviation) => !(deviation > 0));
  if (bad !== undefined) {
    throw new AppError("files/bad-field", {
      where: at(where, "normalization", "std"),
      expected: "numbers above 0",
      found: String(bad),
    });
  }
}

/** Runs a check of `model/` and puts the file in front of the place that it names. */
export function inFile<T>(where: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, {
      where: at(where, error.where),
      ...(error.expected === undefined ? {} : { expected: error.expected }),
      ...(error.found === undefined ? {} : { found: error.found }),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
}

/**
 * Refuses what a newer Espalier wrote.
 * @throws files/unsupported
 */
export function checkVersion(version: number | string, where: string): void {
  if (String(version) === String(GRAPH_VERSION)) return;
  throw new AppError("files/unsupported", {
    where,
    expected: `format version ${GRAPH_VERSION}`,
    found: String(version),
    hint: "open it with a newer Espalier",
  });
}

/** True when graph, weights and metadata are the same, weights bit for bit. Cost O(weights). */
export function sameNetwork(a: Network, b: Network): boolean {
  if (canonical(graphToJson(a)) !== canonical(graphToJson(b))) return false;
  if (canonical(a.metadata) !== canonical(b.metadata)) return false;
  if (a.weights.size !== b.weights.size) return false;
  for (const [tensorName, tensor] of a.weights) {
    const other = b.weights.get(tensorName);
    if (other === undefined || tensor.shape.join() !== other.shape.join()) return false;
    if (!sameBits(tensor.values, other.values)) return false;
  }
  return true;
}

/** JSON with sorted keys: the order in which fields were written does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part)
      ? Object.fromEntries(Object.entries(part as object).toSorted(([x], [y]) => (x < y ? -1 : 1)))
      : part,
  );
}
