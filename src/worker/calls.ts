/**
 * @file Turns the engine's methods into calls that can be numbered, aborted and answered with facts:
 * the face that the worker shows.
 */
import * as Comlink from "comlink";
import { AppError, isAbort, toPlainError } from "../core/index.ts";
import type { EngineHost } from "./engine-host.ts";
import type { Host, MethodName, Methods, Notice, Reply } from "./wire.ts";

/** Wraps an engine. */
export function makeHost(engine: EngineHost): Host {
  const running = new Map<number, AbortController>();
  return {
    hello: () => "espalier",
    async call<M extends MethodName>(
      id: number,
      method: M,
      request: Methods[M]["request"],
      notify: (notice: Notice) => void,
    ): Promise<Reply<Methods[M]["reply"]>> {
      const controller = new AbortController();
      running.set(id, controller);
      const given: Transferable[] = [];
      const give = (buffers: readonly Transferable[]): void => void given.push(...buffers);
      try {
        const run = engine.methods[method];
        const value = await run(request, { signal: controller.signal, notify, give });
        return Comlink.transfer({ kind: "value", value }, given);
      } catch (error) {
        return failure(error, controller.signal);
      } finally {
        running.delete(id);
      }
    },
    abort(id) {
      running.get(id)?.abort();
    },
  };
}

function failure(error: unknown, signal: AbortSignal): Reply<never> {
  if (error instanceof AppError) return { kind: "refused", error: toPlainError(error) };
  // A GPU that goes away raises the same error; only with our signal is it somebody's wish.
  if (isAbort(error) && signal.aborted) return { kind: "aborted" };
  return { kind: "broken", message: error instanceof Error ? error.message : String(error) };
}
