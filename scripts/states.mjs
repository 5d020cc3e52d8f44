/**
 * @file `npm run states`: pictures of the page in every state that a person meets, in both themes and at
 * three widths, for somebody to look through. `-- TEXT` takes only the flows whose name contains it. The pictures
 * and a page that shows them side by side are written to `.cache/states`.
 */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { chromiumLaunchOptions } from "./chromium.mjs";
import { servePage } from "./served.mjs";
import { ROOT } from "./setup/paths.mjs";
import { FLOWS } from "./states/flows.mjs";

const FOLDER = join(ROOT, ".cache", "states");
const THEMES = /** @type {const} */ (["light", "dark"]);
const WINDOWS = [
  { width: 1440, height: 900 },
  { width: 1024, height: 900 },
  { width: 390, height: 844 },
];

/**
 * Takes a state's six pictures. The page stays as it is: only its window and the system's theme change.
 *
 * @param {import("@playwright/test").Page} page
 * @param {string} name
 * @param {import("./states/flows.mjs").Look} [look]
 */
async function takePictures(page, name, { subject, tab } = {}) {
  for (const size of WINDOWS) {
    await page.setViewportSize(size);
    const view = page.getByRole("tab", { name: tab ?? "Trellis", exact: true });
    const isElsewhere = (await view.isVisible()) && !(await isSelected(view));
    if (isElsewhere) await view.click();
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      if ((await subject?.isVisible()) === true) {
        await subject?.evaluate((element) => element.scrollIntoView({ block: "center" }));
      }
      // Two frames: one to lay out, one for what is drawn beside the page.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      await page.waitForTimeout(200);
      await page.screenshot({ path: join(FOLDER, `${name}-${size.width}-${colorScheme}.png`) });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  console.log(`  ${name}`);
}

/** @param {import("@playwright/test").Locator} tab */
const isSelected = async (tab) => (await tab.getAttribute("aria-selected")) === "true";

/** A page of all pictures, one row a state. */
function writeOverview() {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith("-1440-light.png"));
  const names = files.map((file) => file.slice(0, -"-1440-light.png".length));
  const row = (/** @type {string} */ name) =>
    WINDOWS.flatMap(({ width }) => THEMES.map((theme) => `${name}-${width}-${theme}.png`))
      .map((file) => `<a href="${file}"><img loading="lazy" height="300" src="${file}"></a>`)
      .join("");
  const rows = names.map((name) => `<h2>${name}</h2><div>${row(name)}</div>`).join("\n");
  const style = "body{font:15px system-ui}div{display:flex;gap:8px;overflow-x:auto}";
  const path = join(FOLDER, "index.html");
  writeFileSync(path, `<!doctype html><meta charset="utf-8"><style>${style}</style>${rows}`);
  return path;
}

const wanted = process.argv[2] ?? "";
mkdirSync(FOLDER, { recursive: true });
const { url, stop } = await servePage();
const browser = await chromium.launch(chromiumLaunchOptions());
try {
  for (const [name, flow] of Object.entries(FLOWS)) {
    if (!name.includes(wanted)) continue;
    console.log(name);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(url);
    await flow(page, (state, look) => takePictures(page, `${name}-${state}`, look));
    await context.close();
  }
} finally {
  await browser.close();
  stop();
}
console.log(`wrote ${writeOverview()}`);
