/** @file What a call of the engine has beside its request: a way to report, to be aborted, and to move memory. */
import { breathe, type OnProgress } from "../core/index.ts";
import type { Network } from "../model/index.ts";
import type { Notice } from "./wire.ts";

/** What every call is given beside its request. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly notify: (notice: Notice) => void;
  /** Moves memory to the page with the answer, instead of copying it there while the page stands still. */
  readonly give: (buffers: readonly ArrayBufferLike[]) => void;
}

/** The same network in memory of its own, which moves to the page. */
export function copyFor({ give }: CallContext, network: Network): Network {
  const weights = new Map(
    [...network.weights].map(([name, { shape, values }]) => {
      const copy = values.slice();
      give([copy.buffer]);
      return [name, { shape, values: copy }] as const;
    }),
  );
  return { ...network, weights };
}

/** What long work is told. */
export function watching({ signal, notify }: CallContext) {
  const onProgress: OnProgress = (progress) => notify({ kind: "progress", progress });
  return { signal, onProgress, breathe };
}

export function fetching(context: CallContext) {
  const { signal, onProgress } = watching(context);
  return { signal, onProgress };
}
