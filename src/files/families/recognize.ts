/**
 * @file From a PyTorch state dict to a network. A state dict has no graph: it is taken for the family
 * whose modules it has most of, built along its names and shapes, and accepted when every tensor is
 * used exactly once. What fits none is refused; nothing is guessed from the order of layers.
 */
import { AppError, known, printable, sameShape, type Shape, showShape } from "../../core/index.ts";
import { cifar10Metadata } from "../../data/index.ts";
import { endsOf, type Graph, type Metadata, type Network } from "../../model/index.ts";
import { assembleNetwork } from "../assemble.ts";
import type { Checkpoint, StateDict } from "../torch/state-dict.ts";
import { densenet } from "./densenet.ts";
import type { Draft, Family } from "./family.ts";
import { type Disagreement, Misfit, ModuleBuilder } from "./module-builder.ts";
import { preresnet } from "./preresnet.ts";
import { resnet } from "./resnet.ts";
import { readWeight, type TorchWeight, torchWeights } from "./torch-weights.ts";
import { sequentialVgg, slimmingVgg } from "./vgg.ts";

const FAMILIES: readonly Family[] = [slimmingVgg, sequentialVgg, preresnet, resnet, densenet];

/** Disagreements that one message names. */
const MOST_NAMED = 3;

/** A network with what was assumed about it. */
export interface Recognized {
  readonly network: Network;
  readonly notes: readonly string[];
}

/**
 * Recognises a network.
 * @param checkpoint — borrowed; the network shares no memory with it
 * @param where — the file, for messages
 * @throws files/unsupported naming the nearest family and where the file leaves it, files/not-finite
 */
export function recognizeStateDict(
  checkpoint: Pick<Checkpoint, "tensors" | "cfg" | "notes" | "extras">,
  where: string,
): Recognized {
  const tensors = withoutCounters(checkpoint.tensors);
  const family = nearestFamily(tensors, where);
  const { graph, notes, weights } = fit(family, tensors, checkpoint.cfg, where);
  const network = assembleNetwork(
    {
      graph,
      metadata: metadataOf(graph, family, checkpoint.extras),
      tensors: new Map(
        weights.map((weight) => [
          weight.tensor,
          readWeight(weight, known(tensors.get(weight.name), weight.name)),
        ]),
      ),
    },
    where,
  );
  return { network, notes: [...checkpoint.notes, `recognised as a ${family.name}`, ...notes] };
}

/** How many batches a batch norm has seen takes part in no arithmetic. */
function withoutCounters(tensors: StateDict): StateDict {
  return new Map([...tensors].filter(([name]) => !name.endsWith(".num_batches_tracked")));
}

function nearestFamily(tensors: StateDict, where: string): Family {
  const modules = [...tensors.keys()].map((name) => name.slice(0, name.lastIndexOf(".")));
  const scores = FAMILIES.map((family) => modules.filter((m) => family.modules.test(m)).length);
  const best = Math.max(...scores);
  const family = FAMILIES[scores.indexOf(best)];
  if (best > 0 && family !== undefined) return family;
  throw new AppError("files/unsupported", {
    where,
    expected: `the tensors of a ${FAMILIES.map(({ name }) => name).join(", ")}`,
    found: tensors.size === 0 ? "no tensors" : [...tensors.keys()].slice(0, MOST_NAMED).join(", "),
    hint: HINT,
  });
}

const HINT = "export the network as ONNX, which says how its layers are connected";

interface Fit extends Draft {
  readonly weights: readonly TorchWeight[];
}

function fit(family: Family, tensors: StateDict, cfg: Checkpoint["cfg"], where: string): Fit {
  const b = new ModuleBuilder(tensors);
  try {
    const draft = family.build(b, cfg);
    const weights = torchWeights(draft.graph);
    const disagreements = compare(tensors, weights, b.selections);
    if (disagreements.length > 0) refuse(family, disagreements, where);
    return { ...draft, weights };
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
function metadataOf(graph: Graph, { name }: Family, extras: Checkpoint["extras"]): Metadata {
  const { input } = endsOf(graph);
  const { classes } = sameShape(input, [32, 32, 3]) ? cifar10Metadata(graph) : {};
  return {
    ...(classes === undefined ? {} : { classes }),
    provenance: { family: name, checkpoint: extras },
  };
}
