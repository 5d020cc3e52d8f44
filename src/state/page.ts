/**
 * @file The page's settled state: which step is open, what is loaded, the runs so far and the one
 * problem per place. What changes with every frame or step lives in stores of its own.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type {
  BackendReport,
  DataReport,
  Evaluation,
  Manner,
  Plan,
  TrainSettings,
} from "./engine.ts";
import type { TrainingCourse } from "./course.ts";
import type { Session } from "./session.ts";

export type Step = "load" | "sparse" | "prune" | "finetune" | "export";

export const STEPS: readonly Step[] = ["load", "sparse", "prune", "finetune", "export"];

/** A training as it really ran. */
export interface Trained {
  /** The length is the number of steps that was planned, also of a time box and of a stopped run. */
  readonly settings: TrainSettings;
  readonly steps: number;
  readonly seconds: number;
  readonly ended: "finished" | "stopped" | "diverged";
  readonly validation: Evaluation | null;
}

/** How a network was made from the one before it. */
export type Making =
  | { readonly kind: "loaded" }
  | { readonly kind: "pruned"; readonly plan: Plan; readonly manner: Manner }
  | { readonly kind: "sparse" | "fine-tuned"; readonly trained: Trained };

/** One network of this visit; a click brings it back. */
export interface Run {
  readonly id: number;
  readonly making: Making;
  /** The run that it was made from; null for one that was opened. */
  readonly parent: number | null;
  /** Such as "Baseline" or "Cut at 50 %". */
  readonly label: string;
  /** What a person calls it instead. */
  readonly name?: string;
  /** Stands among the first wherever runs are compared. */
  readonly isPinned?: boolean;
  readonly session: Session;
  /** Of one that was trained: how that went. */
  readonly course?: TrainingCourse;
  /** The run that its figures are compared with; itself for a baseline. */
  readonly against: number;
}

export interface PageState {
  readonly step: Step;
  readonly backend: BackendReport | null;
  readonly data: DataReport | null;
  readonly session: Session | null;
  readonly runs: readonly Run[];
  /** Those that were removed and can still be had back; in no list and no project. */
  readonly removed: readonly Run[];
  /** The largest id that a run ever had: a removed one's is not given again. */
  readonly lastRunId: number;
  /** The run whose network is on the page. */
  readonly runId: number;
  /** True until the first network is on the page or could not be had. */
  readonly starting: boolean;
  /** True until the first test images are there, or could not be had. */
  readonly awaitsImages: boolean;
  /** One sentence per step, shown there until it is dismissed or the same thing succeeds. */
  readonly problems: Partial<Record<Step, string>>;
  /** Said when a crashed worker, or a lost device, was replaced. */
  readonly restarted: string | null;
  /** The same for whoever wants to know exactly, where it is not all said above. */
  readonly restartDetails: string | null;
  /** The cut, by its name (`unapplied.ts`), without which the person goes on; null where none is left out. */
  readonly leftOut: string | null;
}

export type PageStore = StoreApi<PageState>;

export function createPage(): PageStore {
  return createStore<PageState>(() => ({
    step: "load",
    backend: null,
    data: null,
    session: null,
    runs: [],
    removed: [],
    lastRunId: 0,
    runId: 0,
    starting: true,
    awaitsImages: true,
    problems: {},
    restarted: null,
    restartDetails: null,
    leftOut: null,
  }));
}

/** Sets or takes back the sentence of one step. That the worker has crashed is said once, for all steps. */
export function setProblem(page: PageStore, step: Step, text: string | null): void {
  const { problems, restartDetails } = page.getState();
  const { [step]: _, ...others } = problems;
  const isSaid = text === null || text === restartDetails;
  page.setState({ problems: isSaid ? others : { ...others, [step]: text } });
}

/** The run that the page's network is compared with. */
export function baselineOf({ runs, runId }: PageState): Run | undefined {
  const current = runs.find((run) => run.id === runId);
  return runs.find((run) => run.id === current?.against);
}

/** A newly opened network: it replaces everything and is its own baseline. */
export function openSession(page: PageStore, session: Session): void {
  const id = nextId(page);
  const run: Run = {
    id,
    making: { kind: "loaded" },
    parent: null,
    label: "Baseline",
    session,
    against: id,
  };
  page.setState({ session, runs: [run], runId: id, lastRunId: id, starting: false });
}

/** Where the page goes with a new run. */
interface Arrival {
  /** False where the network on the page stays. */
  readonly isShown?: boolean;
  /** The step that is open from then on; without it the one that was. */
  readonly step?: Step;
}

/**
 * A network that was made from that of a run, and is compared with what that one is compared with. A
 * sparse-trained one is a new baseline.
 */
export function addRun(
  page: PageStore,
  session: Session,
  made: Pick<Run, "making" | "label" | "parent" | "course">,
  { isShown = true, step = page.getState().step }: Arrival = {},
): void {
  const id = nextId(page);
  const { runs } = page.getState();
  const parent = runs.find((run) => run.id === made.parent);
  const against = made.making.kind === "sparse" ? id : (parent?.against ?? id);
  page.setState({
    runs: [...runs, { id, session, against, ...made }],
    lastRunId: id,
    step,
    ...(isShown ? { session, runId: id } : {}),
  });
}

/** The runs from the one that was opened to this one. */
export function lineageOf(runs: readonly Run[], run: Run | undefined): readonly Run[] {
  if (run === undefined) return [];
  return [
    ...lineageOf(
      runs,
      runs.find(({ id }) => id === run.parent),
    ),
    run,
  ];
}

/** True for a network that was last masked and not cut: its zeros must be held while it trains. */
export function isMasked(runs: readonly Run[], run: Run | undefined): boolean {
  const last = lineageOf(runs, run).findLast(({ making }) => making.kind === "pruned")?.making;
  return last?.kind === "pruned" && last.manner.kind === "mask";
}

/** True for a network that was opened or cut, but never trained here. */
export function isUntrained(runs: readonly Run[], run: Run | undefined): boolean {
  return lineageOf(runs, run).every(
    ({ making }) => making.kind === "loaded" || making.kind === "pruned",
  );
}

/** True when the person may say how the network on the page is fed: training here has not fixed it. */
export function mayChooseNormalization({ runs, runId, session }: PageState): boolean {
  const isImage = session?.input.length === 3;
  return (
    isImage &&
    isUntrained(
      runs,
      runs.find(({ id }) => id === runId),
    )
  );
}

function nextId(page: PageStore): number {
  const { runs, lastRunId } = page.getState();
  return runs.reduce((most, run) => Math.max(most, run.id), lastRunId) + 1;
}
