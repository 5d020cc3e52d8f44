/**
 * @file An engine that keeps every promise of the protocol and runs nothing: accuracies follow from
 * the BN scales that a plan removes, training is a curve on a timer, images are coloured blobs.
 * Deterministic but for time. Used by tests and by `?fake` in development; never built.
 */
import { AppError, makeRandom } from "../../core/index.ts";
import { evaluationOf, type Spread } from "../../analyze/index.ts";
import { CIFAR10_CLASSES } from "../../data/index.ts";
import { fingerprintNetwork, tensorName, type Network } from "../../model/index.ts";
import {
  nearestFilter,
  networkFor,
  operate,
  planGroupAt,
  preparePruning,
  readCriterion,
  type Absorbed,
  type Plan,
} from "../../prune/index.ts";
import type {
  DataReport,
  Engine,
  MeasuredEvaluation,
  NetworkKey,
  TrainEvent,
  TrainOutcome,
} from "../../worker/protocol.ts";
import { costOf } from "../engine.ts";
import { createMemoryShelf } from "../../storage/testing/memory-shelf.ts";
import type { Shelf } from "../../storage/index.ts";
import { fakeProjects, openFakeProject } from "./fake-projects.ts";
import { fakeExport } from "./fake-export.ts";
import { fakeEvidence } from "./fake-evidence.ts";
import { fakeConfusion } from "./fake-confusion.ts";
import { fakeGallery, fakeMaps } from "./fake-images.ts";
import { makeSparseNetwork } from "./fake-network.ts";

export interface FakeOptions {
  /** Factor on every delay; 0 answers at once. */
  readonly pace?: number;
  readonly architecture?: string;
  /** Leaves the images out, as on a machine where nothing was set up. */
  readonly withoutData?: boolean;
  /** What the browser keeps; empty by default. */
  readonly shelf?: Shelf;
  /** Held-back images; the training set is ten times as large. */
  readonly heldBack?: number;
}

const BASE = 0.886;

