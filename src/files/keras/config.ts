/**
 * @file A Keras model's config as a plain list of layers in the order in which they are computed:
 * Sequential and Functional, in the dialects of Keras 2, Keras 3 and TensorFlow.js. Models inside
 * the model are laid flat, one level deep. What a layer computes is not looked at here.
 */
import * as v from "valibot";
import { AppError, known } from "../../core/index.ts";
import { at } from "../bytes.ts";
import { checkJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { readCall, readEnds, type Source } from "./calls.ts";
import type { Refusals } from "./refusals.ts";

/** One layer with the layers that it reads. */
export interface KerasLayer {
  /** Unique in the model: its path, joined. */
  readonly key: string;
  /** Names from the outside in; two of them in a model inside the model. */
  readonly path: readonly string[];
  /** Where Keras 3 keeps its weights: `layers/functional/layers/conv2d_1`. */
  readonly store: string;
  readonly className: string;
  readonly config: unknown;
  /** Keys. */
  readonly inputs: readonly string[];
  readonly where: string;
}

/** The whole model. */
export interface KerasModel {
  readonly name: string;
  /** Those that lead to the output, each behind what it reads. */
  readonly layers: readonly KerasLayer[];
  /** Key of the layer whose values leave the model. */
  readonly output: string;
}

const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objectSchema = v.custom<Readonly<Record<string, unknown>>>(isObject, "Expected Object");
const nameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.nameLength));
const layerSchema = v.object({
  class_name: nameSchema,
  name: v.optional(nameSchema),
  config: objectSchema,
  inbound_nodes: v.optional(v.array(v.unknown()), []),
});
const layersSchema = v.pipe(v.array(layerSchema), v.minLength(1), v.maxLength(LIMITS.nodes));
const modelSchema = v.object({
  class_name: v.string(),
  config: v.union([v.array(v.unknown()), objectSchema]),
});
const named = v.object({ name: v.optional(nameSchema) });
const shapesSchema = v.object({
  batch_input_shape: v.optional(v.unknown()),
  batch_shape: v.optional(v.unknown()),
});

type LayerJson = v.InferOutput<typeof layerSchema>;

/** Where a model stands: at the top, or inside another. */
interface Place {
  readonly where: string;
  readonly path: readonly string[];
  readonly store: string;
  /** The outer layer that a model inside reads in place of its own input. */
  readonly feed?: string;
}

const FUNCTIONAL = new Set(["Model", "Functional"]);
const isModel = (className: string): boolean =>
  FUNCTIONAL.has(className) || className === "Sequential";

/**
 * Reads a model's config.
 * @param refusals — takes what cannot be laid out: shared layers, several inputs, foreign classes
 * @throws files/bad-field, files/duplicate-name, files/over-limit, model/bad-graph
 */
export function readKerasModel(json: unknown, where: string, refusals: Refusals): KerasModel {
  const reader = new Reader(refusals);
  const { name, output } = reader.read(json, { where, path: [], store: "" });
  return { name, layers: reader.inOrder(output, where), output: reader.resolve(output) };
}

class Reader {
  readonly #layers = new Map<string, KerasLayer>();
  /** A model inside is its output; the input of a model inside is what feeds it. */
  readonly #aliases = new Map<string, string>();

  constructor(readonly refusals: Refusals) {}

  resolve(key: string): string {
    let real = key;
    // Aliases point outwards or to the end of a model that has no inner model, so never in a ring.
    for (let hops = 0; hops < 4; hops++) real = this.#aliases.get(real) ?? real;
    return real;
  }

  read(json: unknown, place: Place): { readonly name: string; readonly output: string } {
    const { class_name: className, config } = checkJson(modelSchema, json, place.where);
    const where = at(place.where, "config");
    const isList = Array.isArray(config);
    const { name = "model" } = isList ? {} : checkJson(named, config, where);
    if (!isModel(className)) {
      this.refusals.add(`the model class ${className}`, name);
      this.refusals.throwIfAny(place.where);
    }
    const list = isList ? config : checkJson(objectSchema, config, where)["layers"];
    const layers = checkJson(layersSchema, list, at(where, "layers"));
    if (this.#layers.size + layers.length > LIMITS.nodes) {
      throw new AppError("files/over-limit", {
        where,
        expected: `at most ${LIMITS.nodes} layers`,
        found: String(this.#layers.size + layers.length),
      });
    }
    const stores = storeNames(layers, place.store);
    const output =
      className === "Sequential"
        ? this.#readSequential(layers, stores, config, place)
        : this.#readFunctional(layers, stores, config, place);
    return { name, output };
  }

  #readSequential(
    layers: readonly LayerJson[],
    stores: readonly string[],
    config: unknown,
    place: Place,
  ): string {
    let from = place.feed;
    for (const [i, layer] of layers.entries()) {
      const name = nameOf(layer, `layer${i}`);
      if (from === undefined && layer.class_name !== "InputLayer") {
        from = this.#addInput(layer, config, place);
      }
      const inputs = from === undefined ? [] : [from];
      from = this.#add(layer, { name, inputs, store: stores[i] as string }, place);
    }
    return known(from, "the last layer");
  }

