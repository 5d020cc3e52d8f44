/**
 * @file Measures what criteria are told of images: runs the network batch by batch and feeds the meters
 * of `prune/`. A gradient is taken of the mean loss of one step's images; where those do not fit into
 * memory together they come in parts, which changes nothing, as in inference mode no image knows of
 * another.
 */
import { known } from "../core/index.ts";
import { makeBatch } from "../data/index.ts";
import {
  factsOf,
  type Network,
  type NodeName,
  type Tensor,
  type TensorName,
} from "../model/index.ts";
import {
  ActivationMeter,
  GradientMeter,
  ResponseMeter,
  type Evidence,
  type EvidenceKind,
} from "../prune/index.ts";
import { compile, type Backend, type Program } from "../runtime/index.ts";
import type { Watch } from "./evaluate.ts";
import type { Images } from "./feed.ts";
import { fitting } from "./fitting.ts";
import { withGates } from "./gates.ts";

export interface EvidencePlan {
  readonly network: Network;
  readonly kind: EvidenceKind;
  /** All images, in the order in which they are looked at. */
  readonly images: Images;
  /** Images of one step; the last step may have fewer. */
  readonly batch: number;
  /** Most images that run at once; 64, since more would not be faster. It changes no figure. */
  readonly atOnce?: number;
}

const USUALLY_AT_ONCE = 64;

/**
 * Measures.
 * @throws AbortError between two batches when the signal says so
 * @throws runtime/out-of-memory when not even a single image fits
 */
export async function measureEvidence(
  plan: EvidencePlan,
  backend: Backend,
  watch: Watch = {},
): Promise<Evidence> {
  const atOnce = Math.min(plan.batch, plan.atOnce ?? USUALLY_AT_ONCE);
  switch (plan.kind) {
    case "activations":
      return fitting(atOnce, (most) => activations(plan, backend, { ...watch, most }));
    case "gradients":
      return fitting(atOnce, (most) => gradients(plan, backend, { ...watch, most }));
    case "responses":
      return responses(plan, backend, { ...watch, most: 1 });
    default:
      return plan.kind satisfies never;
  }
}

/** How the images go through: watched, and so many at once. */
interface Way extends Watch {
  readonly most: number;
}

async function activations({ network, images }: EvidencePlan, backend: Backend, way: Way) {
  const meter = new ActivationMeter(network);
  await eachPart(compile(network, backend, way.most), images, way, async (program, part) => {
    meter.take(await program.observe(part.images, meter.nodes));
  });
  return meter.evidence();
}

async function gradients({ network, images, batch }: EvidencePlan, backend: Backend, way: Way) {
  const meter = new GradientMeter(network);
  const count = images.indices.length;
  let sums = new Map<TensorName, Tensor>();
  await eachPart(
    compile(network, backend, way.most),
    images,
    way,
    async (program, part) => {
      const found = await program.gradients(part.images, part.labels);
      const step = Math.floor(part.start / batch);
      const end = Math.min(count, (step + 1) * batch);
      sums = mixed(sums, found.gradients, part.labels.length / (end - step * batch));
      if (part.start + part.labels.length < end) return;
      meter.take(sums);
      sums = new Map();
    },
    batch,
  );
  return meter.evidence();
}

async function responses({ network, images }: EvidencePlan, backend: Backend, way: Way) {
  const facts = factsOf(network);
  const { nodes } = new ActivationMeter(network);
  const gated = withGates(network, nodes);
  const meter = new ResponseMeter();
  const places = (name: NodeName): number => {
    const { shape } = known(facts.get(name), name);
    return shape.slice(0, -1).reduce((product, side) => product * side, 1);
  };
  await eachPart(compile(gated.network, backend, 1), images, way, async (program, part) => {
    const found = await program.gradients(part.images, part.labels);
    const pulls = [...gated.factors].map(([name, factor]) => {
      const channels = known(gated.network.weights.get(factor), factor).values.length;
      return [name, found.gradients.get(factor)?.values ?? new Float32Array(channels)] as const;
    });
    meter.take(new Map(pulls), places);
  });
  return meter.evidence();
}

interface Part {
  readonly images: Float32Array;
  readonly labels: Int32Array;
  /** Its first image's place among all. */
  readonly start: number;
}

/**
 * Goes through the images, and gives the program back at the end.
 * @param step — no part reaches from one step into the next
 */
async function eachPart(
  program: Program,
  { dataset, indices, normalization }: Images,
  { most, signal, onProgress, breathe }: Way,
  take: (program: Program, part: Part) => Promise<void>,
  step = indices.length,
): Promise<void> {
  const total = indices.length;
  try {
    for (let start = 0; start < total;) {
      signal?.throwIfAborted();
      const end = Math.min(total, start + most, (Math.floor(start / step) + 1) * step);
      const batch = makeBatch(dataset, indices.subarray(start, end), normalization);
      await take(program, { ...batch, start });
      start = end;
      onProgress?.({ done: start, total, unit: "images" });
      await breathe?.();
    }
  } finally {
    program.dispose();
  }
}

/** Adds a part's gradients to the step's, by its share of the images. */
function mixed(
  before: ReadonlyMap<TensorName, Tensor>,
  found: ReadonlyMap<TensorName, Tensor>,
  share: number,
): Map<TensorName, Tensor> {
  if (share === 1) return new Map(found);
  return new Map(
    [...found].map(([name, { shape, values }]) => {
      const own = before.get(name)?.values;
      return [name, { shape, values: values.map((value, i) => (own?.[i] ?? 0) + share * value) }];
    }),
  );
}
