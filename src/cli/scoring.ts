/** @file What `score`, `sensitivity` and `prune` share: a network with its channels scored. */
import type { Network } from "../model/index.ts";
import {
  criterionNamed,
  preparePruning,
  selectNetwork,
  STREAMS,
  type PreparedPruning,
  type PruneOptions,
  type Streams,
} from "../prune/index.ts";
import type { Args } from "./args.ts";

/** What becomes of residual streams; kept unless said otherwise. */
export function streamsOf(args: Args): Streams {
  return args.choice("streams", STREAMS) ?? "keep";
}

/** The network as it is scored: with selections at its readers where those are to be cut. */
export function withSelections(network: Network, streams: Streams | undefined): Network {
  return streams === "select" ? selectNetwork(network) : network;
}

/**
 * Scores by `--criterion`.
 * @param usual — the criterion when the flag is not there
 * @param options — how to prune, where more can be said of it than `--streams`
 * @throws prune/unknown-criterion, prune/nothing-to-prune, cli/bad-argument
 */
export function prepare(
  args: Args,
  network: Network,
  usual = "bn-scale",
  options: PruneOptions = { streams: streamsOf(args) },
): PreparedPruning {
  return preparePruning(network, criterionOf(args, usual), options);
}

/** Checked before the network is read. */
export function criterionOf(args: Args, usual = "bn-scale"): string {
  const name = args.text("criterion") ?? usual;
  criterionNamed(name);
  return name;
}
