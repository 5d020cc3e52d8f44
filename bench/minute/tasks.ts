/** @file The tasks of the page's own thread during a minute, and the functions that took most of each. */
import { TASK, type TraceEvent } from "../files/trace.ts";

/** One task of the main thread; milliseconds. */
export interface LongTask {
  /** Since the navigation. */
  readonly at: number;
  readonly wall: number;
  /** Of the processor: without other programs' turns. */
  readonly cpu: number;
  /** What it was about, the longest part first: functions of scripts where there are any. */
  readonly parts: readonly string[];
}

/** Parts of a task that are worth a name; milliseconds. */
const PART_MS = 5;
const MOST_PARTS = 4;

/**
 * The tasks that take longer than `least`, in their order.
 * @param pid — of the page's process
 */
export function longTasks(
  events: readonly TraceEvent[],
  pid: number,
  least: number,
): { readonly all: readonly LongTask[]; readonly longest: number } {
  const own = events.filter((event) => event.pid === pid);
  const main = own.find(
    ({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain",
  )?.tid;
  const start = Math.min(
    ...own.filter(({ name }) => name === "navigationStart").map(({ ts }) => ts),
  );
  const slices = own.filter(({ ph, tid }) => ph === "X" && tid === main);
  // What was before the navigation is the blank page's.
  const tasks = slices.filter(({ name, ts }) => TASK.includes(name) && ts >= start);
  return {
    longest: Math.max(0, ...tasks.map(({ dur = 0 }) => dur / 1000)),
    all: tasks
      .filter(({ dur = 0 }) => dur / 1000 > least)
      .map((task) => ({
        at: (task.ts - start) / 1000,
        wall: (task.dur ?? 0) / 1000,
        cpu: (task.tdur ?? 0) / 1000,
        parts: partsOf(task, slices),
      })),
  };
}

function partsOf(task: TraceEvent, slices: readonly TraceEvent[]): readonly string[] {
  const end = task.ts + (task.dur ?? 0);
  return slices
    .filter((one) => one !== task && one.ts >= task.ts && one.ts + (one.dur ?? 0) <= end)
    .filter(({ name, dur = 0 }) => !TASK.includes(name) && dur / 1000 >= PART_MS)
    .toSorted((a, b) => (b.dur ?? 0) - (a.dur ?? 0))
    .slice(0, MOST_PARTS)
    .map((one) => `${nameOf(one)} ${((one.dur ?? 0) / 1000).toFixed(0)}`);
}

/** `FunctionCall click index-a1b2.js:10:42434`. */
function nameOf({ name, args }: TraceEvent): string {
  const { functionName = "", url = "", lineNumber, columnNumber, type = "" } = args?.data ?? {};
  const file = url.slice(url.lastIndexOf("/") + 1);
  const place = file === "" ? "" : `${file}:${lineNumber ?? 0}:${columnNumber ?? 0}`;
  return [name, type, functionName, place].filter((text) => text !== "").join(" ");
}
