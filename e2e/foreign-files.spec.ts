/**
 * @file Files of other programs, dropped on the page: each opens as its own program would run it, what it
 * leaves open is asked for and remembered, and whatever is broken leaves the page as it was.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { unzipSync } from "fflate";
import { distance } from "../src/runtime/testing/close.ts";
import { largeText } from "../src/ui/format.ts";
import {
  dropFiles,
  dropPaths,
  goTo,
  identity,
  imagesOf,
  measured,
  openWithFew,
  SOON,
  truth,
} from "./app.ts";
import { espalier } from "./command-line.ts";
import { expect, test } from "./fixtures.ts";
import {
  foreignNetworks,
  IMAGES,
  onnxVgg,
  openSize,
  weightsAlone,
  type Foreign,
} from "./foreign-files.ts";
import { plainPng } from "./pictures.ts";
import { predictWithPlainTfjs } from "./plain-tfjs.ts";
import { firstRecords } from "./shards.ts";

let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-foreign-"));
});

test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const onThePage = (page: Page) => page.getByRole("region", { name: "On the page" });
const question = (page: Page) => page.getByRole("form", { name: "Normalization" });

/** Per cent of the first images that these logits get right. */
async function rightOf(logits: readonly number[]): Promise<number> {
  const records = await firstRecords(IMAGES);
  const right = Array.from({ length: IMAGES }, (_, image) => {
    const row = logits.slice(image * 10, image * 10 + 10);
    return row.indexOf(Math.max(...row)) === records[image * 3073];
  });
  return (100 * right.filter(Boolean).length) / IMAGES;
}

/** Waits until the page has measured this accuracy, on all images. */
async function expectAccuracy(page: Page, percent: number): Promise<void> {
  await expect
    .poll(async () => (await measured(page, IMAGES)).accuracy, {
      message: "accuracy, per cent",
      intervals: SOON,
    })
    .toBeCloseTo(percent, 0);
}

/** The layers model that the page hands out. */
async function download(page: Page): Promise<Record<string, Uint8Array>> {
  await goTo(page, "Export");
  const coming = page.waitForEvent("download");
  const layers = page.getByRole("region", { name: "TensorFlow.js layers model" });
  await layers.getByRole("button", { name: /^Download/ }).click();
  const bytes = await readFile(await (await coming).path());
  await goTo(page, "Load");
  return unzipSync(bytes);
}

/** What a person sees of the network. */
async function expectOpened(page: Page, expected: Foreign): Promise<void> {
  const { from, name, parameters, prunable, logits } = expected;
  await expect(onThePage(page).getByText(from, { exact: true })).toBeVisible();
  await expect(page.getByTestId("network-name")).toHaveText(name);
  await expect(truth(page, "params")).toContainText(largeText(parameters).replace("\u202f", " "));
  const fact = page.locator("dt", { hasText: "Prunable" }).locator("+ dd");
  expect((await fact.innerText()).replaceAll("\u202f", "")).toMatch(prunable);
  await expect(page.getByRole("main").getByRole("alert")).toBeHidden();
  await expectAccuracy(page, await rightOf(logits));
}

/** What the network answers that the page hands out again, as a share of the largest logit. */
async function expectAnswers(page: Page, { logits, normalization }: Foreign): Promise<void> {
  const ours = await predictWithPlainTfjs(await download(page), IMAGES, normalization);
  expect(distance(ours, logits), "distance of the logits").toBeLessThan(1e-4);
}

test("opens each kind as its own program runs it", async ({ page, watch }) => {
  // Each is also run by plain TensorFlow.js, in the flavours of one network too.
  test.slow();
  await openWithFew(page, IMAGES);
  for (const foreign of await foreignNetworks()) {
    await test.step(foreign.title, async () => {
      await dropFiles(page, foreign.files);
      await expectOpened(page, foreign);
      await expectAnswers(page, foreign);
      await watch.checkText();
    });
  }
});

test("asks for an image size that the file leaves open, and for nothing else", async ({ page }) => {
  await openWithFew(page, IMAGES);
  const before = await identity(page);
  await dropFiles(page, [await openSize()]);
  const form = page.getByRole("form", { name: "Image size" });
  await expect(form).toContainText("open.onnx");
  await expect(form).toContainText("[batch,3,height,width]");
  expect(await identity(page)).toEqual(before);

  await form.getByLabel("Height").fill("31");
  await form.getByRole("button", { name: "Open" }).click();
  await expect(form.getByRole("alert")).toHaveText(/^open\.onnx › .+: .+; .+\.$/);
  expect(await identity(page)).toEqual(before);
  await form.getByRole("button", { name: "Cancel" }).click();
  await expect(form).toBeHidden();

  await dropFiles(page, [await openSize()]);
  await form.getByRole("button", { name: "Open" }).click();
  const vgg = { ...(await onnxVgg()), from: "open.onnx", name: "open" };
  await expectOpened(page, vgg);
  await expectAnswers(page, vgg);
  await expect(form).toBeHidden();
});