export function createFakeEngine(options: FakeOptions = {}): Engine {
  const { pace = 1, architecture, withoutData = false, heldBack = 5_000 } = options;
  const held = new Map<string, Network>();
  const bonus = new Map<string, number>();
  let paused = false;
  let data: DataReport = { test: null, training: null, validation: null };
  const shape = [32, 32, 3];
  const describe = (name: string, count: number) => ({
    name,
    count,
    classes: CIFAR10_CLASSES,
    shape,
  });
  const restarts = new Set<(error: AppError) => void>();

  const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(new DOMException("Aborted", "AbortError"));
      };
      if (signal?.aborted === true) {
        reject(new DOMException("Aborted", "AbortError"));
        return;
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms * pace);
      signal?.addEventListener("abort", stop, { once: true });
    });

  const networkOf = (key: string): Network => {
    const network = held.get(key);
    if (network === undefined) {
      throw new AppError("worker/unknown-network", { where: `network ${key.slice(0, 8)}` });
    }
    return network;
  };

  const accuracyOf = (key: string, plan?: Plan | null): number => {
    const network = networkOf(key);
    let quality = 1;
    if (plan !== undefined && plan !== null) {
      const { scores } = preparePruning(network, "bn-scale");
      for (const [id, kept] of plan.kept) {
        const own = scores.get(id);
        if (own === undefined) continue;
        const total = own.reduce((sum, s) => sum + s * s, 0);
        const left = kept.reduce((sum, c) => sum + (own[c] ?? 0) ** 2, 0);
        quality *= Math.max(0, left / total) ** 0.9;
      }
    }
    return 0.1 + (BASE + (bonus.get(key) ?? 0) - 0.1) * quality;
  };

  const evaluate = async (
    key: string,
    plan: Plan | null | undefined,
    count: number,
    call?: {
      signal?: AbortSignal;
      onProgress?: (p: { done: number; total: number; unit: "images" }) => void;
    },
  ): Promise<MeasuredEvaluation> => {
    const parts = 8;
    for (let part = 1; part <= parts; part++) {
      await wait((count * 0.24) / parts, call?.signal);
      call?.onProgress?.({
        done: Math.round((count * part) / parts),
        total: count,
        unit: "images",
      });
    }
    const accuracy =
      accuracyOf(key, plan) + 0.02 * (makeRandom(count).uniform() - 0.5) * (count < 2000 ? 1 : 0.1);
    const correct = Math.round(count * Math.min(1, accuracy));
    const found = evaluationOf(count, correct, count * 0.4);
    return { ...found, milliseconds: count * 0.24 * pace, confusion: fakeConfusion(found) };
  };

  return {
    openBackend: async () => {
      await wait(300);
      return {
        kind: "wasm",
        description: "wasm, SIMD, 1 thread",
        reason: "",
        limits: [],
        threads: 1,
        wantedThreads: 1,
      };
    },
    loadData: async (which, call) => {
      for (let part = 1; part <= 10; part++) {
        await wait(which === "test" ? 40 : 120, call?.signal);
        call?.onProgress?.({ done: part * 3_073_000, total: 30_730_000, unit: "bytes" });
      }
      if (withoutData) throw new AppError("data/missing", { where: "CIFAR-10 test" });
      data =
        which === "test"
          ? { ...data, test: describe("CIFAR-10 test", 10_000) }
          : {
              ...data,
              training: describe("CIFAR-10 training", heldBack * 10),
              validation: describe("CIFAR-10 training, held back", heldBack),
            };
      return data;
    },
    loadShipped: async (_path, call) => {
      await wait(200, call?.signal);
      return makeSparseNetwork(architecture);
    },
    openFiles: async (files, said) => {
      await wait(200, said?.signal);
      const [given] = files;
      const first = given instanceof File ? given : given?.file;
      if (first?.name.endsWith(".espalier.zip") === true) return [await openFakeProject(first)];
      if (first?.name.endsWith(".bin") === true) {
        data = { ...data, test: describe(first.name, 10_000) };
        return [{ kind: "images", data, brought: ["test"], notes: [`${first.name} was read`] }];
      }
      if (first === undefined || !first.name.endsWith(".json")) {
        throw new AppError("files/wrong-kind", {
          where: first?.name ?? "nothing",
          expected: "a network or CIFAR-10 images",
          found: "something else",
        });
      }
      if (first.name.startsWith("open-size") && said?.inputSize === undefined) {
        const found = "[N,3,height,width]";
        throw new AppError("files/open-size", { where: `${first.name} › input`, found });
      }
      if (said?.inputSize !== undefined && said.inputSize.height !== 32) {
        throw new AppError("files/bad-field", { where: first.name, expected: "32 × 32" });
      }
      // As foreign files do, it says nothing of its pixels.
      const network = { ...makeSparseNetwork(architecture, 5), metadata: {} };
      return [{ kind: "network", network, format: "tfjs", notes: [] }];
    },
    buildArchitecture: async (name, seed) => {
      await wait(200);
      return makeSparseNetwork(name, seed);
    },
    hold: async (network) => {
      const key = fingerprintNetwork(network);
      held.set(key, network);
      return key;
    },
    release: async (key) => {
      held.delete(key);
    },
    evaluate: async ({ network, cut, set, count }, call) => {
      const most = (set === "test" ? data.test : data.validation)?.count;
      if (most === undefined) throw new AppError("data/missing", { where: `${set} images` });
      const found = await evaluate(network, cut?.plan, Math.min(count, most), call);
      return cut?.dead === "absorb" ? { ...found, absorbed: fakeAbsorbed() } : found;
    },
    evidence: async ({ network, criterion, streams }, call) => {
      const ready = networkFor(networkOf(network), streams);
      const { criterion: chosen, options: values } = readCriterion(criterion);
      const kind = chosen.needs(values);
      if (kind !== undefined && data.training === null) {
        throw new AppError("data/missing", { where: "training images" });
      }
      for (let done = 16; done <= 64; done += 16) {
        await wait(120, call?.signal);
        call?.onProgress?.({ done, total: 64, unit: "images" });
      }
      return fakeEvidence(ready, kind);
    },
    sensitivity: async (request, onPoint, call, onBase) => {
      const { network, criterion, options: given, evidence, ratios, count, measured } = request;
      const ready = networkFor(networkOf(network), given?.streams);
      const prepared = preparePruning(ready, criterion, given, evidence);
      const groups = [...prepared.scores.keys()];
      const isWanted = (group: string, ratio: number): boolean =>
        measured?.get(group)?.includes(ratio) !== true;
      const total = ratios.flatMap((ratio) =>
        groups.filter((group) => isWanted(group, ratio)),
      ).length;
      const base = evaluationOf(count, Math.round(accuracyOf(network) * count), 0);
      onBase?.(base);
      let done = 0;
      for (const ratio of ratios) {
        for (const group of groups.filter((id) => isWanted(id, ratio))) {
          await wait(18, call?.signal);
          const accuracy = accuracyOf(network, planGroupAt(prepared, group, ratio));
          const evaluation = evaluationOf(count, Math.round(accuracy * count), 0);
          onPoint({ group, ratio, evaluation });
          done++;
          call?.onProgress?.({ done, total, unit: "points" });
        }
      }
      return base;
    },
    compareNormalizations: async ({ network, candidates, count }, onTrial, call) => {
      for (const [index, { std }] of candidates.entries()) {
        await wait(120, call?.signal);
        // The pretended network wants CIFAR-10's figures, and forgives those that are near.
        const off = Math.min(1, Math.abs(Math.log((std[0] ?? 1) / 0.2023)) / 2);
        const accuracy = 0.1 + (accuracyOf(network) - 0.1) * (1 - off);
        onTrial({ index, evaluation: evaluationOf(count, Math.round(count * accuracy), 0) });
      }
    },
    train: async ({ network, settings }, onEvent, call) => {
      const outcome = await fakeTraining(networkOf(network), settings, onEvent, {
        wait: (ms) => wait(ms),
        isPaused: () => paused,
        signal: call?.signal,
      });
      const key = fingerprintNetwork(outcome.network);
      held.set(key, outcome.network);
      bonus.set(key, (bonus.get(network) ?? 0) + 0.004);
      return { ...outcome, key };
    },
    pause: async (value) => {
      paused = value;
    },
    gallery: async (count) => fakeGallery(count),
    predict: async (network, cut, indices) => {
      await wait(60);
      const quality = (accuracyOf(network, cut?.plan) - 0.1) / (BASE - 0.1);
      const { labels } = fakeGallery(indices.length);
      const classes = labels.map((label, i) =>
        makeRandom(i, 3).uniform() * 1.02 > quality ? (label + 3) % 10 : label,
      );
      const confidence = classes.map((_, i) => 0.6 + 0.39 * makeRandom(i, 4).uniform());
      const guesses = classes.map((label, i) => [
        { label, share: confidence[i] ?? 0 },
        { label: (label + 1) % 10, share: 1 - (confidence[i] ?? 0) },
      ]);
      return { classes, confidence, guesses };
    },
    featureMaps: async ({ network, streams, node, image }, call) => {
      await wait(40, call?.signal);
      return fakeMaps(networkFor(networkOf(network), streams), node, image);
    },
    nearestFilter: async ({ network, streams, node, channel }, call) => {
      await wait(20, call?.signal);
      return nearestFilter(networkFor(networkOf(network), streams), node, channel);
    },
    latency: async ({ network, cut, beside }, call) => {
      await wait(300, call?.signal);
      const timeOf = (key: NetworkKey, left: number): number =>
        0.05 + (costOf(networkOf(key)).macs / 31e6) * left;
      const own = timeOf(network, cut === null ? 1 : 1 - cut.plan.achieved * 0.8);
      if (beside === null) return { own: around(own), beside: null };
      const other = timeOf(beside, 1);
      return { own: around(own), beside: { own: around(other), ratio: around(own / other) } };
    },
    apply: async (network, plan, manner) => {
      await wait(120);
      const before = networkFor(networkOf(network), plan.allocation?.streams);
      const { network: after } = operate(before, plan, { ...manner, dead: "zero" });
      const key = fingerprintNetwork(after);
      held.set(key, after);
      bonus.set(key, accuracyOf(network, plan) - BASE);
      return { network: after, key, absorbed: [] };
    },
    exportNetwork: async (request, call) => {
      await wait(250, call?.signal);
      return fakeExport(request, networkOf(request.network));
    },
    ...fakeProjects(options.shelf ?? createMemoryShelf(), networkOf),
    onRestart: (listener) => {
      const wrapped = (error: AppError): void => listener({ code: error.code, where: error.where });
      restarts.add(wrapped);
      return () => restarts.delete(wrapped);
    },
    onDeviceLost: () => () => false,
    dispose: () => {
      held.clear();
    },
  };
}

