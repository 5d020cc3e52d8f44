/**
 * @file The same page on WebGPU, asked for in the address, with Chromium's software adapter. That is
 * some fifty times slower than wasm, so the shipped network is replaced by a tiny one on a few images.
 */
import type { Page } from "@playwright/test";
import { CIFAR10_CLASSES, CIFAR10_NORMALIZATION } from "../src/data/index.ts";
import { exportNetwork } from "../src/files/index.ts";
import { GraphBuilder, initialize, type Network } from "../src/model/index.ts";
import { DEMO } from "../src/state/shipped.ts";
import { fillSettings, goTo, imagesOf, measured, waitForSteps } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { serveFew } from "./shards.ts";

/** Two convolutions: few shaders, which a software adapter compiles slowly. */
function tinyNetwork(): Network {
  const b = new GraphBuilder();
  let x = b.relu("relu1", b.bn("bn1", b.conv("conv1", b.input([32, 32, 3]), { filters: 8 })));
  const window = { size: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0] } as const;
  x = b.add("pool1", { kind: "maxPool", ...window }, x);
  x = b.relu("relu2", b.bn("bn2", b.conv("conv2", x, { filters: 12 })));
  x = b.add("pool2", { kind: "globalAveragePool" }, x);
  x = b.add("fc", { kind: "dense", units: 10, bias: true }, x);
  const metadata = { classes: CIFAR10_CLASSES, normalization: CIFAR10_NORMALIZATION };
  return { ...initialize(b.finish("tiny", x), { seed: 1 }), metadata };
}

/** Serves a tiny network and a few images in place of what lies in `public/` and `data/`. */
async function serveTiny(page: Page): Promise<void> {
  const { files } = await exportNetwork(tinyNetwork(), "tfjs");
  await page.route(`**/models/${DEMO.name}/*`, async (route) => {
    const file = files.find(({ name }) => route.request().url().endsWith(`/${name}`));
    if (file === undefined) await route.fulfill({ status: 404 });
    else await route.fulfill({ body: Buffer.from(file.bytes) });
  });
  await serveFew(page, "test_batch", 24);
  await serveFew(page, "data_batch_", 40);
}

test("measures and trains on WebGPU when the address asks for it", async ({ page, watch }) => {
  // The software adapter tells the console what it is.
  watch.expectMessage(/software|swiftshader|fallback|powerPreference/i);
  await serveTiny(page);
  await page.goto("/?backend=webgpu");
  await expect(page.getByTestId("network-name")).toHaveText("tiny");
  await expect(page.getByRole("contentinfo")).toContainText(/webgpu, .*swiftshader/i);
  await expect(imagesOf(page)).toContainText("24");
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
  await expect(page.getByRole("row", { name: /sparse-trained, now/ })).toBeVisible();
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
