/** @file Whatever becomes of the worker, no promise is left hanging and the next call finds a new one. */
import * as Comlink from "comlink";
import { describe, expect, it, vi } from "vitest";
import { AppError } from "../core/index.ts";
import { Supervisor } from "./supervisor.ts";
import type { Host, Reply } from "./wire.ts";

/** A worker's outside, with its inside in the same thread. */
class FakeWorker {
  onerror: ((event: { message: string; preventDefault(): void }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  terminated = false;
  readonly #channel = new MessageChannel();

  constructor(host: Host) {
    Comlink.expose(host, this.#channel.port2);
    this.#channel.port1.start();
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (!this.terminated) this.#channel.port1.postMessage(message, transfer);
  }

  addEventListener(kind: "message", listener: (event: MessageEvent) => void): void {
    this.#channel.port1.addEventListener(kind, listener);
  }

  removeEventListener(kind: "message", listener: (event: MessageEvent) => void): void {
    this.#channel.port1.removeEventListener(kind, listener);
  }

  crash(message: string): void {
    this.onerror?.({ message, preventDefault: () => undefined });
  }

  terminate(): void {
    this.terminated = true;
    this.#channel.port1.close();
    this.#channel.port2.close();
  }
}

type Call = Host["call"];

function supervise(call: (attempt: number) => Call) {
  const workers: FakeWorker[] = [];
  const restored: number[] = [];
  const onRestart = vi.fn();
  const supervisor = new Supervisor(
    () => {
      const attempt = workers.length;
      const abort = (): void => undefined;
      const worker = new FakeWorker({ hello: () => "espalier", call: call(attempt), abort });
      workers.push(worker);
      return worker as unknown as Worker;
    },
    () => {
      restored.push(workers.length);
      return Promise.resolve();
    },
    onRestart,
  );
  return { supervisor, workers, restored, onRestart };
}

const reply =
  (value: unknown): Call =>
  () =>
    Promise.resolve({ kind: "value", value } as Reply<never>);
const never: Call = () => new Promise(() => undefined);

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "settled without an error";
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe("the supervisor", () => {
  it("rejects what was under way when the worker crashes, and answers with the next worker", async () => {
    const { supervisor, workers, restored, onRestart } = supervise((attempt) =>
      attempt === 0 ? never : reply("from the second"),
    );
    const lost = codeOf(supervisor.call("latency", { network: "a", cut: null, beside: null }));
    await vi.waitFor(() => expect(restored).toEqual([1]));
    workers[0]?.crash("out of memory");
    expect(await lost).toBe("worker/crashed");
    expect(onRestart).toHaveBeenCalledTimes(1);
    expect(workers[0]?.terminated).toBe(true);
    expect(await supervisor.call("gallery", 3)).toBe("from the second");
    expect(restored).toEqual([1, 2]);
    supervisor.dispose();
  });

  it("replaces a worker that reports a bug of ours", async () => {
    const broken: Call = () => Promise.resolve({ kind: "broken", message: "internal: oops" });
    const { supervisor, workers } = supervise((attempt) => (attempt === 0 ? broken : reply(7)));
    expect(await codeOf(supervisor.call("gallery", 1))).toBe("worker/crashed");
    expect(await supervisor.call("gallery", 1)).toBe(7);
    expect(workers.length).toBe(2);
    supervisor.dispose();
  });

  it("passes on a refusal with its facts and keeps the worker", async () => {
    const refused: Call = () =>
      Promise.resolve({
        kind: "refused",
        error: { code: "prune/bad-ratio", where: "ratio", found: "-1" },
      });
    const { supervisor, workers } = supervise(() => refused);
    const error = await supervisor.call("gallery", 1).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "prune/bad-ratio", where: "ratio", found: "-1" });
    expect(workers.length).toBe(1);
    supervisor.dispose();
  });

  it("gives up on a worker that dies at every start, and still settles every call", async () => {
    const { supervisor, workers, onRestart } = supervise(() => never);
    for (let i = 0; i < 10; i++) workers.at(-1)?.crash("cannot start");
    expect(workers.length).toBe(4);
    expect(onRestart).toHaveBeenCalledTimes(4);
    expect(await codeOf(supervisor.call("gallery", 1))).toBe("worker/crashed");
  });

  it("does not start what was aborted before", async () => {
    const { supervisor } = supervise(() => reply(1));
    const signal = AbortSignal.abort();
    await expect(supervisor.call("gallery", 1, { signal })).rejects.toMatchObject({
      name: "AbortError",
    });
    supervisor.dispose();
  });
});