test("asks how pixels are normalized, writes the answer down and remembers it", async ({
  page,
}) => {
  await openWithFew(page, 200);
  await expect(page.getByTestId("pixels")).toHaveText("CIFAR-10's figures Change");
  await expect(question(page)).toBeHidden();

  const { files } = await onnxVgg();
  await dropFiles(page, files);
  await expect(page.getByTestId("pixels")).toHaveText("CIFAR-10's figures, assumed");
  await expect(truth(page, "accuracy")).toContainText("pixels assumed");
  await expect(question(page)).toContainText("Accuracy on 200 test images");
  const row = (name: string) => question(page).locator("label", { hasText: name });
  await expect(row("CIFAR-10's")).toContainText("likely");
  await expect(row("0 … 255")).not.toContainText("likely");
  await expect(question(page).getByRole("radio", { name: /^CIFAR-10's/ })).toBeChecked();
  const assumed = await measured(page, 200);

  await goTo(page, "Prune");
  await page.getByRole("button", { name: "pixels assumed" }).click();
  await expect(question(page)).toBeVisible();

  await question(page).getByRole("radio", { name: "Figures of your own" }).check();
  await question(page).getByLabel("Mean").fill("0.5, 0.5");
  await question(page).getByRole("button", { name: "Use these figures" }).click();
  await expect(question(page)).toContainText("Write 3 numbers, or one for all channels.");
  await expect(page.getByTestId("pixels")).toHaveText("CIFAR-10's figures, assumed");

  await question(page)
    .getByRole("radio", { name: /^−1 … 1/ })
    .check();
  const promised = /(\d+\.\d)/.exec(await row("−1 … 1").innerText())?.[1];
  await question(page).getByRole("button", { name: "Use −1 … 1" }).click();
  await expect(question(page)).toBeHidden();
  await expect(page.getByTestId("pixels")).toHaveText("−1 … 1, chosen here Change");
  await expect(truth(page, "accuracy")).not.toContainText("pixels assumed");
  await expect
    .poll(async () => (await measured(page, 200)).accuracy)
    .toBe(Number(promised ?? Number.NaN));
  expect(Number(promised)).toBeLessThan(assumed.accuracy);

  await test.step("the exported file says it, on the command line too", async () => {
    for (const [name, bytes] of Object.entries(await download(page))) {
      await writeFile(join(folder, name), bytes);
    }
    const inspected = await espalier<{ normalization: unknown }>("inspect", folder);
    expect(inspected.normalization).toEqual({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
  });

  await test.step("the next visit knows it", async () => {
    await page.reload();
    // Where the project was kept already, it brings its own step with it.
    await expect(async () => {
      await goTo(page, "Load");
      await expect(imagesOf(page)).toContainText("200", { timeout: 2_000 });
    }).toPass();
    await dropFiles(page, files);
    await expect(page.getByTestId("pixels")).toHaveText("−1 … 1, chosen before Change");
    await expect(question(page)).toBeHidden();
  });
});

test("offers the networks that weights alone fit", async ({ page }) => {
  await openWithFew(page, IMAGES);
  await dropFiles(page, [await weightsAlone()]);
  await expect(onThePage(page)).toContainText("weights.safetensors");
  const usual = await measured(page, IMAGES);
  const readings = page.getByRole("combobox", { name: "Read as" });
  await expect(readings).toHaveValue("slimming-vgg");
  await readings.selectOption({ label: "network-slimming VGG, average pools" });
  await expect(page.getByRole("table", { name: "Structure" })).toContainText("average pool");
  await expect(readings).toHaveValue("slimming-vgg-average-pools");
  await readings.selectOption("slimming-vgg");
  await expect(readings).toHaveValue("slimming-vgg");
  await expectAccuracy(page, usual.accuracy);
});

test("takes CIFAR-100 and a folder of pictures for images, and keeps the network", async ({
  page,
}) => {
  await openWithFew(page, IMAGES);
  const before = await identity(page);
  const records = new Uint8Array(20 * 3074).map((_, i) => (i % 3074 === 1 ? i % 100 : i % 20));
  await dropFiles(page, [{ name: "test.bin", bytes: records }]);
  await expect(imagesOf(page)).toContainText(/CIFAR-100 test.*, 20/);
  await expect(truth(page, "accuracy")).toContainText("images of 100 classes, not 10");

  const colours = { blue: [0, 0, 255], red: [255, 0, 0] } as const;
  for (const [name, colour] of Object.entries(colours)) {
    for (const [part, count] of [
      ["train", 3],
      ["test", 2],
    ] as const) {
      const place = join(folder, "pictures", part, name);
      await mkdir(place, { recursive: true });
      for (let i = 0; i < count; i++) {
        await writeFile(join(place, `${i}.png`), plainPng(20 + 6 * i, colour));
      }
    }
  }
  await dropPaths(page, [join(folder, "pictures")]);
  await expect(imagesOf(page)).toContainText("2 folders, test, 4");
  await expect(imagesOf(page)).toContainText("2 folders, training, 6");
  expect(await identity(page)).toEqual(before);
});
