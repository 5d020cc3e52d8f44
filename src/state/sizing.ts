/**
 * @file The question of the image size, for files that leave it open: kept with the files until it is
 * answered or put aside. What is on the page stays as it was meanwhile.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { AppError } from "../core/index.ts";
import type { Dropped } from "../files/index.ts";
import type { InputSize } from "./engine.ts";
import { sentenceOf } from "./problem.ts";

export interface SizeQuestion {
  readonly files: readonly Dropped[];
  /** What leaves it open, in a sentence. */
  readonly why: string;
  readonly height: string;
  readonly width: string;
  /** Why the last answer did not do. */
  readonly problem: string | null;
}

export interface SizingState {
  readonly question: SizeQuestion | null;
}

export interface SizingCommands {
  typeSize(typed: Partial<Pick<SizeQuestion, "height" | "width">>): void;
  /** Opens the files for the size that was typed. */
  answerSize(): Promise<void>;
  dismissSize(): void;
}

export interface Sizing {
  readonly store: StoreApi<SizingState>;
  readonly commands: SizingCommands;
  /**
   * Runs the opening of files; where it fails for want of a size, that is asked for instead.
   * @throws whatever else the opening throws
   */
  asking(files: readonly Dropped[], open: Open): Promise<void>;
  /** Asks for a size of files that could be opened without one. */
  ask(files: readonly Dropped[], why: string, open: Open): void;
}

/**
 * Opens the files, for a size or for what they say.
 * @returns false when it was refused, which the page then says
 */
type Open = (size?: InputSize, signal?: AbortSignal) => Promise<boolean>;

/** @param usual — the size to begin with */
export function createSizing(usual: () => InputSize): Sizing {
  const store = createStore<SizingState>(() => ({ question: null }));
  let reopen: Open = () => Promise.resolve(true);
  /** Ends the opening for an answer that is under way. */
  let answering: AbortController | null = null;
  const ask = (files: readonly Dropped[], why: string, open: Open): void => {
    const [height, width] = [usual().height, usual().width].map(String) as [string, string];
    reopen = open;
    store.setState({ question: { files, why, height, width, problem: null } });
  };
  return {
    store,
    ask,
    asking: async (files, open) => {
      store.setState({ question: null });
      try {
        await open();
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== "files/open-size") throw error;
        const { where, found = "" } = error;
        ask(files, `${where} leaves height and width open: ${found}.`, open);
      }
    },
    commands: {
      typeSize: (typed) => {
        const { question } = store.getState();
        if (question !== null)
          store.setState({ question: { ...question, ...typed, problem: null } });
      },
      answerSize: async () => {
        const { question } = store.getState();
        if (question === null) return;
        /** The question as it stands by then, unless it is another one. */
        const still = (): SizeQuestion | null => {
          const { question: now } = store.getState();
          return now?.files === question.files ? now : null;
        };
        const size = { height: toSide(question.height), width: toSide(question.width) };
        answering = new AbortController();
        try {
          const isOpen = await reopen(size, answering.signal);
          if (isOpen && still() !== null) store.setState({ question: null });
        } catch (error) {
          const now = still();
          if (now !== null) store.setState({ question: { ...now, problem: sentenceOf(error) } });
        }
      },
      dismissSize: () => {
        answering?.abort(new DOMException("Dismissed", "AbortError"));
        store.setState({ question: null });
      },
    },
  };
}

function toSide(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
}
