/**
 * @file The main job from end to end, on the real CIFAR-10 images: look, sparse-train, prune, see the
 * sensitivity, fine-tune, download. What the page shows is held against the network counted by hand,
 * against plain TensorFlow.js and against the command line.
 */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Download, Page } from "@playwright/test";
import { unzipSync } from "fflate";
import { balancedOrder, CIFAR10_CLASSES } from "../src/data/index.ts";
import { runLoadMjs } from "../src/files/bundle/testing/run-code.ts";
import { readRecipe } from "../src/recipe/index.ts";
import { count, largeText } from "../src/ui/format.ts";
import type { ExportRecord } from "../src/worker/protocol.ts";
import {
  applyCut,
  chooseFiles,
  dropFiles,
  figure,
  type FileLike,
  fillSettings,
  goTo,
  measured,
  openWhole,
  ratioField,
  ratioSlider,
  runsTable,
  stepsDone,
  truth,
  typeRatio,
  waitForSteps,
} from "./app.ts";
import { espalier, ROOT } from "./command-line.ts";
import { expect, test } from "./fixtures.ts";
import { cutAt, DEMO_FOLDER, demoNetwork, type Cut } from "./independent.ts";
import { firstPixels, predictWithPlainTfjs } from "./plain-tfjs.ts";

/** What most of the story is cut at: no guard holds there yet. */
const RATIO = 0.3;

let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-e2e-"));
});

test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The figures of one position of the slider, as the page shows them. */
async function expectCut(
  page: Page,
  { kept, parameters, macs }: Cut,
  widths: readonly number[],
): Promise<void> {
  const rows = page.getByRole("grid", { name: "Layers" }).getByRole("row");
  await expect(rows).toHaveCount(kept.length);
  await expect
    .poll(
      async () =>
        rows.evaluateAll((all) =>
          all.map((row) => row.querySelector('[role="gridcell"]')?.textContent?.trim()),
        ),
      { message: "channels kept" },
    )
    .toEqual(kept.map((n, i) => `${n} / ${widths[i] ?? 0}`));
  await expect(truth(page, "params")).toContainText(figureOf(parameters));
  await expect(truth(page, "MACs")).toContainText(figureOf(macs));
}

function channelsOf({ kept }: Cut): number {
  return kept.reduce((sum, n) => sum + n, 0);
}

/** A figure and its unit stand in two elements, with a space between. */
function figureOf(n: number): string {
  return largeText(n).replace("\u202f", " ");
}

/** The share of the horizontal axis at which a control's thumb is dragged. */
async function dragTo(page: Page, share: number): Promise<void> {
  const box = await ratioSlider(page).boundingBox();
  if (box === null) throw new Error("the slider is not on the page");
  const from = Number(await ratioSlider(page).inputValue()) / 100;
  const [y, thumb] = [box.y + box.height / 2, 8];
  const at = (value: number): number => box.x + thumb + value * (box.width - 2 * thumb);
  await page.mouse.move(at(from), y);
  await page.mouse.down();
  await page.mouse.move(at(share), y, { steps: 12 });
  await page.mouse.up();
}

async function save(download: Promise<Download>): Promise<FileLike> {
  const file = await download;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

async function downloadBy(page: Page, button: string): Promise<FileLike> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: button, exact: true }).click();
  return save(download);
}

/** What `report.json` says of one network. */
interface Figures {
  readonly parameters: number;
  readonly macs: number;
  readonly evaluation: { readonly count: number; readonly accuracy: number } | null;
}

interface Report {
  readonly format: string;
  readonly network: Figures & { readonly name: string; readonly fingerprint: string };
  readonly plan: {
    readonly achieved: number;
    readonly groups: readonly { kept: readonly number[] }[];
  };
  readonly recipe: unknown;
  readonly steps: readonly { readonly kind: string }[];
  readonly before: Figures;
  readonly after: Figures;
  readonly runs: readonly (Figures & { readonly kind: string })[];
  readonly backend: { readonly kind: string };
  readonly exports: readonly ExportRecord[];
}

const sha256 = ({ bytes }: FileLike): string => createHash("sha256").update(bytes).digest("hex");

async function downloadReport(page: Page): Promise<Report> {
  const { name, bytes } = await downloadBy(page, "Download report");
  expect(name).toBe("report.json");
  return JSON.parse(new TextDecoder().decode(bytes)) as Report;
}

