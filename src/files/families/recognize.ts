/**
 * @file From a state dict to a network. A state dict has no graph: the families are tried, the one whose
 * modules it has most of first, built along its names and shapes, and accepted when every tensor is used
 * exactly once. What fits several is the first of them until a person says otherwise; what fits none is
 * refused; nothing is guessed from the order of layers.
 */
import { AppError, known, printable, sameShape, type Shape, showShape } from "../../core/index.ts";
import { cifar10Metadata } from "../../data/index.ts";
import { endsOf, fingerprintGraph, type Metadata } from "../../model/index.ts";
import { assembleNetwork } from "../assemble.ts";
import type { Imported } from "../imported.ts";
import type { Checkpoint, StateDict } from "../torch/state-dict.ts";
import { densenet } from "./densenet.ts";
import type { Draft, Family, Reading, Said, Variant } from "./family.ts";
import { type Disagreement, Misfit, ModuleBuilder } from "./module-builder.ts";
import { preresnet } from "./preresnet.ts";
import { resnet } from "./resnet.ts";
import { copyWeight, readWeight, type TorchWeight, torchWeights } from "./torch-weights.ts";
import { sequentialVgg, slimmingVgg } from "./vgg.ts";
import { zooVgg } from "./zoo-vgg.ts";

const FAMILIES: readonly Family[] = [
  slimmingVgg,
  sequentialVgg,
  preresnet,
  resnet,
  densenet,
  zooVgg,
];

/** Disagreements that one message names. */
const MOST_NAMED = 3;

/** A network with what was assumed about it, and what else its weights may be. */
export interface Recognized extends Imported {
  /** Every network that the weights fit, the usual one first. */
  readonly readings: readonly Reading[];
  /** The key of the one that this is. */
  readonly reading: string;
  /** True when the weights fit images of any size, so that the size is only assumed. */
  readonly fitsAnySize: boolean;
}

/** What a file of weights says. */
export type Weights = Pick<Checkpoint, "tensors" | "cfg" | "notes" | "extras"> & {
  /** Whose order the values of a tensor are in; PyTorch's by default. */
  readonly order?: "torch" | "espalier";
};

/**
 * Recognises a network.
 * @param checkpoint — borrowed; the network shares no memory with it
 * @param where — the file, for messages
 * @param said — what a person has said where the file is silent
 * @throws files/unsupported naming the nearest family and where the file leaves it, files/bad-field for a
 *   reading that does not fit, files/not-finite
 */
export function recognizeStateDict(
  checkpoint: Weights,
  where: string,
  said: Said = {},
): Recognized {
  const tensors = withoutCounters(checkpoint.tensors);
  const fits = fitsOf(tensors, checkpoint.cfg, said, where);
  const [usual] = fits;
  const fit = said.reading === undefined ? usual : fits.find(({ key }) => key === said.reading);
  if (fit === undefined) throw noSuchReading(fits, said, where);
  const read = checkpoint.order === "espalier" ? copyWeight : readWeight;
  const network = assembleNetwork(
    {
      graph: fit.graph,
      metadata: metadataOf(fit, checkpoint.extras),
      tensors: new Map(
        fit.weights.map((weight) => [
          weight.tensor,
          read(weight, known(tensors.get(weight.name), weight.name)),
        ]),
      ),
    },
    where,
  );
  const others = fits.filter((one) => one !== fit).map(({ title }) => title);
  const also = others.length === 0 ? [] : [`the weights also fit a ${others.join(", or a ")}`];
  return {
    network,
    notes: [...checkpoint.notes, `recognised as a ${fit.title}`, ...fit.notes, ...also],
    readings: fits.map(({ key, title }) => ({ key, title })),
    reading: fit.key,
    fitsAnySize: fit.fitsAnySize,
  };
}

/** How many batches a batch norm has seen takes part in no arithmetic. */
function withoutCounters(tensors: StateDict): StateDict {
  return new Map([...tensors].filter(([name]) => !name.endsWith(".num_batches_tracked")));
}

interface Fit extends Draft, Reading {
  readonly family: Family;
  readonly weights: readonly TorchWeight[];
  readonly fitsAnySize: boolean;
}

/**
 * Every reading that the tensors fit, the nearest family's usual one first. Those that come to the same
 * graph are one.
 * @throws files/unsupported for none, with the nearest family's disagreements
 */
