/**
 * @file One channel at a time: a leaf under the pointer, a channel by the keyboard, and what the inspector
 * says of it, which a person can check: figures of its weights, its map, what the network loses without it.
 */
import type { Locator, Page } from "@playwright/test";
import { goTo, measured, openWhole, openWithFew } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { violations } from "./violations.ts";

const grid = (page: Page): Locator => page.getByRole("grid", { name: "Layers" });
const tip = (page: Page): Locator => page.getByTestId("channel-tip");
const panel = (page: Page): Locator => page.getByRole("region", { name: "Channel", exact: true });

/** Shades in a picture of pixels. */
async function shadesOf(picture: Locator): Promise<number> {
  return picture.evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {
      data: [],
    };
    return new Set([...data].filter((_, i) => i % 4 === 0)).size;
  });
}

/** Moves the pointer over a row's wire until a channel is marked. @returns what the line says */
async function pointAtLeaf(page: Page, layer: string): Promise<string> {
  const row = grid(page).getByRole("row").filter({ hasText: layer }).first();
  const box = await row.boundingBox();
  if (box === null) throw new Error(`${layer} is not to be seen`);
  const y = box.y + box.height / 2;
  for (let x = box.x + 60; x < box.x + box.width / 2; x += 4) {
    await page.mouse.move(x, y - 3);
    if (await tip(page).isVisible()) return tip(page).innerText();
  }
  throw new Error(`no channel of ${layer} could be pointed at`);
}

test("marks the channel under the pointer and looks into it", async ({ page, watch }) => {
  await openWhole(page);
  await goTo(page, "Prune");
  await measured(page, 2_000);
  const line = await pointAtLeaf(page, "conv2");
  expect(line).toMatch(/^conv2, channel \d+ · .*, rank \d+ of \d+ · kept$/);
  await page.mouse.down();
  await page.mouse.up();
  const [, channel = "", rank = ""] = /channel (\d+) .*rank (\d+)/.exec(line) ?? [];
  await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText(
    `conv2, channel ${channel}`,
  );
  await expect(panel(page)).toContainText(`rank ${rank} of`);
  await expect(panel(page).getByRole("img", { name: "Filter of conv2, mean" })).toBeVisible();
  const map = panel(page).getByRole("img", { name: /^Feature map of the/ });
  await expect(map).toBeVisible();
  expect(await shadesOf(map)).toBeGreaterThan(5);
  await expect(panel(page).getByTestId("channel-cost")).toContainText("right");
  await expect(panel(page)).toContainText("n = 2000 test images, the same for both");

  // The map is of the image that is chosen.
  const before = await map.screenshot();
  await panel(page)
    .getByRole("button", { name: /, image 5$/ })
    .click();
  await expect
    .poll(async () => (await map.screenshot()).equals(before), {
      message: "the map stays the same",
    })
    .toBe(false);
  await watch.checkText();
  expect(await violations(page)).toEqual([]);
  await panel(page).getByRole("button", { name: "Close the channel" }).click();
  await expect(panel(page)).toBeHidden();
  await expect(grid(page)).toBeFocused();
});

test("goes from channel to channel by the keyboard, and says where it is", async ({ page }) => {
  await openWithFew(page, 200);
  await goTo(page, "Prune");
  await page.mouse.move(5, 5);
  await grid(page).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  const spoken = page.getByRole("status").filter({ hasText: "conv1, channel" });
  await expect(spoken).toContainText("rank 1 of");
  await page.keyboard.press("ArrowRight");
  await expect(spoken).toContainText("rank 3 of");
  await page.keyboard.press("Enter");
  const title = panel(page).getByRole("heading", { level: 2 });
  await expect(title).toBeFocused();
  await expect(
    panel(page).getByRole("img", { name: "Filter of conv1, red, green and blue" }),
  ).toBeVisible();
  const next = panel(page).getByRole("button", { name: "Next channel, with a smaller score" });
  await next.click();
  await expect(panel(page)).toContainText("rank 4 of");
  await panel(page).getByRole("button", { name: "Previous channel, with a larger score" }).click();
  await expect(panel(page)).toContainText("rank 3 of");
  await expect(panel(page).getByTestId("channel-cost")).toContainText("right");
  await page.keyboard.press("Escape");
  await expect(panel(page)).toBeHidden();
  await expect(grid(page)).toBeFocused();

  // A wide layer on several lines, a leaf per channel, and back.
  const row = grid(page).getByRole("row").filter({ hasText: "conv7" });
  const height = async (): Promise<number> => (await row.boundingBox())?.height ?? 0;
  const before = await height();
  for (let press = 0; press < 6; press++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("z");
  await expect.poll(height).toBeGreaterThan(2 * before - 8);
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("status").filter({ hasText: "conv7, channel" })).toBeAttached();
  await page.keyboard.press("Escape");
  await expect.poll(height).toBe(before);
});

test("folds a stage of a residual network to a row, and unfolds it", async ({ page }) => {
  await openWithFew(page, 200);
  const form = page.getByRole("form", { name: "Architecture" });
  await form.getByRole("combobox", { name: "Architecture" }).fill("preresnet-20");
  await page.getByRole("button", { name: "Build" }).click();
  await expect(page.getByTestId("network-name")).toHaveText(/^preresnet-20/);
  await goTo(page, "Prune");
  const rows = grid(page).getByRole("row");
  // The sheet may still be the other network's.
  await expect(rows.filter({ hasText: "layer1.0" }).first()).toBeVisible();
  const all = await rows.count();
  await grid(page).getByRole("button", { name: "16²: fold the stage" }).click();
  const folded = rows.filter({ hasText: /\d+ layers/ });
  await expect(folded).toContainText("16²");
  await expect(folded).toContainText(/(\d+) \/ \1/);
  const inside = Number(/(\d+) layers/.exec(await folded.innerText())?.[1]);
  await expect(rows).toHaveCount(all - inside + 1);
  expect(await violations(page)).toEqual([]);
  // The row that it is now is the one that the keys are on.
  await page.mouse.move(5, 5);
  await grid(page).focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("f");
  await expect(rows.first()).toContainText(/\d+ layers.*32²/);
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(all - inside + 1);
  await folded.click();
  await expect(rows).toHaveCount(all);
});
