/**
 * @file Whether what lies on the disk is of the same work as what was asked for now: plain JSON of both,
 * held against each other leaf by leaf.
 */
import { printable } from "../core/index.ts";
import { badArgument } from "./refusal.ts";

/** What makes work what it is: settings, start, data, backend. Plain JSON. */
export type Identity = Readonly<Record<string, unknown>>;

/** The first thing that differs. */
interface Difference {
  /** `settings › length › epochs`. */
  readonly place: string;
  readonly before: string;
  readonly now: string;
}

const USUAL_HINT =
  "repeat the command as it was with --resume, or leave --resume out and write elsewhere";

/**
 * Refuses to go on with another run than the one that was stopped.
 * @throws cli/bad-argument naming the first thing that differs
 */
export function checkSameRun(
  path: string,
  { run: before }: { readonly run: Identity },
  now: Identity,
  hint = USUAL_HINT,
): void {
  const difference = differenceOf(before, now);
  if (difference === undefined) return;
  throw badArgument(`${path} › ${difference.place}`, {
    expected: `${difference.before}, as the run began`,
    found: difference.now,
    hint,
  });
}

/** Where two of them part; nothing where they are the same. */
export function differenceOf(before: Identity, now: Identity): Difference | undefined {
  const then = leaves(before);
  const today = leaves(now);
  const place = [...then.keys(), ...today.keys()].find((at) => then.get(at) !== today.get(at));
  if (place === undefined) return undefined;
  const shown = (values: ReadonlyMap<string, string>) => printable(values.get(place) ?? "nothing");
  return { place, before: shown(then), now: shown(today) };
}

/** As it will be read back from the disk: without what is undefined. */
export function asWritten(identity: Identity): Identity {
  return JSON.parse(JSON.stringify(identity)) as Identity;
}

/** `settings › length › epochs` → `12`, for every value inside; a list of values is one. */
function leaves(value: unknown, place = ""): Map<string, string> {
  const isList = Array.isArray(value) && value.every((part) => typeof part !== "object");
  if (typeof value !== "object" || value === null || isList) {
    return new Map([[place, JSON.stringify(value) ?? "nothing"]]);
  }
  return new Map(
    Object.entries(value).flatMap(([key, part]) => [
      ...leaves(part, place === "" ? key : `${place} › ${key}`),
    ]),
  );
}
