/**
 * @file The room that the browser gives the page: how much there is, and whether it promised not to clear it.
 * Browsers may ask the person for that promise, so it is asked for once in a visit, at a press by which a
 * network of the person's own was made.
 */
import { createStore, type StoreApi } from "zustand/vanilla";

/** The part of `navigator.storage` that is needed. */
export type BrowserStorage = Pick<StorageManager, "estimate" | "persist" | "persisted">;

export interface RoomState {
  /** Bytes of this page's in the browser; null where the browser does not tell. */
  readonly used: number | null;
  /** Bytes that it may have in all. */
  readonly quota: number | null;
  /** Whether what is kept stays on a full disk, too; null before it was asked, and where nobody answers. */
  readonly isPromised: boolean | null;
}

export interface Room {
  readonly store: StoreApi<RoomState>;
  /** Looks again; never fails. */
  look(): Promise<void>;
  /** Asks for the promise, once. */
  ask(): Promise<void>;
}

/** @param storage — there is none where the page came over an unsafe connection */
export function createRoom(storage: () => BrowserStorage | undefined): Room {
  const store = createStore<RoomState>(() => ({ used: null, quota: null, isPromised: null }));
  let isAsked = false;

  const look = async (): Promise<void> => {
    try {
      const place = storage();
      const { usage, quota } = (await place?.estimate()) ?? {};
      store.setState({ used: usage ?? null, quota: quota ?? null });
      // Of an earlier visit; that there is none yet says nothing.
      if ((await place?.persisted()) === true) store.setState({ isPromised: true });
    } catch {
      store.setState({ used: null, quota: null });
    }
  };

  return {
    store,
    look,
    ask: async () => {
      if (isAsked) return;
      isAsked = true;
      try {
        const place = storage();
        if (place === undefined) return;
        store.setState({ isPromised: (await place.persisted()) || (await place.persist()) });
      } catch {
        store.setState({ isPromised: false });
      }
    },
  };
}
