/**
 * @file What a bundle holds beside the network: recipe and plan as files of their own, the report they
 * stand in, and a few sentences of it for people.
 */
import { lastPlanOf, type BundleDocuments } from "./engine.ts";
import { largestOf } from "./measured.ts";
import { cutName, makeReport, writePlan, type ReportParts } from "./report.ts";

/** The documents of the network that a report is about. */
export function makeDocuments(parts: ReportParts): BundleDocuments {
  const report = makeReport(parts);
  return {
    recipe: report["recipe"],
    // A network that was cut before it came here remembers how.
    plan: report["plan"] ?? lastPlanOf(parts.session.network) ?? planOfAll(parts.whole),
    report,
    summary: summaryOf(parts),
  };
}

/** A network that was not cut keeps every channel. */
function planOfAll(plan: ReportParts["whole"]): unknown {
  return plan === null ? { achieved: 0, groups: [] } : writePlan(plan);
}

function summaryOf({ session, shown, lineage, baseline, measured, set }: ReportParts): string[] {
  const steps = lineage.map(({ label }) => label);
  const all = shown === null ? steps : [...steps, shown.label];
  const evaluation = largestOf(measured, cutName(session.key, shown));
  const before = baseline?.session.cost;
  const after = shown?.cost ?? session.cost;
  return [
    `${session.origin}: ${all.join(", then ")}`,
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
