/**
 * @file What a file says of the surgery that made its network. A record that does not fit the graph is
 * refused, so that whoever asks where a channel came from gets an answer for every channel.
 */
import * as v from "valibot";
import { AppError, channelsOf } from "../core/index.ts";
import { factsOf, type Graph, type SurgeryRecord } from "../model/index.ts";
import { at } from "./bytes.ts";
import { LIMITS } from "./limits.ts";

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.nameLength));
const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const channels = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.elements));
const index = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.elements));
const kept = v.pipe(v.array(index), v.minLength(1));

/** A plan as records hold it; its places are for {@link checkPlaces}. */
export const planSchema = v.strictObject({
  criterion: name,
  mode: name,
  requested: share,
  achieved: share,
  threshold: v.optional(finite),
  groups: v.pipe(v.array(v.strictObject({ name, of: channels, kept })), v.maxLength(LIMITS.nodes)),
  guarded: v.pipe(v.array(name), v.maxLength(LIMITS.nodes)),
});

const from = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const stepSchema = v.variant("kind", [
  v.strictObject({
    kind: v.picklist(["cut", "mask"]),
    from,
    plan: planSchema,
    dead: v.picklist(["zero", "absorb"]),
  }),
  v.strictObject({ kind: v.literal("select"), from }),
  v.strictObject({ kind: v.literal("trained"), steps: channels }),
  v.strictObject({ kind: v.literal("folded") }),
]);

/** The record's shape; what it says of the graph is for {@link checkSurgery}. */
export const surgerySchema = v.strictObject({
  // Entries, because copying key by key would lose a layer called `__proto__`.
  origins: v.custom<SurgeryRecord["origins"]>(
    (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  ),
  history: v.pipe(v.array(stepSchema), v.maxLength(LIMITS.surgerySteps)),
}) satisfies v.GenericSchema<unknown, SurgeryRecord>;

const origin = v.pipe(v.number(), v.safeInteger(), v.minValue(-1), v.maxValue(LIMITS.elements));
const originSchema = v.strictObject({
  node: name,
  of: channels,
  kept: v.pipe(v.array(origin), v.minLength(1)),
});

/**
 * Holds a record against the graph: each origin belongs to a node and has a place for each of its
 * channels.
 * @throws files/bad-field
 */
export function checkSurgery(
  graph: Graph,
  { origins, history }: SurgeryRecord,
  where: string,
): void {
  const facts = factsOf(graph);
  for (const [node, given] of Object.entries(origins)) {
    const place = at(where, "surgery", "origins", node);
    const shape = facts.get(node)?.shape;
    if (shape === undefined) refuse(place, "a node of the network", "no such node");
    if (!v.is(originSchema, given)) refuse(place, "a node, a count and places", "something else");
    if (given.kept.length !== channelsOf(shape)) {
      refuse(place, `${channelsOf(shape)} places`, String(given.kept.length));
    }
    const { of } = given;
    const bad = given.kept.find((channel) => channel >= of);
    if (bad !== undefined) refuse(place, `places up to ${of - 1}`, String(bad));
  }
  history.forEach((step, i) => {
    if (!("plan" in step)) return;
    for (const group of step.plan.groups) {
      const place = at(where, "surgery", "history", String(i), group.name);
      checkPlaces(group.kept, group.of, place);
    }
  });
}

/**
 * Holds places that stay against how many there were.
 * @throws files/bad-field
 */
export function checkPlaces(places: readonly number[], of: number, where: string): void {
  const bad = places.find((value, i) => value >= of || (i > 0 && value <= (places[i - 1] ?? 0)));
  if (bad !== undefined) refuse(where, `rising places from 0 to ${of - 1}`, String(bad));
}

function refuse(where: string, expected: string, found: string): never {
  throw new AppError("files/bad-field", { where, expected, found });
}
