/** @file The project: there again after a reload, and after a new start from its file. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import {
  applyCut,
  dropFiles,
  goTo,
  measured,
  openWithFew,
  ratioField,
  truth,
  typeRatio,
} from "./app.ts";
import { expect, test } from "./fixtures.ts";

const project = (page: Page) => page.getByRole("region", { name: "Project" });

/** Waits until everything is kept, on the Load step. */
async function waitUntilKept(page: Page): Promise<void> {
  await goTo(page, "Load");
  await expect(project(page)).toHaveAttribute("data-kept", "kept");
  await expect(project(page)).toContainText(/Kept in this browser, as of \d\d:\d\d/);
}

/** A cut, then a lock and another ratio on what is left of it, measured. */
async function work(page: Page): Promise<void> {
  await goTo(page, "Prune");
  await typeRatio(page, "50");
  await applyCut(page);
  await goTo(page, "Prune");
  const grid = page.getByRole("grid", { name: "Layers" });
  await grid.getByRole("row").filter({ hasText: "conv3" }).hover();
  await page.getByRole("button", { name: "Lock conv3: it stays whole" }).click();
  await typeRatio(page, "25");
  await measured(page, 64);
}

/** What a person would miss, as the page says it. */
async function whatIsThere(page: Page): Promise<readonly string[]> {
  await goTo(page, "Prune");
  await measured(page, 64);
  return [
    await ratioField(page).inputValue(),
    await truth(page, "MACs").innerText(),
    await truth(page, "params").innerText(),
    await page.getByRole("table").filter({ hasText: "Runs" }).innerText(),
    await page.getByText("More: 1 locked").innerText(),
  ];
}

test("is there again after a reload, and from its file after a new start", async ({ page }) => {
  await openWithFew(page, 64);
  await expect(project(page)).toHaveAttribute("data-kept", "untouched");
  await work(page);
  const left = await whatIsThere(page);
  await waitUntilKept(page);

  await page.reload();
  await expect(page.getByRole("contentinfo")).toContainText(/Restored your project of \d\d:\d\d/);
  expect(await whatIsThere(page)).toEqual(left);
  await waitUntilKept(page);
  await expect(project(page)).toContainText("It was here when you came back.");

  const saved = page.waitForEvent("download");
  await project(page).getByRole("button", { name: "Save to a file" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toMatch(/^vgg13.*\.espalier\.zip$/);
  const bytes = await readFile(await download.path());

  await project(page).getByRole("button", { name: "Start afresh…" }).click();
  await project(page).getByRole("button", { name: "Forget and start afresh" }).click();
  await expect(project(page)).toHaveAttribute("data-kept", "untouched");
  await goTo(page, "Prune");
  await expect(ratioField(page)).toHaveValue("0");
  await page.reload();
  // A fresh visit again: it opens on Prune.
  await expect(ratioField(page)).toHaveValue("0");
  await goTo(page, "Load");
  await expect(project(page)).toHaveAttribute("data-kept", "untouched");

  await dropFiles(page, [{ name: download.suggestedFilename(), bytes }]);
  await expect(page.getByTestId("network-name")).toBeVisible();
  await expect(project(page)).toHaveAttribute("data-kept", /waiting|kept/);
  expect(await whatIsThere(page)).toEqual(left);
});

test("is kept by the first tab alone; the second says so and goes on", async ({
  page,
  context,
}) => {
  await openWithFew(page, 64);
  await goTo(page, "Prune");
  await typeRatio(page, "50");
  await waitUntilKept(page);

  const second = await context.newPage();
  await openWithFew(second, 64);
  await goTo(second, "Prune");
  await expect(ratioField(second)).toHaveValue("50");
  await typeRatio(second, "25");
  await goTo(second, "Load");
  await expect(project(second)).toContainText("Another tab keeps its project");
  await second.close();

  await page.reload();
  await goTo(page, "Prune");
  await expect(ratioField(page)).toHaveValue("50");
});