  /** Keras 2 and TensorFlow.js write the input's shape into the first layer. */
  #addInput(first: LayerJson, config: unknown, place: Place): string {
    const shapes = checkJson(shapesSchema, first.config, place.where);
    const model = checkJson(v.union([v.array(v.unknown()), objectSchema]), config, place.where);
    const built = Array.isArray(model) ? undefined : model["build_input_shape"];
    const shape = shapes.batch_shape ?? shapes.batch_input_shape ?? built;
    const layer: LayerJson = {
      class_name: "InputLayer",
      config: { batch_shape: shape },
      inbound_nodes: [],
    };
    return this.#add(layer, { name: "input", inputs: [], store: "" }, place);
  }

  #readFunctional(
    layers: readonly LayerJson[],
    stores: readonly string[],
    config: unknown,
    place: Place,
  ): string {
    const where = at(place.where, "config");
    const { input_layers: inputs, output_layers: outputs } = checkJson(objectSchema, config, where);
    const ends = {
      inputs: readEnds(inputs, at(where, "input_layers")),
      outputs: readEnds(outputs, at(where, "output_layers")),
    };
    const title = place.path.at(-1) ?? "the model";
    for (const [end, { length }] of Object.entries(ends)) {
      if (length !== 1) this.refusals.add(`${length} ${end}`, title);
    }
    for (const [i, layer] of layers.entries()) {
      const name = nameOf(layer, `layer${i}`);
      const sources = this.#sourcesOf(layer, name, place);
      const keys = sources.map((source) => keyOf([...place.path, source.layer]));
      const feeds = layer.class_name === "InputLayer" && place.feed !== undefined;
      const feed = feeds ? [known(place.feed, "the feed")] : keys;
      this.#add(layer, { name, inputs: feed, store: stores[i] as string }, place);
    }
    return keyOf([...place.path, ends.outputs[0]?.layer ?? ""]);
  }

  #sourcesOf(layer: LayerJson, name: string, place: Place): readonly Source[] {
    const calls = layer.inbound_nodes;
    if (calls.length > 1) this.refusals.add("a layer that is used twice", name);
    const where = at(place.where, name, "inbound_nodes");
    const { sources, strange } = calls.length === 0 ? { sources: [] } : readCall(calls[0], where);
    if (strange !== undefined) this.refusals.add(strange, name);
    if (sources.some(({ tensor }) => tensor !== 0)) {
      this.refusals.add("a second output of a layer", name);
    }
    return sources;
  }

  /** @returns the key under which others read the layer */
  #add(
    { class_name: className, config }: LayerJson,
    entry: { readonly name: string; readonly inputs: readonly string[]; readonly store: string },
    place: Place,
  ): string {
    const path = [...place.path, entry.name];
    const key = keyOf(path);
    const where = at(place.where, entry.name);
    if (this.#layers.has(key) || this.#aliases.has(key)) {
      throw new AppError("files/duplicate-name", { where });
    }
    const [feed] = entry.inputs;
    if (place.feed !== undefined && className === "InputLayer") {
      this.#aliases.set(key, place.feed);
    } else if (isModel(className) && place.path.length === 0 && feed !== undefined) {
      const json = { class_name: className, config };
      if (entry.inputs.length > 1) this.refusals.add(`${entry.inputs.length} inputs`, entry.name);
      const inner: Place = { where, path, store: entry.store, feed };
      this.#aliases.set(key, this.read(json, inner).output);
    } else {
      const { inputs, store } = entry;
      this.#layers.set(key, { key, path, store, className, config, inputs, where });
    }
    return key;
  }

  /** Depth first from the output, without recursion: a chain may be as long as a model. */
  inOrder(output: string, where: string): readonly KerasLayer[] {
    const done = new Map<string, KerasLayer>();
    const open = new Set<string>();
    const stack = [{ layer: this.#find(output, where), next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { layer } = top;
      const wanted = layer.inputs[top.next++];
      open.add(layer.key);
      if (wanted === undefined) {
        done.set(layer.key, { ...layer, inputs: layer.inputs.map((key) => this.resolve(key)) });
        open.delete(layer.key);
        stack.pop();
        continue;
      }
      const source = this.#find(wanted, at(layer.where, "inbound_nodes"));
      if (open.has(source.key)) {
        throw new AppError("model/bad-graph", {
          where: layer.where,
          expected: "layers that read only what stands before them",
          found: `a ring through ${source.key}`,
        });
      }
      if (!done.has(source.key)) stack.push({ layer: source, next: 0 });
    }
    return [...done.values()];
  }

  #find(key: string, where: string): KerasLayer {
    const layer = this.#layers.get(this.resolve(key));
    if (layer !== undefined) return layer;
    throw new AppError("model/bad-graph", {
      where,
      expected: "the name of a layer",
      found: key === "" ? "nothing" : key,
    });
  }
}

// A layer named `a/b` beside a layer b in a model a is refused as a name that stands twice.
function keyOf(path: readonly string[]): string {
  return path.join("/");
}

function nameOf({ name, config }: LayerJson, fallback: string): string {
  const own = config["name"];
  return name ?? (typeof own === "string" && own !== "" ? own : fallback);
}

/** Keras 3 names weights by class, counting from the second: `conv2d`, `conv2d_1`, …. */
function storeNames(layers: readonly LayerJson[], outer: string): readonly string[] {
  const counts = new Map<string, number>();
  const prefix = outer === "" ? "layers" : `${outer}/layers`;
  return layers.map(({ class_name: className }) => {
    const snake = className
      .slice(0, LIMITS.nameLength)
      .replace(/\W+/g, "")
      .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
      .replace(/([a-z])([A-Z])/g, "$1_$2")
      .toLowerCase();
    const count = counts.get(snake) ?? 0;
    counts.set(snake, count + 1);
    return `${prefix}/${count === 0 ? snake : `${snake}_${count}`}`;
  });
}
