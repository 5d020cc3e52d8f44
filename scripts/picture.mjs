/**
 * @file `npm run picture`: takes the README's picture of the page as it is today: the built app, the
 * shipped network, the Prune step at a ratio that was measured. Everything on it is real.
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { chromiumLaunchOptions } from "./chromium.mjs";
import { ROOT } from "./setup/paths.mjs";

const PICTURE = join(ROOT, "docs", "workbench.png");
/** Per cent that is removed on the picture. */
const RATIO = process.argv[2] ?? "50";

/** Serves the page as `npm start` does, on a free port. */
async function serve() {
  const child = spawn(process.execPath, [join(ROOT, "scripts", "start.mjs"), "--port=0"]);
  child.stderr.pipe(process.stderr);
  const url = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += String(chunk);
      const found = /http:\/\/localhost:\d+\//.exec(said);
      if (found !== null) resolve(found[0]);
    });
    child.once("close", () => reject(new Error(`the page is not served: ${said}`)));
  });
  return { child, url };
}

const { child, url } = await serve();
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
  child.kill();
}
