/** @file Evidence without images: numbers of the right shapes, the same for the same network. */
import { channelsOf, known, makeRandom } from "../../core/index.ts";
import { factsOf, type Network } from "../../model/index.ts";
import {
  ActivationMeter,
  distanceSums,
  findGroups,
  kernelsOf,
  type Evidence,
  type EvidenceKind,
} from "../../prune/index.ts";

/** @param kind — none for what is found without images, the distances between filters */
export function fakeEvidence(network: Network, kind: EvidenceKind | undefined): Evidence {
  const random = makeRandom(5, 7);
  const facts = factsOf(network);
  const some = (name: string): Float64Array => {
    const width = channelsOf(known(facts.get(name), name).shape);
    return Float64Array.from({ length: width }, () => random.uniform());
  };
  const kernels = kernelsOf({ network, table: findGroups(network) });
  const { nodes } = new ActivationMeter(network);
  switch (kind) {
    case undefined:
      return {
        kind: "distances",
        byKernel: new Map(kernels.map(({ name, tensor }) => [name, distanceSums(tensor)])),
      };
    case "activations":
      return {
        kind,
        byNode: new Map(nodes.map((name) => [name, { zeros: some(name), mean: some(name) }])),
      };
    case "responses":
      return { kind, byNode: new Map(nodes.map((name) => [name, some(name)])) };
    case "gradients": {
      const norms = network.nodes.filter(({ op }) => op.kind === "batchNorm");
      return {
        kind,
        byNorm: new Map(norms.map(({ name }) => [name, some(name)])),
        byKernel: new Map(
          kernels.map(({ name, tensor }) => {
            const width = tensor.shape.at(-1) ?? 1;
            const figures = Float64Array.from({ length: width }, () => random.uniform() ** 4);
            return [
              name,
              {
                absolute: figures,
                squared: figures.map((value) => value ** 2),
                multivariable: figures,
                multivariableSquared: figures.map((value) => value ** 2),
              },
            ];
          }),
        ),
      };
    }
    default:
      return kind satisfies never;
  }
}
