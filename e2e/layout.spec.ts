/**
 * @file The page at four widths, light and dark: nothing runs out of the window, what a person needs
 * is in it, and a screen reader finds its way.
 */
import type { Page } from "@playwright/test";
import { measured, openApp, ratioSlider, typeRatio, type Step } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { seriousViolations } from "./violations.ts";

const STEPS: readonly Step[] = ["Load", "Sparse train", "Prune", "Fine-tune", "Export"];
/** Both themes at both kinds of layout. */
const WINDOWS = [
  { width: 1440, height: 900, colorScheme: "light" },
  { width: 1280, height: 800, colorScheme: "dark" },
  { width: 800, height: 1000, colorScheme: "light" },
  { width: 390, height: 844, colorScheme: "dark" },
] as const;

/** By the tabs, or by the menu that a phone has in their place. */
async function goToStep(page: Page, step: Step): Promise<void> {
  const menu = page.getByRole("combobox", { name: "Step", exact: true });
  if (await menu.isVisible()) await menu.selectOption(step);
  else await page.getByRole("tab", { name: step, exact: true }).click();
  await expect(page.getByRole("tabpanel", { name: step, exact: true })).toBeVisible();
}

async function expectNoOverflow(page: Page, where: string): Promise<void> {
  const sizes = await page.evaluate(() => {
    const root = document.documentElement;
    return { content: root.scrollWidth, window: root.clientWidth };
  });
  expect(sizes.content, `width of the page, ${where}`).toBeLessThanOrEqual(sizes.window);
}

for (const { colorScheme, ...size } of WINDOWS) {
  test(`fits and can be read at ${size.width} pixels, ${colorScheme}`, async ({ page, watch }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/");
    await expect(page.getByTestId("network-name")).toHaveText(/^vgg13/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Espalier");
    for (const landmark of ["banner", "main", "contentinfo"] as const) {
      await expect(page.getByRole(landmark)).toHaveCount(1);
    }
    await measured(page);

    for (const step of STEPS) {
      await goToStep(page, step);
      if (step === "Prune") await typeRatio(page, "50");
      await expectNoOverflow(page, step);
      await watch.checkText();
      expect(await seriousViolations(page), `${step}, ${colorScheme}`).toEqual([]);
    }
    await goToStep(page, "Prune");
    await expect(ratioSlider(page)).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole("button", { name: "Apply and fine-tune" })).toBeInViewport();
    await expect(page.getByRole("button", { name: "Download" })).toBeInViewport();
    await expect(page.getByTestId("truth-accuracy")).toBeInViewport();
  });
}

test("the theme can be chosen, and follows the system until then", async ({ page }) => {
  const paper = (): Promise<number> =>
    page.evaluate(() => {
      const [r = 0, g = 0, b = 0] =
        getComputedStyle(document.body).backgroundColor.match(/\d+/g)?.map(Number) ?? [];
      return (r + g + b) / 3;
    });
  await page.emulateMedia({ colorScheme: "dark" });
  await openApp(page);
  expect(await paper()).toBeLessThan(80);
  await page.getByRole("button", { name: "Theme: as the system" }).click();
  await expect(page.getByRole("button", { name: "Theme: light" })).toBeVisible();
  expect(await paper()).toBeGreaterThan(180);
  await page.getByRole("button", { name: "Theme: light" }).click();
  await page.emulateMedia({ colorScheme: "light" });
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  expect(await paper()).toBeLessThan(80);
  await page.reload();
  await expect(page.getByRole("button", { name: "Theme: dark" })).toBeVisible();
  expect(await paper()).toBeLessThan(80);
});
