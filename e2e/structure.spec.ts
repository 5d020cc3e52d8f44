/** @file The structure as a graph: walked by keyboard, against what it was cut from, downloaded whole. */
import { readFileSync } from "node:fs";
import { goTo, openApp, typeRatio } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { violations } from "./violations.ts";

test("shows blocks with their costs, and after a cut what has gone", async ({ page, watch }) => {
  await openApp(page);
  await page.getByRole("radio", { name: "Graph" }).check();
  const blocks = page.getByRole("listbox", { name: "Blocks of the network" });
  await blocks.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const chosen = blocks.getByRole("option", { selected: true });
  await expect(chosen).toHaveAccessibleName(
    /^conv1 convolution 3 × 3 batch norm · ReLU 32 × 32 × \d+ /,
  );
  const details = page.getByRole("region", { name: "Block conv1" });
  await expect(details).toContainText(/kernel3 × 3 × 3 × \d+/);
  await watch.checkText();
  expect(await violations(page)).toEqual([]);

  await goTo(page, "Prune");
  await typeRatio(page, "50");
  await page.getByRole("button", { name: "Apply and fine-tune" }).click();
  await goTo(page, "Load");
  await page.getByRole("radio", { name: "Graph" }).check();
  await blocks.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
  await expect(chosen).toHaveAccessibleName(/^conv2 .* MACs, −\d+/);

  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "SVG" }).click(),
  ]);
  const svg = readFileSync(await file.path(), "utf8");
  // The classifier is far below what is in sight.
  await expect(page.getByRole("option", { name: /^fc / })).toHaveCount(0);
  expect(svg.includes('data-block="fc"')).toBe(true);
  expect(svg.includes("var(")).toBe(false);
});
