/**
 * @file The shelf in IndexedDB. A write is one transaction with strict durability, and counts only when it
 * is complete: a tab that dies in the middle leaves what was there before.
 */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from "idb";
import { AppError, isAbort } from "../core/index.ts";
import type { Shelf, ShelfTransaction } from "./shelf.ts";

interface Schema extends DBSchema {
  /** The document's text, and that about a training where one is under way. */
  project: { key: string; value: string };
  /** Safetensors files by fingerprint. */
  networks: { key: string; value: Uint8Array };
}

const STORES = ["project", "networks"] as const;
/** It grows when an older program could not read what is there. */
const VERSION = 1;
/** The key of the one project. */
const CURRENT = "current";
/** The key of the training; older programs leave it alone. */
const TRAINING = "training";

type Open = IDBPDatabase<Schema>;

/** @param name — of the database */
export function createIdbShelf(name = "espalier"): Shelf {
  let opening: Promise<Open> | undefined;
  const open = (): Promise<Open> => {
    const forget = (): void => {
      opening = undefined;
    };
    opening ??= openDB<Schema>(name, VERSION, {
      upgrade: (database) => {
        for (const store of STORES) database.createObjectStore(store);
      },
      // A newer program in another tab wants to change the database.
      blocking: (_current, _wanted, event) => {
        forget();
        (event.target as IDBDatabase).close();
      },
      terminated: forget,
    }).catch((error: unknown) => {
      forget();
      throw error;
    });
    return opening;
  };
  return {
    transact: async (mode, work) => {
      try {
        const options = mode === "readwrite" ? { durability: "strict" as const } : {};
        const transaction = (await open()).transaction(STORES, mode, options);
        return await complete(transaction, work);
      } catch (error) {
        throw explained(error);
      }
    },
  };
}

type Running = IDBPTransaction<Schema, typeof STORES, "readonly" | "readwrite">;

async function complete<T>(
  transaction: Running,
  work: (shelved: ShelfTransaction) => Promise<T>,
): Promise<T> {
  const { done } = transaction;
  // It is waited for below, after the work; until then nobody looks.
  done.catch(() => undefined);
  try {
    const result = await work(shelvedIn(transaction));
    await done;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // It has ended by itself, which undoes it as well.
    }
    // Of a write that did not fit, the transaction knows more than its last request.
    throw isAbort(error) ? (transaction.error ?? error) : error;
  }
}

function shelvedIn(transaction: Running): ShelfTransaction {
  const project = transaction.objectStore("project");
  const networks = transaction.objectStore("networks");
  return {
    document: () => project.get(CURRENT),
    putDocument: async (text) => void (await project.put?.(text, CURRENT)),
    training: () => project.get(TRAINING),
    putTraining: async (text) => void (await project.put?.(text, TRAINING)),
    deleteTraining: async () => {
      await project.delete?.(TRAINING);
    },
    keys: () => networks.getAllKeys(),
    network: (key) => networks.get(key),
    putNetwork: async (key, bytes) => void (await networks.put?.(bytes, key)),
    deleteNetwork: async (key) => {
      await networks.delete?.(key);
    },
    clear: async () => {
      await project.clear?.();
      await networks.clear?.();
    },
  };
}

/** The browser's refusals, in our words. */
function explained(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  const where = "the browser's storage";
  if (error.name === "QuotaExceededError") return new AppError("storage/full", { where });
  if (error.name === "VersionError") {
    const found = "a later layout of the storage";
    return new AppError("project/newer", { where, expected: "its own", found });
  }
  return new AppError("storage/unavailable", { where, found: error.name, cause: error });
}
