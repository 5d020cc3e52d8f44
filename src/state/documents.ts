/**
 * @file What a bundle holds beside the network: recipe and plan as files of their own, the report they
 * stand in, and a few sentences of it for people.
 */
import type { BundleDocuments } from "./engine.ts";
import { largestOf, positionName } from "./measured.ts";
import { makeReport, writePlan, type ReportParts } from "./report.ts";
import { CRITERION, type Session } from "./session.ts";

/** The documents of the network that a report is about. */
export function makeDocuments(parts: ReportParts): BundleDocuments {
  const report = makeReport(parts);
  return {
    recipe: report["recipe"],
    plan: report["plan"] ?? planOfAll(parts.session),
    report,
    summary: summaryOf(parts),
  };
}

/** A network that was not cut keeps every channel. */
function planOfAll({ pruning }: Session): unknown {
  const plan = pruning?.at(0).plan;
  return plan === undefined ? { achieved: 0, groups: [] } : writePlan(plan);
}

function summaryOf({ session, preview, lineage, baseline, measured, set }: ReportParts): string[] {
  const ratio = preview?.ratio ?? 0;
  const steps = lineage.map(({ label }) => label);
  const shown = ratio === 0 ? steps : [...steps, `Cut at ${percent(ratio)}`];
  const evaluation = largestOf(
    measured,
    positionName({ key: session.key, criterion: CRITERION, ratio }),
  );
  const before = baseline?.session.cost;
  const after = preview?.cost ?? session.cost;
  return [
    `${session.origin}: ${shown.join(", then ")}`,
    ...(before === undefined || before.parameters === after.parameters
      ? []
      : [
          `${percent(1 - after.parameters / before.parameters)} of the parameters and ${percent(1 - after.macs / before.macs)} of the MACs were removed`,
        ]),
    ...(evaluation === undefined
      ? []
      : [
          `accuracy ${percent(evaluation.accuracy)} on ${evaluation.count} ${set} images, 95 % interval ${evaluation.interval.map(percent).join(" to ")}`,
        ]),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
