/**
 * @file What holds the machine back, in words: what is so, why, what it costs, what can be done. What more threads
 * would gain is reckoned from what two gain over one; what a GPU would gain is not known here, so the words
 * give the speed that was measured instead.
 */
import type { BackendLimit, BackendReport } from "../../state/index.ts";
import { count, duration } from "../format.ts";

export interface LimitWords {
  readonly what: string;
  readonly why: string;
  readonly costs: string;
  readonly next: string;
}

/** In a word or two, for the chip. */
const SHORT: Readonly<Record<BackendLimit, string>> = {
  "no-webgpu": "no WebGPU",
  "no-gpu": "no GPU",
  "software-gpu": "no GPU",
  "gpu-failed": "GPU did not start",
  "not-isolated": "one thread, not isolated",
  "one-core": "one thread",
  "threads-failed": "one thread",
  "no-kernels": "slow kernels",
};

/** `wasm, 2 threads` and `no GPU`; null where nothing holds it back. */
export function machineLabel({ kind, description, threads, limits }: BackendReport): {
  readonly name: string;
  readonly limit: string | null;
} {
  const isCounted = kind === "wasm" && threads > 1;
  const name = kind === "webgpu" ? description : isCounted ? `${kind}, ${threads} threads` : kind;
  const [first] = limits;
  return { name, limit: first === undefined ? null : SHORT[first] };
}

/**
 * How much quicker n threads are than one, by Amdahl's law: the share of a step that does not divide is what makes two
 * of them 1.75 times as quick as one (docs/performance.md).
 */
export function gainOfThreads(n: number): number {
  const whole = 1 / 7;
  return 1 / (whole + (1 - whole) / n);
}

function threadCosts(wanted: number): string {
  const gain = gainOfThreads(Math.max(2, wanted)).toFixed(1);
  return `About ${gain} times slower than on ${count(Math.max(2, wanted))} threads, by estimate.`;
}

const ON_THE_PROCESSOR = "The processor computes, not a graphics card.";
const UNKNOWN_GAIN = "Everything works; what a card would gain is not known here.";

/** All about one of them. */
export function limitWords(limit: BackendLimit, { wantedThreads }: BackendReport): LimitWords {
  switch (limit) {
    case "no-webgpu":
      return {
        what: ON_THE_PROCESSOR,
        why: "This browser has no WebGPU.",
        costs: UNKNOWN_GAIN,
        next: "Newer versions of Chrome, Edge, Firefox and Safari have it.",
      };
    case "no-gpu":
      return {
        what: ON_THE_PROCESSOR,
        why: "The browser has WebGPU, but found no card for it.",
        costs: UNKNOWN_GAIN,
        next: "See whether hardware acceleration is on in the browser's settings.",
      };
    case "software-gpu":
      return {
        what: ON_THE_PROCESSOR,
        why: "The only card that the browser found is imitated by software, which is much slower than this.",
        costs: UNKNOWN_GAIN,
        next: "See whether hardware acceleration is on in the browser's settings.",
      };
    case "gpu-failed":
      return {
        what: ON_THE_PROCESSOR,
        why: "There is a graphics card, but it did not start, or was lost.",
        costs: UNKNOWN_GAIN,
        next: "Reload the page to try it again.",
      };
    case "not-isolated":
      return {
        what: "One thread computes.",
        why: "The page is not cross-origin isolated, so threads cannot share memory: its server does not send the two headers for that, or the page stands inside another one.",
        costs: threadCosts(wantedThreads),
        next: "Open it in a tab of its own, as npm start serves it; a server sends Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.",
      };
    case "one-core":
      return {
        what: "One thread computes.",
        why: "The browser tells of one core.",
        costs: threadCosts(2),
        next: "Some browsers hide cores for privacy; another one may tell of more.",
      };
    case "threads-failed":
      return {
        what: "One thread computes.",
        why: "More were to start, and did not.",
        costs: threadCosts(wantedThreads),
        next: "Reload the page.",
      };
    case "no-kernels":
      return {
        what: "TensorFlow.js' own kernels compute.",
        why: "Espalier's could not be loaded.",
        costs: "Measuring is about 7 times slower, training 38 times.",
        next: "Check the connection and reload the page.",
      };
    default:
      return limit satisfies never;
  }
}

/** A forward and a backward pass beside a forward pass alone, as measured (docs/performance.md). */
const TRAINING_FACTOR = 3.5;

/** CIFAR-10's images. */
const TEST = 10_000;
const EPOCH = 50_000;

/** What the network on the page takes here. @param ms — an image; undefined before it was measured */
export function speedWords(ms: number | undefined): string | null {
  if (ms === undefined || !(ms > 0)) return null;
  const all = (TEST * ms) / 1000;
  const epoch = (EPOCH * ms * TRAINING_FACTOR) / 1000;
  return `Measured with this network: ${duration(all)} for ${count(TEST)} images; an epoch of ${count(EPOCH)} would take about ${duration(epoch)}.`;
}
