/** @file The page in a person's words: where things are and what they say. */
import { expect, type Locator, type Page } from "@playwright/test";

import { serveFew } from "./shards.ts";

export type Step = "Load" | "Sparse train" | "Prune" | "Fine-tune" | "Export";
export type TruthName = "accuracy" | "params" | "MACs" | "latency";

/** When to ask the page again, ms: it is waited for often, and Playwright's own pace is a second. */
export const SOON = [50, 100];

/** As many test images as a test needs that asks for no number. */
const SOME = 500;

/** Opens the page with some of the test images, and waits on the Load step for them and the shipped network. */
export async function openApp(page: Page, path = "/"): Promise<void> {
  await serveFew(page, "test_batch", SOME);
  await open(page, path, `, ${SOME}`);
}

/** The same with all test images, on which accuracies are measured for seconds. */
export async function openWhole(page: Page): Promise<void> {
  await open(page, "/", "10\u202f000");
}

async function open(page: Page, path: string, images: string): Promise<void> {
  await page.goto(path);
  await goToStep(page, "Load");
  await expect(page.getByTestId("network-name")).toHaveText(/^vgg13/);
  await expect(imagesOf(page)).toContainText(images);
}

/** The same with the first few test images alone. */
export async function openWithFew(page: Page, images: number): Promise<void> {
  await serveFew(page, "test_batch", images);
  await page.goto("/");
  await goToStep(page, "Load");
  await expect(page.getByTestId("network-name")).toHaveText(/^vgg/);
  await expect(imagesOf(page)).toContainText(`, ${images}`);
}

/** The "Images" block of the Load step. */
export function imagesOf(page: Page): Locator {
  return page.getByRole("region", { name: "Images", exact: true });
}

export async function goTo(page: Page, step: Step): Promise<void> {
  const tab = page.getByRole("tab", { name: step, exact: true });
  await tab.click();
  await expect(tab).toHaveAttribute("aria-selected", "true");
  // A step is rendered in slices behind its tab.
  await expect(page.getByRole("tabpanel", { name: step, exact: true })).toBeVisible();
}

/** Makes the cut that the slider shows, and waits for the step that it leads to: going on sooner would be overtaken. */
export async function applyCut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Apply and fine-tune" }).click();
  await expect(page.getByRole("tabpanel", { name: "Fine-tune", exact: true })).toBeVisible();
}

/** By the tabs, or by the menu that a phone has in their place. */
export async function goToStep(page: Page, step: Step): Promise<void> {
  const menu = page.getByRole("combobox", { name: "Step", exact: true });
  const tab = page.getByRole("tab", { name: step, exact: true });
  await menu.or(tab).waitFor();
  if (await menu.isVisible()) await menu.selectOption(step);
  else await tab.click();
  await expect(page.getByRole("tabpanel", { name: step, exact: true })).toBeVisible();
}

export function truth(page: Page, name: TruthName): Locator {
  return page.getByTestId(`truth-${name}`);
}

/** A measured accuracy as the page says it. */
export interface Measured {
  /** Per cent. */
  readonly accuracy: number;
  readonly halfWidth: number;
  readonly images: number;
}

/** Waits until the accuracy on the page was measured where it is shown, on at least `images`. */
export async function measured(page: Page, images = 1): Promise<Measured> {
  let found: Measured | undefined;
  await drawn(page);
  await expect
    .poll(
      async () => {
        found = parseAccuracy(await truth(page, "accuracy").innerText());
        return found?.images ?? 0;
      },
      {
        message: "images that the accuracy was measured on",
        timeout: 60_000,
        intervals: SOON,
      },
    )
    .toBeGreaterThanOrEqual(images);
  if (found === undefined) throw new Error("no accuracy on the page");
  return found;
}

/** `87.3 % ± 0.6 … n = 2000`; undefined for an estimate and for nothing. */
function parseAccuracy(text: string): Measured | undefined {
  const plain = text.replaceAll(/[\u202f\u00a0]/g, "");
  const match = /^Accuracy(?:pixelsassumed)?\s*(\d+\.\d)\s*%±\s*(\d+\.\d)[^]*n=(\d+)/.exec(
    plain.replaceAll(" ", ""),
  );
  if (match === null) return undefined;
  const [, accuracy, halfWidth, count] = match;
  return { accuracy: Number(accuracy), halfWidth: Number(halfWidth), images: Number(count) };
}

