/**
 * @file A project put on the page: runs, method, and what was measured. It is there whole or not at all.
 * Accuracies and curves count only for the images that they were measured on, so they wait until it is known
 * which images there are, and are dropped where those are others.
 */
import { known } from "../core/index.ts";
import type {
  DataReport,
  Engine,
  HandedProject,
  ImageSet,
  NetworkKey,
  ProjectDocument,
} from "./engine.ts";
import type { MeasuredStore } from "./measured.ts";
import type { Method } from "./method.ts";
import type { Methods } from "./methods.ts";
import type { PageStore, Run } from "./page.ts";
import {
  imagesOf,
  readAccuracies,
  readCurves,
  readLatencies,
  readMethod,
  readRun,
} from "./project-document.ts";
import type { Sensitivity } from "./sensitivity.ts";
import type { Slider } from "./slider.ts";

/** Where a project came from: this browser's own storage, or a file from wherever. */
export type ProjectSource = "browser" | "file";

export interface AdoptingParts {
  readonly engine: Pick<Engine, "hold">;
  readonly page: PageStore;
  readonly methods: Methods;
  readonly slider: Slider;
  readonly measured: MeasuredStore;
  readonly sensitivity: Sensitivity;
  readonly imageSet: () => ImageSet;
  /** True when another network would take a training or its result away; says so. */
  readonly refuse: () => boolean;
  /** Called when other networks are on the page; drops all that was known of the last ones. */
  readonly onOpened: () => Promise<void>;
  /** Called when everything that is known of the project is on the page. */
  readonly onAdopted: () => void;
  readonly release: (key: NetworkKey) => Promise<void>;
}

export interface Adopting {
  /** @returns false when it was refused */
  adopt(project: HandedProject, from: ProjectSource): Promise<boolean>;
  /** Puts a method on the page as it was left. */
  ask(method: Method): void;
  /** The project of which something waits for its images; null when nothing does. */
  waiting(): ProjectDocument | null;
  /** Another network is on the page: nothing waits any more. */
  reset(): void;
  /** The images are known: takes what is of them, drops the rest. */
  settle(): void;
  /** True when criteria looked at other training images than there are now. */
  isOtherTraining(data: DataReport): boolean;
}

/** Lets the page draw between two networks. */
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

export function createAdopting(parts: AdoptingParts): Adopting {
  const { engine, page, methods, slider, measured, sensitivity, release } = parts;
  let waiting: { readonly document: ProjectDocument; readonly from: ProjectSource } | null = null;
  /** The training images that what is on the page was chosen by. */
  let training: { readonly name: string; readonly count: number } | null = null;

  const ask = (method: Method): void => {
    const { allocation } = method;
    // A criterion that has to look first goes on from where the slider is.
    if (allocation.kind === "global-threshold") slider.setRatio(allocation.ratio);
    methods.ask(method, "allocation");
  };

  const settle = (): void => {
    const { data, backend } = page.getState();
    if (waiting === null || data === null) return;
    const { document, from } = waiting;
    waiting = null;
    if (isSame(document.images, imagesOf(data, parts.imageSet()))) {
      const { evaluations } = measured.getState();
      measured.setState({ evaluations: new Map([...readAccuracies(document), ...evaluations]) });
      sensitivity.recall(readCurves(document));
      training = document.images?.training ?? null;
      if (methods.store.getState().needsCurves) methods.ask(methods.asked(), "allocation");
    }
    // Another machine is another speed, whatever its backend is called.
    if (from === "browser" && document.latencies?.backend === backend?.description) {
      const { latencies } = measured.getState();
      measured.setState({ latencies: new Map([...readLatencies(document), ...latencies]) });
    }
  };

  return {
    ask,
    settle,
    waiting: () => waiting?.document ?? null,
    reset: () => {
      waiting = null;
      training = null;
    },
    isOtherTraining: (data) =>
      training !== null &&
      data.training !== null &&
      (training.name !== data.training.name || training.count !== data.training.count),
    adopt: async ({ document, networks }, from) => {
      for (const network of networks.values()) await engine.hold(network);
      const runs: Run[] = [];
      for (const run of document.runs) {
        runs.push(readRun(run, known(networks.get(run.network), run.network)));
        await turn();
      }
      const before = page.getState().runs;
      if (parts.refuse()) {
        // Equal weights have equal keys: what the page has under one is held again as it was.
        const own = new Map(before.map(({ session }) => [session.key, session.network]));
        for (const key of networks.keys()) {
          const mine = own.get(key);
          await (mine === undefined ? release(key) : engine.hold(mine));
        }
        return false;
      }
      const shown = known(
        runs.find(({ id }) => id === document.shown),
        "run",
      );
      page.setState({ runs, runId: shown.id, session: shown.session, starting: false });
      await parts.onOpened();
      waiting = { document, from };
      settle();
      ask(readMethod(document));
      parts.onAdopted();
      await Promise.all([...new Set(before.map(({ session }) => session.key))].map(release));
      return true;
    },
  };
}

function isSame(a: ProjectDocument["images"], b: ProjectDocument["images"]): boolean {
  if (a === null || b === null) return false;
  const other = a.training !== null && b.training !== null;
  return (
    a.set === b.set &&
    a.name === b.name &&
    a.count === b.count &&
    (!other || (a.training?.name === b.training?.name && a.training?.count === b.training?.count))
  );
}