/** As if one reader of dead channels were wrong at its border. */
function fakeAbsorbed(): readonly Absorbed[] {
  const exact = { channels: 3, shift: 0.4, isExact: true, into: "bias", touched: 0, error: 0 };
  const bordered = { ...exact, channels: 12, into: "behind", touched: 0.234, error: 0.021 };
  return [
    { layer: "conv2", ...exact, into: "bias" },
    { layer: "conv3", ...bordered, into: "behind" },
  ];
}

interface TrainingWorld {
  readonly wait: (ms: number) => Promise<void>;
  readonly isPaused: () => boolean;
  readonly signal: AbortSignal | undefined;
}

/** Told to a twentieth. */
function around(median: number): Spread {
  return { median, low: median * 0.95, high: median * 1.05 };
}

/** A run that sinks its loss, spreads its scales and diverges above a learning rate of 100. */
async function fakeTraining(
  network: Network,
  settings: { learningRate: number; length: object; sparsity: { strength: number } },
  onEvent: (event: TrainEvent) => void,
  { wait, isPaused, signal }: TrainingWorld,
): Promise<Omit<TrainOutcome, "key">> {
  const total = 240;
  const start = performance.now();
  const scales = gammasOf(network);
  let step = 0;
  while (step < total) {
    await wait(25);
    if (signal?.aborted === true) break;
    if (isPaused()) continue;
    step += 2;
    const noise = makeRandom(step, 9).normal();
    if (settings.learningRate > 100 && step > 4) {
      return {
        network,
        steps: step,
        total,
        seconds: (performance.now() - start) / 1000,
        ended: "diverged",
        validation: null,
        error: { code: "train/not-finite", where: `step ${step}`, found: "a loss of NaN" },
      };
    }
    const loss = 0.35 + 1.9 * Math.exp(-step / 60) + 0.05 * noise;
    const accuracy = 0.88 - 0.6 * Math.exp(-step / 60) + 0.02 * noise;
    const imagesPerSecond = 4100 + 100 * noise;
    const eta = (total - step) * 0.0125;
    onEvent({
      kind: "step",
      step,
      total,
      epoch: 0,
      loss,
      accuracy,
      learningRate: 0.05,
      imagesPerSecond,
      eta,
    });
    if (step % 10 === 0) {
      const pull = 1 - step / total;
      onEvent({
        kind: "scales",
        step,
        scales: scales.map((s) => (s < 0.02 ? s + (0.4 - s) * pull ** 3 : s)),
      });
    }
  }
  const evaluation = evaluationOf(1000, 884, 400);
  onEvent({ kind: "validation", step, evaluation });
  const weights = new Map(network.weights);
  for (const [name, tensor] of weights) {
    if (name.endsWith("/beta"))
      weights.set(name, { ...tensor, values: tensor.values.map((v) => v + 1e-3) });
  }
  return {
    network: { ...network, weights },
    steps: step,
    total,
    seconds: (performance.now() - start) / 1000,
    ended: signal?.aborted === true ? "stopped" : "finished",
    validation: evaluation,
    error: null,
  };
}

function gammasOf(network: Network): Float32Array {
  const values = network.nodes
    .filter(({ op }) => op.kind === "batchNorm")
    .flatMap(({ name }) => [...(network.weights.get(tensorName(name, "gamma"))?.values ?? [])]);
  return Float32Array.from(values, Math.abs);
}
