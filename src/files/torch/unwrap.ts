/**
 * @file What training scripts put around the weights, taken off: finds the state_dict in `{epoch, state_dict,
 * optimizer, …}`, keeps its tensors, the widths of network-slimming and small plain values, and says in
 * words what was left aside. Knows nothing of bytes.
 */
import { AppError, printable } from "../../core/index.ts";
import { showCount } from "../bytes.ts";
import { LIMITS } from "../limits.ts";
import { describe, isKind, type PickleDict, type PickleValue } from "./pickle-values.ts";
import type { Checkpoint } from "./state-dict.ts";
import type { TensorRefs } from "./tensors.ts";

/** A checkpoint whose tensors still have no values. */
export interface Unwrapped extends Omit<Checkpoint, "tensors"> {
  readonly tensors: TensorRefs;
}

/** Under which names scripts keep the weights, the most telling first. */
const WRAPPERS = ["state_dict", "model_state_dict", "model", "net"];
/** What DataParallel and torch.compile put in front of every name. */
const PREFIXES = ["module.", "_orig_mod."];
/** Values and characters of all extras together; learning curves fit, logs do not. */
const EXTRAS = 10_000;
/** How many names a note mentions. */
const MENTIONED = 5;

/**
 * Finds tensors and their company.
 * @throws files/missing-part when there is no tensor by name, files/over-limit
 */
export function unwrap(root: PickleValue, where: string): Unwrapped {
  const { state, around } = findState(root, where);
  const notes: string[] = [];
  const tensors = takeTensors(state, notes, where);
  const beside = takeExtras(around, notes);
  const widened = new Set(
    [...tensors.values()]
      .map(({ storage }) => storage.dtype)
      .filter(({ kind }) => kind === "float"),
  );
  for (const { name } of widened) {
    if (name !== "float32") notes.push(`weights stored as ${name} were converted to float32`);
  }
  return { tensors, ...beside, notes };
}

/** Goes inwards, wrapper by wrapper, up to the dictionary that holds tensors itself. */
function findState(root: PickleValue, where: string) {
  const around: (readonly [PickleValue, PickleValue])[] = [];
  let value: PickleValue | undefined = root;
  while (isKind(value, "dict")) {
    const dict: PickleDict = value;
    const key = WRAPPERS.find((name) => isKind(dict.items.get(name), "dict"));
    if (key === undefined) break;
    for (const item of dict.items) if (item[0] !== key) around.push(item);
    value = dict.items.get(key);
  }
  if (isKind(value, "dict") && hasTensor(value)) return { state: value, around };
  throw new AppError("files/missing-part", {
    where,
    expected: "a state_dict, that is tensors by name",
    found: isKind(root, "dict") ? `only ${mention([...root.items.keys()])}` : describe(root),
    hint: "save model.state_dict() and drop that",
  });
}

function hasTensor({ items }: PickleDict): boolean {
  for (const [key, value] of items) {
    if (typeof key === "string" && isKind(value, "tensor")) return true;
  }
  return false;
}

function takeTensors({ items }: PickleDict, notes: string[], where: string): TensorRefs {
  const others: PickleValue[] = [];
  const entries = [...items].flatMap(([name, value]) => {
    if (typeof name === "string" && isKind(value, "tensor")) return [[name, value] as const];
    others.push(name);
    return [];
  });
  if (others.length > 0) {
    notes.push(`left aside from the state_dict, being no tensors: ${mention(others)}`);
  }
  overLimit(entries.length, LIMITS.tensors, "tensors", where);
  const longest = entries.reduce((most, [name]) => Math.max(most, name.length), 0);
  overLimit(longest, LIMITS.nameLength, "characters in a name", where);
  const names = entries.map(([name]) => name);
  const cut = sharedPrefix(names);
  return new Map(entries.map(([name, tensor]) => [name.slice(cut), tensor]));
}

function overLimit(found: number, most: number, what: string, where: string): void {
  if (found <= most) return;
  throw new AppError("files/over-limit", {
    where,
    expected: `at most ${showCount(most)} ${what}`,
    found: showCount(found),
    hint: "save only the network's state_dict",
  });
}

/** @returns how many characters of wrapping stand in front of every name */
function sharedPrefix(names: readonly string[]): number {
  let length = 0;
  for (;;) {
    const start = length;
    const prefix = PREFIXES.find((text) => names.every((name) => name.startsWith(text, start)));
    if (prefix === undefined) return length;
    length += prefix.length;
  }
}

function takeExtras(around: readonly (readonly [PickleValue, PickleValue])[], notes: string[]) {
  const extras: [string, unknown][] = [];
  const others: PickleValue[] = [];
  const budget = { left: EXTRAS };
  let cfg: Checkpoint["cfg"];
  for (const [key, value] of around) {
    const widths = key === "cfg" ? widthsOf(value) : undefined;
    const plain = typeof key === "string" ? toPlain(value, budget) : undefined;
    if (widths !== undefined) cfg ??= widths;
    else if (key === "optimizer" || key === "optimizer_state_dict") {
      notes.push("the optimizer's state was left aside");
    } else if (typeof key === "string" && plain !== undefined) extras.push([key, plain]);
    else others.push(key);
  }
  if (others.length > 0) notes.push(`left aside, being no small plain values: ${mention(others)}`);
  // `fromEntries` makes own properties of all keys, `__proto__` included.
  return { cfg, extras: Object.fromEntries(extras) };
}

/** network-slimming's list: widths, "M" and "A". */
function widthsOf(value: PickleValue): Checkpoint["cfg"] {
  if (!isKind(value, "list") && !isKind(value, "tuple")) return undefined;
  const items: readonly PickleValue[] = value.items;
  const widths = items.filter(isWidth);
  return widths.length === items.length && widths.length <= LIMITS.nodes ? widths : undefined;
}

function isWidth(item: PickleValue): item is number | string {
  if (typeof item === "number") return Number.isSafeInteger(item) && item > 0;
  return item === "M" || item === "A";
}

/**
 * A value as JSON has it, or nothing when it is no such value or too large. What is shared is copied, so
 * the budget counts copies.
 */
function toPlain(value: PickleValue, budget: { left: number }): unknown {
  budget.left -= typeof value === "string" ? 1 + value.length : 1;
  if (budget.left < 0) return undefined;
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "bigint" || value instanceof Uint8Array) return undefined;
  if (value.kind === "list" || value.kind === "tuple") {
    return allOrNothing(value.items, (item) => toPlain(item, budget));
  }
  if (value.kind !== "dict") return undefined;
  const entries = allOrNothing(value.items, ([key, item]) => {
    if (typeof key !== "string" && typeof key !== "number") return undefined;
    const plain = toPlain(item, budget);
    return plain === undefined ? undefined : ([String(key), plain] as const);
  });
  return entries === undefined ? undefined : Object.fromEntries(entries);
}

function allOrNothing<T, U>(items: Iterable<T>, map: (item: T) => U | undefined): U[] | undefined {
  const mapped: U[] = [];
  for (const item of items) {
    const one = map(item);
    if (one === undefined) return undefined;
    mapped.push(one);
  }
  return mapped;
}

/** The first few names, and how many more there are. */
function mention(keys: readonly PickleValue[]): string {
  if (keys.length === 0) return "nothing";
  const named = keys
    .slice(0, MENTIONED)
    .map((key) => printable(typeof key === "string" ? key : describe(key), 40));
  const more = keys.length - named.length;
  return named.join(", ") + (more > 0 ? ` and ${showCount(more)} more` : "");
}