/** The runs at a glance, beside the controls. */
export function runsTable(page: Page): Locator {
  return page.getByRole("table", { name: "Runs", exact: true });
}

export function ratioSlider(page: Page): Locator {
  return page.getByRole("slider", { name: "Ratio" });
}

export function ratioField(page: Page): Locator {
  return page.getByRole("textbox", { name: "Remove, per cent of the channels" });
}

export async function typeRatio(page: Page, text: string): Promise<void> {
  await ratioField(page).fill(text);
  await ratioField(page).press("Enter");
  await drawn(page);
}

/** Figures are written in the frame after a change, so the second one has them. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

/** What the page says about its network, to compare before with after. */
export async function identity(page: Page): Promise<readonly string[]> {
  const load = page.getByRole("region", { name: "On the page" });
  return [await load.innerText(), await truth(page, "params").innerText()];
}

/** A file as a test makes it. */
export interface FileLike {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Chooses files in the dialog behind "Choose files…". */
export async function chooseFiles(page: Page, files: readonly FileLike[]): Promise<void> {
  const dialog = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files…" }).click();
  const chooser = await dialog;
  await chooser.setFiles(
    files.map(({ name, bytes }) => ({
      name,
      mimeType: "application/octet-stream",
      buffer: Buffer.from(bytes),
    })),
  );
}

/** Drops files on the page, as the browser would. */
export async function dropFiles(page: Page, files: readonly FileLike[]): Promise<void> {
  const dropped = files.map(({ name, bytes }) => ({
    name,
    base64: Buffer.from(bytes).toString("base64"),
  }));
  const transfer = await page.evaluateHandle((all) => {
    const data = new DataTransfer();
    for (const { name, base64 } of all) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      data.items.add(new File([bytes], name));
    }
    return data;
  }, dropped);
  const main = page.getByRole("main");
  await main.dispatchEvent("dragover", { dataTransfer: transfer });
  await expect(page.getByText("Drop a network or images")).toBeVisible();
  await main.dispatchEvent("drop", { dataTransfer: transfer });
}

/** Drops files and folders of the disk on the page, as a hand would: folders arrive as folders. */
export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const client = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 800 };
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const at = { x: width / 2, y: height / 2, data };
  await client.send("Input.dispatchDragEvent", { type: "dragEnter", ...at });
  await client.send("Input.dispatchDragEvent", { type: "dragOver", ...at });
  await expect(page.getByText("Drop a network or images")).toBeVisible();
  await client.send("Input.dispatchDragEvent", { type: "drop", ...at });
  await client.detach();
}

/** Fills the settings of the run on the page. */
export async function fillSettings(
  page: Page,
  settings: { readonly [label: string]: string },
): Promise<void> {
  const form = page.getByRole("form", { name: "Settings" });
  const more = form.getByText("Batch, momentum, augmentation, seed");
  if (!(await form.getByLabel("Batch size").isVisible())) await more.click();
  for (const [label, value] of Object.entries(settings)) {
    await form.getByLabel(label, { exact: true }).fill(value);
  }
}

/** The number of steps that the run on the page has done; 0 before the first report. */
export async function stepsDone(page: Page): Promise<number> {
  const text = await figure(page, "Step").innerText();
  return Number(/^Step\s*(\d+)/.exec(text.replaceAll(/[\u202f\u00a0]/g, ""))?.[1] ?? 0);
}

/** One of the four figures above a run's curves. */
export function figure(
  page: Page,
  name: "Loss" | "Step" | "Accuracy" | "Time left" | "Took",
): Locator {
  return page.locator("dl > div").filter({ has: page.getByText(name, { exact: true }) });
}

export async function waitForSteps(page: Page, least: number): Promise<void> {
  await expect
    .poll(() => stepsDone(page), { message: "steps done", timeout: 60_000, intervals: SOON })
    .toBeGreaterThanOrEqual(least);
}
