/**
 * @file The command palette by keyboard alone, the list of keys, the keys themselves, and being told when something
 * long is done.
 */
import type { Page } from "@playwright/test";
import {
  fillSettings,
  goTo,
  measured,
  openApp,
  ratioField,
  SOON,
  stepsDone,
  truth,
  typeRatio,
  waitForSteps,
} from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { serveFew } from "./shards.ts";
import { sheet } from "./sheet.ts";
import { violations } from "./violations.ts";

const field = (page: Page) => page.getByRole("combobox", { name: "Find a command" });
const selected = (page: Page) =>
  page.getByRole("listbox", { name: "Commands" }).getByRole("option", { selected: true });

async function command(page: Page, letters: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(letters);
  await page.keyboard.press("Enter");
  await expect(field(page)).toHaveCount(0);
}

test("finds and does everything by keyboard alone", async ({ page, watch }) => {
  await openApp(page);
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect(await violations(page), colorScheme).toEqual([]);
  }
  await watch.checkText();

  // The arrows go through the list and around its ends, and the field says where they are.
  const first = await selected(page).innerText();
  await page.keyboard.press("ArrowUp");
  await expect(selected(page)).not.toHaveText(first);
  await page.keyboard.press("ArrowDown");
  expect(await selected(page).innerText()).toBe(first);
  const id = await selected(page).getAttribute("id");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", id ?? "");

  // What cannot be done says why, and Enter does not do it.
  await page.keyboard.type("copy line");
  await expect(selected(page)).toHaveText(/Copy the cut as command line\s*nothing is cut/);
  await page.keyboard.press("Enter");
  await expect(field(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(field(page)).toHaveCount(0);

  await command(page, "half m");
  await expect(page.getByRole("tab", { name: "Prune" })).toHaveAttribute("aria-selected", "true");
  await expect(ratioField(page)).not.toHaveValue("0");
  await command(page, "scr l2");
  await expect(page.getByLabel("Score channels by")).toHaveValue("l2");
  await command(page, "undo");
  await expect(page.getByLabel("Score channels by")).toHaveValue("bn-scale");
  await command(page, "as in network slimming");
  await expect(ratioField(page)).toHaveValue("70");
  await command(page, "gt exp");
  await expect(page.getByRole("tab", { name: "Export" })).toHaveAttribute("aria-selected", "true");
  await command(page, "twin");
  await expect(page.getByRole("button", { name: "Undo" })).toBeDisabled();
  await goTo(page, "Load");
  await expect(page.getByTestId("network-name")).toHaveText(/^vgg13/);
});

test("has a button for the palette, and a list of keys made of the same actions", async ({
  page,
}) => {
  await openApp(page);
  await page.getByRole("button", { name: "Commands" }).click();
  await page.keyboard.type("no such thing");
  await expect(page.getByText("No command has these letters.")).toBeVisible();
  await field(page).fill("theme dark");
  await page.getByRole("option", { name: /^Theme: dark/ }).click();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");

  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  for (const text of [
    "Ctrl K",
    "Ctrl Shift Z or Ctrl Y",
    "See the network before the cut, while held",
  ]) {
    await expect(keys.getByText(text, { exact: true })).toBeVisible();
  }
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(keys).toHaveCount(0);
});

test("shows the network before the cut while B or the button is held, and changes nothing", async ({
  page,
}) => {
  await openApp(page);
  await goTo(page, "Prune");
  const whole = await truth(page, "MACs").innerText();
  const widths = await sheet(page);
  await typeRatio(page, "62.5");
  await measured(page);
  await page.getByRole("tab", { name: "Prune" }).focus();
  const cut = { macs: await truth(page, "MACs").innerText(), widths: await sheet(page) };
  expect(cut.macs).not.toBe(whole);
  const expectShown = async (macs: string, kept: object): Promise<void> => {
    await expect.poll(() => truth(page, "MACs").innerText()).toBe(macs);
    await expect.poll(() => sheet(page)).toEqual(kept);
  };

  await page.keyboard.down("b");
  await expectShown(whole, widths);
  await expect(ratioField(page)).toHaveValue("62.5");
  await page.keyboard.up("b");
  await expectShown(cut.macs, cut.widths);

  await page.keyboard.down("b");
  await expectShown(whole, widths);
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  await expectShown(cut.macs, cut.widths);
  await page.keyboard.up("b");

  const hold = page.getByRole("button", { name: "Hold to see the network before the cut" });
  await hold.hover();
  await page.mouse.down();
  await expectShown(whole, widths);
  await expect(hold).toHaveAttribute("aria-pressed", "true");
  await page.mouse.move(200, 300);
  await page.mouse.up();
  await expectShown(cut.macs, cut.widths);

  // One step led here: what was held is none.
  await page.keyboard.press("Control+z");
  await expect(ratioField(page)).toHaveValue("0");
  await expect(page.getByRole("button", { name: "Undo" })).toBeDisabled();
});

test("goes from measured point to measured point, and switches the predictions", async ({
  page,
}) => {
  await openApp(page);
  await goTo(page, "Prune");
  const dots = page.getByRole("button", { name: /:\s\d+\.\d\s%\saccuracy on/ });
  await expect.poll(() => dots.count(), { timeout: 60_000, intervals: SOON }).toBeGreaterThan(2);
  const ratioOf = (label: string | null): string => /^[\d.]+/.exec(label ?? "")?.[0] ?? "";
  await page.getByRole("tab", { name: "Prune" }).focus();
  await page.keyboard.press("]");
  await expect(ratioField(page)).not.toHaveValue("0");
  const first = await ratioField(page).inputValue();
  const labels = await dots.evaluateAll((all) => all.map((dot) => dot.getAttribute("aria-label")));
  expect(labels.map(ratioOf)).toContain(first);
  await page.keyboard.press("[");
  await expect(ratioField(page)).toHaveValue("0");

  const views = page.getByRole("group", { name: "Predictions" });
  for (const [key, name] of [
    ["1", "before"],
    ["3", "after"],
    ["2", "both"],
  ] as const) {
    await page.keyboard.press(key);
    await expect(views.getByRole("button", { name })).toHaveAttribute("aria-pressed", "true");
  }
  // Digits that are typed are text.
  await ratioField(page).focus();
  await page.keyboard.type("31");
  await expect(ratioField(page)).toHaveValue("31");
  await expect(views.getByRole("button", { name: "both" })).toHaveAttribute("aria-pressed", "true");
});

test("tells of the end of a training in a tab out of sight, and asks leave only at a click", async ({
  page,
}) => {
  await page.addInitScript(() => {
    const told: string[] = [];
    const asked = { times: 0 };
    class Notice extends EventTarget {
      static async requestPermission(): Promise<string> {
        asked.times++;
        return "granted";
      }
      constructor(_title: string, { body }: { body: string }) {
        super();
        told.push(body);
      }
      close(): void {
        told.push("closed");
      }
    }
    Object.assign(window, { Notification: Notice, told, asked });
  });
  const seen = (): Promise<{ told: string[]; asked: number }> =>
    page.evaluate(() => {
      const { told, asked } = window as unknown as { told: string[]; asked: { times: number } };
      return { told, asked: asked.times };
    });
  await serveFew(page, "data_batch_", 200);
  await openApp(page);
  await goTo(page, "Fine-tune");
  await fillSettings(page, { Seconds: "600", "Batch size": "16", "Learning rate": "0.001" });
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await waitForSteps(page, 1);
  const tell = page.getByRole("button", { name: "Tell me when it is done" });
  await expect(tell).toHaveAttribute("aria-pressed", "false");
  expect(await seen()).toEqual({ told: [], asked: 0 });
  await tell.click();
  await expect(tell).toHaveAttribute("aria-pressed", "true");
  expect((await seen()).asked).toBe(1);
  await expect.poll(() => page.title()).toMatch(/^\d+\u202f% · Espalier$/);

  // Timers of a hidden tab come once a second, and frames not at all.
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    window.requestAnimationFrame = () => 0;
    const soon = window.setTimeout.bind(window);
    const slow = (run: () => void, ms = 0): number => soon(run, Math.max(ms, 1000));
    window.setTimeout = slow as typeof window.setTimeout;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await waitForSteps(page, (await stepsDone(page)) + 5);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect.poll(async () => (await seen()).told).toHaveLength(1);
  expect((await seen()).told[0]).toMatch(/^Stopped after \d+ steps?/);
  await expect.poll(() => page.title()).toBe("Espalier");
  await expect(tell).toHaveCount(0);
});

test("says it where the browser tells nothing", async ({ page }) => {
  await page.addInitScript(() => {
    const requestPermission = async (): Promise<string> => "denied";
    Object.assign(window, { Notification: { requestPermission } });
  });
  await serveFew(page, "data_batch_", 200);
  await openApp(page);
  await goTo(page, "Fine-tune");
  await fillSettings(page, { Seconds: "600", "Batch size": "16", "Learning rate": "0.001" });
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("button", { name: "Tell me when it is done" }).click();
  await expect(page.getByText("The browser does not let this page tell you")).toBeVisible();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByRole("group", { name: "Result" })).toBeVisible();
});