/** The first `count` test images of the page's own order, as a shard for the command line. */
async function writeSubset(images: number): Promise<string> {
  const shard = await readFile(join(ROOT, "data", "cifar-10", "test_batch.bin"));
  const labels = Uint8Array.from({ length: 10_000 }, (_, i) => shard[i * 3073] ?? 0);
  const dataset = {
    name: "CIFAR-10",
    shape: [32, 32, 3] as const,
    classes: CIFAR10_CLASSES,
    labels,
    pixels: new Uint8Array(),
  };
  const order = balancedOrder(dataset, 1).subarray(0, images);
  const subset = Buffer.concat([...order].map((i) => shard.subarray(i * 3073, (i + 1) * 3073)));
  await writeFile(join(folder, "test_batch.bin"), subset);
  return folder;
}

test("load, sparse-train, prune, look at sensitivities, fine-tune, download", async ({
  page,
  watch,
}) => {
  const demo = await demoNetwork();
  const whole = cutAt(demo, 0);
  const part = cutAt(demo, RATIO);
  const [channels, left] = [channelsOf(whole), channelsOf(part)];

  await test.step("1. a working network at once", async () => {
    await openWhole(page);
    await expect(page.getByTestId("network-name")).toHaveText(demo.name);
    const { accuracy, halfWidth, images } = await measured(page);
    expect(images).toBeGreaterThanOrEqual(256);
    expect(accuracy - halfWidth).toBeGreaterThan(10);
    await expect(truth(page, "params")).toContainText(figureOf(whole.parameters));
    await watch.checkText();
  });

  await test.step("2. sparse training: watch, pause, resume, stop, discard", async () => {
    await goTo(page, "Sparse train");
    await fillSettings(page, { Seconds: "600", "Batch size": "16", "Learning rate": "0.001" });
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await waitForSteps(page, 2);
    await expect(figure(page, "Loss")).toContainText(/\d\.\d{3}/);
    await expect(page.getByText(new RegExp(`^\\d+ of ${channels} below 0\\.01`))).toBeVisible();
    await expect(page.getByRole("contentinfo")).toContainText("Sparse training:");
    await expect(page.getByRole("contentinfo")).toContainText("left");

    await page.getByRole("button", { name: "Pause" }).click();
    await expect(figure(page, "Time left")).toContainText("paused");
    const status = page.getByRole("contentinfo");
    await expect(status).toContainText("Sparse training: paused at");
    await expect(status).not.toContainText("left");
    await expect
      .poll(async () => stepsInFrames(page, 40), { message: "steps while paused" })
      .toBe(0);
    const held = await stepsDone(page);
    await page.getByRole("button", { name: "Resume" }).click();
    await waitForSteps(page, held + 1);
    await watch.checkText();

    await page.getByRole("button", { name: "Stop" }).click();
    const result = page.getByRole("group", { name: "Result" });
    await expect(result).toContainText(/Stopped after \d+ steps?/);
    await result.getByRole("button", { name: "Discard" }).click();
    await expect(result).toBeHidden();
    await expect(truth(page, "params")).toContainText(figureOf(whole.parameters));
  });

  await test.step("2. sparse training: keep, and bring the first network back", async () => {
    await fillSettings(page, { Seconds: "1" });
    await page.getByRole("button", { name: "Start", exact: true }).click();
    const result = page.getByRole("group", { name: "Result" });
    await expect(result).toContainText(/Finished after \d+ steps?/, { timeout: 60_000 });
    await expect(page.getByText(/% to .* n = 1000/)).toBeVisible();
    await result.getByRole("button", { name: "Keep" }).click();
    await expect(page.getByRole("tab", { name: "Prune", exact: true })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    await expect(
      runsTable(page).getByRole("row", { name: /sparse-trained on the page/ }),
    ).toBeVisible();
    await page.getByRole("button", { name: "Baseline", exact: true }).click();
    await expect(runsTable(page).getByRole("row", { name: /Baseline on the page/ })).toBeVisible();
  });

  await test.step("4. the ratio by keyboard: everything follows", async () => {
    await goTo(page, "Prune");
    await ratioSlider(page).focus();
    for (let press = 0; press < 6; press++) await page.keyboard.press("PageUp");
    await expect(ratioField(page)).toHaveValue("30");
    await expectCut(page, part, whole.kept);
    await expect(page.getByText(`of ${channels} channels`)).toContainText(String(channels - left));
    const threshold = page.getByRole("slider", { name: "Threshold" });
    const atPart = await threshold.getAttribute("aria-valuetext");
    await page.keyboard.press("ArrowRight");
    await expect(ratioField(page)).toHaveValue("30.5");
    await page.keyboard.press("ArrowLeft");
    await expect(threshold).toHaveAttribute("aria-valuetext", atPart ?? "");
    await measured(page);
  });

  await test.step("4. the ratio by mouse, and a guard", async () => {
    await dragTo(page, 0.7);
    await expect.poll(async () => Number(await ratioField(page).inputValue())).toBeGreaterThan(68);
    const dragged = Number(await ratioField(page).inputValue());
    expect(dragged).toBeLessThan(72);
    await expectCut(page, cutAt(demo, dragged / 100), whole.kept);

    await typeRatio(page, "99.5");
    await expectCut(page, cutAt(demo, 0.995), whole.kept);
    await expect(page.getByRole("note", { name: "Guards" })).toContainText(
      /^conv\d+(?: and \d+ more layers?)? kept (?:its|their) last channel \(guard\)/,
    );
    await page.getByRole("button", { name: "Half MACs" }).click();
    await expect(truth(page, "MACs")).toContainText(/\u2212(?:5\d|[6-9]\d)\u202f%/);
    await watch.checkText();
  });

  await test.step("4. after a storm of changes the newest one is measured", async () => {
    await page.getByRole("slider", { name: "Ratio" }).evaluate(async (input) => {
      const field = input as HTMLInputElement;
      const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);
      for (let i = 0; i < 120; i++) {
        field.value = String((i * 37) % 100);
        field.dispatchEvent(new Event("input", { bubbles: true }));
        if (i % 3 === 0) await frame();
      }
    });
    await typeRatio(page, "31.5");
    await measured(page);
    await expect(
      page.getByRole("button", { name: /^31\.5\s%: \d+\.\d\s% accuracy on/ }),
    ).toBeAttached();
    await expectCut(page, cutAt(demo, 0.315), whole.kept);
  });

  await test.step("5. sensitivity, point by point; what was computed stays when it is cancelled", async () => {
    await page.getByRole("button", { name: "Compute all" }).click();
    const filled = page.getByRole("grid", { name: "Layers" }).getByText(/^\d+\u202f%$/);
    await expect.poll(() => filled.count(), { timeout: 60_000 }).toBeGreaterThanOrEqual(1);
    await page.getByRole("button", { name: "Cancel sensitivity" }).click();
    await expect(page.getByRole("button", { name: "Cancel sensitivity" })).toBeHidden();
    expect(await filled.count()).toBeGreaterThanOrEqual(1);
    await expect(page.getByText("removed from one layer alone")).toBeVisible();
    await watch.checkText();
  });

  await test.step("6. apply, fine-tune, compare", async () => {
    await typeRatio(page, "30");
    await measured(page);
    await applyCut(page);
    const compared = page.getByRole("table", { name: "Before and after" });
    await expect(compared.getByRole("row", { name: /cut at 30/ })).toContainText(
      largeText(part.macs),
    );
    await fillSettings(page, { Seconds: "2", "Batch size": "16", "Learning rate": "0.001" });
    await page.getByRole("button", { name: "Start", exact: true }).click();
    const result = page.getByRole("group", { name: "Result" });
    await expect(result).toContainText(/Finished after \d+ steps?/, { timeout: 60_000 });
    const unkept = compared.getByRole("row", { name: /fine-tuned, not kept yet/ });
    await expect(unkept).toContainText(/% ± \d+\.\don [\d\u202f]+ held back/);
    await expect(unkept).toContainText(largeText(part.macs));
    await result.getByRole("button", { name: "Keep" }).click();
    await expect(unkept).toHaveCount(0);
    // The curves stay with the run.
    await expect(page.getByText(/^The training of .*Fine-tuned/i)).toBeVisible();
    const loss = page.getByRole("figure", { name: "Loss, nats" });
    await expect(loss.locator(".recharts-line-curve")).toHaveCount(2);
    await expect(compared.getByRole("row", { name: /fine-tuned/ })).toContainText(
      /\d+\.\d\u202f% ± \d/,
    );
    await expect(compared.getByRole("row", { name: /Baseline/ })).toContainText(
      largeText(whole.parameters),
    );
    await watch.checkText();
  });

  await test.step("6. download, and open again with plain TensorFlow.js and the command line", async () => {
    await goTo(page, "Export");
    await measured(page);
    const zip = await downloadBy(page, "Download .zip");
    const weights = await downloadBy(page, "Download .safetensors");
    const bundle = await downloadBy(page, "Download bundle");
    const proof = page.getByRole("region", { name: "Bundle" }).getByRole("status");
    await expect(proof).toContainText("Read back: weights and logits bit-identical");
    await expect(proof).toContainText(sha256(bundle));
    await page.getByLabel("Fold batch norms into the layers in front of them").check();
    const folded = await downloadBy(page, "Download .onnx");
    const report = await downloadReport(page);

    expect(report.exports.map(({ format, files }) => [format, files[0]?.sha256])).toEqual([
      ["tfjs", sha256(zip)],
      ["safetensors", sha256(weights)],
      ["bundle", sha256(bundle)],
      ["onnx", sha256(folded)],
    ]);
    for (const { readBack } of report.exports) {
      expect(readBack).toMatchObject({ weights: "bit-identical", logits: "bit-identical" });
    }

    expect(report.after).toMatchObject({ parameters: part.parameters, macs: part.macs });
    expect(report.before).toMatchObject({ parameters: whole.parameters, macs: whole.macs });
    expect(report.plan.achieved).toBeCloseTo(1 - left / channels, 6);
    expect(report.plan.groups.map(({ kept }) => kept.length)).toEqual(part.kept);
    expect(report.steps.map(({ kind }) => kind)).toEqual(["loaded", "pruned", "fine-tuned"]);
    expect(readRecipe(report.recipe, "report.json")).toBeTruthy();
    expect(report.runs.map(({ kind }) => kind)).toEqual([
      "loaded",
      "sparse",
      "pruned",
      "fine-tuned",
    ]);
    expect(report.backend.kind).toBe("wasm");

    const path = join(folder, weights.name);
    await writeFile(path, weights.bytes);
    const { evaluation } = report.after;
    const data = await writeSubset(evaluation?.count ?? 0);
    await writeFile(join(folder, folded.name), folded.bytes);
    const predict = (file: string): Promise<{ logits: number[][] }> =>
      espalier("predict", file, "--limit", "8");
    const [evaluated, predicted, onnx] = await Promise.all([
      espalier<{ count: number; accuracy: number }>("evaluate", path, "--data", data),
      predict(path),
      predict(join(folder, folded.name)),
    ]);
    expect(evaluated.count).toBe(evaluation?.count);
    expect(evaluated.accuracy).toBe(evaluation?.accuracy);

    const plain = await predictWithPlainTfjs(unzipSync(zip.bytes), 8);
    const snippet = await runLoadMjs(bundle.bytes, await firstPixels(8));
    predicted.logits.flat().forEach((logit, i) => {
      for (const found of [plain, snippet, onnx.logits.flat()]) {
        expect(Math.abs(logit - (found[i] ?? Number.NaN)), `logit ${i}`).toBeLessThan(1e-4);
      }
    });
    const inside = JSON.parse(
      new TextDecoder().decode(unzipSync(bundle.bytes)["report.json"]),
    ) as Report;
    expect(inside.plan).toEqual(report.plan);
    expect(inside.exports.map(({ format }) => format)).toEqual(["tfjs", "onnx", "torch"]);

    await goTo(page, "Load");
    for (const [open, file] of [
      [chooseFiles, zip],
      [chooseFiles, bundle],
      [dropFiles, weights],
    ] as const) {
      await open(page, [file]);
      await expect(page.getByRole("region", { name: "On the page" })).toContainText(file.name);
      await goTo(page, "Export");
      const again = await downloadReport(page);
      expect(again.network.fingerprint, file.name).toBe(report.network.fingerprint);
      await goTo(page, "Load");
    }
    await expect(page.getByRole("region", { name: "On the page" })).toContainText(
      `${count(left)} channels in ${part.kept.length} layers`,
    );
  });
});

/** Steps that a run does while the page paints some frames. */
async function stepsInFrames(page: Page, frames: number): Promise<number> {
  const before = await stepsDone(page);
  await page.evaluate(async (n) => {
    for (let i = 0; i < n; i++) await new Promise(requestAnimationFrame);
  }, frames);
  return (await stepsDone(page)) - before;
}

test("the command line prunes the shipped network as the page does", async () => {
  const demo = await demoNetwork();
  const [whole, part] = [cutAt(demo, 0), cutAt(demo, RATIO)];
  const out = join(folder, "part");
  const args = ["--preset", "network-slimming", "--ratio", String(RATIO), "-o", out];
  const pruned = await espalier<{
    achieved: number;
    groups: readonly { kept: readonly number[] }[];
    after: { parameters: number; macs: number };
  }>("prune", DEMO_FOLDER, ...args);
  expect(pruned.achieved).toBeCloseTo(1 - channelsOf(part) / channelsOf(whole), 6);
  expect(pruned.groups.map(({ kept }) => kept.length)).toEqual(part.kept);
  expect(pruned.after).toMatchObject({ parameters: part.parameters, macs: part.macs });
});
