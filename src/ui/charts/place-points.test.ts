/** @file A run is seen over the position of the slider that it was cut at, and both are walked from left to right. */
import { expect, it } from "vitest";
import type { ComparedPoint } from "../../state/index.ts";
import { placePoints } from "./place-points.ts";

function point(id: string, run: number | null, macs: number, accuracy: number): ComparedPoint {
  return {
    id,
    name: id,
    run,
    ratio: run === null ? 0.5 : null,
    isBaseline: false,
    evaluation: {
      count: 2000,
      correct: 2000 * accuracy,
      accuracy,
      loss: 1,
      interval: [accuracy - 0.01, accuracy + 0.01],
      milliseconds: 1,
    },
    accuracy,
    isComparable: true,
    shiftedTo: null,
    parameters: macs,
    macs,
  };
}

it("paints runs over the positions that they were cut at, and walks all from left to right", () => {
  const points = [
    point("run 2", 2, 50, 0.86),
    point("at 0.5", null, 50, 0.8601),
    point("at 0.2", null, 80, 0.88),
    point("run 1", 1, 100, 0.88),
  ];
  const { placed, painted } = placePoints({ points, front: [], axis: "macs" }, 600);
  const ids = (list: typeof placed): readonly string[] => list.map(({ point: { id } }) => id);
  expect(ids(placed)).toEqual(["run 2", "at 0.5", "at 0.2", "run 1"]);
  expect(ids(painted)).toEqual(["at 0.5", "at 0.2", "run 2", "run 1"]);
});
