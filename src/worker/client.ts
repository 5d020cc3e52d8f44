/**
 * @file The engine as the page holds it: `Engine` over a supervised worker. It remembers what the
 * worker was given (networks, images, backend), so that a replacement knows the same.
 */
import { AppError, toPlainError, type PlainError } from "../core/index.ts";
import type { Network } from "../model/index.ts";
import type { BackendKind, BackendReport } from "../runtime/index.ts";
import type { CallOptions, Engine, HandedProject, NetworkKey } from "./protocol.ts";
import { Supervisor } from "./supervisor.ts";
import type { FilesRequest, Handed, MethodName, Methods, Notice, ProjectHere } from "./wire.ts";

/** What a fresh worker has to be told. */
interface Memory {
  backend: BackendKind | "auto" | undefined;
  readonly networks: Map<NetworkKey, Network>;
  /** Where the newest images of each kind came from: beside the app, or these files. */
  readonly images: Map<ImageKind, ImageKind | FilesRequest>;
}

type ImageKind = "test" | "training";

function spawn(): Worker {
  // The literal form: Vite finds the worker by it.
  return new Worker(new URL("./engine.worker.ts", import.meta.url), { type: "module" });
}

const isUnknown = (error: unknown): boolean =>
  error instanceof AppError && error.code === "worker/unknown-network";

/**
 * Starts an engine. Own it outside of React: a component that mounts twice would start two.
 * @param baseUrl — where the app is served; images and shipped networks lie below it
 */
export function createEngine(baseUrl: string = document.baseURI): Engine {
  const listeners = new Set<(error: PlainError) => void>();
  const lossListeners = new Set<(report: BackendReport, error: PlainError) => void>();
  const memory: Memory = {
    backend: undefined,
    networks: new Map(),
    images: new Map(),
  };
  /** Networks that came from the worker, which need not be sent back to be held. */
  const keys = new WeakMap<Network, NetworkKey>();
  const take = ({ network, key }: Handed): Network => {
    keys.set(network, key);
    return network;
  };
  const takeProject = ({ networks, ...rest }: ProjectHere): HandedProject => ({
    ...rest,
    networks: new Map(networks.map((handed) => [handed.key, take(handed)])),
  });
  const supervisor = new Supervisor(
    spawn,
    async (tell) => {
      await tell("configure", { baseUrl });
      for (const network of memory.networks.values()) await tell("hold", network);
      // What cannot be had again must not keep the engine from answering: a call that needs it is
      // refused with its own sentence.
      const { backend } = memory;
      if (backend !== undefined) {
        await tell("openBackend", backend).catch(() => tell("openBackend", "auto"));
      }
      for (const source of new Set(memory.images.values())) {
        await (
          typeof source === "string" ? tell("loadData", source) : tell("openFiles", source)
        ).catch(() => undefined);
      }
    },
    (error: AppError) => {
      for (const listener of listeners) listener(toPlainError(error));
    },
  );

  function call<M extends MethodName>(
    method: M,
    request: Methods[M]["request"],
    options: CallOptions = {},
    onNotice?: (notice: Notice) => void,
  ): Promise<Methods[M]["reply"]> {
    const notify = (notice: Notice): void => {
      if (notice.kind === "progress") options.onProgress?.(notice.progress);
      else onNotice?.(notice);
    };
    return goingOn(supervisor.call(method, request, { signal: options.signal, notify }));
  }

  /** Hands on an answer; where the graphics device was lost, another backend is opened beside. */
  async function goingOn<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof AppError && error.code === "runtime/device-lost") void replace(error);
      throw error;
    }
  }

  /** The device is gone for every call at once, and replaced once. */
  let isReplacing = false;
  async function replace(lost: AppError): Promise<void> {
    if (isReplacing) return;
    isReplacing = true;
    try {
      const report = await supervisor.call("openBackend", "auto");
      memory.backend = "auto";
      for (const listener of lossListeners) listener(report, toPlainError(lost));
    } catch {
      // The next call that needs a backend says why there is none.
    } finally {
      isReplacing = false;
    }
  }

  return {
    async openBackend(preference) {
      const report = await call("openBackend", preference);
      memory.backend = preference;
      return report;
    },
    async loadData(which, options) {
      const report = await call("loadData", which, options);
      memory.images.set(which, which);
      return report;
    },
    loadShipped: async (path, options) => take(await call("loadShipped", path, options)),
    async openFiles(files, options) {
      const { inputSize, reading } = options ?? {};
      const given = { files, inputSize, reading };
      const opened = await call("openFiles", given, options);
      for (const one of opened) {
        if (one.kind === "network") take(one);
        if (one.kind !== "images") continue;
        for (const which of one.brought) memory.images.set(which, given);
      }
      return opened.map((one) => {
        if (one.kind !== "project") return one;
        return { kind: one.kind, notes: one.notes, project: takeProject(one) };
      });
    },
    buildArchitecture: async (name, seed) => take(await call("buildArchitecture", { name, seed })),
    async hold(network) {
      const known = keys.get(network);
      // Once: the key does not tell metadata, and who holds another network of its graph is heard last.
      keys.delete(network);
      const key = await call("hold", known ?? network).catch((error: unknown) => {
        // A worker that was replaced meanwhile, or has opened other files.
        if (known === undefined || !isUnknown(error)) throw error;
        return call("hold", network);
      });
      memory.networks.set(key, network);
      return key;
    },
    async release(key) {
      memory.networks.delete(key);
      await call("release", key);
    },
    evaluate: (request, options) => call("evaluate", request, options),
    evidence: (request, options) => call("evidence", request, options),
    sensitivity: (request, onPoint, options, onBase) =>
      call("sensitivity", request, options, (notice) => {
        if (notice.kind === "point") onPoint(notice.point);
        if (notice.kind === "base") onBase?.(notice.base);
      }),
    compareNormalizations: (request, onTrial, options) =>
      call("compareNormalizations", request, options, (notice) => {
        if (notice.kind === "trial") onTrial(notice.trial);
      }),
    async train(request, onEvent, options) {
      const outcome = await call("train", request, options, (notice) => {
        if (notice.kind === "train") onEvent(notice.event);
      });
      memory.networks.set(outcome.key, outcome.network);
      return outcome;
    },
    pause: (paused) => call("pause", paused),
    gallery: (count) => call("gallery", count),
    predict: (network, cut, indices) => call("predict", { network, cut, indices }),
    featureMaps: (request, options) => call("featureMaps", request, options),
    nearestFilter: (request, options) => call("nearestFilter", request, options),
    latency: (request, options) => call("latency", request, options),
    async apply(network, plan, manner) {
      const applied = await call("apply", { network, plan, manner });
      memory.networks.set(applied.key, applied.network);
      return applied;
    },
    exportNetwork: (request, options) => call("exportNetwork", request, options),
    writeProject: (document) => call("writeProject", document),
    saveProject: (document, training) => call("saveProject", { document, training }),
    async loadProject() {
      const found = await call("loadProject", undefined);
      return found === null ? null : takeProject(found);
    },
    forgetProject: () => call("forgetProject", undefined),
    onRestart(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onDeviceLost(listener) {
      lossListeners.add(listener);
      return () => lossListeners.delete(listener);
    },
    dispose: () => supervisor.dispose(),
  };
}
