/**
 * @file What a person waits for who drops a large network or the CIFAR archive on the built page, in
 * headless Chromium: until it is open, the longest that the page itself stood still meanwhile, and
 * until all is calm again after a cancel. `--only TEXT` takes the formats whose names contain it, `--markdown` prints a table for
 * docs/performance.md.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { chromium, type Browser } from "@playwright/test";
import { chromiumLaunchOptions } from "../scripts/chromium.mjs";
import { archivePath, measureArchive } from "./files/archive.ts";
import { FORMATS } from "./files/formats.ts";
import { fileDialog, openPage, serve } from "./files/page.ts";
import { markdownOf, medianOf, type Opening } from "./files/report.ts";
import { record, type Recorded } from "./files/trace.ts";
import { sayWhere } from "./machine.ts";

const BUDGET = "budget: 1500 ms, no main-thread task over 50 ms, calm 100 ms after a cancel";
/** A machine that others share is now quick and now slow: medians of as many, in the table. */
const ROUNDS = 3;
/** Share of the time until it is open after which it is cancelled. */
const CANCEL_AT = 0.5;
/** What belongs to the opening may come a moment later. */
const AFTERWARDS_MS = 500;

/** Marks, in the page, when files begin to be read and when the network's name has changed. */
function watchOpening(): Promise<void> {
  const name = (): string =>
    document.querySelector('[data-testid="network-name"]')?.textContent ?? "";
  const before = name();
  let isReading = false;
  return new Promise((resolve, reject) => {
    const observer = new MutationObserver(() => {
      if (
        !isReading &&
        document.querySelector("footer")?.textContent?.includes("Reading") === true
      ) {
        isReading = true;
        performance.mark("bench:start");
      }
      const problem = document.querySelector('main [role="alert"]')?.textContent;
      if (problem) reject(new Error(problem));
      if (name() === before) return;
      performance.mark("bench:open");
      observer.disconnect();
      resolve();
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

/** Cancels so many milliseconds after files begin to be read, and marks when the status line is empty again. */
function cancelAfter(delay: number): Promise<void> {
  const button = (): HTMLButtonElement | null => document.querySelector("footer button");
  return new Promise((resolve) => {
    let isCancelled = false;
    const observer = new MutationObserver(() => {
      if (!isCancelled && button() !== null) {
        isCancelled = true;
        window.setTimeout(() => {
          performance.mark("bench:start");
          button()?.click();
        }, delay);
      } else if (isCancelled && button() === null) {
        performance.mark("bench:calm");
        observer.disconnect();
        resolve();
      }
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

const longest = (tasks: Recorded["main"], from: number, clock: "wall" | "cpu"): number =>
  Math.max(0, ...tasks.filter(({ end }) => end > from).map((task) => task[clock]));

async function measureOpening(
  browser: Browser,
  url: string,
  paths: string[],
): Promise<Omit<Opening, "file" | "calm">> {
  const page = await openPage(browser, url);
  const dialog = await fileDialog(page);
  const recorded = await record(page, browser, async () => {
    const opened = page.evaluate(watchOpening);
    await dialog.setFiles(paths);
    await opened;
    await setTimeout(AFTERWARDS_MS);
  });
  await page.close();
  const [start, open] = [recorded.mark("start"), recorded.mark("open")];
  const until = recorded.main.filter(({ end }) => end < open + AFTERWARDS_MS);
  const [wall, cpu] = [longest(until, start, "wall"), longest(until, start, "cpu")];
  const work = recorded.workers
    .filter(({ end }) => end > start && end <= open)
    .reduce((sum, task) => sum + task.cpu, 0);
  say(
    `  open after ${(open - start).toFixed(0)} ms, of the workers' processor ${work.toFixed(0)} ms`,
  );
  say(`  longest main-thread task ${wall.toFixed(0)} ms, of the processor ${cpu.toFixed(0)} ms`);
  return { open: open - start, work, longest: wall };
}

async function measureCancel(
  browser: Browser,
  url: string,
  { paths, delay }: { readonly paths: string[]; readonly delay: number },
): Promise<number> {
  const page = await openPage(browser, url);
  const dialog = await fileDialog(page);
  const recorded = await record(page, browser, async () => {
    const calm = page.evaluate(cancelAfter, delay);
    await dialog.setFiles(paths);
    await calm;
    await setTimeout(AFTERWARDS_MS);
  });
  await page.close();
  const start = recorded.mark("start");
  // The last task of some length: a worker has small ones all the time.
  const work = recorded.workers.filter(({ end, wall }) => end > start && wall > 5);
  const last = Math.max(start, ...work.map(({ end }) => end));
  const cpu = work.reduce((sum, task) => sum + task.cpu, 0);
  const calm = recorded.mark("calm") - start;
  say(`  cancelled after ${delay.toFixed(0)} ms: the page is calm in ${calm.toFixed(0)} ms,`);
  say(`  the workers in ${(last - start).toFixed(0)} ms, of the processor ${cpu.toFixed(0)} ms`);
  return calm;
}

const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, markdown: { type: "boolean", default: false } },
});
/** Lines go where they leave the table alone. */
const say = (text: string): void => (values.markdown ? console.error(text) : console.log(text));
const openings: Opening[] = [];
sayWhere("files");
const { url, child } = await serve();
const browser = await chromium.launch(chromiumLaunchOptions());
const folder = mkdtempSync(join(tmpdir(), "espalier-files-"));
try {
  say(`Chromium ${browser.version()}, VGG-19, 80 MB of weights`);
  for (const [name, make] of Object.entries(FORMATS)) {
    if (!name.includes(values.only)) continue;
    say(name);
    const paths = (await make()).map((file) => {
      const path = join(folder, file.name);
      writeFileSync(path, file.bytes);
      return path;
    });
    const rounds: Opening[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const found = await measureOpening(browser, url, paths);
      const calm = await measureCancel(browser, url, { paths, delay: found.open * CANCEL_AT });
      rounds.push({ file: name, ...found, calm });
    }
    openings.push(medianOf(rounds));
    for (const path of paths) rmSync(path);
  }
  say(`${BUDGET}\n`);
  if ("CIFAR-10".includes(values.only)) {
    const rounds: Opening[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push(await measureArchive(browser, url, { path: await archivePath(), say }));
    }
    openings.push(medianOf(rounds));
  }
  if (values.markdown) console.log(markdownOf(openings));
} finally {
  rmSync(folder, { recursive: true });
  await browser.close();
  child.kill("SIGTERM");
}
