/**
 * @file A person's first minute with the built page, in headless Chromium with a fresh profile and a server that
 * has answered before: until the shell works, the longest tasks of the page's own thread from the navigation to a
 * download, what shifts without anybody's doing, and what the page holds on to over a thousand drags.
 */
import { chromium, type Browser } from "@playwright/test";
import { chromiumLaunchOptions } from "../scripts/chromium.mjs";
import { serve } from "./files/page.ts";
import { rendererOf } from "./files/process.ts";
import type { TraceEvent } from "./files/trace.ts";
import { handOn } from "./hand.ts";
import { quantile, sayWhere } from "./machine.ts";
import { held, slopeOf, type Held } from "./minute/memory.ts";
import { longTasks, type LongTask } from "./minute/tasks.ts";
import {
  firstMinute,
  shellTime,
  shiftsOf,
  watchShell,
  watchShifts,
  type Shift,
} from "./minute/visit.ts";

/** Tasks alone: whatever else Chromium tells of a task makes it longer. */
const LEAN = ["toplevel", "blink.user_timing", "__metadata"];
/** The functions in them as well, to say what a long one was. */
const TELLING = [...LEAN, "devtools.timeline"];
const VIEW = { viewport: { width: 1280, height: 800 } };
const VISITS = 7;
const MINUTES = 3;
const SHELL_MS = 1500;
const TASK_MS = 50;
const DRAGS = 1000;
/** Memory is read after as many drags, and the first of them are the compilers' and the caches'. */
const DRAGS_A_READING = 100;
const MOVES_A_DRAG = 6;

async function measureShell(browser: Browser, url: string): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < VISITS; i++) {
    const context = await browser.newContext(VIEW);
    const page = await context.newPage();
    await page.addInitScript(watchShell);
    await page.goto(url);
    times.push(await shellTime(page));
    await context.close();
  }
  const [least, median, most] = [0, 0.5, 1].map((share) => quantile(times, share).toFixed(0));
  console.log(`shell: works ${median} ms after the navigation, ${least} to ${most} in ${VISITS}`);
  console.log(`  visits, each with a fresh profile (budget: ${SHELL_MS} ms)`);
}

interface Minute {
  readonly seconds: number;
  readonly tasks: readonly LongTask[];
  readonly longest: number;
  readonly shifts: readonly Shift[];
}

async function visit(
  browser: Browser,
  url: string,
  categories: readonly string[],
): Promise<Minute> {
  const context = await browser.newContext(VIEW);
  const page = await context.newPage();
  await page.addInitScript(watchShifts);
  await browser.startTracing(page, { categories: [...categories] });
  const start = performance.now();
  await firstMinute(page, url);
  const seconds = (performance.now() - start) / 1000;
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const { all, longest } = longTasks(traceEvents, await rendererOf(browser), TASK_MS);
  const shifts = await shiftsOf(page);
  await context.close();
  return { seconds, tasks: all, longest, shifts };
}

async function measureMinute(browser: Browser, url: string): Promise<void> {
  for (let i = 0; i < MINUTES; i++) {
    const { seconds, tasks, longest, shifts } = await visit(browser, url, LEAN);
    console.log(`minute: from the navigation to a download in ${seconds.toFixed(0)} s`);
    const over = `${tasks.length} over ${TASK_MS} (budget: none)`;
    console.log(`  longest task ${longest.toFixed(0)} ms, ${over}`);
    sayTasks(tasks);
    const shift = shifts.reduce((sum, { value }) => sum + value, 0);
    console.log(`  layout shift ${shift.toFixed(4)} in ${shifts.length} shifts (budget: 0)`);
    for (const { value, at, what } of shifts) {
      console.log(`    at ${(at / 1000).toFixed(2)} s: ${value.toFixed(4)}: ${what}`);
    }
  }
  console.log("once more, with the functions in each task, which telling makes longer");
  sayTasks((await visit(browser, url, TELLING)).tasks);
}

function sayTasks(tasks: readonly LongTask[]): void {
  for (const { at, wall, cpu, parts } of tasks) {
    const when = `at ${(at / 1000).toFixed(2)} s`;
    const long = `${wall.toFixed(0)} ms, of the processor ${cpu.toFixed(0)}`;
    console.log(`    ${when}: ${[long, ...parts].join("; ")}`);
  }
}

async function measureMemory(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext(VIEW);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole("slider", { name: "Ratio" }).waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await session.send("HeapProfiler.enable");
  const [pid, hand] = [await rendererOf(browser), await handOn(page, session)];
  const readings: Held[] = [await held(session, pid)];
  for (let drag = 1; drag <= DRAGS; drag++) {
    await hand.press();
    await hand.move(MOVES_A_DRAG, 1 + (drag % 3) / 3);
    await hand.release();
    if (drag % DRAGS_A_READING === 0) readings.push(await held(session, pid));
  }
  await context.close();
  console.log(
    `memory over ${DRAGS} drags, ${MOVES_A_DRAG} moves each, read every ${DRAGS_A_READING}:`,
  );
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2);
  sayGrowth(
    "JavaScript after a collection, MB",
    readings.map(({ heap }) => heap),
    megabytes,
  );
  sayGrowth(
    "nodes",
    readings.map(({ nodes }) => nodes),
    String,
  );
  sayGrowth(
    "listeners",
    readings.map(({ listeners }) => listeners),
    String,
  );
  sayGrowth(
    "resident, MB",
    readings.map(({ resident }) => resident),
    megabytes,
  );
}

/** First, last, and how much more each reading of the second half has than the one before it. */
function sayGrowth(what: string, values: readonly number[], text: (value: number) => string): void {
  const late = values.slice(Math.floor(values.length / 2));
  const slope = slopeOf(late);
  console.log(
    `  ${what}: ${values.map(text).join(", ")}; ` +
      `at the end ${text(Number(slope.toPrecision(2)))} more every ${DRAGS_A_READING} drags`,
  );
}

sayWhere("minute");
const { url, child } = await serve();
const browser = await chromium.launch(chromiumLaunchOptions());
try {
  console.log(`Chromium ${browser.version()}\n`);
  // So that the server has answered before.
  await (await fetch(url)).text();
  await measureShell(browser, url);
  await measureMinute(browser, url);
  await measureMemory(browser, url);
} finally {
  await browser.close();
  child.kill("SIGTERM");
}
