/**
 * @file The same page on WebGPU, asked for in the address, with Chromium's software adapter. That is
 * some fifty times slower than wasm, so the shipped network is replaced by a tiny one on a few images.
 */
import type { Page } from "@playwright/test";
import { CIFAR10_CLASSES, CIFAR10_NORMALIZATION } from "../src/data/index.ts";
import { exportNetwork } from "../src/files/index.ts";
import { GraphBuilder, initialize, type Network } from "../src/model/index.ts";
import { DEMO } from "../src/state/shipped.ts";
import { fillSettings, goTo, imagesOf, measured, runsTable, waitForSteps } from "./app.ts";
import { expect, test } from "./fixtures.ts";
import { serveFew } from "./shards.ts";
import { engineWorker, inTheWorker } from "./worker.ts";

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
  await serveFew(page, "data_batch_", 8);
}

/** Lets the test take the graphics card away. */
const REMEMBER_DEVICE = `
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...told) {
    return (self.theDevice = await request.apply(this, told));
  };`;

async function loseDevice(page: Page): Promise<void> {
  await engineWorker(page).evaluate(() => {
    (globalThis as unknown as { theDevice: GPUDevice }).theDevice.destroy();
  });
}

test("measures and trains on WebGPU, and goes on elsewhere once the card is lost", async ({
  page,
  watch,
}) => {
  // The software adapter tells the console what it is.
  watch.expectMessage(/software|swiftshader|fallback|powerPreference/i);
  // And that it is gone.
  watch.expectMessage(/device.*(lost|destroyed)|(lost|destroyed).*device/i);
  await serveTiny(page);
  await inTheWorker(page, REMEMBER_DEVICE);
  await page.goto("/?backend=webgpu");
  await goTo(page, "Load");
  await expect(page.getByTestId("network-name")).toHaveText("tiny");
  await expect(page.getByRole("contentinfo")).toContainText(/webgpu, .*swiftshader/i);
  await expect(imagesOf(page)).toContainText("24");
  expect((await measured(page)).images).toBe(24);

  await goTo(page, "Sparse train");
  // An epoch of four steps: 36 images are learned from.
  await fillSettings(page, { Seconds: "600", "Batch size": "9", "Learning rate": "0.01" });
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await waitForSteps(page, 5);
  await loseDevice(page);
  const result = page.getByRole("group", { name: "Result" });
  await expect(result).toContainText(/Cut off\. What was learned in the first \d+ of /);
  await expect(
    page.getByRole("alert").filter({ hasText: /graphics device was lost.*goes on with wasm/ }),
  ).toHaveCount(1);
  await expect(page.getByRole("contentinfo")).toContainText("wasm");
  const kept = Number(/first (\d+) of/.exec(await result.innerText())?.[1]);
  expect(kept).toBeGreaterThanOrEqual(4);
  await result.getByRole("button", { name: `Go on from epoch ${kept / 4 + 1}` }).click();
  await waitForSteps(page, kept + 3);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByRole("group", { name: "Result" })).toContainText(
    /Stopped after \d+ steps?/,
  );
  await page.getByRole("button", { name: "Keep" }).click();
  await expect(
    runsTable(page).getByRole("row", { name: /sparse-trained on the page/ }),
  ).toBeVisible();
});

test("runs on wasm and says so when WebGPU was asked for and is not there", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined });
  });
  await serveTiny(page);
  await inTheWorker(page, "delete WorkerNavigator.prototype.gpu;");
  await page.goto("/?backend=webgpu");
  await goTo(page, "Load");
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(
    /^webgpu: this backend is not available here .*; use wasm, which runs everywhere\.$/,
  );
  await expect(page.getByRole("contentinfo")).toContainText("wasm");
  await measured(page);
});
