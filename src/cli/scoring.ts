/** @file What `score`, `sensitivity` and `prune` share: a network with its channels scored. */
import type { Network } from "../model/index.ts";
import {
  criterionNamed,
  preparePruning,
  type PreparedPruning,
  type PruneOptions,
} from "../prune/index.ts";
import type { Args } from "./args.ts";

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
  options: PruneOptions = { streams: args.choice("streams", ["keep", "prune"]) ?? "keep" },
): PreparedPruning {
  return preparePruning(network, criterionOf(args, usual), options);
}

/** Checked before the network is read. */
export function criterionOf(args: Args, usual = "bn-scale"): string {
  const name = args.text("criterion") ?? usual;
  criterionNamed(name);
  return name;
}
