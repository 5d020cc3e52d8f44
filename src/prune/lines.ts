/**
 * @file The line of one group: its channels in the order in which they go, those that the guard
 * protects last. Whatever an allocation says, a plan takes the first so many channels of each line,
 * so that two plans never differ in *which* channels are less important, and more is always a superset.
 */
import type { Group, GroupId, GroupTable } from "./groups.ts";
import { protectedIn } from "./guards.ts";
import { segmentsOf, type Rounding, type RoundingRule } from "./rounding.ts";

export interface Line {
  readonly id: GroupId;
  readonly size: number;
  /** The pool in which the group is ranked. */
  readonly pool: number;
  /** Channel → place in the line. */
  readonly places: Int32Array;
  /** Place → position in the pool; ascending up to `size − least`, and again from there. */
  readonly ranks: Int32Array;
  /** Place → score. */
  readonly scores: Float64Array;
  /** How many channels are protected. */
  readonly least: number;
  /** How widths are rounded; nothing where they are not. */
  readonly rounding: LineRounding | undefined;
}

/** A line in the parts that are rounded each on its own. */
export interface LineRounding {
  readonly how: RoundingRule;
  /** Channel → part. */
  readonly partOf: Int32Array;
  readonly parts: readonly Part[];
}

export interface Part {
  /** The places in the line of the part's channels, ascending; the protected are the last. */
  readonly places: Int32Array;
  readonly least: number;
  readonly step: number;
}

/** What lines are made by. */
export interface LineOptions {
  readonly minimumShare: number;
  readonly rounding: Rounding;
}

/** What is known of a group's channels, by class or channel as the name says. */
export interface Order {
  /** Class → position in the pool. */
  readonly rank: Int32Array;
  readonly pool: number;
  /** Channel → score. */
  readonly scores: Float64Array;
}

/** Lines up one group; cost O(n log n). */
export function lineUp(
  table: GroupTable,
  group: Group,
  { rank, pool, scores }: Order,
  { minimumShare, rounding }: LineOptions,
): Line {
  const { id, start, size } = group;
  const isProtected = protectedIn(table, group, rank, minimumShare);
  const rankOf = (channel: number): number => rank[start + channel] as number;
  const order = Int32Array.from({ length: size }, (_, channel) => channel);
  order.sort((a, b) => {
    const guarded = (isProtected[a] as number) - (isProtected[b] as number);
    return guarded === 0 ? rankOf(a) - rankOf(b) : guarded;
  });
  const places = new Int32Array(size);
  order.forEach((channel, place) => {
    places[channel] = place;
  });
  const least = isProtected.reduce((sum, flag) => sum + flag, 0);
  return {
    id,
    size,
    pool,
    places,
    ranks: order.map(rankOf),
    scores: Float64Array.from(order, (channel) => scores[channel] as number),
    least,
    rounding: rounding.to === 1 ? undefined : partsOf(table, group, { places, least }, rounding),
  };
}

function partsOf(
  table: GroupTable,
  group: Group,
  { places, least }: { readonly places: Int32Array; readonly least: number },
  { to, how = "nearest" }: Rounding,
): LineRounding {
  const partOf = new Int32Array(group.size);
  const firstGuarded = group.size - least;
  const parts = segmentsOf(table, group, to).map(({ channels, step }, part): Part => {
    for (const channel of channels) partOf[channel] = part;
    const own = channels.map((channel) => places[channel] as number).sort();
    return { places: own, least: own.filter((place) => place >= firstGuarded).length, step };
  });
  return { how, partOf, parts };
}
