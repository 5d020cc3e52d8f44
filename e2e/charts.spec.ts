/**
 * @file Layers by hand and what the charts say of them: a bar's end that is dragged, a curve's point that is
 * pressed, the scores layer by layer, and which classes a cut costs.
 */
import type { Locator, Page } from "@playwright/test";
import { goTo, measured, openWithFew, typeRatio } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { sheet } from "./sheet.ts";
import { violations } from "./violations.ts";

/** So few that every position is measured at once, and on no others later. */
const IMAGES = 64;

function rowOf(page: Page, name: string): Locator {
  const header = page.getByRole("rowheader", { name, exact: true });
  return page.getByRole("grid", { name: "Layers" }).getByRole("row").filter({ has: header });
}

async function centerOf(locator: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("not to be seen");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test("sets layers by hand on the charts, and says which classes that costs", async ({ page }) => {
  await openWithFew(page, IMAGES);
  await goTo(page, "Prune");
  await typeRatio(page, "50");
  const before = await sheet(page);
  const mode = page.getByLabel("Allocation: remove");

  await test.step("a bar's end, dragged, is one step to undo", async () => {
    await rowOf(page, "conv9").hover();
    const handle = page.getByRole("slider", { name: "Channels of conv9 to keep" });
    await expect(handle).toHaveAttribute("aria-valuenow", String(before["conv9"]));
    const { x, y } = await centerOf(handle);
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (const by of [6, 14, 24]) await page.mouse.move(x + by, y + 2);
    await page.mouse.up();
    await expect(rowOf(page, "conv9")).toHaveAttribute("data-hand", "true");
    const wider = (await sheet(page))["conv9"] ?? 0;
    expect(wider).toBeGreaterThan(before["conv9"] ?? Infinity);
    await expect(mode).toHaveValue("global-threshold");
    // All others are as they were, and the slider still governs them.
    expect({ ...(await sheet(page)), conv9: before["conv9"] }).toEqual(before);
    await expect(page.getByText("1 by hand")).toBeVisible();
    await typeRatio(page, "60");
    const further = await sheet(page);
    expect(further["conv9"]).toBe(wider);
    const sum = (widths: Record<string, number>) =>
      Object.values(widths).reduce((all, width) => all + width, 0);
    expect(sum(further)).toBeLessThan(sum({ ...before, conv9: wider }));
    await typeRatio(page, "50");
    await rowOf(page, "conv9").hover();
    await handle.press("ArrowLeft");
    await expect.poll(async () => (await sheet(page))["conv9"]).toBe(wider - 1);
    expect(await violations(page)).toEqual([]);
    await handle.press("Control+z");
    await expect.poll(async () => (await sheet(page))["conv9"]).toBe(wider);
    await page.getByRole("button", { name: "Give back", exact: true }).click();
    await expect.poll(() => sheet(page)).toEqual(before);
    await expect(mode).toHaveValue("global-threshold");
  });

  await test.step("a point of a curve sets its layer, and the layer goes back to the method", async () => {
    await page.getByRole("button", { name: "Compute all" }).click();
    const found = page.getByRole("grid", { name: "Layers" }).getByText(/^\d+\u202f%$/);
    await expect.poll(() => found.count(), { timeout: 60_000 }).toBeGreaterThanOrEqual(1);
    for (const name of ["Compute all", "Cancel sensitivity"]) {
      await expect(page.getByRole("button", { name })).toHaveCount(0, { timeout: 60_000 });
    }
    const curves = page.getByRole("toolbar", { name: /^Curves:/ });
    const point = curves.getByRole("button").last();
    await point.scrollIntoViewIfNeeded();
    const { x, y } = await centerOf(point);
    await page.mouse.move(x, y);
    // Whatever curve passes there is lit in the sheet too.
    const lit = curves.locator('[data-meant="true"]');
    const said = /^(\S+) at .* keeps (\d+) of/.exec((await lit.getAttribute("aria-label")) ?? "");
    const [name, keep] = [said?.[1] ?? "", Number(said?.[2])];
    await expect(rowOf(page, name)).toHaveAttribute("data-hovered", "true");
    await page.mouse.click(x, y);
    await expect.poll(async () => (await sheet(page))[name]).toBe(keep);
    await page.getByRole("button", { name: "Give back" }).click();
    await expect.poll(() => sheet(page)).toEqual(before);
    expect(await violations(page)).toEqual([]);
  });

  await test.step("the scores of each layer, by keyboard and in the sheet", async () => {
    const bars = page.getByRole("slider", { name: "Bar to read" });
    await bars.focus();
    await bars.press("ArrowRight");
    await expect(bars).toHaveAttribute("aria-valuetext", /and below: \d+ channels/);
    await bars.press("ArrowRight");
    await expect(bars).toHaveAttribute("aria-valuetext", /^\S+ to \S+: \d+ channel/);
    await page.getByRole("radio", { name: "per layer" }).check();
    const rows = page.getByRole("slider", { name: "Layer to read" });
    await rows.focus();
    await rows.press("ArrowDown");
    await rows.press("ArrowDown");
    await expect(rows).toHaveAttribute("aria-valuetext", /^conv2 keeps \d+ of \d+ channels$/);
    await expect(rowOf(page, "conv2")).toHaveAttribute("data-hovered", "true");
    expect(await violations(page)).toEqual([]);
  });

  await test.step("which classes the cut costs, on the images of the accuracy that is shown", async () => {
    await typeRatio(page, "75");
    const { accuracy, images } = await measured(page);
    expect(images).toBe(IMAGES);
    const strip = page.getByRole("region", { name: "Test images" });
    await strip
      .getByRole("button", { name: /^truly / })
      .nth(2)
      .click();
    const detail = page.getByRole("dialog", { name: "Test image" });
    await expect(detail.getByRole("heading", { name: /^truly \S/ })).toBeFocused();
    await expect(detail.getByRole("listitem").filter({ hasText: "%" })).toHaveCount(6);
    await page.keyboard.press("Escape");
    await expect(detail).toBeHidden();
    await page.getByText("Classes before and after").click();
    const figure = page.getByRole("figure", { name: "Confusion by class" });
    await expect(figure).toContainText(`On the same ${IMAGES} images`);
    await figure.getByRole("radio", { name: "after", exact: true }).check();
    const cells = await figure
      .getByRole("table", { name: "Confusion by class" })
      .locator("td[title]")
      .evaluateAll((all) =>
        all.map((cell) => [
          Number(cell.textContent?.replace("·", "0")),
          (cell as HTMLElement).dataset["right"] === "true" ? 1 : 0,
        ]),
      );
    const all = cells.reduce((sum, [n = 0]) => sum + n, 0);
    const right = cells.reduce((sum, [n = 0, isRight = 0]) => sum + n * isRight, 0);
    expect(all).toBe(IMAGES);
    expect((100 * right) / all).toBeCloseTo(accuracy, 0);
    // The keys of the test images are its keys too.
    await figure.getByRole("radio", { name: "after", exact: true }).press("2");
    await expect(figure.getByRole("radio", { name: "change" })).toBeChecked();
    expect(await violations(page)).toEqual([]);
  });
});
