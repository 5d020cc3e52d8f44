/** @file CIFAR-10's archive, 170 MB that unpack to 184: how fast it is read, and how much memory the page takes at its peak. */
import {
  createReadStream,
  createWriteStream,
  existsSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { createGzip } from "node:zlib";
import type { Browser, Page } from "@playwright/test";
import { packTar } from "modern-tar";
import { projectFolder } from "../../src/cli/project.ts";
import { cacheFolder } from "../train/project-modules.ts";
import { fileDialog, openPage } from "./page.ts";
import { bytesIn, rendererOf } from "./process.ts";
import type { Opening } from "./report.ts";
import { record } from "./trace.ts";

/** In the order of the official archive. */
const MEMBERS = [
  "data_batch_1.bin",
  "batches.meta.txt",
  "data_batch_3.bin",
  "data_batch_4.bin",
  "test_batch.bin",
  "data_batch_5.bin",
  "data_batch_2.bin",
];
const FOLDER = "cifar-10-batches-bin";
const BUDGET = "budget: 4 s, memory that does not grow with the archive beyond the images";

/** The archive, packed once out of the shards that set-up has fetched. */
export async function archivePath(): Promise<string> {
  const path = join(cacheFolder("files"), "cifar-10-binary.tar.gz");
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  const shards = join(projectFolder(), "data", "cifar-10");
  const tar = await packTar(
    MEMBERS.map((name) => {
      const body = readFileSync(join(shards, name));
      return { header: { name: `${FOLDER}/${name}`, size: body.length, mtime: new Date(0) }, body };
    }),
  );
  writeFileSync(`${path}.tar`, tar);
  await pipeline(createReadStream(`${path}.tar`), createGzip(), createWriteStream(`${path}.part`));
  renameSync(`${path}.part`, path);
  return path;
}

/** Marks, in the page, when files begin to be read and when the training images are there. */
function watchImages(): Promise<number> {
  const images = (): string =>
    document.querySelector('section[aria-label="Images"]')?.textContent ?? "";
  const footer = (): string => document.querySelector("footer")?.textContent ?? "";
  let isReading = false;
  const reports = new Set<string>();
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      const said = /Reading files: [^,]*/.exec(footer())?.[0];
      if (said !== undefined) reports.add(said);
      if (!isReading && footer().includes("Reading")) {
        isReading = true;
        performance.mark("bench:start");
      }
      if (!/Training\D*CIFAR-10/.test(images())) return;
      performance.mark("bench:open");
      observer.disconnect();
      resolve(reports.size);
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

export async function measureArchive(
  browser: Browser,
  url: string,
  { path, say }: { readonly path: string; readonly say: (text: string) => void },
): Promise<Opening> {
  const page = await openPage(browser, url);
  const dialog = await fileDialog(page);
  const memory = await watchMemory(browser, page);
  let reports = 0;
  const recorded = await record(page, browser, async () => {
    const opened = page.evaluate(watchImages);
    await dialog.setFiles(path);
    reports = await opened;
    await setTimeout(500);
  });
  const { peak, before } = memory.stop();
  await page.close();
  const [start, open] = [recorded.mark("start"), recorded.mark("open")];
  const ms = open - start;
  const cpu = recorded.workers
    .filter(({ end }) => end > start && end <= open)
    .reduce((sum, task) => sum + task.cpu, 0);
  const longest = Math.max(
    0,
    ...recorded.main.filter(({ end }) => end > start && end < open + 500).map((task) => task.wall),
  );
  const megabytes = readFileSync(path).length / 1e6;
  say(`CIFAR-10's archive, ${megabytes.toFixed(0)} MB`);
  say(
    `  open after ${ms.toFixed(0)} ms (${((1000 * megabytes) / ms).toFixed(0)} MB/s), ` +
      `${reports} reports of progress, of the workers' processor ${cpu.toFixed(0)} ms`,
  );
  say(`  longest main-thread task ${longest.toFixed(0)} ms`);
  say(
    `  memory ${(before / 1e6).toFixed(0)} MB before, ${((peak - before) / 1e6).toFixed(0)} MB more at its peak ` +
      "(the images are 184 MB)",
  );
  say(BUDGET);
  const file = `CIFAR-10's archive, ${megabytes.toFixed(0)} MB`;
  return { file, open: ms, work: cpu, longest, calm: null };
}

/** Watches the resident memory of the page's process; Linux keeps the peak. */
async function watchMemory(browser: Browser, page: Page) {
  const pid = await rendererOf(browser);
  await page.requestGC();
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  const before = bytesIn(pid, "VmRSS");
  return { stop: () => ({ before, peak: bytesIn(pid, "VmHWM") }) };
}
