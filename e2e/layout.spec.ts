/**
 * @file The page at four widths, light and dark: nothing runs out of the window or jumps, no number is cut, what
 * a person needs is in it, a screen reader finds its way, and a fingertip hits what it means.
 */
import type { Page } from "@playwright/test";
import {
  goToStep,
  measured,
  openApp,
  openWithFew,
  ratioField,
  ratioSlider,
  typeRatio,
  type Step,
} from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { cutNumbers, shareOfMarks, smallTargets, watchShifts } from "./look.ts";
import { violations } from "./violations.ts";

const STEPS: readonly Step[] = ["Load", "Sparse train", "Prune", "Fine-tune", "Export"];
/** Both themes at both kinds of layout. */
const WINDOWS = [
  { width: 1440, height: 900, colorScheme: "light" },
  { width: 1280, height: 800, colorScheme: "dark" },
  { width: 800, height: 1000, colorScheme: "light" },
  { width: 390, height: 844, colorScheme: "dark" },
] as const;

async function expectNoOverflow(page: Page, where: string): Promise<void> {
  const sizes = await page.evaluate(() => {
    const root = document.documentElement;
    return { content: root.scrollWidth, window: root.clientWidth };
  });
  expect(sizes.content, `width of the page, ${where}`).toBeLessThanOrEqual(sizes.window);
}

/** Where the steps stand in their bar. */
function tabPlaces(page: Page): Promise<readonly number[]> {
  return page
    .getByRole("tablist", { name: "Steps" })
    .getByRole("tab")
    .evaluateAll((tabs) => tabs.map((tab) => (tab as HTMLElement).offsetLeft));
}

for (const { colorScheme, ...size } of WINDOWS) {
  test(`fits and can be read at ${size.width} pixels, ${colorScheme}`, async ({ page, watch }) => {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const shifts = await watchShifts(page);
    await page.goto("/");
    await expect(ratioSlider(page)).toBeVisible();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Espalier");
    for (const landmark of ["banner", "main", "contentinfo"] as const) {
      await expect(page.getByRole(landmark)).toHaveCount(1);
    }
    // In one column the Load step alone says on how many images.
    await goToStep(page, "Load");
    await measured(page);
    expect(await shifts(), "what moved after the first paint").toEqual([]);

    const tabs = await tabPlaces(page);
    for (const step of STEPS) {
      await goToStep(page, step);
      expect(await tabPlaces(page), `places of the steps, ${step}`).toEqual(tabs);
      if (step === "Prune") await typeRatio(page, "50");
      await expectNoOverflow(page, step);
      await watch.checkText();
      expect(await cutNumbers(page), `numbers that are cut, ${step}`).toEqual([]);
      expect(await violations(page), `${step}, ${colorScheme}`).toEqual([]);
    }
    await goToStep(page, "Prune");
    await expect(ratioSlider(page)).toBeInViewport({ ratio: 1 });
    await expect(page.getByRole("button", { name: "Apply and fine-tune" })).toBeInViewport();
    await expect(page.getByRole("button", { name: "Download" })).toBeInViewport();
    await expect(page.getByTestId("truth-accuracy")).toBeInViewport();
  });
}

const FINGERS = [
  { width: 1024, height: 1100, colorScheme: "dark" },
  { width: 390, height: 844, colorScheme: "light" },
] as const;

for (const { colorScheme, ...viewport } of FINGERS) {
  test.describe(`by finger at ${viewport.width} pixels, ${colorScheme}`, () => {
    test.use({ hasTouch: true, isMobile: true, viewport, colorScheme });

    test("hits what it means, drags the ratio and taps a channel", async ({ page }) => {
      await openWithFew(page, 64);
      for (const step of STEPS) {
        await goToStep(page, step);
        // Fine-tuning has the form of the sparse training.
        if (step === "Prune" || step === "Fine-tune") continue;
        expect.soft(await smallTargets(page), step).toEqual([]);
      }
      await goToStep(page, "Prune");
      for (const view of ["Method", "Sensitivity", "Images", "Runs", "Trellis"]) {
        await page.getByRole("tab", { name: view, exact: true }).click();
        expect.soft(await smallTargets(page), view).toEqual([]);
        expect.soft(await cutNumbers(page), view).toEqual([]);
      }
      expect.soft(await violations(page)).toEqual([]);
      await dragRatio(page);
      const row = page.getByRole("grid", { name: "Layers" }).getByRole("row").nth(3);
      await row.scrollIntoViewIfNeeded();
      const { x, y, width, height } = (await row.boundingBox()) ?? {
        x: 0,
        y: 0,
        width: 0,
        height: 0,
      };
      expect(height).toBeGreaterThanOrEqual(44);
      // The name opens what can be done to the row, a leaf its channel.
      await page.touchscreen.tap(x + 20, y + height / 2);
      await expect(page.getByRole("button", { name: "Look into a channel" })).toBeVisible();
      await page.keyboard.press("Escape");
      const trunk = await page.getByText(/^image, 3 channels$/).boundingBox();
      await page.touchscreen.tap(
        (trunk?.x ?? 0) + (trunk?.width ?? 0) / 2 + width * 0.02,
        y + height / 2,
      );
      await expect(page.getByRole("region", { name: "Channel", exact: true })).toBeVisible();
    });
  });
}

/** A finger on the thumb, to the right: the ratio follows, and the page stays where it is. */
async function dragRatio(page: Page): Promise<void> {
  const box = await ratioSlider(page).boundingBox();
  if (box === null) throw new Error("no slider");
  const y = box.y + box.height / 2;
  const client = await page.context().newCDPSession(page);
  const touch = (type: string, x?: number): Promise<unknown> =>
    client.send("Input.dispatchTouchEvent", {
      type: type as "touchStart",
      touchPoints: x === undefined ? [] : [{ x, y }],
    });
  await touch("touchStart", box.x + 16);
  for (let step = 1; step <= 8; step++) await touch("touchMove", box.x + 16 + step * 12);
  await touch("touchEnd");
  await client.detach();
  await expect.poll(async () => Number(await ratioField(page).inputValue())).toBeGreaterThan(5);
  expect(await page.evaluate(() => [window.scrollX, window.scrollY])).toEqual([0, 0]);
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

test("keeps its marks where the system has colours of its own", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await openWithFew(page, 64);
  await goToStep(page, "Prune");
  await typeRatio(page, "30");
  await measured(page, 64);
  for (const [name, mark] of [
    ["slider", ratioSlider(page).locator("..")],
    ["bar", page.getByTestId("truth-params").locator("dd[aria-hidden]")],
    ["interval", page.getByTestId("truth-accuracy").locator("dd[aria-hidden]")],
    ["choice", page.getByRole("radio", { name: "all layers" }).locator("..")],
  ] as const) {
    expect(await shareOfMarks(page, await mark.screenshot()), name).toBeGreaterThan(0.02);
  }
});

test("a phone on its side has room for what the ratio changes", async ({ page }) => {
  await page.setViewportSize({ width: 844, height: 390 });
  await openWithFew(page, 64);
  await goToStep(page, "Prune");
  await expect(ratioSlider(page)).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole("button", { name: "Apply and fine-tune" })).toBeInViewport();
  const view = await page.getByRole("tabpanel", { name: "Trellis" }).boundingBox();
  expect(view?.height).toBeGreaterThan(240);
  await expectNoOverflow(page, "on its side");
});
