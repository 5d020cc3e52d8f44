/** @file Where an arrow key leads from a block: down and up the data, left and right among neighbours. */
import type { PlacedBox, PlacedGraph } from "./layout.ts";

export type Way = "down" | "up" | "left" | "right";

/**
 * The block that one comes to.
 * @param from — null for none yet, from where every way leads to the first
 * @returns the same when there is nothing that way
 */
export function neighbour(
  { boxes, edges }: PlacedGraph,
  from: string | null,
  way: Way,
): string | null {
  const here = boxes.find(({ id }) => id === from);
  if (here === undefined) return boxes[0]?.id ?? null;
  const named = (ids: readonly string[]): PlacedBox[] => boxes.filter(({ id }) => ids.includes(id));
  const candidates =
    way === "down"
      ? named(edges.filter((edge) => edge.from === here.id).map((edge) => edge.to))
      : way === "up"
        ? named(edges.filter((edge) => edge.to === here.id).map((edge) => edge.from))
        : boxes.filter((box) => isBeside(box, here, way));
  return nearest(candidates, here, way)?.id ?? here.id;
}

/** Those whose heights overlap, on that side. */
function isBeside(box: PlacedBox, here: PlacedBox, way: "left" | "right"): boolean {
  const overlaps = box.y < here.y + here.height && here.y < box.y + box.height;
  return overlaps && (way === "left" ? box.x < here.x : box.x > here.x);
}

/** The one that comes first on the way, and of those the one least far beside it. */
function nearest(boxes: readonly PlacedBox[], here: PlacedBox, way: Way): PlacedBox | undefined {
  const across = (box: PlacedBox): number => Math.abs(box.x - here.x);
  const along = (box: PlacedBox): number => Math.abs(box.y - here.y);
  const [first, then] = way === "down" || way === "up" ? [along, across] : [across, along];
  return boxes.toSorted((a, b) => first(a) - first(b) || then(a) - then(b))[0];
}
