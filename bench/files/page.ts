/** @file The built page, served and opened in headless Chromium, with what is in the way of a measurement put aside. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Browser, FileChooser, Page } from "@playwright/test";
import { projectFolder } from "../../src/cli/project.ts";

/** Serves the page as `npm start` does, on a free port. */
export async function serve(): Promise<{ readonly url: string; readonly child: ChildProcess }> {
  const script = join(projectFolder(), "scripts", "start.mjs");
  const child = spawn(process.execPath, [script, "--port=0"], { cwd: projectFolder() });
  let said = "";
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/localhost:\d+\//.exec(said);
      if (found !== null) resolve(found[0]);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.once("close", () => reject(new Error(`the page is not served: ${said}`)));
  });
  return { url, child };
}

/** Opens a fresh page that has come to rest: the shipped network is measured, nothing is going on. */
export async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await page.getByRole("slider", { name: "Ratio" }).waitFor();
  await page.getByRole("tab", { name: "Load" }).click();
  await atRest(page);
  return page;
}

/** Waits until the status line has had nothing to say for a second. */
export async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      new Promise<boolean>((resolve) => {
        const busy = (): boolean =>
          document.querySelector("footer progress, footer button") !== null;
        if (busy()) resolve(false);
        else setTimeout(() => resolve(!busy()), 1000);
      }),
    undefined,
    { timeout: 120_000, polling: 250 },
  );
}

/** The dialog behind "Choose files…". */
export async function fileDialog(page: Page): Promise<FileChooser> {
  const dialog = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files…" }).click();
  return dialog;
}
