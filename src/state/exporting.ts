/**
 * @file What leaves the page: one call to the engine per download, and the record of each, which the
 * Export step shows and the report repeats. Records belong to a network as it was cut, so that no figure
 * of one network is ever shown beside another.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { isAbort } from "../core/index.ts";
import type { Activity } from "./activity.ts";
import type {
  BundleDocuments,
  Delivered,
  Engine,
  ExportFormat,
  ExportRecord,
  FoldOptions,
  NetworkKey,
} from "./engine.ts";
import { setProblem, type PageStore } from "./page.ts";
import { sentenceOf } from "./problem.ts";
import { cutName, type ShownCut } from "./report.ts";

export interface ExportOptions {
  /** Cuts the network first, as the page shows. */
  readonly isCut?: boolean;
  /** Folds it first; for ONNX. */
  readonly fold?: FoldOptions | undefined;
}

export interface ExportsState {
  /** By the name of what was written (`measured.ts`), the newest of each format last. */
  readonly records: ReadonlyMap<string, readonly ExportRecord[]>;
}

export interface Exporting {
  readonly store: StoreApi<ExportsState>;
  /** True while a network is being written, so that the worker must not let go of it. */
  isWriting(key: NetworkKey): boolean;
  /** What was written before says another normalization than the network does now. */
  forget(): void;
  /** @returns nothing when it was refused, which the step then says, or cancelled */
  exportFiles(format: ExportFormat, options: ExportOptions): Promise<Delivered | null>;
}

interface Surroundings {
  readonly engine: Engine;
  readonly page: PageStore;
  readonly activity: Activity;
  /** Lets go of a network that nothing needs any more. */
  readonly release: (key: NetworkKey) => Promise<void>;
  /** The cut that the page shows; null where nothing goes. */
  readonly shown: () => ShownCut | null;
  readonly documents: (cut: ShownCut | null) => BundleDocuments;
}

const NONE: readonly ExportRecord[] = [];

export function createExporting(surroundings: Surroundings): Exporting {
  const { engine, page, activity, release, shown, documents } = surroundings;
  const store = createStore<ExportsState>(() => ({ records: new Map() }));
  /** With repeats. */
  const writing: NetworkKey[] = [];
  /** Counts what was forgotten; a file that was being written then says what holds no more. */
  let era = 0;

  const remember = (name: string, record: ExportRecord): void => {
    const { records } = store.getState();
    const others = (records.get(name) ?? NONE).filter(
      ({ format, folded }) =>
        format !== record.format || (folded === null) !== (record.folded === null),
    );
    store.setState({ records: new Map(records).set(name, [...others, record]) });
  };

  const exportFiles: Exporting["exportFiles"] = async (format, { isCut = false, fold }) => {
    const { session, step } = page.getState();
    if (session === null) return null;
    setProblem(page, step, null);
    const mine = era;
    const keys = [session.key];
    writing.push(session.key);
    try {
      const cut = isCut ? shown() : null;
      const delivered = await activity.run("Writing and reading back", async (call) => {
        const order = {
          format,
          fold,
          ...(format === "bundle" ? { documents: documents(cut) } : {}),
        };
        if (cut === null) {
          return await engine.exportNetwork({ network: session.key, ...order }, call);
        }
        const { plan, manner } = cut;
        const { key } = await engine.apply(session.key, plan, { ...manner, kind: "cut" });
        keys.push(key);
        writing.push(key);
        return await engine.exportNetwork({ network: key, ...order }, call);
      });
      if (mine === era) remember(cutName(session.key, cut), delivered.record);
      return delivered;
    } catch (error) {
      if (!isAbort(error)) setProblem(page, step, sentenceOf(error));
      return null;
    } finally {
      for (const key of keys) writing.splice(writing.indexOf(key), 1);
      await Promise.all(keys.map(release));
    }
  };

  return {
    store,
    isWriting: (key) => writing.includes(key),
    forget: () => {
      era++;
      store.setState({ records: new Map() });
    },
    exportFiles,
  };
}
