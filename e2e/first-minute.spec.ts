/**
 * @file As a new user would: from a fresh page to a downloaded network, with nothing read and nothing typed; and
 * the one callout on the way, which is gone for good once it was followed.
 */
import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { measured, ratioField, ratioSlider, truth } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { watchShifts } from "./look.ts";
import { serveFew } from "./shards.ts";
import { violations } from "./violations.ts";

test("goes from a fresh page to a smaller network without typing", async ({ page }) => {
  await serveFew(page, "test_batch", 64);
  const shifts = await watchShifts(page);
  await page.goto("/");
  const callout = page.getByText("Drag to prune");
  await expect(callout).toBeVisible();
  // It lies over the page and takes nothing from it.
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(ratioSlider(page)).toHaveAccessibleDescription(/^Drag to prune/);
  await measured(page);
  expect(await violations(page)).toEqual([]);
  expect(await shifts(), "what moved").toEqual([]);
  const whole = await truth(page, "MACs").innerText();

  const { x, y, width, height } = (await ratioSlider(page).boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  await page.mouse.move(x + 10, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.18, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await expect(callout).toHaveCount(0);
  await expect(ratioSlider(page)).not.toHaveAttribute("aria-describedby");
  await expect(ratioField(page)).not.toHaveValue("0");
  await expect.poll(() => truth(page, "MACs").innerText()).not.toBe(whole);

  await page.getByRole("button", { name: "Download" }).click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: /^TensorFlow\.js/ }).click(),
  ]);
  const inside = Object.keys(unzipSync(readFileSync(await file.path())));
  expect(inside.some((name) => name.endsWith("model.json"))).toBe(true);

  await page.reload();
  await expect(ratioSlider(page)).toBeVisible();
  await expect(callout).toHaveCount(0);
});
