/** @file A confusion's cells, its table and its drawing say the same counts. */
import { expect, it } from "vitest";
import { writeCsv } from "../charts/chart-table.ts";
import { confusionTable, drawConfusion, matrixCell } from "./confusion-table.ts";

const classes = ["cat", "dog", "ship"];
const two = (rows: readonly (readonly number[])[]) => ({
  classes: 3,
  counts: Uint32Array.from(rows.flat()),
});
/** Of the ships there are no images. */
const confusions = {
  count: 20,
  before: two([
    [9, 1, 0],
    [2, 8, 0],
    [0, 0, 0],
  ]),
  after: two([
    [6, 4, 0],
    [1, 9, 0],
    [0, 0, 0],
  ]),
};
const of = { classes, images: 10 };

it("shows counts before and after, and of the change what got worse", () => {
  expect(matrixCell(confusions, "before", [0, 1], of)).toMatchObject({ text: "1", shade: 0.1 });
  expect(matrixCell(confusions, "after", [0, 1], of)).toMatchObject({ text: "4", shade: 0.4 });
  expect(matrixCell(confusions, "both", [0, 1], of)).toMatchObject({ text: "+3", isWorse: true });
  expect(matrixCell(confusions, "both", [0, 0], of)).toMatchObject({
    text: "\u22123",
    isWorse: true,
    says: "cat seen right: 9 (90.0\u202f%) before, 6 (60.0\u202f%) after",
  });
  expect(matrixCell(confusions, "both", [1, 0], of)).toMatchObject({
    text: "\u22121",
    isWorse: false,
  });
  expect(matrixCell(confusions, "both", [1, 1], of)).toMatchObject({ text: "+1", isWorse: false });
  expect(matrixCell(confusions, "after", [0, 2], of).text).toBe("");
});

it("lists every answer that was given, with its share of the class", () => {
  expect(writeCsv(confusionTable(confusions, classes))).toBe(
    [
      "class,taken_for,before,after,share_before,share_after",
      "cat,cat,9,6,0.9,0.6",
      "cat,dog,1,4,0.1,0.4",
      "dog,cat,2,1,0.2,0.1",
      "dog,dog,8,9,0.8,0.9",
      "",
    ].join("\r\n"),
  );
});

it("draws a row for every class of which there are images", () => {
  const { cells = [], texts } = drawConfusion(confusions, "both", classes);
  expect(cells).toHaveLength(2 * 3);
  expect(texts.map(({ text }) => text)).toEqual(
    expect.arrayContaining(["cat", "dog", "+3", "\u22123"]),
  );
});
