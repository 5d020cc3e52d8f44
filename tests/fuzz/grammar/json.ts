/** @file Damage to JSON that stays JSON, or nearly: values of other types, keys taken away, doubled and renamed. */
import type { Random } from "../../../src/core/index.ts";
import { EDGES, type Mutator, NAMES, pick } from "../mutator.ts";

/** A value inside another. */
interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

/** Damages JSON text; what does not parse stays as it is. */
export const mutateJson: Mutator = (bytes, random) => {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return bytes;
  }
  return new TextEncoder().encode(mutateJsonValue(json, random));
};

/** Text of the damaged value, which is taken. */
export function mutateJsonValue(json: unknown, random: Random): string {
  const places = placesIn(json);
  if (places.length === 0) return JSON.stringify(hostile(random));
  const { parent, key } = pick(places, random);
  const entries = parent as Record<string, unknown>;
  switch (random.integer(9)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete entries[key];
      break;
    case 1:
      if (Array.isArray(parent)) parent.splice(Number(key), 0, structuredClone(entries[key]));
      // The same key twice, which only text can say.
      else return doubled(json, key, random);
      break;
    case 2: {
      const renamed = Array.isArray(parent) ? pick(parent, random) : pick(NAMES, random);
      define(entries, String(renamed), entries[key]);
      break;
    }
    case 3: {
      const other = pick(places, random);
      define(entries, key, (other.parent as Record<string, unknown>)[other.key]);
      if (isCircular(json)) return "[".repeat(random.integer(200));
      break;
    }
    case 4:
      define(entries, key, near(entries[key], random));
      break;
    default:
      define(entries, key, hostile(random));
  }
  return JSON.stringify(json);
}

function placesIn(json: unknown): Place[] {
  const places: Place[] = [];
  const open = [json];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== "object" || value === null) continue;
    for (const [key, inner] of Object.entries(value)) {
      places.push({ parent: value as Place["parent"], key });
      open.push(inner);
    }
  }
  return places;
}

/** As an own property, whatever it is called. */
function define(entries: Record<string, unknown>, key: string, value: unknown): void {
  if (Array.isArray(entries) && !/^\d{1,4}$/.test(key)) return;
  const descriptor = { value, enumerable: true, configurable: true, writable: true };
  Object.defineProperty(entries, key, descriptor);
}

function doubled(json: unknown, key: string, random: Random): string {
  const text = JSON.stringify(json);
  const quoted = `${JSON.stringify(key)}:`;
  return text.replace(quoted, () => `${quoted}${JSON.stringify(hostile(random))},${quoted}`);
}

/** Another number of about the same size, the same text with something to it, an empty list. */
function near(value: unknown, random: Random): unknown {
  if (typeof value === "number") return value + pick([1, -1, 0.5, -2 * value, value], random);
  if (typeof value === "string") return pick([`${value} `, value.slice(1), `../${value}`], random);
  if (typeof value === "boolean") return !value;
  return Array.isArray(value) ? value.toReversed() : {};
}

function hostile(random: Random): unknown {
  switch (random.integer(8)) {
    case 0:
      return null;
    case 1:
      return random.integer(2) === 0;
    case 2:
      return pick(NAMES, random);
    case 3:
      return pick([[], {}, [[]], { __proto__: null, x: 1 }], random);
    case 4:
      return nested(1 + random.integer(200));
    case 5:
      return pick([1e308, -0, 1e-320, 0.1, 1e21], random);
    default:
      return pick(EDGES, random);
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

function isCircular(json: unknown): boolean {
  try {
    JSON.stringify(json);
    return false;
  } catch {
    return true;
  }
}
