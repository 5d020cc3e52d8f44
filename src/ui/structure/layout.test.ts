import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutGraph, type LayoutOrder, type PlacedBox } from "./layout.ts";
import { neighbour } from "./walk.ts";

/** Boxes in forward order; every later one reads one to three earlier ones. */
const orders: fc.Arbitrary<LayoutOrder> = fc
  .array(
    fc.record({
      width: fc.integer({ min: 40, max: 240 }),
      height: fc.integer({ min: 30, max: 120 }),
      reads: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((rows) => ({
    boxes: rows.map(({ width, height }, i) => ({ id: `b${i}`, width, height })),
    edges: rows.flatMap(({ reads }, i) =>
      i === 0
        ? []
        : [...new Set(reads.map((read) => read % i))].map((read) => ({
            from: `b${read}`,
            to: `b${i}`,
          })),
    ),
  }));

function overlap(a: PlacedBox, b: PlacedBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

describe("a graph that is laid out", () => {
  it("has no two boxes on each other, and every reader below what it reads", () => {
    fc.assert(
      fc.property(orders, (order) => {
        const { boxes, edges, width, height } = layoutGraph(order);
        boxes.forEach((box, i) => {
          expect(boxes.slice(i + 1).some((other) => overlap(box, other))).toBe(false);
          expect(box.x >= 0 && box.y >= 0).toBe(true);
          expect(box.x + box.width <= width && box.y + box.height <= height).toBe(true);
        });
        const byId = new Map(boxes.map((box) => [box.id, box]));
        for (const { from, to, points } of edges) {
          const [above, below] = [byId.get(from), byId.get(to)];
          expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThan(below?.y ?? 0);
          expect(points.length).toBeGreaterThan(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is walked along its lines: whatever can be reached downwards leads back up", () => {
    fc.assert(
      fc.property(orders, (order) => {
        const placed = layoutGraph(order);
        for (const { id } of placed.boxes) {
          const down = neighbour(placed, id, "down");
          const leads = placed.edges.some(({ from }) => from === id);
          if (leads) {
            expect(placed.edges.some(({ from, to }) => from === id && to === down)).toBe(true);
          } else expect(down).toBe(id);
        }
        expect(neighbour(placed, null, "left")).toBe("b0");
      }),
      { numRuns: 60 },
    );
  });
});
