/**
 * @file What a file has left open about the network on the page, and the way to read the same file
 * otherwise: as another of the networks that its weights fit, or for images of another size.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Dropped } from "../files/index.ts";
import type { Opened, OpenFilesOptions } from "./engine.ts";

/** What a person has said about a file that leaves it open. */
export type Said = Pick<OpenFilesOptions, "inputSize" | "reading">;

type OpenedNetwork = Extract<Opened, { readonly kind: "network" }>;

export interface RereadingState {
  /** Every network that the weights fit; empty for a file with a graph of its own. */
  readonly readings: NonNullable<OpenedNetwork["readings"]>;
  readonly reading: string;
  /** What the file says of it, or when that is nothing, whether a person has. */
  readonly size: "fixed" | "assumed" | "said";
  /** How the file was read, in remarks. */
  readonly notes: readonly string[];
}

export interface Rereading {
  readonly store: StoreApi<RereadingState>;
  /** A network has come from files. */
  took(files: readonly Dropped[], said: Said, opened: OpenedNetwork): void;
  /** A network has come from elsewhere. */
  reset(): void;
  /** The files of the network on the page, with what was said about them; null when it had none. */
  source(): { readonly files: readonly Dropped[]; readonly said: Said } | null;
}

const NOTHING: RereadingState = { readings: [], reading: "", size: "fixed", notes: [] };

export function createRereading(): Rereading {
  const store = createStore<RereadingState>(() => NOTHING);
  let source: ReturnType<Rereading["source"]> = null;
  return {
    store,
    took: (files, said, { readings = [], reading = "", fitsAnySize = false, notes }) => {
      source = { files, said };
      const size = !fitsAnySize ? "fixed" : said.inputSize === undefined ? "assumed" : "said";
      store.setState({ readings, reading, size, notes });
    },
    reset: () => {
      source = null;
      store.setState(NOTHING);
    },
    source: () => source,
  };
}
