/** @file Chromium's own record of what each thread of the page did: tasks with their wall clock and processor time. */
import type { Browser, Page } from "@playwright/test";

/** What is recorded of every thread. */
export const CATEGORIES = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "__metadata",
];

/** A task of a thread, by the name that the recorded categories give it. */
export const TASK: readonly string[] = ["RunTask", "ThreadControllerImpl::RunTask"];

/** An event of the trace; times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's own processor time. */
  readonly tdur?: number;
  readonly args?: {
    readonly name?: string;
    readonly data?: {
      readonly type?: string;
      /** Of the script's function that was called, and where it is. */
      readonly functionName?: string;
      readonly url?: string;
      readonly lineNumber?: number;
      readonly columnNumber?: number;
    };
  };
}

/** Milliseconds of a task, and when it ended, on the clock of the marks. */
interface Task {
  readonly end: number;
  readonly wall: number;
  readonly cpu: number;
}

/** What was recorded while something was done on a page. */
export interface Recorded {
  readonly main: readonly Task[];
  /** Of all workers of the page. */
  readonly workers: readonly Task[];
  /** When `performance.mark` was called with that name. */
  mark(name: string): number;
}

/** Records `act`. Marks that the page sets are found by their names. */
export async function record(
  page: Page,
  browser: Browser,
  act: () => Promise<void>,
): Promise<Recorded> {
  await browser.startTracing(page, { categories: [...CATEGORIES, "blink.user_timing"] });
  await act();
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const marks = traceEvents.filter(({ name }) => name.startsWith("bench:"));
  const pid = marks[0]?.pid;
  const own = traceEvents.filter((event) => event.pid === pid);
  const named = (name: RegExp): ReadonlySet<number> =>
    new Set(
      own
        .filter((event) => event.name === "thread_name" && name.test(event.args?.name ?? ""))
        .map(({ tid }) => tid),
    );
  const tasksOf = (threads: ReadonlySet<number>): Task[] =>
    own
      .filter(({ name, ph, tid }) => name === "RunTask" && ph === "X" && threads.has(tid))
      .map(({ ts, dur = 0, tdur = 0 }) => ({
        end: (ts + dur) / 1000,
        wall: dur / 1000,
        cpu: tdur / 1000,
      }));
  return {
    main: tasksOf(named(/^CrRendererMain$/)),
    workers: tasksOf(named(/^DedicatedWorker thread$/)),
    mark: (name) => {
      const found = marks.find((event) => event.name === `bench:${name}`);
      if (found === undefined) throw new Error(`the page never came to "${name}"`);
      return found.ts / 1000;
    },
  };
}
