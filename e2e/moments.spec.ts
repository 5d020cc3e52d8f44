/**
 * @file Bad moments: what a browser, a machine, a server or a file does not give. Each says what it is, why, what it costs
 * and what can be done, where one looks; and nothing of the page is lost.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import {
  dropFiles,
  goTo,
  identity,
  measured,
  openWithFew,
  ratioField,
  truth,
  typeRatio,
} from "./app.ts";
import { ROOT } from "./command-line.ts";
import { expect, test } from "./fixtures.ts";
import { violations } from "./violations.ts";
import { inTheWorker } from "./worker.ts";

/** The words behind the chip of the status line. */
async function machineWords(page: Page): Promise<string> {
  const chip = page.getByRole("contentinfo").getByRole("button", { name: /^wasm/ });
  await chip.focus();
  const words = page.getByText(/^Runs on wasm/).locator("..");
  await expect(words).toBeVisible();
  return words.innerText();
}

test("one thread on a machine without WebGPU: a chip says why, what it costs, what to do", async ({
  page,
}) => {
  // Without these two headers a page is not cross-origin isolated.
  await page.route(/\/$|\.js$/, async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    delete headers["cross-origin-opener-policy"];
    delete headers["cross-origin-embedder-policy"];
    const isWorker = route.request().url().includes("engine.worker");
    const body = isWorker ? "delete WorkerNavigator.prototype.gpu;" : "";
    await route.fulfill({ response, headers, body: body + (await response.text()) });
  });
  await openWithFew(page, 64);
  await measured(page, 64);
  await expect(page.getByRole("contentinfo")).toContainText("one thread, not isolated");
  const words = await machineWords(page);
  expect(words).toContain("not cross-origin isolated");
  expect(words).toMatch(/About \d\.\d times slower than on \d+ threads, by estimate/);
  expect(words).toContain("Cross-Origin-Embedder-Policy: require-corp");
  expect(words).toContain("This browser has no WebGPU");
  expect(await violations(page)).toEqual([]);
});

test("a browser that keeps nothing says so when there is something to lose", async ({ page }) => {
  await inTheWorker(
    page,
    `indexedDB.open = () => { throw new DOMException("no", "SecurityError"); };`,
  );
  await openWithFew(page, 64);
  const notice = page.getByRole("alert", { name: "Keeping" });
  await expect(notice).toBeHidden();
  await goTo(page, "Prune");
  await typeRatio(page, "40");
  await expect(notice).toContainText("keeps nothing for this page, as in a private window");
  await expect(notice.getByRole("button", { name: "Save to a file" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await notice.getByRole("button", { name: "Dismiss" }).click();
  await page.getByRole("button", { name: "Not kept" }).click();
  await expect(page.getByRole("region", { name: "Project" })).toContainText(
    "until the page is closed",
  );
  await goTo(page, "Prune");
  await expect(ratioField(page)).toHaveValue("40");
});

test("a full browser says what takes how much, and keeps again when there is room", async ({
  page,
}) => {
  await openWithFew(page, 64);
  const session = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 100_000 });
  await goTo(page, "Prune");
  await typeRatio(page, "40");
  const notice = page.getByRole("alert", { name: "Keeping" });
  await expect(notice).toContainText(/no room left: this project takes about \d+\.\d+\sMB/);
  await notice.getByRole("button", { name: "What takes how much" }).click();
  const project = page.getByRole("region", { name: "Project" });
  await expect(project.getByRole("listitem")).toContainText(/Baseline\s*\d\.\d+\sMB/);
  await session.send("Storage.overrideQuotaForOrigin", { origin });
  await project.getByRole("button", { name: "Try again" }).click();
  await expect(project).toHaveAttribute("data-kept", "kept");
});

test("images of other classes are not measured on; a network that cannot be run can be looked at", async ({
  page,
  watch,
}) => {
  await openWithFew(page, 64);
  const before = await identity(page);
  const records = new Uint8Array(200 * 3074).map((_, i) => (i % 3074 === 1 ? i % 100 : i % 20));
  await dropFiles(page, [{ name: "test.bin", bytes: records }]);
  const notice = page.getByRole("status", { name: "Accuracy" });
  await expect(notice).toContainText("tells 10 classes apart; the images on the page, CIFAR-100");
  await expect(truth(page, "accuracy")).toContainText("images of 100 classes, not 10");
  await goTo(page, "Fine-tune");
  await expect(page.getByRole("button", { name: "Start", exact: true })).toBeDisabled();
  await goTo(page, "Prune");
  await typeRatio(page, "50");
  await expect(truth(page, "MACs")).toContainText("from");
  await watch.checkText();
  expect(await violations(page)).toEqual([]);
  await typeRatio(page, "0");
  await notice.getByRole("button", { name: "Load CIFAR-10" }).click();
  await expect(notice).toBeHidden();
  await measured(page, 64);

  await test.step("an op that is none of ours", async () => {
    const bytes = await readFile(join(ROOT, "tests", "goldens", "onnx", "vgg-bn.onnx"));
    const text = bytes.toString("latin1").replace("\x22\x07MaxPool", "\x22\x07LpPools");
    await dropFiles(page, [{ name: "vgg-bn.onnx", bytes: Buffer.from(text, "latin1") }]);
    const sketch = page.getByRole("region", { name: "Only to look at" });
    await expect(sketch.getByRole("alert")).toHaveText(
      /^vgg-bn\.onnx: .*LpPools .*; replace these/,
    );
    await expect(sketch.getByRole("row", { name: /LpPools/ })).toContainText(
      "Espalier has no LpPools",
    );
    await expect(sketch).toContainText(/Parameters\s*2\d\d/);
    await expect(sketch.getByRole("figure")).toContainText("of 480 below 0.01");
    for (const name of ["Prune", "Train", "Export"]) {
      await expect(sketch.getByRole("button", { name, exact: true })).toBeDisabled();
    }
    expect(await violations(page)).toEqual([]);
    await sketch.getByRole("button", { name: /^Back to/ }).click();
    expect(await identity(page)).toEqual(before);
  });
});
