/**
 * @file What a frame costs while a person drags the ratio over VGG-19, PreResNet-164 (12 112 scales) and each shipped
 * network in the built page, in headless Chromium: the time that the main thread works from one frame to the next, from a
 * trace. Builds the page when it is stale. `--only TEXT` takes the networks whose names contain it.
 */
import { parseArgs } from "node:util";
import { chromium, type Browser, type Page } from "@playwright/test";
import { chromiumLaunchOptions } from "../scripts/chromium.mjs";
import { serve } from "./files/page.ts";
import { rendererOf } from "./files/process.ts";
import { CATEGORIES, TASK, type TraceEvent } from "./files/trace.ts";
import { SHIPPED, type Shipped } from "../src/state/shipped.ts";
import { handOn } from "./hand.ts";
import { quantile, sayWhere } from "./machine.ts";

interface Dragged {
  /** An architecture to build, or a network that comes with the page. */
  readonly network: string | Shipped;
  /** Milliseconds of work a frame at the 95th percentile. */
  readonly budget: number;
}

const DRAGGED: readonly Dragged[] = [
  { network: "vgg19:width=1", budget: 8 },
  // The largest that the page is made for.
  { network: "preresnet-164:width=1", budget: 12 },
  ...SHIPPED.map((network) => ({ network, budget: 8 })),
];
/** Positions of the pointer. */
const MOVES = 600;
const SWINGS = 3;
/** Where one frame ends and the next begins. */
const FRAMES = "disabled-by-default-devtools.timeline.frame";
/** Tasks and frames alone, which cost nothing to record; what tasks are made of costs a fifteenth of them. */
const LEAN = ["toplevel", FRAMES, "__metadata"];
const WHOLE = [...CATEGORIES, FRAMES];

async function openNetwork(page: Page, url: string, network: string | Shipped): Promise<void> {
  await page.goto(url);
  // The shipped network opens by itself, and would replace one that was built before.
  await page.getByRole("slider", { name: "Ratio" }).or(page.getByTestId("network-name")).waitFor();
  await page.getByRole("tab", { name: "Load" }).click();
  if (typeof network === "string") {
    await page.locator("form").getByLabel("Architecture", { exact: true }).fill(network);
    await page.getByRole("button", { name: "Build" }).click();
    await page.getByTestId("network-name").getByText(network).waitFor();
  } else {
    const { name, title, text } = network;
    const weights = page.waitForResponse((response) => response.url().includes(`${name}/group1`));
    await page.getByRole("button", { name: `${title} ${text}` }).click();
    await weights;
    await page.getByRole("banner").getByText(title, { exact: true }).waitFor();
  }
  await page.getByRole("tab", { name: "Prune" }).click();
  await page.getByRole("slider", { name: "Ratio" }).waitFor();
}

/** Moves the pointer to and fro over the slider while Chromium records. */
async function drag(
  page: Page,
  browser: Browser,
  categories: string[],
): Promise<readonly TraceEvent[]> {
  const hand = await handOn(page);
  await hand.press();
  await browser.startTracing(page, { categories });
  await hand.move(MOVES, SWINGS);
  const trace = await browser.stopTracing();
  await hand.release();
  return (JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }).traceEvents;
}

/** What the main thread did from one frame's begin to the next one's, in milliseconds. */
interface FrameWork {
  readonly wall: number;
  /** Of the processor: what is left when other programs' turns are taken out. */
  readonly cpu: number;
  /** Shares of `cpu`, by what it was spent on. */
  readonly parts: Readonly<Record<PartName, number>>;
}

const PARTS = {
  script: ["FunctionCall"],
  "style and layout": ["UpdateLayoutTree", "Layout"],
  "paint and commit": ["PrePaint", "Paint", "Layerize", "Commit"],
} as const;
type PartName = keyof typeof PARTS;

/** The work of every frame from the first move on. */
function workByFrame(events: readonly TraceEvent[], pid: number): readonly FrameWork[] {
  const of = events.filter((event) => event.pid === pid);
  const main = of.find(
    ({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain",
  )?.tid;
  const own = of.filter(({ tid }) => tid === main);
  const starts = own
    .filter(({ name }) => name === "BeginMainThreadFrame")
    .map(({ ts }) => ts)
    .toSorted((a, b) => a - b);
  const slices = own.filter(({ ph, dur = 0 }) => ph === "X" && dur > 0);
  return starts.slice(1).map((end, i) => {
    const start = starts[i] ?? end;
    const within = slices.filter(({ ts, dur = 0 }) => ts < end && ts + dur > start);
    return {
      wall: sumOf(within, TASK, { start, end, clock: "dur" }),
      cpu: sumOf(within, TASK, { start, end, clock: "tdur" }),
      parts: Object.fromEntries(
        Object.entries(PARTS).map(([part, names]) => [
          part,
          sumOf(within, names, { start, end, clock: "tdur" }),
        ]),
      ) as FrameWork["parts"],
    };
  });
}

interface Window {
  readonly start: number;
  readonly end: number;
  readonly clock: "dur" | "tdur";
}

/** Milliseconds of the named slices; of one that reaches out of the window, its share inside. */
function sumOf(
  slices: readonly TraceEvent[],
  names: readonly string[],
  { start, end, clock }: Window,
): number {
  let sum = 0;
  for (const slice of slices) {
    if (!names.includes(slice.name)) continue;
    const { ts, dur = 1 } = slice;
    const inside = Math.min(end, ts + dur) - Math.max(start, ts);
    sum += ((slice[clock] ?? 0) * inside) / dur / 1000;
  }
  return sum;
}

const nameOf = ({ network }: Dragged): string =>
  typeof network === "string" ? network : network.name;

async function measure(browser: Browser, address: string, dragged: Dragged): Promise<void> {
  const { network, budget } = dragged;
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await openNetwork(page, address, network);
  const pid = await rendererOf(browser);
  // Once without looking, for the compilers.
  await drag(page, browser, LEAN);
  const work = workByFrame(await drag(page, browser, LEAN), pid);
  const split = workByFrame(await drag(page, browser, WHOLE), pid);
  await page.close();
  const show = (times: readonly number[]): string =>
    [0.5, 0.95, 1].map((share) => quantile(times, share).toFixed(2)).join(", ");
  console.log(`Chromium ${browser.version()}, ${nameOf(dragged)}, ${MOVES} pointer moves`);
  console.log(`the main thread's work in each of ${work.length} frames, median, p95 and most:`);
  console.log(`  wall clock: ${show(work.map(({ wall }) => wall))} ms`);
  console.log(`  processor: ${show(work.map(({ cpu }) => cpu))} ms`);
  console.log(`what it is made of, in a drag of its own that costs more to record:`);
  console.log(`  processor: ${show(split.map(({ cpu }) => cpu))} ms, of which`);
  for (const part of Object.keys(PARTS) as PartName[]) {
    console.log(`    ${part}: ${show(split.map(({ parts }) => parts[part]))} ms`);
  }
  console.log(`  budget: ${budget} ms at p95\n`);
}

const { values } = parseArgs({ options: { only: { type: "string", default: "" } } });
sayWhere("drag");
const { url, child } = await serve();
const browser = await chromium.launch(chromiumLaunchOptions());
try {
  for (const dragged of DRAGGED) {
    if (nameOf(dragged).includes(values.only)) await measure(browser, url, dragged);
  }
} finally {
  await browser.close();
  child.kill("SIGTERM");
}
