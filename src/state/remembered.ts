/**
 * @file What this browser remembers of networks that it has seen, by fingerprint: how their pixels were
 * said to be normalized; and of its person, whether the ratio was ever moved. It lies in local storage
 * and is as untrusted as a file; where storage is refused or full, it lasts for the visit.
 */
import type { NetworkKey, Normalization } from "./engine.ts";

/** The part of `window.localStorage` that is needed. */
export type TextStorage = Pick<Storage, "getItem" | "setItem">;

export interface Remembered {
  /** What was chosen for the network; null when nothing was. */
  normalizationOf(key: NetworkKey): Normalization | null;
  remember(key: NetworkKey, normalization: Normalization): void;
  hasMoved(): boolean;
  rememberMoved(): void;
}

const PLACE = "espalier.normalizations";
const MOVED = "espalier.moved";
/** Networks that are remembered; the one chosen for longest ago goes first. */
const MOST = 200;
/** Longer figures than these belong to no image. */
const MOST_CHANNELS = 4096;

/** @param storage — asked anew each time; may throw, as browsers do where storage is forbidden */
export function createRemembered(storage: () => TextStorage | undefined): Remembered {
  /** What could not be stored. */
  let visit: ReadonlyMap<NetworkKey, Normalization> = new Map();
  const all = (): Map<NetworkKey, Normalization> => new Map([...stored(storage), ...visit]);
  return {
    hasMoved: () => {
      try {
        return (storage()?.getItem(MOVED) ?? null) !== null;
      } catch {
        return false;
      }
    },
    rememberMoved: () => {
      try {
        storage()?.setItem(MOVED, "yes");
      } catch {
        // Refused or full: the callout comes again at the next visit.
      }
    },
    normalizationOf: (key) => all().get(key) ?? null,
    remember: (key, normalization) => {
      const known = all();
      // Behind all others: the newest.
      known.delete(key);
      known.set(key, normalization);
      const newest = [...known].slice(-MOST);
      try {
        const place = storage();
        place?.setItem(PLACE, JSON.stringify(Object.fromEntries(newest)));
        visit = place === undefined ? new Map(newest) : new Map();
      } catch {
        // Refused or full: the choice holds until the page is left.
        visit = new Map(newest);
      }
    },
  };
}

function stored(storage: () => TextStorage | undefined): ReadonlyMap<NetworkKey, Normalization> {
  try {
    return readAll(JSON.parse(storage()?.getItem(PLACE) ?? "{}"));
  } catch {
    return new Map();
  }
}

/** Every entry that is sound; the others are as if they had never been. */
function readAll(json: unknown): ReadonlyMap<NetworkKey, Normalization> {
  const found = new Map<NetworkKey, Normalization>();
  if (typeof json !== "object" || json === null) return found;
  for (const [key, value] of Object.entries(json)) {
    const normalization = /^[\da-f]{64}$/.test(key) ? readOne(value) : null;
    if (normalization !== null) found.set(key, normalization);
  }
  return found;
}

function readOne(json: unknown): Normalization | null {
  if (typeof json !== "object" || json === null) return null;
  const { mean, std } = json as { readonly mean?: unknown; readonly std?: unknown };
  if (!isFigures(mean) || !isFigures(std) || mean.length !== std.length) return null;
  return std.every((deviation) => deviation > 0) ? { mean, std } : null;
}

function isFigures(json: unknown): json is readonly number[] {
  return Array.isArray(json) && json.length <= MOST_CHANNELS && json.every(Number.isFinite);
}
