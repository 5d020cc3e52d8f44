/**
 * @file What scores by images, and how a plan is carried out: dead channels left to their readers, a mask
 * in place of a cut, the reference scripts' count. Held against the command line with the same settings.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goTo, measured, openApp, openWithFew, ratioSlider, truth } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { firstRecords, serveFew } from "./shards.ts";
import { expectSheet, prune } from "./sheet.ts";

let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-e2e-"));
});

test.afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Training images in each of the five shards: more than a criterion looks at. */
const A_SHARD = 200;

/** Shards of so many, for the command line. */
async function fewShards(): Promise<string> {
  const few = join(folder, "shards");
  await mkdir(few);
  for (const part of [
    "data_batch_1",
    "data_batch_2",
    "data_batch_3",
    "data_batch_4",
    "data_batch_5",
  ]) {
    await writeFile(join(few, `${part}.bin`), await firstRecords(A_SHARD, `${part}.bin`));
  }
  return few;
}

const BY_RATIO = ["--allocation", "global-threshold", "--ratio", "0.4"] as const;

test("scores by what training images show, and cuts what the command line cuts", async ({
  page,
}) => {
  await serveFew(page, "data_batch_", A_SHARD);
  await openApp(page);
  await goTo(page, "Prune");
  await ratioSlider(page).fill("40");
  const criterion = page.getByLabel(/scor(e channels|ing) by/i);
  await criterion.selectOption("apoz");
  await expect(page.getByLabel("Score channels by")).toHaveValue("apoz", { timeout: 60_000 });
  const shown = ["--criterion", "apoz", "--data", await fewShards()] as const;
  await expectSheet(page, await prune(folder, ...BY_RATIO, ...shown));
  await measured(page);
});

test("counts as the slimming scripts do when it is told to", async ({ page }) => {
  await openApp(page);
  await goTo(page, "Prune");
  await ratioSlider(page).fill("40");
  const exact = await prune(folder, ...BY_RATIO);
  await expectSheet(page, exact);
  await page.getByText("More", { exact: true }).click();
  await page.getByLabel("Channels are counted").selectOption("reference");
  const reference = await prune(folder, ...BY_RATIO, "--reference");
  expect(reference).not.toEqual(exact);
  await expectSheet(page, reference);
});

test("leaves dead channels to their readers, and says how far off their borders are", async ({
  page,
}) => {
  await openApp(page);
  await goTo(page, "Prune");
  await page.getByText("More", { exact: true }).click();
  await page.getByLabel("Dead channels").selectOption("absorb");
  const note = page.getByRole("note", { name: "Dead channels" });
  await expect(note).toBeEmpty();
  await ratioSlider(page).fill("20");
  await measured(page);
  await expect(note).toHaveText(
    /^\d+ layers took over from dead channels; padded borders are off by at most [\d.e−]+ \(\w+\)/,
  );
  await expect(page.getByText("More: dead absorbed")).toBeVisible();
});

test("masks in place of cutting: the shapes stay, and the fine-tuning holds the zeros", async ({
  page,
}) => {
  const images = 200;
  await openWithFew(page, images);
  await goTo(page, "Prune");
  const whole = await truth(page, "MACs").innerText();
  await page.getByText("More", { exact: true }).click();
  await page.getByLabel("What goes is").selectOption("mask");
  await ratioSlider(page).fill("20");
  const cut = await measured(page, images);
  await page.getByRole("button", { name: "Mask and fine-tune" }).click();
  await expect(page.getByRole("tab", { name: "Fine-tune" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.getByText("Batch, momentum, augmentation, seed").click();
  await expect(page.getByLabel("Hold zeros at zero, which keeps a mask")).toBeChecked();
  await goTo(page, "Prune");
  const runs = page.getByRole("table", { name: "Runs", exact: true });
  await expect(runs.getByRole("rowheader", { name: /masked at 20/ })).toBeVisible();
  await expect.poll(() => truth(page, "MACs").innerText()).toBe(whole);
  expect(await measured(page, images)).toEqual(cut);
});