function fitsOf(
  tensors: StateDict,
  cfg: Checkpoint["cfg"],
  { inputSize }: Said,
  where: string,
): readonly Fit[] {
  const families = familiesBySimilarity(tensors, where);
  const fits = new Map<string, Fit>();
  let refusal: unknown;
  for (const family of families) {
    for (const variant of [undefined, ...(family.variants ?? [])]) {
      try {
        const b = new ModuleBuilder(tensors, inputSize, variant?.key);
        const found = fitOne(family, b, cfg, where);
        const graph = fingerprintGraph(found.graph);
        const reading = { key: keyOf(family, variant), title: titleOf(family, variant) };
        if (!fits.has(graph)) fits.set(graph, { ...found, ...reading });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        refusal ??= error;
      }
    }
  }
  if (fits.size === 0) throw refusal;
  return [...fits.values()];
}

const keyOf = (family: Family, variant?: Variant): string =>
  variant === undefined ? family.key : `${family.key}-${variant.key}`;
const titleOf = (family: Family, variant?: Variant): string =>
  variant === undefined ? family.name : `${family.name}, ${variant.title}`;

function noSuchReading(fits: readonly Fit[], { reading = "" }: Said, where: string): AppError {
  return new AppError("files/bad-field", {
    where,
    expected: `one of the readings that fit: ${fits.map(({ key }) => key).join(", ")}`,
    found: reading,
    hint: "name one of them, or none",
  });
}

/** Families of which the file has some module, the one with the most of them first. */
function familiesBySimilarity(tensors: StateDict, where: string): readonly Family[] {
  const modules = [...tensors.keys()].map((name) => name.slice(0, name.lastIndexOf(".")));
  const scores = new Map(
    FAMILIES.map((family) => [family, modules.filter((m) => family.modules.test(m)).length]),
  );
  const score = (family: Family): number => scores.get(family) ?? 0;
  const near = FAMILIES.filter((family) => score(family) > 0);
  if (near.length > 0) return near.toSorted((a, b) => score(b) - score(a));
  throw new AppError("files/unsupported", {
    where,
    expected: `the tensors of a ${FAMILIES.map(({ name }) => name).join(", ")}`,
    found: tensors.size === 0 ? "no tensors" : [...tensors.keys()].slice(0, MOST_NAMED).join(", "),
    hint: HINT,
  });
}

const HINT = "export the network as ONNX, which says how its layers are connected";

function fitOne(family: Family, b: ModuleBuilder, cfg: Checkpoint["cfg"], where: string) {
  try {
    const draft = family.build(b, cfg);
    const weights = torchWeights(draft.graph);
    const disagreements = compare(b.tensors, weights, b.selections);
    if (disagreements.length > 0) refuse(family, disagreements, where);
    return { ...draft, family, weights, fitsAnySize: b.fitsAnySize };
  } catch (error) {
    if (error instanceof Misfit) refuse(family, [error.disagreement], where);
    // The modules are all there, but one's output is not what the next reads.
    if (error instanceof AppError && error.code.startsWith("model/")) {
      const { expected = "a sound graph", found = "none" } = error;
      refuse(family, [{ name: error.where, expected, found }], where);
    }
    throw error;
  }
}

function compare(
  tensors: StateDict,
  weights: readonly TorchWeight[],
  selections: ReadonlySet<string>,
): Disagreement[] {
  const found: Disagreement[] = [];
  for (const { name, shape } of weights) {
    const tensor = tensors.get(name);
    if (tensor !== undefined && sameShape(tensor.shape, shape)) continue;
    found.push({ name, expected: showShape(shape), found: shown(tensor?.shape) });
  }
  const used = new Set(weights.map(({ name }) => name));
  for (const [name, { shape }] of tensors) {
    if (used.has(name) || selections.has(name)) continue;
    found.push({ name, expected: "nothing", found: showShape(shape) });
  }
  return found;
}

function shown(shape: Shape | undefined): string {
  return shape === undefined ? "nothing" : showShape(shape);
}

function refuse(family: Family, disagreements: readonly Disagreement[], where: string): never {
  const named = disagreements.slice(0, MOST_NAMED);
  const more = disagreements.length - named.length;
  const expected = named.map(({ name, expected: e }) => `${printable(name, 48)}: ${e}`).join("; ");
  throw new AppError("files/unsupported", {
    where,
    expected: `a ${family.name} with ${expected}`,
    found: named.map(({ found }) => found).join("; ") + (more > 0 ? `; and ${more} more` : ""),
    hint: HINT,
  });
}

/** Normalization is not among it: the file does not say any, and a person may know better. */
function metadataOf({ graph, title }: Fit, extras: Checkpoint["extras"]): Metadata {
  const { input } = endsOf(graph);
  const { classes } = sameShape(input, [32, 32, 3]) ? cifar10Metadata(graph) : {};
  return {
    ...(classes === undefined ? {} : { classes }),
    provenance: { family: title, checkpoint: extras },
  };
}
