/**
 * @file What a bundle holds beside the network: recipe, plan and report, from the command that makes
 * the network, or from the report that such a command has left beside it.
 */
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { BundleDocuments, NamedBytes } from "../files/index.ts";
import { costOf, fingerprintNetwork, lastPlanOf, type Network } from "../model/index.ts";
import { findGroups } from "../prune/index.ts";
import { recordRecipe } from "../recipe/index.ts";
import { say, type Io } from "./io.ts";
import type { OpenedModel } from "./open-model.ts";
import { reportName } from "./output.ts";
import { percent } from "./table.ts";

/** What a report may say; ours, but read from the disk. */
interface Report {
  readonly recipe?: unknown;
  readonly groups?: unknown;
  readonly plan?: unknown;
  readonly network?: unknown;
  readonly to?: unknown;
  readonly [field: string]: unknown;
}

/** The documents of a network from what is known of it. */
export function documentsOf(network: Network, report: Report): BundleDocuments {
  const { parameters, macs } = costOf(network);
  const fingerprint = fingerprintNetwork(network);
  const provenance = network.metadata.provenance ?? null;
  return {
    recipe: report.recipe ?? trainedBy(network) ?? recordRecipe(network.name, {}),
    plan: planIn(report) ?? lastPlanOf(network) ?? planOfAll(network),
    report: {
      format: "espalier-report/1",
      network: { name: network.name, fingerprint, parameters, macs },
      provenance,
      ...report,
    },
    summary: summaryOf(report),
  };
}

/** The recipe that a training by the command line has left in the network. */
function trainedBy({ metadata }: Network): unknown {
  const { trained } = (metadata.provenance ?? {}) as {
    readonly trained?: { readonly recipe?: unknown } | null;
  };
  return trained?.recipe;
}

/** The documents of a network that was opened; those beside it count when they are of this network. */
export async function documentsBeside(
  { network, file }: OpenedModel,
  io: Io,
): Promise<BundleDocuments> {
  const report = file === undefined ? undefined : await reportBeside(file);
  if (report === undefined) return documentsOf(network, {});
  // The command line's report tells of two networks, the page's of one.
  const { fingerprint } = (report.to ?? report.network ?? {}) as { readonly fingerprint?: unknown };
  if (fingerprint === fingerprintNetwork(network)) return documentsOf(network, report);
  say(io, "the report beside the model is of another network and was left out");
  return documentsOf(network, {});
}

async function reportBeside(file: string): Promise<Report | undefined> {
  const own = join(dirname(file), reportName({ main: basename(file) }));
  try {
    const json: unknown = JSON.parse(await readFile(own, "utf8"));
    const isReport = typeof json === "object" && json !== null && !Array.isArray(json);
    return isReport ? (json as Report) : undefined;
  } catch {
    // None is there, or it is no JSON: then nothing is known.
    return undefined;
  }
}

/** The plan of a report of the page's, or of the command line's, where its fields stand alone. */
function planIn({ plan, groups, ...rest }: Report): unknown {
  if (plan !== undefined && plan !== null) return plan;
  if (groups === undefined) return undefined;
  const { criterion, mode, requested, achieved, threshold, guarded } = rest;
  return { criterion, mode, requested, achieved, threshold, groups, guarded };
}

/** A network that was not cut keeps every channel. */
function planOfAll(network: Network): unknown {
  const groups = findGroups(network).groups.filter(({ fixed }) => !fixed);
  return {
    achieved: 0,
    groups: groups.map(({ name, size }) => ({
      name,
      of: size,
      kept: Array.from({ length: size }, (_, channel) => channel),
    })),
  };
}

function summaryOf({ achieved, from }: Report): string[] {
  if (typeof achieved !== "number") return [];
  const name = (from as { readonly name?: unknown } | undefined)?.name;
  const source = typeof name === "string" ? ` from ${name}` : "";
  return [`${percent(achieved)} of the ranked channels were removed${source}`];
}

/** A file of JSON. */
export function jsonFile(name: string, value: unknown): NamedBytes {
  return { name, bytes: new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`) };
}
