/**
 * @file Asking how pixels are normalized: measures the choices of a network that does not say, takes
 * the person's answer, makes it the networks' own metadata, and remembers it. A run that was trained
 * here keeps what it was trained with.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { known } from "../core/index.ts";
import type { Activity } from "./activity.ts";
import { titleOf, withNormalization } from "./engine.ts";
import type { Engine, Network, NetworkKey, Normalization } from "./engine.ts";
import type { Target } from "./measuring.ts";
import {
  candidatesOf,
  figuresOf,
  OWN,
  preselected,
  readOwn,
  type FiguresProblem,
  type SessionNormalization,
  type Trials,
} from "./normalization.ts";
import { isUntrained, lineageOf, type PageStore } from "./page.ts";
import type { Remembered } from "./remembered.ts";
import type { Session } from "./session.ts";

export interface NormalizingState {
  /** True when the person wants to see the choices; of a network that does not say they are shown anyway. */
  readonly isOpen: boolean;
  /** They were just asked for: the keyboard goes there once. */
  readonly isSought: boolean;
  /** Of the network that was opened. */
  readonly trials: Trials;
  /** The choice that was pointed at and not yet taken. */
  readonly picked: string | null;
  /** Figures of one's own, as typed. */
  readonly mean: string;
  readonly deviation: string;
  readonly problem: FiguresProblem | null;
}

export interface NormalizingCommands {
  openNormalization(): void;
  /** The keyboard is there. */
  reachNormalization(): void;
  closeNormalization(): void;
  pickNormalization(name: string): void;
  typeNormalization(typed: Partial<Pick<NormalizingState, "mean" | "deviation">>): void;
  /** Takes the choice that is pointed at. */
  takeNormalization(): Promise<void>;
}

export interface Normalizing {
  readonly store: StoreApi<NormalizingState>;
  readonly commands: NormalizingCommands;
  /** Forgets what was measured and picked: the network or the images are others now. */
  reset(): void;
  /** Measures what the choices lack; does nothing when nobody has to choose. */
  measure(target: Target, signal: AbortSignal): Promise<void>;
  /** A network that says nothing, with what was chosen for it before; null when nothing was. */
  recall(network: Network, key: NetworkKey): Network | null;
}

export interface NormalizingParts {
  readonly engine: Pick<Engine, "compareNormalizations" | "hold">;
  readonly page: PageStore;
  readonly activity: Activity;
  readonly remembered: Remembered;
  /** Runs a command of the Load step, and says what went wrong there. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  /** True when a training forbids it; says so. */
  readonly refuse: () => boolean;
  /** Called when the page's network is to be measured anew. */
  readonly onTaken: () => void;
  /** Called when there is something to measure for the choice. */
  readonly onOpened: () => void;
}

const UNASKED: NormalizingState = {
  isOpen: false,
  isSought: false,
  trials: new Map(),
  picked: null,
  mean: "",
  deviation: "",
  problem: null,
};

/** Images that the choices are measured on, and for networks of which one costs more than that. */
const IMAGES = 256;
const FEW_IMAGES = 64;
const HEAVY = 100e6;

export function createNormalizing(parts: NormalizingParts): Normalizing {
  const { engine, page, activity, remembered } = parts;
  const store = createStore<NormalizingState>(() => UNASKED);

  const isAsked = ({ normalization }: Session): boolean =>
    normalization.source === "assumed" || store.getState().isOpen;

  /** What the choice means in figures; null when typed ones are wrong, which is said. */
  const choice = ({ normalization }: Session): Normalization | null => {
    const { picked, trials, mean, deviation } = store.getState();
    const name = picked ?? preselected(normalization, trials);
    if (name !== OWN) {
      const found = candidatesOf(normalization).find((one) => one.name === name);
      return found?.normalization ?? null;
    }
    const read = readOwn({ mean, deviation }, normalization.value.mean.length);
    if ("normalization" in read) return read.normalization;
    store.setState({ problem: read.problem });
    return null;
  };

  /** Gives the normalization to the network on the page and its untrained kin, here and in the worker. */
  const give = async (value: Normalization): Promise<void> => {
    const { runs } = page.getState();
    const changed = new Map<Session, Session>();
    for (const run of runs.filter((one) => isUntrained(runs, one))) {
      const network = withNormalization(run.session.network, value);
      const { isSaid } = run.session.normalization;
      const normalization: SessionNormalization = { value, source: "chosen", isSaid };
      await engine.hold(network);
      changed.set(run.session, { ...run.session, network, normalization });
    }
    const after = page.getState();
    const renew = (session: Session): Session => changed.get(session) ?? session;
    page.setState({
      runs: after.runs.map((run) => ({ ...run, session: renew(run.session) })),
      session: after.session === null ? null : renew(after.session),
    });
  };

  const take = async (): Promise<void> => {
    const { session, runs, runId } = page.getState();
    if (session === null || parts.refuse()) return;
    const value = choice(session);
    if (value === null) return;
    await give(value);
    const [opened] = lineageOf(
      runs,
      runs.find(({ id }) => id === runId),
    );
    const { key, normalization } = opened?.session ?? session;
    if (!normalization.isSaid) remembered.remember(key, value);
    store.setState({ ...UNASKED, trials: store.getState().trials });
    parts.onTaken();
    const title = titleOf(value) ?? "figures of your own";
    const until = normalization.isSaid
      ? "export the network to keep that, as its file says otherwise"
      : "this browser remembers it for this network";
    activity.say(`Pixels are fed as ${title}; ${until}.`);
  };

  return {
    store,
    reset: () => store.setState(UNASKED),
    measure: async ({ baseline, baselineMacs, set, available }, signal) => {
      const { session } = page.getState();
      if (session === null || !isAsked(session)) return;
      const { trials } = store.getState();
      const candidates = candidatesOf(session.normalization)
        .map(({ normalization }) => normalization)
        .filter((one) => !trials.has(figuresOf(one)));
      if (candidates.length === 0) return;
      const count = Math.min(baselineMacs > HEAVY ? FEW_IMAGES : IMAGES, available);
      const request = { network: baseline.key, candidates, set, count };
      await activity.run(
        "Trying normalizations",
        (call) =>
          engine.compareNormalizations(
            request,
            ({ index, evaluation }) => {
              if (signal.aborted) return;
              const name = figuresOf(known(candidates[index], "candidate"));
              store.setState({ trials: new Map(store.getState().trials).set(name, evaluation) });
            },
            call,
          ),
        { quiet: true, signal },
      );
    },
    recall: (network, key) => {
      if (network.metadata.normalization !== undefined) return null;
      const before = remembered.normalizationOf(key);
      return before === null ? null : withNormalization(network, before);
    },
    commands: {
      openNormalization: () => {
        store.setState({ isOpen: true, isSought: true });
        parts.onOpened();
      },
      reachNormalization: () => {
        store.setState({ isSought: false });
      },
      closeNormalization: () => {
        store.setState({ ...UNASKED, trials: store.getState().trials });
      },
      pickNormalization: (picked) => {
        const { mean, deviation } = store.getState();
        store.setState({ picked, problem: null });
        const value = page.getState().session?.normalization.value;
        if (picked !== OWN || mean !== "" || deviation !== "" || value === undefined) return;
        // Figures to begin with; they also show how they are written.
        store.setState({ mean: value.mean.join(", "), deviation: value.std.join(", ") });
      },
      typeNormalization: (typed) => {
        store.setState({ ...typed, problem: null });
      },
      takeNormalization: () => parts.attempt(take),
    },
  };
}
