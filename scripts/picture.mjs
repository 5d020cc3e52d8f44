/**
 * @file `npm run picture`: takes the README's picture of the page as it is today: the built app, the
 * shipped network, the Prune step at a ratio that was measured. Everything on it is real.
 */

import { join } from "node:path";
import { chromium } from "@playwright/test";
import { chromiumLaunchOptions } from "./chromium.mjs";
import { servePage } from "./served.mjs";
import { ROOT } from "./setup/paths.mjs";

const PICTURE = join(ROOT, "docs", "workbench.png");
/** Per cent that is removed on the picture. */
const RATIO = process.argv[2] ?? "50";

const { url, stop } = await servePage();
const browser = await chromium.launch(chromiumLaunchOptions());
try {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 1.5,
    colorScheme: "light",
  });
  await page.goto(url);
  await page.getByTestId("truth-accuracy").getByText("n = ").waitFor({ timeout: 60_000 });
  await page.getByRole("tab", { name: "Prune", exact: true }).click();
  await page.getByRole("slider", { name: "Ratio" }).fill(RATIO);
  await page.getByRole("button", { name: "Compute all" }).click();
  await page
    .getByRole("button", { name: "Cancel sensitivity" })
    .waitFor({ state: "hidden", timeout: 300_000 });
  await page
    .getByText(/Measured on 10.000/)
    .first()
    .waitFor({ timeout: 300_000 });
  await page.screenshot({ path: PICTURE });
} finally {
  await browser.close();
  stop();
}
