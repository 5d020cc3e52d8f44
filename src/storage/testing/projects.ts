/** @file Small projects for tests, made as a visit makes them. */
import { PROJECT_FORMATS } from "../../files/index.ts";
import { tiny } from "../../files/testing/samples.ts";
import { fingerprintNetwork, type Network } from "../../model/index.ts";
import { listKept, operate, planAt, preparePruning } from "../../prune/index.ts";
import { DEFAULT_SETTINGS } from "../../train/index.ts";
import type { ProjectDocument, ProjectRun } from "../schema.ts";

export interface SampleProject {
  readonly document: ProjectDocument;
  /** One a run. */
  readonly networks: readonly Network[];
  readonly networkOf: (key: string) => Network;
}

/** The method's text of a ratio by the batch norms' scales. */
export const METHOD = JSON.stringify([
  "bn-scale",
  {},
  { kind: "global-threshold", mode: "exact" },
  "zero",
]);

/** A network that was opened, cut by half, and trained; measured whole and at two ratios. */
export function sampleProject(): SampleProject {
  const opened = tiny();
  const plan = planAt(preparePruning(opened, "bn-scale"), { ratio: 0.5 });
  const manner = { kind: "cut", dead: "zero" } as const;
  const cut = operate(opened, plan, manner).network;
  const values = new Map(cut.weights);
  for (const [name, { shape, values: old }] of values) {
    values.set(name, { shape, values: old.map((value) => value + 0.01) });
  }
  const trained: Network = { ...cut, name: "tiny again", weights: values };
  const [first, second, third] = [opened, cut, trained].map(fingerprintNetwork) as [
    string,
    string,
    string,
  ];
  const { kept: _, sizes: __, allocation: ___, ...recorded } = plan;
  const runs: ProjectRun[] = [
    {
      ...common(opened, first),
      id: 1,
      parent: null,
      label: "Baseline",
      making: { kind: "loaded" },
    },
    {
      ...common(cut, second),
      id: 2,
      parent: 1,
      label: "Cut at 50 %",
      formerWidths: [["conv1", 8]],
      making: {
        kind: "pruned",
        plan: {
          ...recorded,
          groups: listKept(plan),
          guarded: [...plan.guarded],
          allocation: { kind: "global-threshold", ratio: 0.5, mode: "exact" },
        },
        manner,
      },
    },
    {
      ...common(trained, third),
      id: 4,
      parent: 2,
      label: "Fine-tuned",
      making: {
        kind: "fine-tuned",
        trained: {
          settings: { ...DEFAULT_SETTINGS, length: { steps: 20 }, schedule: { kind: "cosine" } },
          steps: 20,
          seconds: 1.5,
          ended: "finished",
          validation: evaluated(100, 40),
        },
      },
      course: {
        batches: { steps: [1, 2], loss: [2.3, 1.7], accuracy: [0.125, 0.25] },
        heldBack: { steps: [2], accuracy: [0.4] },
        scales: { steps: [1, 2], dead: [0, 0.5], mean: [0.4, 0.2] },
        ridge: {
          low: -4,
          high: 0.25,
          steps: [2],
          counts: [[...Array(80).keys()].map((bin) => bin % 3)],
        },
      },
    },
  ];
  const document: ProjectDocument = {
    format: PROJECT_FORMATS[1],
    saved: "2026-11-28T14:02:11.000Z",
    step: "prune",
    shown: 2,
    method: {
      criterion: "bn-scale",
      allocation: { kind: "global-threshold", ratio: 0.3, mode: "exact", locked: ["conv1"] },
      manner,
    },
    runs,
    images: { set: "test", name: "CIFAR-10 test", count: 10_000, training: null },
    accuracies: [
      { network: first, method: null, ratio: 0, samples: [sample(256, 200), sample(2000, 1500)] },
      { network: first, method: METHOD, ratio: 0.5, samples: [sample(256, 180)] },
      { network: second, method: METHOD, ratio: 0.25, samples: [sample(256, 90)] },
    ],
    curves: [
      {
        network: first,
        method: JSON.stringify(["bn-scale", {}]),
        base: 0.75,
        baseInterval: [0.7, 0.8],
        images: 256,
        layers: [{ name: "conv1", samples: [{ ratio: 0.1, accuracy: 0.7, interval: [0.6, 0.8] }] }],
      },
    ],
    latencies: {
      backend: "wasm, SIMD, 2 threads",
      measured: [{ network: second, method: null, ratio: 0, milliseconds: 0.25 }],
    },
  };
  const networks = [opened, cut, trained];
  const byKey = new Map([first, second, third].map((key, i) => [key, networks[i] as Network]));
  return { document, networks, networkOf: (key) => byKey.get(key) as Network };
}

function common(network: Network, key: string) {
  return {
    against: 1,
    origin: "tiny.safetensors",
    place: null,
    network: key,
    name: network.name,
    metadata: network.metadata,
    normalization: { source: "assumed" as const, isSaid: false },
    formerWidths: [],
  };
}

function evaluated(count: number, correct: number) {
  const accuracy = correct / count;
  const interval: [number, number] = [Math.max(0, accuracy - 0.1), Math.min(1, accuracy + 0.1)];
  return { count, correct, accuracy, loss: 1.25, interval };
}

function sample(count: number, correct: number) {
  return { ...evaluated(count, correct), milliseconds: count / 4 };
}
