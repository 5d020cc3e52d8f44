/**
 * @file The same page on WebGPU, asked for in the address, with Chromium's software adapter. That is
 * some fifty times slower than wasm, so the shipped network is replaced by a tiny one on a few images.
 */
import type { Page } from "@playwright/test";
import { CIFAR10_CLASSES, CIFAR10_NORMALIZATION } from "../src/data/index.ts";
import { exportNetwork } from "../src/files/index.ts";
import { buildArchitecture } from "../src/model/index.ts";
import { fillSettings, goTo, imagesOf, measured, typeRatio, waitForSteps } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { firstRecords } from "./shards.ts";

const TINY = "vgg11:width=0.0625";

/** Serves a tiny network and a few images in place of what lies in `public/` and `data/`. */
async function serveTiny(page: Page): Promise<void> {
  const network = buildArchitecture(TINY, 1, {
    classes: CIFAR10_CLASSES,
    normalization: CIFAR10_NORMALIZATION,
  });
  const { files } = exportNetwork(network, "tfjs");
  await page.route("**/models/demo/*", async (route) => {
    const file = files.find(({ name }) => route.request().url().endsWith(`/${name}`));
    if (file === undefined) await route.fulfill({ status: 404 });
    else await route.fulfill({ body: Buffer.from(file.bytes) });
  });
  await page.route("**/data/cifar-10/*.bin", async (route) => {
    const shard = route.request().url().split("/").at(-1) ?? "";
    const images = shard.startsWith("test") ? 24 : 40;
    await route.fulfill({ body: Buffer.from(await firstRecords(images, shard)) });
  });
}

test("measures, prunes and trains on WebGPU when the address asks for it", async ({
  page,
  watch,
}) => {
  // The software adapter tells the console what it is.
  watch.expectMessage(/software|swiftshader|fallback|powerPreference/i);
  await serveTiny(page);
  await page.goto("/?backend=webgpu");
  await expect(page.getByTestId("network-name")).toHaveText(TINY);
  await expect(page.getByRole("contentinfo")).toContainText(/webgpu, .*swiftshader/i);
  await expect(imagesOf(page)).toContainText("24");
  expect((await measured(page)).images).toBe(24);

  await goTo(page, "Prune");
  await typeRatio(page, "50");
  expect((await measured(page)).images).toBe(24);

  await goTo(page, "Sparse train");
  await fillSettings(page, { Seconds: "600", "Batch size": "4", "Learning rate": "0.01" });
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await waitForSteps(page, 2);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("group", { name: "Result" })).toContainText(
    /Stopped after \d+ steps/,
  );
  await page.getByRole("button", { name: "Keep" }).click();
  await expect(page.getByRole("row", { name: /Sparse-trained, now/ })).toBeVisible();
});

test("runs on wasm and says so when WebGPU was asked for and is not there", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });
  });
  await serveTiny(page);
  await page.route("**/*.js", async (route) => {
    const response = await route.fetch();
    const isWorker = /engine\.worker/.test(route.request().url());
    // A worker has a navigator of its own, which no init script reaches.
    const hide = "delete WorkerNavigator.prototype.gpu;";
    const body = await response.text();
    await route.fulfill({ response, body: isWorker ? `${hide}${body}` : body });
  });
  await page.goto("/?backend=webgpu");
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(
    /^webgpu: this backend is not available here .*; use wasm, which runs everywhere\.$/,
  );
  await expect(page.getByRole("contentinfo")).toContainText("wasm");
  await measured(page);
});
