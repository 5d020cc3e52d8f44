/** @file What is said of runs: their recipes, their figures, and nothing where nothing is known. */
import { expect, it } from "vitest";
import { createFakeEngine } from "../../state/testing/fake-engine.ts";
import {
  compareRuns,
  createWorkbench,
  differingFacts,
  MEASURES,
  pointsOfPositions,
  pointsOfRuns,
  frontOf,
} from "../../state/index.ts";
import { writeCsv } from "../charts/chart-table.ts";
import {
  axisTitle,
  axisValue,
  pointLines,
  pointSpoken,
  tableOfPoints,
} from "../charts/cost-words.ts";
import { factsOf, factsText } from "./run-facts.ts";
import { basisOf, changeText, tableOfRuns, valueText } from "./run-words.ts";

const NO_NUMBER = /NaN|undefined|Infinity|null/;
const plain = (text: string): string => text.replaceAll("\u202f", " ");

/** Two cuts by two criteria, the second one masked, and nothing measured unless it is waited for. */
async function workbench() {
  const bench = createWorkbench(
    createFakeEngine({ pace: 0, architecture: "vgg13:width=0.1", heldBack: 500 }),
  );
  const { commands } = bench;
  await commands.start();
  commands.setRatio(0.3);
  await commands.apply();
  commands.restore(1);
  commands.changeMethod({ criterion: "l1", options: { scope: "layer" } }, "criterion");
  commands.changeMethod({ manner: { kind: "mask", dead: "zero" } }, "more");
  commands.setRatio(0.5);
  await commands.apply();
  return bench;
}

it("says what each run was told, and what tells them apart", async () => {
  const { page, commands } = await workbench();
  const read = () => {
    const { runs } = page.getState();
    return runs.map((run) => factsOf(run, runs));
  };
  const [opened, first, second] = read().map((facts) => plain(factsText(facts)));
  expect(opened).toMatch(/shipped/);
  expect(first).toMatch(/^from Baseline, BN scale \|γ\|, at 30 %, \d+ of \d+ channels removed$/);
  expect(second).toMatch(/^from Baseline, L1.*, each layer, at 50 %, \d+ of \d+ .*, masked$/);

  commands.editTraining("finetune", { learningRate: "0.02", seed: "7" });
  await commands.startTraining("finetune");
  commands.keepTraining();
  const facts = read();
  const trained = plain(factsText(facts[3] ?? []));
  expect(trained).toBe(
    "from #3 masked at 50 %, 240 steps, batches of 64, learning rate 0.02, cosine, zeros held, seed 7",
  );
  const differing = differingFacts(facts);
  expect(factsText(facts[1] ?? [], differing)).not.toMatch(/channels absorbed/);
  expect([...differing]).toContain("criterion");
  expect([...differing]).toContain("rate");
});

it("has a dash for what is not known, and never a broken number", async () => {
  const { page, measured } = await workbench();
  const rows = compareRuns(page.getState(), measured.getState());
  const { runs } = page.getState();
  for (const row of rows) {
    for (const measure of MEASURES) {
      const { value, change } = row.figures[measure];
      const said = [valueText(measure, value), changeText(measure, change), basisOf(measure, row)];
      for (const text of said) expect(text).not.toMatch(NO_NUMBER);
    }
  }
  expect(valueText("latency", null)).toBe("–");
  expect(changeText("accuracy", null)).toBe("");
  const csv = writeCsv(
    tableOfRuns(
      rows,
      rows.map(({ run }) => factsOf(run, runs)),
    ),
  );
  expect(csv).not.toMatch(NO_NUMBER);
  expect(csv.split("\r\n")[0]).toBe(
    "run,recipe,baseline,accuracy,images,change_points,parameters,parameters_change,macs,macs_change,bytes,bytes_change,ms_per_image,ms_per_image_change",
  );
});

it("says changes in points of accuracy, and in per cent of everything else", () => {
  expect(plain(changeText("accuracy", -0.0061))).toBe("−0.6 pt");
  expect(plain(changeText("macs", -0.536))).toBe("−54 %");
  expect(plain(changeText("latency", 0.104))).toBe("+10 %");
  expect(plain(valueText("bytes", 1_140_000))).toBe("1.14 MB");
});

it("puts runs and positions of the slider into one table, each beside the baseline", async () => {
  const { page, measured, method, slider, commands } = await workbench();
  commands.restore(1);
  commands.goTo("prune");
  commands.changeMethod({ criterion: "bn-scale", options: {} }, "criterion");
  commands.setRatio(0.2);
  await expect
    .poll(() => measured.getState().evaluations.size, { timeout: 20_000 })
    .toBeGreaterThan(6);
  const rows = compareRuns(page.getState(), measured.getState());
  const points = [
    ...pointsOfRuns(rows, measured.getState()),
    ...pointsOfPositions(
      { page: page.getState(), method: method.getState(), shown: slider.getState() },
      measured.getState(),
    ),
  ];
  const front = frontOf(points, "macs");
  const csv = writeCsv(tableOfPoints(points, front)).trimEnd().split("\r\n");
  expect(csv).toHaveLength(points.length + 1);
  expect(csv[1]).toMatch(/^Baseline,baseline,0\.8\d+,/);
  expect(csv.join("\n")).toMatch(/,position,/);
  expect(csv.join("\n")).not.toMatch(NO_NUMBER);
  // What goes costs less, position by position.
  const positions = points.filter(({ run }) => run === null);
  expect(positions.length).toBeGreaterThan(1);
  expect(positions.map(({ macs }) => macs)).toEqual(
    positions.map(({ macs }) => macs).toSorted((a, b) => b - a),
  );
  for (const point of points) expect(pointSpoken(point, true)).not.toMatch(NO_NUMBER);
});

it("says where a point is drawn that was measured on fewer images", () => {
  const evaluation = {
    count: 256,
    correct: 214,
    accuracy: 0.836,
    loss: 0,
    interval: [0.79, 0.88] as const,
    milliseconds: 1,
  };
  const point = {
    id: "run 4",
    name: "#4 fine-tuned",
    run: 4,
    ratio: null,
    isBaseline: false,
    evaluation,
    accuracy: 0.859,
    isComparable: true,
    shiftedTo: 10_000,
    parameters: 66_000,
    macs: 21e6,
  };
  const [own = "", drawn = ""] = pointLines(point).map(plain);
  expect(own).toMatch(/^83\.6 % ± .*, n = 256$/);
  expect(drawn).toBe("drawn at 85.9 %: shifted to the baseline's 10 000 images");
  expect(plain(pointSpoken(point, true))).toContain(drawn);
  const asMeasured = { ...point, shiftedTo: null };
  expect(pointLines(asMeasured).join()).not.toMatch(/shifted/);
  expect(pointSpoken(asMeasured, true)).not.toMatch(/shifted/);
});

it("counts an axis in the unit of its largest tick", () => {
  expect(axisTitle("macs", 12e6)).toBe("MACs per image, millions");
  expect(axisTitle("parameters", 600_000)).toBe("Parameters, thousands");
  expect([0, 2.5e6, 10e6].map((tick) => axisValue(tick, 10e6))).toEqual(["0", "2.5", "10"]);
});
