/**
 * @file What criteria were told of networks: measured once in the worker, kept for each network and kind,
 * dropped when the images or how they are normalized change.
 */
import { readCriterion, type Evidence, type NetworkKey } from "./engine.ts";
import type { Method } from "./method.ts";

/** What a method wants to be told; null where the weights are enough. */
export interface Wanted {
  /** By which it is kept: equal for equal evidence. */
  readonly name: string;
  /** For people, such as "Taylor". */
  readonly title: string;
  /** True where the network must be run on images. */
  readonly needsImages: boolean;
}

/** @throws prune/unknown-criterion, prune/bad-option */
export function wantedBy({ criterion, options }: Method, key: NetworkKey): Wanted | null {
  const { criterion: chosen, options: values } = readCriterion(criterion);
  const kind = chosen.needs(values);
  const name = kind ?? chosen.welcomes;
  if (name === undefined) return null;
  const isSelected = options.streams === "select";
  return {
    name: `${key} ${name}${isSelected ? " select" : ""}`,
    title: chosen.title,
    needsImages: kind !== undefined,
  };
}

/** What is kept. */
export class EvidenceStore {
  readonly #found = new Map<string, Evidence>();

  get(wanted: Wanted | null): Evidence | undefined {
    return wanted === null ? undefined : this.#found.get(wanted.name);
  }

  put({ name }: Wanted, evidence: Evidence): void {
    this.#found.set(name, evidence);
  }

  clear(): void {
    this.#found.clear();
  }
}
