/** @file What a person does in the first minute, by the page's own words, and what is asked of the page meanwhile. */
import { setTimeout } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { handOn } from "../hand.ts";

/** A shift of what is on the page that nobody's input has caused. */
export interface Shift {
  /** Chromium's measure: the share of the window that moved, times how far. */
  readonly value: number;
  /** Milliseconds since the navigation. */
  readonly at: number;
  /** What moved, as far as it is still there. */
  readonly what: string;
}

/** Puts down every shift; for `addInitScript`. */
export function watchShifts(): void {
  const found: Shift[] = [];
  Object.assign(window, { shiftsFound: found });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput, sources, startTime } = entry as PerformanceEntry & {
        readonly value: number;
        readonly hadRecentInput: boolean;
        readonly sources: readonly { readonly node: Node | null }[];
      };
      if (hadRecentInput) continue;
      // Words that move are told by what they stand in.
      const elements = sources.map(({ node }) =>
        node instanceof Text ? node.parentElement : node,
      );
      const what = elements.map((node) =>
        node instanceof Element ? `${node.tagName} ${node.className}` : "",
      );
      found.push({ value, at: startTime, what: what.join(", ") });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

export async function shiftsOf(page: Page): Promise<readonly Shift[]> {
  return page.evaluate(() => (window as unknown as { shiftsFound: readonly Shift[] }).shiftsFound);
}

/**
 * Milliseconds from the navigation until the shell works; for `addInitScript`, read by `shellTime`. In every
 * frame from the first on it is asked whether the tabs and the controls of the first step are there, and then a
 * tab is pressed, once: the shell works once the page shows that tab's step. The time is that frame's.
 */
export function watchShell(): void {
  const tabs = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role="tab"]')];
  const isChosen = (tab: HTMLElement | undefined): boolean => tab?.ariaSelected === "true";
  let pressed: HTMLElement | undefined;
  const look = (): void => {
    const panel = document.querySelector('[role="tabpanel"]');
    if (isChosen(pressed) && panel?.ariaLabel === pressed?.textContent.trim()) {
      Object.assign(window, { shellTime: performance.now() });
      return;
    }
    const hasControls = (panel?.querySelector("button, input") ?? null) !== null;
    if (hasControls && !isChosen(pressed)) {
      pressed = tabs().find((tab) => !isChosen(tab));
      pressed?.click();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

export async function shellTime(page: Page): Promise<number> {
  const time = await page.waitForFunction(
    () => (window as unknown as { shellTime?: number }).shellTime,
  );
  return (await time.jsonValue()) as number;
}

const measuredHere = (page: Page): Promise<void> =>
  page
    .getByTestId("truth-accuracy")
    .getByText(/n\s=\s/)
    .waitFor();

/** Opens the page, drags, takes a preset, waits for its accuracy, fine-tunes, exports and downloads. */
export async function firstMinute(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("slider", { name: "Ratio" }).waitFor();
  await measuredHere(page);
  const hand = await handOn(page);
  await hand.press();
  await hand.move(480, 2);
  await hand.release();
  await page.getByRole("button", { name: "Half MACs" }).click();
  await measuredHere(page);
  // A look at the figures.
  await setTimeout(3000);
  await page.getByRole("button", { name: "Apply and fine-tune" }).click();
  const settings = page.getByRole("form", { name: "Settings" });
  await settings.getByLabel("Seconds", { exact: true }).fill("5");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  const result = page.getByRole("group", { name: "Result" });
  await result.getByRole("button", { name: "Keep" }).click({ timeout: 60_000 });
  await page.getByRole("tab", { name: "Export", exact: true }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download .onnx", exact: true }).click();
  await (await download).path();
}
