/** @file What loading code has to know of a network: the little that is not in its weights. */
import { channelsOf, type Shape } from "../../core/index.ts";
import { normalizationOf } from "../../data/index.ts";
import { endsInSoftmax, endsOf, type Network, type Normalization } from "../../model/index.ts";

export interface About {
  /** For people; any text. */
  readonly name: string;
  /** `[h, w, c]`, or `[features]`. */
  readonly input: Shape;
  readonly outputs: number;
  readonly output: "logits" | "probabilities";
  /** Of pixels in 0…1. */
  readonly normalization: Normalization;
  /** True where nobody has said it: what is written with it must say so. */
  readonly isAssumed: boolean;
  readonly classes: readonly string[] | undefined;
}

export function aboutNetwork(network: Network): About {
  const { input, output } = endsOf(network);
  const { normalization, classes } = network.metadata;
  return {
    name: network.name,
    input,
    outputs: channelsOf(output),
    output: endsInSoftmax(network) ? "probabilities" : "logits",
    normalization: normalizationOf(network),
    isAssumed: normalization === undefined,
    classes,
  };
}
