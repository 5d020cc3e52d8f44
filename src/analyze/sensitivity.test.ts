/** @file A curve is what cutting one group and measuring from the image on would give, only sooner. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAbort, known } from "../core/index.ts";
import { CIFAR10_NORMALIZATION } from "../data/index.ts";
import { firstIndices, randomImages } from "../data/testing/images.ts";
import { buildArchitecture, dominators, endsOf, partOf, type Network } from "../model/index.ts";
import { applyPlan, planGroupAt, preparePruning, type PruneOptions } from "../prune/index.ts";
import { logitsOf, interpret } from "../model/testing/interpret.ts";
import { randomImage, randomNetwork } from "../prune/testing/random-network.ts";
import { compile, type Backend } from "../runtime/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";
import { withLeakCheck } from "../runtime/testing/leaks.ts";
import { NETWORKS, worn } from "../runtime/testing/networks.ts";
import { evaluate, sensitivity, type Images, type SensitivityPoint } from "./index.ts";

const RATIOS = [0.3, 0.6, 0.9];
const BATCH = 8;

const WORN = NETWORKS.map(([name, build]) => [name, () => worn(build())] as const);

/** Every third channel of what `pick` names a value for gets that value. */
function withThirds(network: Network, pick: (tensor: string) => number | undefined): Network {
  const weights = new Map(network.weights);
  for (const [name, { shape, values }] of network.weights) {
    const value = pick(name);
    if (value === undefined) continue;
    const width = shape.at(-1) ?? 1;
    const own = values.map((old, i) => ((i % width) % 3 === 1 ? value : old));
    weights.set(name, { shape, values: own });
  }
  return { ...network, weights };
}

/** A VGG in which every third channel of every layer is zero behind its ReLU. */
const DEAD: (typeof NETWORKS)[number] = [
  "channels that never speak",
  () =>
    withThirds(worn(known(NETWORKS[0], "VGG")[1]()), (tensor) =>
      tensor.endsWith("/gamma") ? 0 : tensor.endsWith("/beta") ? -0.5 : undefined,
    ),
];

/** Every family with every third filter of every layer zero, the classifier's aside. */
const EMPTY = WORN.map(([name, build]) => {
  const isFilter = (tensor: string): boolean =>
    tensor.endsWith("/kernel") && !tensor.startsWith("fc/");
  return [name, () => withThirds(build(), (t) => (isFilter(t) ? 0 : undefined))] as const;
});

/** Whose scores, who takes part, and how much of it goes. */
interface Way {
  readonly criterion: string;
  readonly options?: PruneOptions;
  readonly ratios: readonly number[];
  readonly measured?: ReadonlyMap<string, readonly number[]>;
}

const BY_SCALE: Way = { criterion: "bn-scale", ratios: RATIOS };
/** The first ratio takes empty filters alone, the second more. */
const BY_KERNEL: Way = { criterion: "l1", options: { streams: "prune" }, ratios: [0.3, 0.7] };

function imagesFor(network: Network): Images {
  const [side = 0] = endsOf(network).input;
  const [dataset, indices] = [randomImages(20, side), firstIndices(19)];
  return { dataset, indices, normalization: CIFAR10_NORMALIZATION };
}

async function collect(
  network: Network,
  backend: Backend,
  { criterion, options, ratios, measured }: Way = BY_SCALE,
): Promise<SensitivityPoint[]> {
  const points: SensitivityPoint[] = [];
  const prepared = preparePruning(network, criterion, options);
  const images = imagesFor(network);
  const plan = { network, prepared, ratios, images, batch: BATCH };
  await sensitivity(measured === undefined ? plan : { ...plan, measured }, backend, {
    onPoint: (point) => points.push(point),
  });
  return points;
}

