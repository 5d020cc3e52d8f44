/**
 * @file What somebody does who prunes for a living: a residual network, ratios from its sensitivity curves, one
 * layer locked, half of the MACs, fine-tuned, held against two other runs, the bundle taken along, and all
 * of it there after a reload. `npm run strip` takes its pictures on the way.
 */
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { applyCut, goTo, measured, openWithFew, truth, typeRatio } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { serveFew } from "./shards.ts";

/** Where `npm run strip` wants the pictures. */
const PICTURES = process.env["ESPALIER_STRIP"];
const IMAGES = PICTURES === undefined ? 16 : 1000;

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Per cent of the baseline that the page says of the MACs. */
async function macsDelta(page: Page): Promise<number> {
  const text = await truth(page, "MACs").innerText();
  return Number(/−(\d+)/.exec(text)?.[1] ?? Number.NaN);
}

test("from a residual network to a bundle, and everything still there", async ({ page }) => {
  test.setTimeout(PICTURES === undefined ? 240_000 : 900_000);
  await page.setViewportSize({ width: 1440, height: 900 });
  if (PICTURES === undefined) await serveFew(page, "data_batch_", 200);
  await openWithFew(page, IMAGES);
  await page.getByRole("button", { name: /^PreResNet-20/ }).click();
  await expect(page.getByTestId("network-name")).toHaveText(/^preresnet-20/);
  await page.getByRole("radio", { name: "Graph" }).check();
  await expect(page.getByRole("option", { name: /^input / })).toBeVisible();
  await measured(page, IMAGES);
  await picture(page, "1-load");

  await test.step("two cuts by ratio, to compare with", async () => {
    for (const ratio of ["10", "20"]) {
      await goTo(page, "Prune");
      await typeRatio(page, ratio);
      await measured(page, IMAGES);
      await applyCut(page);
      // The cut leads there once it is made; whoever goes back before is taken along.
      await expect(page.getByRole("tab", { name: "Fine-tune", exact: true })).toHaveAttribute(
        "aria-selected",
        "true",
      );
      await goTo(page, "Prune");
      await page.getByRole("button", { name: "Baseline", exact: true }).first().click();
    }
  });

  await test.step("half of the MACs by sensitivity, one layer locked", async () => {
    await page.getByRole("button", { name: "Compute all" }).first().click();
    await expect(page.getByRole("button", { name: "Cancel sensitivity" })).toBeHidden({
      timeout: 600_000,
    });
    await page.getByLabel("Allocation: remove").selectOption("sensitivity");
    await page.getByLabel("Target", { exact: true }).selectOption("macs");
    const goal = page.getByRole("textbox", { name: /MACs to get down to/ });
    await goal.fill("50 %");
    await goal.press("Enter");
    const grid = page.getByRole("grid", { name: "Layers" });
    await grid.getByRole("row").filter({ hasText: "layer2.0.conv1" }).hover();
    await page.getByRole("button", { name: "Lock layer2.0.conv1: it stays whole" }).click();
    await expect.poll(() => macsDelta(page)).toBeGreaterThanOrEqual(49);
    await expect(grid.getByRole("row").filter({ hasText: "layer2.0.conv1" })).toContainText(
      "32 / 32",
    );
    await measured(page, IMAGES);
    await picture(page, "2-prune");
    await applyCut(page);
  });

  await test.step("fine-tuned", async () => {
    await page.getByLabel("Seconds").fill(PICTURES === undefined ? "3" : "60");
    await page.getByRole("button", { name: "Start", exact: true }).click();
    const result = page.getByRole("group", { name: "Result" });
    await expect(result.getByRole("button", { name: "Keep" })).toBeVisible({ timeout: 300_000 });
    await picture(page, "3-fine-tune");
    await result.getByRole("button", { name: "Keep" }).click();
    await goTo(page, "Prune");
    await measured(page, IMAGES);
  });

  const runs = page.getByRole("region", { name: "Runs" });
  await test.step("held against the two others", async () => {
    await expect(runs.getByRole("row", { name: /fine-tuned/i })).toContainText(/−\d+\u202f%/);
    await expect(runs.getByRole("row")).toHaveCount(6);
    await runs.scrollIntoViewIfNeeded();
    await picture(page, "4-compare");
  });

  await goTo(page, "Export");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download bundle", exact: true }).click();
  expect((await saved).suggestedFilename()).toMatch(/\.zip$/);
  await picture(page, "5-export");

  await test.step("reloaded, and everything still there", async () => {
    const macs = await truth(page, "MACs").innerText();
    await goTo(page, "Load");
    await expect(page.getByRole("region", { name: "Project" })).toContainText(/, as of \d\d:\d\d/);
    await page.reload();
    await expect(page.getByRole("contentinfo")).toContainText(/Restored your project/);
    await goTo(page, "Export");
    expect(await truth(page, "MACs").innerText()).toBe(macs);
    await goTo(page, "Prune");
    await expect(runs.getByRole("row")).toHaveCount(6);
    await expect(runs.getByRole("row", { name: /fine-tuned/i })).toBeVisible();
    await picture(page, "6-reloaded");
  });
});
