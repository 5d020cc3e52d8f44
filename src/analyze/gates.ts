/**
 * @file A network in which every activation can be asked how the loss would take it if it said a little
 * less: behind each stands a batch norm that changes nothing (γ = 1, β = 0, mean 0, deviation 1). The
 * gradient of that γ is Σ a·∂L/∂a over images and places, by channel.
 */
import { channelsOf, known } from "../core/index.ts";
import {
  factsOf,
  tensorName,
  type Network,
  type Node,
  type NodeName,
  type Tensor,
  type TensorName,
} from "../model/index.ts";

/** A gated network, and whose gate each is. */
export interface Gated {
  readonly network: Network;
  /** The factor of each activation's gate. */
  readonly factors: ReadonlyMap<NodeName, TensorName>;
}

const EPSILON = 1e-5;

/** Puts a gate behind each of the nodes; all that read a node read its gate then. */
export function withGates(network: Network, activations: readonly NodeName[]): Gated {
  const facts = factsOf(network);
  const gated = new Set(activations);
  const gateOf = new Map<NodeName, NodeName>();
  const weights = new Map(network.weights);
  const behind = (name: NodeName): NodeName => gateOf.get(name) ?? name;
  const nodes = network.nodes.flatMap((node): Node[] => {
    const own = { ...node, inputs: node.inputs.map(behind) };
    if (!gated.has(node.name)) return [own];
    const gate = freeName(`${node.name}.gate`, facts);
    gateOf.set(node.name, gate);
    const channels = channelsOf(known(facts.get(node.name), node.name).shape);
    for (const [slot, tensor] of Object.entries(identity(channels))) {
      weights.set(tensorName(gate, slot), tensor);
    }
    const op = { kind: "batchNorm", epsilon: EPSILON, momentum: 0.1 } as const;
    return [own, { name: gate, op, inputs: [node.name] }];
  });
  return {
    network: { ...network, nodes, weights, output: behind(network.output) },
    factors: new Map([...gateOf].map(([name, gate]) => [name, tensorName(gate, "gamma")])),
  };
}

function identity(channels: number): Readonly<Record<string, Tensor>> {
  const all = (value: number): Tensor => ({
    shape: [channels],
    values: new Float32Array(channels).fill(value),
  });
  return { gamma: all(1), beta: all(0), mean: all(0), variance: all(1 - EPSILON) };
}

function freeName(wish: string, taken: ReadonlyMap<string, unknown>): string {
  return taken.has(wish) ? freeName(`${wish}.`, taken) : wish;
}
