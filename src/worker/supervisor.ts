/**
 * @file Owns the worker: starts it, notices when it dies, replaces it, and settles every promise that
 * was under way. Comlink alone leaves a call pending for ever when its worker is gone.
 */
import * as Comlink from "comlink";
import { AppError, fromPlainError } from "../core/index.ts";
import type { Host, MethodName, Methods, Notice, Reply } from "./wire.ts";

/** Longest wait for a fresh worker's first word. */
const HELLO_MILLISECONDS = 20_000;

/** Between two questions for a sign of life. */
const BEAT_MILLISECONDS = 5_000;
/** A worker answers between two steps; the largest networks take some ten seconds for one. */
const MOST_UNANSWERED = 12;

/** Replacements in a row that never became ready, before it is left at that. */
const MOST_FAILED_STARTS = 3;

/** What a replaced worker must be told before anything else: held networks, images, the backend. */
export type Restore = (call: BareCall) => Promise<void>;
type BareCall = <M extends MethodName>(
  method: M,
  request: Methods[M]["request"],
) => Promise<Methods[M]["reply"]>;

interface Living {
  readonly worker: Worker;
  readonly host: Comlink.Remote<Host>;
  /** Settles when the worker is up and restored. */
  readonly ready: Promise<void>;
  /** Rejects when it dies. */
  readonly death: Promise<never>;
  readonly kill: (error: AppError) => void;
}

/** One worker at a time, and calls into it. */
export class Supervisor {
  readonly #spawn: () => Worker;
  readonly #restore: Restore;
  readonly #onRestart: (error: AppError) => void;
  #living: Living;
  #failedStarts = 0;
  #underWay = 0;
  #watched: Living | undefined;
  #nextId = 1;
  #disposed = false;

  constructor(spawn: () => Worker, restore: Restore, onRestart: (error: AppError) => void) {
    this.#spawn = spawn;
    this.#restore = restore;
    this.#onRestart = onRestart;
    this.#living = this.#start();
  }

  /**
   * Runs a method in the worker.
   * @throws AppError as the engine threw it, or worker/crashed; AbortError when the signal was used
   */
  async call<M extends MethodName>(
    method: M,
    request: Methods[M]["request"],
    {
      signal,
      notify,
    }: { signal?: AbortSignal | undefined; notify?: (notice: Notice) => void } = {},
  ): Promise<Methods[M]["reply"]> {
    signal?.throwIfAborted();
    const living = this.#living;
    await Promise.race([living.ready, living.death, raised(signal)]);
    return this.#callOn(living, method, request, signal, notify);
  }

  /** Ends the worker for good; what is under way is rejected. */
  dispose(): void {
    this.#disposed = true;
    this.#living.kill(new AppError("worker/crashed", { where: "engine", found: "closed" }));
  }

  async #callOn<M extends MethodName>(
    living: Living,
    method: M,
    request: Methods[M]["request"],
    signal?: AbortSignal,
    notify: (notice: Notice) => void = () => undefined,
  ): Promise<Methods[M]["reply"]> {
    const id = this.#nextId++;
    const abort = (): void => void living.host.abort(id);
    signal?.addEventListener("abort", abort, { once: true });
    const listener = Comlink.proxy(notify);
    this.#underWay += 1;
    this.#watch(living);
    try {
      const answer = living.host.call(id, method, request, listener) as Promise<
        Reply<Methods[M]["reply"]>
      >;
      const reply = await Promise.race([answer, living.death]);
      if (reply.kind === "value") return reply.value;
      if (reply.kind === "refused") throw fromPlainError(reply.error);
      if (reply.kind === "aborted") throw new DOMException("The work was cancelled", "AbortError");
      const error = new AppError("worker/crashed", { where: method, found: reply.message });
      living.kill(error);
      throw error;
    } finally {
      this.#underWay -= 1;
      signal?.removeEventListener("abort", abort);
    }
  }

  #start(): Living {
    const worker = this.#spawn();
    const host = Comlink.wrap<Host>(worker);
    let reject: (error: AppError) => void = () => undefined;
    const death = new Promise<never>((_, fail) => {
      reject = fail;
    });
    // Nobody may be waiting when it dies; that is no unhandled rejection.
    death.catch(() => undefined);
    let dead = false;
    const kill = (error: AppError): void => {
      if (dead) return;
      dead = true;
      worker.terminate();
      reject(error);
      this.#onDeath(error);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      kill(
        new AppError("worker/crashed", { where: "engine", found: event.message || "no message" }),
      );
    };
    worker.onmessageerror = () => {
      kill(new AppError("worker/crashed", { where: "engine", found: "an unreadable message" }));
    };
    const living: Living = {
      worker,
      host,
      death,
      kill,
      ready: Promise.resolve().then(async () => {
        await within(host.hello(), HELLO_MILLISECONDS, kill);
        await this.#restore((method, request) => this.#callOn(living, method, request));
        this.#failedStarts = 0;
      }),
    };
    living.ready.catch(() => undefined);
    return living;
  }

  /** Asks for a sign of life now and then while work is under way. */
  #watch(living: Living): void {
    if (this.#watched === living) return;
    this.#watched = living;
    // Beats are counted, not seconds: a machine that slept did not miss any.
    let unanswered = 0;
    const beat = setInterval(() => {
      if (this.#underWay === 0 || living !== this.#living || this.#disposed) {
        clearInterval(beat);
        if (this.#watched === living) this.#watched = undefined;
        return;
      }
      unanswered += 1;
      if (unanswered > MOST_UNANSWERED) {
        living.kill(
          new AppError("worker/unresponsive", { where: "engine", found: "no sign of life" }),
        );
        return;
      }
      void living.host.hello().then(() => {
        unanswered = 0;
      });
    }, BEAT_MILLISECONDS);
  }

  #onDeath(error: AppError): void {
    if (this.#disposed) return;
    this.#failedStarts += 1;
    // Without a limit, a worker that cannot start here would be replaced for ever.
    if (this.#failedStarts <= MOST_FAILED_STARTS) this.#living = this.#start();
    this.#onRestart(error);
  }
}

async function within<T>(
  promise: Promise<T>,
  milliseconds: number,
  kill: (error: AppError) => void,
): Promise<T> {
  const timer = setTimeout(() => {
    kill(new AppError("worker/unresponsive", { where: "engine", found: "no answer at its start" }));
  }, milliseconds);
  return promise.finally(() => clearTimeout(timer));
}

/** Rejects when the signal is used; never resolves. */
function raised(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener(
      "abort",
      () => reject(new DOMException("The work was cancelled", "AbortError")),
      { once: true },
    );
  });
}
