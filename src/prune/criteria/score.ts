/**
 * @file Scores of a network by a criterion: opinions collected, reduced to one a channel, and made
 * comparable where that was asked for.
 */
import { AppError } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import { findGroups } from "../groups.ts";
import type { Scores, Subject } from "./criterion.ts";
import type { Evidence } from "./evidence.ts";
import type { ChosenCriterion } from "./index.ts";
import { normalise, Votes, type Reduction } from "./votes.ts";

/** What scores are for. */
export type Purpose = "as-defined" | "ranking";

/**
 * Scores every channel of every group that the criterion can judge; others are left out.
 * @param chosen — with `normalise` at "auto", scores are the criterion's own numbers when they are
 *   wanted as defined, and divided as the criterion says when groups are to be ranked together
 * @throws prune/needs-images when what the criterion needs was not measured
 */
export function scoreChannels(
  network: Network,
  chosen: ChosenCriterion,
  purpose: Purpose,
  evidence?: Evidence,
): Scores {
  return scoreSubject({ network, table: findGroups(network), evidence }, chosen, purpose);
}

/** The same by any table of the network's channels, such as one in which every layer is for itself. */
export function scoreSubject(subject: Subject, chosen: ChosenCriterion, purpose: Purpose): Scores {
  const { table, evidence } = subject;
  const { criterion, options, text } = chosen;
  const needs = criterion.needs(options);
  if (needs !== undefined && evidence?.kind !== needs) {
    throw new AppError("prune/needs-images", { where: text });
  }
  const votes = new Votes(table.classCount, (options["reduce"] ?? "mean") as Reduction);
  for (const opinion of criterion.judge(subject, options)) votes.add(opinion);
  return normalise(votes.byGroup(table), divisorOf(chosen, purpose));
}

function divisorOf({ criterion, options }: ChosenCriterion, purpose: Purpose) {
  const said = options["normalise"] ?? "auto";
  if (said === "mean" || said === "l2" || said === "none") return said;
  return purpose === "ranking" ? criterion.normalisation(options) : "none";
}
