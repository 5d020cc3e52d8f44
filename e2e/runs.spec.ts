/**
 * @file Runs compared: led to from another step, two cuts beside the baseline, only what differs, a name, a
 * pin, a removal that is taken back, and the chart's numbers on the page and in a file.
 */
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { largeText } from "../src/ui/format.ts";
import { applyCut, goTo, measured, openWithFew, truth, typeRatio } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { cutAt, demoNetwork } from "./independent.ts";
import { violations } from "./violations.ts";

const compared = (page: Page): Locator => page.getByRole("table", { name: "Runs compared" });

/** The row of the run whose name starts so. */
function rowOf(page: Page, name: string): Locator {
  const button = page.getByRole("button", { name: new RegExp(`^(Bring back )?${name}`) });
  return compared(page).getByRole("row").filter({ has: button });
}

/** The names of the runs, from the top down. */
const names = (page: Page): Promise<readonly string[]> =>
  compared(page)
    .getByRole("rowheader")
    .evaluateAll((all) => all.map((header) => header.querySelector("button")?.textContent ?? ""));

async function cut(page: Page, ratio: string): Promise<void> {
  await typeRatio(page, ratio);
  await measured(page, 200);
  await applyCut(page);
  await goTo(page, "Prune");
}

test("compares two cuts, tells them apart, names, pins, removes and brings back", async ({
  page,
  watch,
}) => {
  const demo = await demoNetwork();
  await openWithFew(page, 200);
  await goTo(page, "Prune");

  await test.step("each run with its figures and their changes", async () => {
    await cut(page, "20");
    await page.getByRole("button", { name: "Bring back Baseline" }).click();
    await expect(rowOf(page, "Baseline")).toContainText("on the page");
    await cut(page, "30");
    await expect
      .poll(() => names(page))
      .toEqual(["Baseline", "#2 cut at 20\u202f%", "#3 cut at 30\u202f%"]);
    const [whole, part] = [cutAt(demo, 0), cutAt(demo, 0.3)];
    const row = rowOf(page, "#3");
    await expect(row).toContainText("on the page");
    await expect(row).toContainText(largeText(part.parameters));
    await expect(row).toContainText(largeText(part.macs));
    const change = Math.round((part.macs / whole.macs - 1) * 100);
    await expect(row).toContainText(`\u2212${-change}\u202f%`);
    await expect(row).toContainText(/[+\u2212±]\d+\.\d\u202fpt, n\u202f=\u202f200/);
    await expect(row).toContainText("BN scale |γ|, at 30\u202f%");
    await watch.checkText();
  });

  await test.step("led to from another step", async () => {
    await goTo(page, "Fine-tune");
    await page.getByRole("button", { name: "Compare" }).click();
    const title = page.getByRole("heading", { name: "Runs", exact: true });
    await expect(title).toBeFocused();
    await expect(title).toBeInViewport();
    // Each is measured as far as the page, whatever was left behind.
    await expect(compared(page).getByText("n\u202f=\u202f200")).toHaveCount(3);
  });

  await test.step("differences only", async () => {
    const criterion = compared(page).getByText(/BN scale/);
    await expect(criterion).toHaveCount(2);
    await page.getByLabel("Differences only").check();
    await expect(criterion).toHaveCount(0);
    await expect(rowOf(page, "#3")).toContainText("at 30\u202f%");
    // Beside the baseline as the head, changes alone.
    const { macs } = cutAt(demo, 0.3);
    await expect(rowOf(page, "#3")).not.toContainText(largeText(macs));
    await expect(rowOf(page, "#3")).toContainText(/\u2212\d+\u202f%/);
    await expect(rowOf(page, "Baseline")).toContainText(largeText(cutAt(demo, 0).macs));
    await expect(compared(page).getByRole("columnheader", { name: "MACs" })).toBeVisible();
    await page.getByLabel("Differences only").uncheck();
    await expect(criterion).toHaveCount(2);
  });

  await test.step("names by double click and by the pencil", async () => {
    await compared(page).getByText("#3 cut at 30").dblclick();
    const field = compared(page).getByRole("textbox");
    await field.fill("thin");
    await field.press("Escape");
    await expect(rowOf(page, "#3")).toBeVisible();
    await page.getByRole("button", { name: /^Rename #3/ }).click();
    await field.fill("thin");
    await field.press("Enter");
    await expect(rowOf(page, "thin")).toBeVisible();
    await expect(page.getByRole("button", { name: "Rename thin" })).toBeFocused();
    await expect(page.getByRole("table", { name: "Runs", exact: true })).toContainText(
      "thin on the page",
    );
    await page.keyboard.press("Enter");
    await field.fill("");
    await truth(page, "MACs").click();
    await expect(rowOf(page, "#3")).toBeVisible();
  });

  await test.step("pins", async () => {
    const pin = page.getByRole("button", { name: /^Pin #3/ });
    await pin.click();
    await expect(pin).toHaveAttribute("aria-pressed", "true");
    expect((await names(page)).map((name) => name.slice(0, 2))).toEqual(["Ba", "#3", "#2"]);
  });

  await test.step("the chart by keyboard, as a table and as files", async () => {
    const chart = page.getByRole("figure", { name: "Accuracy against MACs" });
    const points = chart.getByRole("button", { name: /accuracy on 200 images/ });
    expect(await points.count()).toBeGreaterThanOrEqual(3);
    const baseline = points.filter({ has: page.locator("circle") }).last();
    await baseline.focus();
    await expect(baseline).toHaveAccessibleName(/^Baseline: /);
    await page.keyboard.press("Home");
    await page.keyboard.press("End");
    await expect(baseline).toBeFocused();
    await expect(rowOf(page, "Baseline")).toHaveAttribute("data-lit", "true");
    await rowOf(page, "#2").hover();
    await expect(rowOf(page, "#2")).toHaveAttribute("data-lit", "true");

    const svg = page.waitForEvent("download");
    await chart.getByRole("button", { name: "SVG" }).click();
    const drawing = await svg;
    expect(drawing.suggestedFilename()).toBe("accuracy-macs.svg");
    const text = await readFile(await drawing.path(), "utf8");
    expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(text).toContain("MACs per image, millions");
    expect(text).not.toMatch(/var\(|NaN|undefined/);

    await chart.getByRole("button", { name: "As table" }).click();
    const rows = chart.getByRole("table").getByRole("row");
    const count = await rows.count();
    await expect(rows.nth(1)).toContainText(/^Baselinebaseline\d+\.\d\u202f%/);
    await watch.checkText();
    const csv = page.waitForEvent("download");
    await chart.getByRole("button", { name: "CSV" }).click();
    const numbers = await csv;
    expect(numbers.suggestedFilename()).toBe("accuracy-macs.csv");
    const lines = (await readFile(await numbers.path(), "utf8")).trimEnd().split("\r\n");
    // Positions are still being measured.
    expect(lines.length).toBeGreaterThanOrEqual(count);
    expect(lines[0]).toMatch(/^network,kind,accuracy,/);
    expect(lines[1]).toContain(`,${cutAt(demo, 0).macs},`);
    await chart.getByRole("button", { name: "As chart" }).click();
    await chart.getByRole("radio", { name: "Parameters" }).check();
    await expect(page.getByRole("figure", { name: "Accuracy against parameters" })).toBeVisible();
  });

  await test.step("removes, and takes it back where it says so and by undo", async () => {
    const remove = page.getByRole("button", { name: /^Remove #3/ });
    await expect(remove).toHaveAttribute("title", /It is on the page/);
    await remove.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText("It is on the page");
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "Bring back Baseline" }).click();
    await remove.click();
    await expect(compared(page).getByRole("rowheader")).toHaveCount(2);
    await expect(page.getByRole("contentinfo")).toContainText("was removed");
    await page.getByRole("contentinfo").getByRole("button", { name: "Undo" }).click();
    await expect(compared(page).getByRole("rowheader")).toHaveCount(3);
    await remove.click();
    await expect(compared(page).getByRole("rowheader")).toHaveCount(2);
    await page.keyboard.press("Control+z");
    await expect(compared(page).getByRole("rowheader")).toHaveCount(3);
    await expect(compared(page).getByText("on the page")).toHaveCount(1);
  });

  await test.step("brings a run back", async () => {
    await page.getByRole("button", { name: /^Bring back #2/ }).click();
    await expect(rowOf(page, "#2")).toContainText("on the page");
    await expect(truth(page, "MACs")).toContainText(
      largeText(cutAt(demo, 0.2).macs).replace("\u202f", " "),
    );
  });
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });

  test("stands in one column, with targets for a finger", async ({ page }) => {
    await openWithFew(page, 200);
    await page.getByRole("combobox", { name: "Step", exact: true }).selectOption("Export");
    await page.getByRole("button", { name: "Compare" }).tap();
    await expect(page.getByRole("tab", { name: "Runs" })).toHaveAttribute("aria-selected", "true");
    await expect(rowOf(page, "Baseline")).toContainText("n\u202f=\u202f200");
    const section = page.getByRole("region", { name: "Runs", exact: true });
    const tools = section.getByRole("button", { name: /^(?:Pin|Rename|Remove|As table|CSV|SVG)/ });
    const heights = await tools.evaluateAll((all) =>
      all.map((tool) => tool.getBoundingClientRect().height),
    );
    expect(heights.length).toBeGreaterThanOrEqual(6);
    for (const height of heights) expect(height).toBeGreaterThanOrEqual(44);
    const overflow = await page.evaluate(() => {
      const root = document.documentElement;
      return root.scrollWidth - root.clientWidth;
    });
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await violations(page)).toEqual([]);
  });
});
