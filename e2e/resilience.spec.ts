/**
 * @file What must survive: a crash of the engine, a hidden tab, missing images. The page says what
 * happened and goes on.
 */
import type { Page } from "@playwright/test";
import {
  chooseFiles,
  fillSettings,
  goTo,
  identity,
  imagesOf,
  measured,
  openApp,
  openWhole,
  ratioField,
  stepsDone,
  truth,
  typeRatio,
  waitForSteps,
} from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { cutAt, demoNetwork } from "./independent.ts";
import { largeText } from "../src/ui/format.ts";
import { firstRecords, serveFew } from "./shards.ts";
import { engineWorker } from "./worker.ts";

/** An error that nobody catches, in the middle of whatever the worker does. */
async function crash(page: Page): Promise<void> {
  await engineWorker(page).evaluate(() => {
    setTimeout(() => {
      throw new Error("boom");
    });
  });
}

test("replaces a crashed engine during an evaluation, says so, and measures again", async ({
  page,
}) => {
  await openWhole(page);
  await goTo(page, "Prune");
  await measured(page);
  await typeRatio(page, "40");
  await expect(page.getByRole("contentinfo")).toContainText("Evaluating");
  await crash(page);
  const alert = page.getByRole("main").getByRole("alert");
  // Once, and the technical words only for whoever asks for them.
  await expect(alert).toHaveCount(1);
  await expect(alert).toContainText("The engine crashed and was restarted; nothing is lost.");
  await alert.getByText("Details").click();
  await expect(alert.getByText(/the worker crashed and was replaced .*boom/)).toBeVisible();
  await measured(page);
  await alert.getByRole("button", { name: "Dismiss" }).click();
  await expect(alert).toBeHidden();
  await typeRatio(page, "20");
  await measured(page);
  await expect(ratioField(page)).toHaveValue("20");
});

/** True while the browser keeps the state of a training. */
async function keepsTraining(page: Page): Promise<boolean> {
  return await page.evaluate(
    () =>
      new Promise<boolean>((resolve, reject) => {
        const opening = indexedDB.open("espalier");
        opening.onerror = () => reject(opening.error ?? new Error("no database"));
        opening.onsuccess = () => {
          const database = opening.result;
          const isThere = database.objectStoreNames.contains("project");
          const store = isThere ? database.transaction("project").objectStore("project") : null;
          const counting = store?.count("training");
          if (counting === undefined) resolve(false);
          else counting.onsuccess = () => resolve(counting.result > 0);
          database.close();
        };
      }),
  );
}

test("survives a crash and a reload during a training with the network unharmed", async ({
  page,
}) => {
  await serveFew(page, "data_batch_", 40);
  await openApp(page);
  const before = await identity(page);
  await goTo(page, "Fine-tune");
  const settings = { Seconds: "600", "Batch size": "64", "Learning rate": "0.001" };
  await fillSettings(page, settings);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await waitForSteps(page, 1);
  await crash(page);
  const alert = page.getByRole("main").getByRole("alert");
  // Whichever of the two is so: the first epoch may have ended in that moment.
  await expect(alert).toContainText(
    /the training was cut off(, and its step says how it goes on| before any of it was kept)/,
  );
  await expect(alert).toHaveCount(1);
  await goTo(page, "Load");
  expect(await identity(page)).toEqual(before);

  // And the next run works.
  await goTo(page, "Fine-tune");
  await page.getByLabel("Run for").selectOption("whole epochs");
  await fillSettings(page, { Epochs: "1000" });
  await page.getByRole("button", { name: /^Start( again)?$/ }).click();
  await waitForSteps(page, 4);
  await expect.poll(() => keepsTraining(page)).toBe(true);

  await page.reload();
  await expect(alert).toContainText(
    /^A training was cut off with the page, after epoch \d+ of 1000; go on with it under Fine-tune/,
  );
  const result = page.getByRole("group", { name: "Result" });
  await expect(result).toContainText(/^Cut off\. .* of 3000 steps is kept in this browser\./);
  const button = result.getByRole("button", { name: /^Go on from epoch / });
  const epoch = Number((await button.innerText()).replaceAll(/\D/g, ""));
  expect(epoch).toBeGreaterThan(1);
  await button.click();
  await expect(alert).toBeHidden();
  await waitForSteps(page, (epoch - 1) * 3 + 1);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(result).toContainText(/Stopped after \d+ steps?/);
  await result.getByRole("button", { name: "Discard" }).click();
  await expect.poll(() => keepsTraining(page)).toBe(false);
});

test("says which part of the page cannot be had, and goes on", async ({ page, watch }) => {
  watch.expectMessage(/GraphView|ERR_FAILED|dynamically imported module/);
  await page.route(/GraphView[^/]*\.js$/, (route) => route.abort());
  await openApp(page);
  await page.getByRole("radio", { name: "Graph" }).check();
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(
    /^The graph could not be loaded; reload the page\./,
  );
  await page.getByRole("radio", { name: "List" }).check();
  await expect(page.getByRole("table", { name: "Structure" })).toBeVisible();
  await goTo(page, "Prune");
  await typeRatio(page, "20");
  await expect(ratioField(page)).toHaveValue("20");
});

test("goes on training in a hidden tab", async ({ page, context }) => {
  await serveFew(page, "data_batch_", 200);
  await openApp(page);
  await goTo(page, "Fine-tune");
  await fillSettings(page, { Seconds: "600", "Batch size": "16", "Learning rate": "0.001" });
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await waitForSteps(page, 1);
  const session = await context.newCDPSession(page);
  const other = await context.newPage();
  await other.goto("about:blank");
  await other.bringToFront();
  // Headless Chromium paints every tab, so the page is also told that it is hidden.
  await session.send("Emulation.setFocusEmulationEnabled", { enabled: false });
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    window.requestAnimationFrame = () => 0;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  const hidden = await stepsDone(page);
  await waitForSteps(page, hidden + 5);
  await other.close();
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("group", { name: "Result" })).toContainText(
    /Stopped after \d+ steps?/,
  );
});

test("without images the network can still be cut, and the page says how to get some", async ({
  page,
  watch,
}) => {
  watch.expectMessage(/Failed to load resource.*404/);
  await page.route("**/data/**", (route) => route.fulfill({ status: 404, body: "Not found." }));
  await page.goto("/");
  // Said on Prune, where a visit begins, with the way to some beside it.
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(
    /^test_batch\.bin: the images are not there .*; run `npm run setup`, or drop cifar-10-binary\.tar\.gz on the page\./,
  );
  await expect(truth(page, "accuracy")).toContainText("needs test images");
  const strip = page.getByRole("region", { name: "Test images" });
  await expect(strip.getByRole("button", { name: "Load test images" })).toBeEnabled();
  await goTo(page, "Load");
  await expect(imagesOf(page)).toContainText("npm\u202frun\u202fsetup");
  await goTo(page, "Prune");
  await typeRatio(page, "50");
  const half = cutAt(await demoNetwork(), 0.5);
  await expect(truth(page, "MACs")).toContainText(largeText(half.macs).replace("\u202f", " "));
  await watch.checkText();

  await test.step("dropped images are measured on at once", async () => {
    await goTo(page, "Load");
    await chooseFiles(page, [{ name: "test_batch.bin", bytes: await firstRecords(500) }]);
    await expect(imagesOf(page)).toContainText("500");
    await measured(page, 500);
  });
});
