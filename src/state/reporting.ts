/**
 * @file The report about the network on the page, as it is or as it is shown cut, and the documents that
 * a bundle holds beside it. What they say is gathered here from the page; how they read stands in
 * `report.ts` and `documents.ts`.
 */
import { known } from "../core/index.ts";
import { makeDocuments } from "./documents.ts";
import type { BundleDocuments, ExportedFile, ImageSet } from "./engine.ts";
import type { ExportsState } from "./exporting.ts";
import type { MeasuredStore } from "./measured.ts";
import type { Methods } from "./methods.ts";
import { baselineOf, lineageOf, type PageStore } from "./page.ts";
import { cutName, makeReport, type ReportParts, type ShownCut } from "./report.ts";

export interface ReportingCommands {
  /** @param isCut — about the network as the page shows it cut */
  report(isCut?: boolean): ExportedFile;
}

export interface ReportingParts {
  readonly page: PageStore;
  readonly methods: Methods;
  readonly measured: MeasuredStore;
  readonly imageSet: () => ImageSet;
  /** The cut that the page shows; null where nothing goes. */
  readonly shown: () => ShownCut | null;
  /** What was written of each network. */
  readonly records: () => ExportsState["records"];
}

export interface Reporting {
  readonly commands: ReportingCommands;
  /** What a bundle says about the network, cut or as it is. */
  documents(cut: ShownCut | null): BundleDocuments;
}

export function createReporting(parts: ReportingParts): Reporting {
  const { page, methods, measured } = parts;

  const about = (shown: ShownCut | null): ReportParts => {
    const state = page.getState();
    const session = known(state.session, "session");
    return {
      session,
      shown,
      whole: methods.store.getState().pruning?.at(0).plan ?? null,
      lineage: lineageOf(
        state.runs,
        state.runs.find(({ id }) => id === state.runId),
      ),
      baseline: baselineOf(state),
      runs: state.runs,
      measured: measured.getState(),
      set: parts.imageSet(),
      backend: state.backend,
      data: state.data,
      exports: parts.records().get(cutName(session.key, shown)) ?? [],
      written: new Date().toISOString(),
    };
  };

  return {
    documents: (cut) => makeDocuments(about(cut)),
    commands: {
      report: (isCut = false) => {
        const report = makeReport(about(isCut ? parts.shown() : null));
        const text = `${JSON.stringify(report, null, 2)}\n`;
        return { name: "report.json", bytes: new TextEncoder().encode(text) };
      },
    },
  };
}
