/**
 * @file What is measured and what is asked of it: the speed table, in one place. The first entrant of a
 * work is the one that a goal is about; the others are what it is held against.
 */
import { DEMO } from "../../src/state/shipped.ts";
import { nameOf } from "./network.ts";
import type { Load, RunKind } from "./peer.ts";

export type PeerName = "ours" | "pytorch" | "tfjs" | "onnxruntime" | "product";
export type Section = "train" | "forward" | "threads" | "cut" | "evaluate";
export const SECTIONS: readonly Section[] = ["train", "forward", "threads", "cut", "evaluate"];

export interface Entrant {
  readonly peer: PeerName;
  readonly label: string;
  readonly load: Load;
}

/** What the first entrant should reach, in the median of the paired rounds. */
export type Goal =
  /** Images per second, as a multiple of another entrant's. */
  | { readonly kind: "speed"; readonly against: string; readonly atLeast: number }
  /** Time, as a share of another entrant's. */
  | { readonly kind: "time"; readonly against: string; readonly atMost: number }
  /** Of one step. */
  | { readonly kind: "seconds"; readonly atMost: number };

export interface Work {
  readonly section: Section;
  readonly name: string;
  readonly kind: RunKind;
  readonly entrants: readonly Entrant[];
  readonly goals: readonly Goal[];
}

export const LABELS: Readonly<Record<PeerName, string>> = {
  ours: "Espalier",
  pytorch: "native PyTorch",
  tfjs: "stock tfjs-wasm",
  onnxruntime: "onnxruntime-web",
  product: "Espalier",
};

interface Figures {
  readonly load: Load;
  readonly train: number;
  /** Stock tfjs takes minutes for what the others do in seconds; it trains where a goal names it. */
  readonly stock?: number;
}

const QUARTER = { architecture: "vgg16", width: 0.25 } as const;

const NETWORKS: readonly Figures[] = [
  { load: { ...QUARTER, batch: 32 }, train: 1.3, stock: 30 },
  { load: { ...QUARTER, batch: 128 }, train: 1.3, stock: 30 },
  { load: { architecture: "vgg16", batch: 32 }, train: 1 },
  { load: { architecture: "resnet-20", batch: 32 }, train: 0.9 },
  { load: { architecture: "preresnet-56", batch: 32 }, train: 0.9 },
  { load: { architecture: "densenet-40", batch: 32 }, train: 0.9 },
];
const FORWARD = { pytorch: 1, onnxruntime: 3 } as const;

const enter = (peer: PeerName, load: Load, label: string = LABELS[peer]): Entrant => ({
  peer,
  label,
  load,
});

function trainWork({ load, train, stock }: Figures): Work {
  const rivals: PeerName[] = stock === undefined ? ["pytorch"] : ["pytorch", "tfjs"];
  const goals: Goal[] = [{ kind: "speed", against: LABELS.pytorch, atLeast: train }];
  if (stock !== undefined) goals.push({ kind: "speed", against: LABELS.tfjs, atLeast: stock });
  return {
    section: "train",
    name: `train ${nameOf(load)}, batch ${load.batch}`,
    kind: "train",
    entrants: [enter("ours", load), ...rivals.map((peer) => enter(peer, load))],
    goals,
  };
}

function forwardWork({ load }: Figures): Work {
  const rivals = ["pytorch", "onnxruntime", "tfjs"] as const;
  return {
    section: "forward",
    name: `forward ${nameOf(load)}, batch ${load.batch}`,
    kind: "forward",
    entrants: [enter("ours", load), ...rivals.map((peer) => enter(peer, load))],
    goals: [
      { kind: "speed", against: LABELS.onnxruntime, atLeast: FORWARD.onnxruntime },
      { kind: "speed", against: LABELS.pytorch, atLeast: FORWARD.pytorch },
    ],
  };
}

function threadsWork(kind: "train" | "forward"): Work {
  const load = { ...QUARTER, batch: 32 };
  const [two, one] = ["2 threads", "1 thread"];
  return {
    section: "threads",
    name: `threads: ${kind} ${nameOf(load)}, batch ${load.batch}`,
    kind,
    entrants: [
      enter("ours", { ...load, threads: 2 }, two),
      enter("ours", { ...load, threads: 1 }, one),
    ],
    goals: [{ kind: "speed", against: one, atLeast: 1.8 }],
  };
}

function cutWork(kind: "train" | "forward"): Work {
  const load = { ...QUARTER, batch: 32 };
  const [cut, whole] = ["cut to half of its MACs", "whole"];
  return {
    section: "cut",
    name: `cut: ${kind} ${nameOf(load)}, batch ${load.batch}`,
    kind,
    entrants: [enter("ours", { ...load, ratio: 0.5 }, cut), enter("ours", load, whole)],
    goals: [{ kind: "time", against: whole, atMost: 0.6 }],
  };
}

const EVALUATE: Work = {
  section: "evaluate",
  name: "evaluate the shipped network on 512 images",
  kind: "evaluate",
  entrants: [enter("product", { architecture: DEMO.path, batch: 512 })],
  goals: [{ kind: "seconds", atMost: 0.5 }],
};

export const WORKS: readonly Work[] = [
  ...NETWORKS.map(trainWork),
  ...NETWORKS.map(forwardWork),
  threadsWork("train"),
  threadsWork("forward"),
  cutWork("train"),
  cutWork("forward"),
  EVALUATE,
];
