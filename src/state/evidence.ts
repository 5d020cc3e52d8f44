/**
 * @file What criteria were told of networks: measured once in the worker, kept for each network and kind,
 * dropped when the images or how they are normalized change.
 */
import type { Activity } from "./activity.ts";
import { readCriterion, type Engine, type Evidence, type NetworkKey } from "./engine.ts";
import type { Method } from "./method.ts";
import type { PageStore } from "./page.ts";
import type { Session } from "./session.ts";

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

export interface ScoringParts {
  readonly engine: Pick<Engine, "evidence">;
  readonly page: PageStore;
  readonly activity: Pick<Activity, "run">;
  readonly fetchTraining: () => Promise<void>;
}

/** Has measured what a method wants to be told of a network, on training images where it needs some. */
export function createScoring({ engine, page, activity, fetchTraining }: ScoringParts) {
  return async (
    { key }: Session,
    { criterion, options: { streams } }: Method,
    { title, needsImages }: Wanted,
  ): Promise<Evidence> => {
    const isThere = (page.getState().data?.training ?? null) !== null;
    if (needsImages && !isThere) await fetchTraining();
    return await activity.run(`Scoring by ${title}`, (call) =>
      engine.evidence({ network: key, criterion, streams }, call),
    );
  };
}

/** What is kept, and what is being measured. */
export class EvidenceStore {
  readonly #found = new Map<string, Evidence>();
  readonly #coming = new Map<string, Promise<Evidence>>();

  get(wanted: Wanted | null): Evidence | undefined {
    return wanted === null ? undefined : this.#found.get(wanted.name);
  }

  /**
   * Has it measured, once however often it is asked for meanwhile, and keeps it; unless everything is
   * cleared before it comes, as it is of what holds no more then.
   */
  async fetch({ name }: Wanted, measure: () => Promise<Evidence>): Promise<void> {
    const coming = this.#coming.get(name) ?? measure();
    this.#coming.set(name, coming);
    try {
      const evidence = await coming;
      if (this.#coming.get(name) === coming) this.#found.set(name, evidence);
    } finally {
      if (this.#coming.get(name) === coming) this.#coming.delete(name);
    }
  }

  clear(): void {
    this.#found.clear();
    this.#coming.clear();
  }
}
