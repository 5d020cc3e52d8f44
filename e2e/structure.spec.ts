/** @file The structure as a graph: walked by keyboard, against what it was cut from, downloaded whole. */
import { readFileSync } from "node:fs";
import { applyCut, goTo, openApp, typeRatio } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { violations } from "./violations.ts";

test("shows blocks with their costs, and after a cut what has gone", async ({ page, watch }) => {
  await openApp(page);
  await page.getByRole("radio", { name: "Graph" }).check();
  const blocks = page.getByRole("listbox", { name: "Layers of the network" });
  await blocks.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const chosen = blocks.getByRole("option", { selected: true });
  await expect(chosen).toHaveAccessibleName(
    /^conv1 convolution 3 × 3 batch norm · ReLU 32 × 32 × \d+ /,
  );
  await test.step("all of it is seen, larger and smaller by keys, and a layer is found", async () => {
    const drawing = blocks.locator("> svg");
    const size = async () => (await drawing.boundingBox()) ?? { width: 0, height: 0 };
    const room = (await blocks.boundingBox()) ?? { width: 0, height: 0 };
    const readable = await size();
    expect(readable.height).toBeGreaterThan(room.height);
    await page.keyboard.press("0");
    await expect.poll(async () => (await size()).height).toBeLessThanOrEqual(room.height + 1);
    const whole = await size();
    await page.keyboard.press("+");
    await expect.poll(async () => (await size()).height).toBeGreaterThan(whole.height * 1.2);
    const find = page.getByRole("textbox", { name: "Find a layer" });
    await find.fill("CONV1");
    await find.press("Enter");
    await expect(chosen).toHaveAttribute("data-block", "conv1");
    await find.press("Enter");
    await expect(chosen).toHaveAttribute("data-block", "conv10");
    await find.press("Enter");
    await expect(chosen).toHaveAttribute("data-block", "conv1");
    await find.fill("");
  });
  const details = page.getByRole("region", { name: "Layer conv1" });
  await expect(details).toContainText(/kernel3 × 3 × 3 × \d+/);
  await watch.checkText();
  expect(await violations(page)).toEqual([]);

  await goTo(page, "Prune");
  await typeRatio(page, "50");
  await applyCut(page);
  await goTo(page, "Load");
  await page.getByRole("radio", { name: "List" }).check();
  const list = page.getByRole("table", { name: "Structure" });
  await expect(list.getByRole("columnheader", { name: "before" })).toHaveCount(3);
  await expect(list.getByRole("row", { name: /^conv2 / })).toContainText(/32 × 32 × \d+\s*14/);
  // From any step by one key.
  await goTo(page, "Prune");
  await page.keyboard.press("g");
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

  await test.step("asked for in a small window, it is brought into sight from below the controls", async () => {
    await page.getByRole("radio", { name: "List" }).check();
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(list).not.toBeInViewport();
    await page.keyboard.press("g");
    await expect(blocks).toBeInViewport({ ratio: 0.9 });
  });
});