describe("sensitivity curves", () => {
  it.each([
    ...[...WORN, DEAD].map(([name, build]) => [name, "scales", build, BY_SCALE] as const),
    ...EMPTY.map(([name, build]) => [name, "filters, some empty", build, BY_KERNEL] as const),
  ])("are those of networks cut and run whole: %s by %s", async (_, _by, build, way) => {
    const network = build();
    const prepared = preparePruning(network, way.criterion, way.options);
    const backend = await openInNode("wasm");
    await withLeakCheck(async () => {
      const points = await collect(network, backend, way);
      expect(points.length).toBe(prepared.scores.size * way.ratios.length);
      for (const { group, ratio, evaluation } of points) {
        const cut = applyPlan(network, prepared.table, planGroupAt(prepared, group, ratio));
        const program = compile(cut, backend, BATCH);
        const whole = await evaluate(program, imagesFor(network));
        program.dispose();
        expect([evaluation.count, evaluation.correct], `${group} at ${ratio}`).toEqual([
          whole.count,
          whole.correct,
        ]);
        expect(evaluation.loss).toBeCloseTo(whole.loss, 5);
      }
    });
  });

  it("hear a filter of zeros behind a batch norm, as DenseNet has it", async () => {
    const network = withThirds(worn(buildArchitecture("densenet-7:growth=2", 1)), (tensor) =>
      tensor === "conv1/kernel" ? 0 : undefined,
    );
    const prepared = preparePruning(network, "l1");
    const plan = planGroupAt(prepared, "conv1", 0.3);
    expect(plan.kept.get("conv1")).toEqual(Int32Array.of(0, 2, 3));
    const backend = await openInNode("wasm");
    const points = await collect(network, backend, { criterion: "l1", ratios: [0.3] });
    const lossOf = async (one: Network): Promise<number> => {
      const program = compile(one, backend, BATCH);
      const { loss } = await evaluate(program, imagesFor(network));
      program.dispose();
      return loss;
    };
    const loss = await lossOf(applyPlan(network, prepared.table, plan));
    expect(points.find(({ group }) => group === "conv1")?.evaluation.loss).toBeCloseTo(loss, 6);
    expect(Math.abs(loss - (await lossOf(network)))).toBeGreaterThan(1e-5);
  });

  it("go on where an earlier run was stopped, with the same points", async () => {
    const network = worn(known(NETWORKS[0], "VGG")[1]());
    const backend = await openInNode("cpu");
    const all = await collect(network, backend);
    const measured = new Map<string, number[]>();
    for (const { group, ratio } of all.slice(0, 7)) {
      measured.set(group, [...(measured.get(group) ?? []), ratio]);
    }
    const rest = await collect(network, backend, { ...BY_SCALE, measured });
    expect(rest).toEqual(all.slice(7));
  });

  it("stop between two batches and keep the points so far", async () => {
    const network = worn(known(NETWORKS[0], "VGG")[1]());
    const backend = await openInNode("wasm");
    const control = new AbortController();
    const points: SensitivityPoint[] = [];
    await withLeakCheck(async () => {
      const stopped = await sensitivity(
        {
          network,
          prepared: preparePruning(network, "bn-scale"),
          ratios: RATIOS,
          images: imagesFor(network),
          batch: BATCH,
        },
        backend,
        {
          onPoint: (point) => {
            points.push(point);
            if (points.length === 4) control.abort();
          },
        },
        { signal: control.signal },
      ).catch((error: unknown) => error);
      expect(isAbort(stopped)).toBe(true);
      expect(points.length).toBe(4);
    });
  });
});

describe("a network split at a node that all goes through", () => {
  it("is the same network in two parts", () => {
    const runs = fc.record({ seed: fc.nat(1e6), steps: fc.integer({ min: 1, max: 16 }) });
    fc.assert(
      fc.property(runs, ({ seed, steps }) => {
        const network = randomNetwork(seed, steps);
        const image = randomImage(endsOf(network).input, seed);
        const stops = dominators(network);
        expect([stops[0], stops.at(-1)]).toEqual([network.nodes[0]?.name, network.output]);
        const whole = logitsOf(network, image);
        for (const stop of stops) {
          const first = partOf(network, known(stops[0], "input"), stop);
          const rest = partOf(network, stop, network.output);
          const middle = known(interpret(first, image).get(stop), stop);
          expect(logitsOf(rest, middle)).toEqual(whole);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("is split wherever that is possible", () => {
    // A node is one that all goes through if, without it, the output cannot be reached.
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const network = randomNetwork(seed, 10);
        const inputs = new Map(network.nodes.map((node) => [node.name, node.inputs]));
        const reaches = (name: string, without: string): boolean =>
          name !== without &&
          (name === network.nodes[0]?.name ||
            known(inputs.get(name), name).some((source) => reaches(source, without)));
        const expected = network.nodes
          .map(({ name }) => name)
          .filter((name) => !reaches(network.output, name));
        expect(dominators(network)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});
