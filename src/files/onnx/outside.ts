/**
 * @file What a model keeps in other files: taken only from files that were dropped with it, and counted.
 * Such a file gives the model room for its own size, once; each tensor that is read from it takes of
 * that room, since a few bytes of the model can name the same range of it again and again.
 */
import { leadsElsewhere } from "../bytes.ts";
import type { Budget } from "./budget.ts";
import type { ModelProto } from "./schema.ts";

/** Another file's bytes by the path in the model; nothing when it is not there. */
export type External = (path: string) => Uint8Array | undefined;

/** The files beside it that a model names, each once. */
export function locationsOf({ graph }: ModelProto): ReadonlySet<string> {
  const named = graph.initializers.map(({ payload }) =>
    payload.kind === "external" ? (payload.entries.get("location") ?? "") : "",
  );
  return new Set(named.filter(isBeside));
}

/** True for a path that stays beside the model. */
export function isBeside(path: string): boolean {
  return path !== "" && !leadsElsewhere(path);
}

export class Outside {
  readonly #find: External | undefined;
  readonly #budget: Budget;
  /** Two paths can lead to one file. */
  readonly #taken = new Set<Uint8Array>();

  constructor(find: External | undefined, budget: Budget) {
    this.#find = find;
    this.#budget = budget;
  }

  /** A file's bytes, borrowed; nothing when it is not there. */
  file(path: string): Uint8Array | undefined {
    const bytes = this.#find?.(path);
    if (bytes !== undefined && !this.#taken.has(bytes)) {
      this.#taken.add(bytes);
      this.#budget.grow(bytes.length);
    }
    return bytes;
  }

  /** Asked before numbers are made of so many bytes. @throws files/over-limit */
  spend(bytes: number, where: string): void {
    this.#budget.spend(bytes, where);
  }
}
