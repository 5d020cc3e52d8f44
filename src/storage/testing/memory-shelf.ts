/** @file A shelf in memory, with transactions that really undo, and calls that fail when they are told to. */
import { AppError } from "../../core/index.ts";
import type { Shelf, ShelfTransaction } from "../shelf.ts";

interface Stored {
  readonly document: string | undefined;
  readonly training?: string | undefined;
  readonly networks: ReadonlyMap<string, Uint8Array>;
}

export interface MemoryShelf extends Shelf {
  stored: Stored;
  /** Calls so far, the end of each transaction among them. */
  readonly calls: string[];
  /** The call that fails, counted from 1 after this is set; 0 for none. */
  failAt: number;
}

export function createMemoryShelf(): MemoryShelf {
  const shelf: MemoryShelf = {
    stored: { document: undefined, networks: new Map() },
    calls: [],
    failAt: 0,
    transact: async (mode, work) => {
      call(`begin ${mode}`);
      let { document, training } = shelf.stored;
      const networks = new Map(shelf.stored.networks);
      const result = await work({
        document: async () => {
          call("document");
          return document;
        },
        putDocument: async (text) => {
          call("putDocument");
          document = text;
        },
        training: async () => {
          call("training");
          return training;
        },
        putTraining: async (text) => {
          call("putTraining");
          training = text;
        },
        deleteTraining: async () => {
          call("deleteTraining");
          training = undefined;
        },
        keys: async () => {
          call("keys");
          return [...networks.keys()];
        },
        network: async (key) => {
          call("network");
          return networks.get(key);
        },
        putNetwork: async (key, bytes) => {
          call("putNetwork");
          networks.set(key, bytes.slice());
        },
        deleteNetwork: async (key) => {
          call("deleteNetwork");
          networks.delete(key);
        },
        clear: async () => {
          call("clear");
          document = undefined;
          training = undefined;
          networks.clear();
        },
      } satisfies ShelfTransaction);
      call("commit");
      if (mode === "readwrite") shelf.stored = { document, training, networks };
      return result;
    },
  };
  const call = (name: string): void => {
    shelf.calls.push(name);
    if (shelf.failAt > 0 && --shelf.failAt === 0) {
      throw new AppError("storage/full", { where: name });
    }
  };
  return shelf;
}
