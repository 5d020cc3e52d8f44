/**
 * @file What the page is busy with: one entry per long call, with progress, time left and a way to
 * cancel. The status line shows the newest entry that a person asked for; background measurements
 * are marked quiet.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import type { Progress } from "../core/index.ts";
import type { CallOptions } from "../worker/protocol.ts";
import { createReckoning } from "./eta.ts";

export interface Task {
  readonly id: number;
  /** Such as "Evaluating"; the status line adds the numbers. */
  readonly label: string;
  readonly progress: Progress | null;
  /** Seconds to go; null while nobody can know. */
  readonly eta: number | null;
  readonly quiet: boolean;
  /** True once it has gone on for so long that it is worth saying; at once where a person asked for it. */
  readonly isDue: boolean;
  readonly cancel: () => void;
}

export interface ActivityState {
  readonly tasks: readonly Task[];
  /** What was done last, said while nothing runs. */
  readonly message: string;
  /** Takes back what the message says; null where it says nothing of the kind. */
  readonly undo: (() => void) | null;
  /** True while the message is young: background work neither hides nor replaces it. */
  readonly isFresh: boolean;
}

export interface TaskOptions {
  readonly quiet?: boolean;
  /** Replaces the task's own cancelling, such as a training that is stopped and still resolves. */
  readonly signal?: AbortSignal;
}

/** Progress from work that knows better how long it will take; `eta` in seconds. */
export type Report = (progress: Progress, eta: number) => void;

export interface Activity {
  readonly store: StoreApi<ActivityState>;
  /** Runs work as a task. @throws what the work throws, an `AbortError` included */
  run<T>(
    label: string,
    work: (options: Required<CallOptions>, report: Report) => Promise<T>,
    options?: TaskOptions,
  ): Promise<T>;
  /** @param undo — takes it back, where it is offered beside the message */
  say(message: string, undo?: () => void): void;
  /** Says what background work has done, unless something was said just before. */
  murmur(message: string): void;
  /** Cancels the newest task that a person asked for, else the newest of all. */
  cancelNewest(): void;
}

/** How long a message stays before background work may take its place, ms. */
const FRESH = 6_000;

/** How long a message stays at all, ms. */
const STAYS = 12_000;
/** Background work that takes less is not shown, and neither is the pause between two of it, ms. */
const WORTH_SAYING = 500;

/** At most this many store updates a second and task: progress is for eyes. */
const UPDATES_PER_SECOND = 10;

export function createActivity(now: () => number = () => performance.now()): Activity {
  const store = createStore<ActivityState>(() => ({
    tasks: [],
    message: "",
    undo: null,
    isFresh: false,
  }));
  let aging: ReturnType<typeof setTimeout> | undefined;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  /** When the last background work that was shown has ended. */
  let quietUntil = -Infinity;
  let nextId = 1;
  /** Puts a message in place and takes it away again. */
  const show = (message: string, isFresh: boolean, undo: ActivityState["undo"] = null): void => {
    clearTimeout(leaving);
    leaving = setTimeout(() => store.setState({ message: "", undo: null }), STAYS);
    store.setState({ message, undo, isFresh });
  };
  const change = (id: number, patch: Partial<Task>): void => {
    const tasks = store
      .getState()
      .tasks.map((task) => (task.id === id ? { ...task, ...patch } : task));
    store.setState({ tasks });
  };

  return {
    store,
    run: async (label, work, options = {}) => {
      const id = nextId++;
      const controller = new AbortController();
      const abort = (): void => {
        controller.abort(new DOMException("Cancelled", "AbortError"));
      };
      if (options.signal?.aborted === true) abort();
      options.signal?.addEventListener("abort", abort, { once: true });
      const started = now();
      let shown = -Infinity;
      const reckoning = createReckoning();
      const report = (progress: Progress, known: number | null): void => {
        const time = now();
        const { done, total } = progress;
        const eta = known ?? reckoning.secondsLeft(done, total, (time - started) / 1000);
        const last = progress.done >= progress.total;
        if (!last && time - shown < 1000 / UPDATES_PER_SECOND) return;
        shown = time;
        change(id, { progress, eta: Number.isFinite(eta) ? eta : null });
      };
      const onProgress = (progress: Progress): void => report(progress, null);
      const leave = (): void => {
        const { tasks } = store.getState();
        if (tasks.some((one) => one.id === id && one.quiet && one.isDue)) quietUntil = now();
        store.setState({ tasks: tasks.filter((other) => other.id !== id) });
      };
      const cancel = (): void => {
        abort();
        // The worker may be in the middle of something; that is no reason to let a person wait.
        if (options.signal === undefined) leave();
      };
      const quiet = options.quiet ?? false;
      const isDue = !quiet || now() - quietUntil < WORTH_SAYING;
      const task: Task = { id, label, progress: null, eta: null, quiet, isDue, cancel };
      store.setState({ tasks: [...store.getState().tasks, task] });
      const due = isDue ? undefined : setTimeout(() => change(id, { isDue: true }), WORTH_SAYING);
      try {
        return await work({ signal: controller.signal, onProgress }, report);
      } finally {
        options.signal?.removeEventListener("abort", abort);
        clearTimeout(due);
        leave();
      }
    },
    say: (message, undo) => {
      clearTimeout(aging);
      aging = setTimeout(() => store.setState({ isFresh: false }), FRESH);
      show(message, true, undo);
    },
    murmur: (message) => {
      if (!store.getState().isFresh) show(message, false);
    },
    cancelNewest: () => {
      const { tasks } = store.getState();
      (tasks.findLast((task) => !task.quiet) ?? tasks.at(-1))?.cancel();
    },
  };
}

/** The task that the status line shows; none while a young message stands before background work. */
export function shownTask({ tasks, isFresh }: ActivityState): Task | undefined {
  const asked = tasks.findLast((task) => !task.quiet);
  return asked ?? (isFresh ? undefined : tasks.findLast(({ isDue }) => isDue));
}

/**
 * What a person has waited for and need not wait for any more.
 * @returns the label of the task that was the last one to end; null while any goes on, and where none was
 */
export function endedOf(before: ActivityState, now: ActivityState): string | null {
  const asked = ({ quiet }: Task): boolean => !quiet;
  return now.tasks.some(asked) ? null : (before.tasks.findLast(asked)?.label ?? null);
}
