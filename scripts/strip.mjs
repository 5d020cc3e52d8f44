/**
 * @file `npm run strip`: makes the README's strip of pictures, docs/strip.png, from the very pages that
 * e2e/expert.spec.ts goes through; with more images and a longer fine-tuning than the test takes.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { chromiumLaunchOptions } from "./chromium.mjs";
import { ROOT } from "./setup/paths.mjs";

const STRIP = join(ROOT, "docs", "strip.png");
/** In order, with what is written under each. */
const PICTURES = [
  ["1-load", "A residual network, opened"],
  ["2-prune", "Half of the MACs by sensitivity, one layer locked"],
  ["3-fine-tune", "Fine-tuned for a minute"],
  ["4-compare", "Held against two other cuts"],
  ["5-export", "Taken along as a bundle"],
  ["6-reloaded", "All there after a reload"],
];

const folder = mkdtempSync(join(tmpdir(), "espalier-strip-"));
try {
  execFileSync(process.execPath, ["node_modules/@playwright/test/cli.js", "test", "expert"], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, ESPALIER_STRIP: folder },
  });
  const figures = PICTURES.map(([name, words]) => {
    const bytes = readFileSync(join(folder, `${name}.png`)).toString("base64");
    return `<figure><img src="data:image/png;base64,${bytes}"><figcaption>${words}</figcaption></figure>`;
  });
  const browser = await chromium.launch(chromiumLaunchOptions());
  const page = await browser.newPage({ viewport: { width: 1600, height: 100 } });
  await page.setContent(`<style>
    body { margin: 0; padding: 16px; width: 1568px; background: #e0d9c9; display: grid;
      grid-template-columns: repeat(3, 1fr); gap: 16px; font: 15px/20px system-ui; color: #1f221b; }
    figure { margin: 0; } img { display: block; width: 100%; border-radius: 6px; }
    figcaption { padding: 6px 2px 0; }
  </style>${figures.join("")}`);
  await page.locator("body").screenshot({ path: STRIP });
  await browser.close();
  console.log(`wrote ${STRIP}`);
} finally {
  rmSync(folder, { recursive: true });
}
