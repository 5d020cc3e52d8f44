/**
 * @file How a layer is called on others, in the two dialects of `inbound_nodes`. Keras 2 and
 * TensorFlow.js write `[[["conv", 0, 0, {}]]]`; Keras 3 writes arguments in which a tensor stands as
 * `{"class_name": "__keras_tensor__", "config": {"keras_history": ["conv", 0, 0]}}`.
 */
import * as v from "valibot";
import { at } from "../bytes.ts";
import { checkJson } from "../json.ts";

/**
 * An output of another layer. Which call of it gave the output is not kept: layers that are called
 * twice are refused, and Keras counts the calls of models inside models from 0 or 1.
 */
export interface Source {
  readonly layer: string;
  readonly tensor: number;
}

/** One call of a layer. */
export interface Call {
  readonly sources: readonly Source[];
  /** What our translation would lose, in words. */
  readonly strange?: string;
}

const index = v.pipe(v.number(), v.safeInteger());
const tensorSchema = v.pipe(
  v.array(v.unknown()),
  v.transform((parts) => ({ layer: parts[0], tensor: parts[2], extra: parts[3] })),
  v.object({ layer: v.string(), tensor: index, extra: v.unknown() }),
);
const callSchema = v.object({
  args: v.optional(v.array(v.unknown()), []),
  kwargs: v.optional(v.unknown(), {}),
});
const kerasTensorSchema = v.object({
  class_name: v.literal("__keras_tensor__"),
  config: v.object({ keras_history: tensorSchema }),
});

/** Reads one entry of `inbound_nodes`. */
export function readCall(json: unknown, where: string): Call {
  if (!Array.isArray(json)) {
    const { args, kwargs } = checkJson(callSchema, json, where);
    const sources = tensorsIn(args, where);
    const strange = strangeness(kwargs, tensorsIn(kwargs, where).length > 0);
    return { sources, ...(strange === undefined ? {} : { strange }) };
  }
  const entries: readonly unknown[] = typeof json[0] === "string" ? [json] : json;
  const read = entries.map((entry, i) => checkJson(tensorSchema, entry, at(where, String(i))));
  const strange = read.map(({ extra }) => strangeness(extra, false)).find((s) => s !== undefined);
  return { sources: read, ...(strange === undefined ? {} : { strange }) };
}

/** Reads `input_layers` or `output_layers`: one tensor, or a list of them. */
export function readEnds(json: unknown, where: string): readonly Source[] {
  const list = checkJson(v.array(v.unknown()), json, where);
  const entries: readonly unknown[] = typeof list[0] === "string" ? [list] : list;
  return entries.map((entry, i) => checkJson(tensorSchema, entry, at(where, String(i))));
}

/** All tensors in arguments, outermost first; the depth of JSON is capped where it is parsed. */
function tensorsIn(json: unknown, where: string): readonly Source[] {
  if (typeof json !== "object" || json === null) return [];
  if ("class_name" in json && json.class_name === "__keras_tensor__") {
    return [checkJson(kerasTensorSchema, json, where).config.keras_history];
  }
  return Object.values(json).flatMap((part) => tensorsIn(part, where));
}

function strangeness(kwargs: unknown, hasTensors: boolean): string | undefined {
  if (hasTensors) return "tensors as named arguments";
  const training = typeof kwargs === "object" && kwargs !== null && "training" in kwargs;
  return training && kwargs.training === true ? "a call in training mode" : undefined;
}
