/** @file Small networks and files for tests, all seeded. */
import { makeRandom } from "../../core/index.ts";
import { CIFAR10_CLASSES, CIFAR10_NORMALIZATION } from "../../data/index.ts";
import { buildArchitecture, GraphBuilder, initialize, type Network } from "../../model/index.ts";
import { CIFAR100_RECORD, CIFAR10_RECORD } from "../sniff.ts";

/** A network whose every weight differs from its neighbours, BN statistics included. */
export function shake(network: Network, seed = 7): Network {
  const random = makeRandom(seed);
  const weights = new Map(
    [...network.weights].map(([name, { shape, values }]) => {
      const positive = name.endsWith("/variance");
      const shaken = values.map((value) =>
        positive ? 0.5 + random.uniform() : value + 0.2 * random.normal(),
      );
      return [name, { shape, values: shaken }] as const;
    }),
  );
  return { ...network, weights };
}

/** A zoo network with CIFAR-10's metadata. */
export function zoo(name: string): Network {
  return shake(
    buildArchitecture(name, 1, {
      classes: CIFAR10_CLASSES,
      normalization: CIFAR10_NORMALIZATION,
      provenance: { recipe: "test", figures: [1, 2.5, null] },
    }),
  );
}

/** Eight channels on 7 × 6: fast to write, read and damage. */
export function tiny(): Network {
  const b = new GraphBuilder();
  let x = b.input([7, 6, 3]);
  x = b.conv("conv1", x, { filters: 8 });
  x = b.bn("bn1", x);
  x = b.relu("relu1", x);
  x = b.add("pool", { kind: "globalAveragePool" }, x);
  x = b.add("fc", { kind: "dense", units: 4, bias: true }, x);
  return shake(initialize(b.finish("tiny", x), { seed: 3 }));
}

/** Everything that tfjs layers say in other words: see `tfjs/lower.ts`. */
export function awkward(): Network {
  const b = new GraphBuilder();
  const pixels = b.input([9, 10, 3]);
  // A name that tfjs does not allow, and one that looks like its replacement.
  let x = b.conv("_stem é", pixels, { filters: 6, stride: 2, bias: true });
  x = b.add("relu/6", { kind: "relu6" }, x);
  const asymmetric = { size: [3, 2], stride: [2, 1], padding: [0, 1, 1, 0] } as const;
  x = b.add("uneven", { kind: "conv2d", filters: 8, groups: 1, bias: false, ...asymmetric }, x);
  x = b.bn("relu_6", x);
  x = b.relu("r2", x);
  x = b.conv("depthwise", x, { filters: 16, groups: 8, bias: true });
  x = b.conv("grouped", x, { filters: 12, groups: 4, size: 3, padding: 1, bias: true });
  x = b.relu("r3", x);
  const window = { size: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] } as const;
  const pooled = b.add("padded max", { kind: "maxPool", ...window }, x);
  const pick = b.add("pick", { kind: "channelSelect", indices: [3, -1, 0, 11, 3] }, pooled);
  const keep = b.select("keep", pooled);
  const same = { size: [3, 3], stride: [1, 1], padding: [1, 1, 1, 1] } as const;
  const mean = b.add("mean", { kind: "averagePool", ...same }, keep);
  const negative = b.conv("negative", mean, { filters: 5, size: 1 });
  const most = b.add("most", { kind: "maxPool", ...same }, negative);
  const sum = b.add("sum", { kind: "add" }, most, pick, most);
  const wide = b.add("wide", { kind: "concat" }, sum, keep);
  const flat = b.add("flat", { kind: "flatten" }, wide);
  const again = b.add("flat again", { kind: "flatten" }, flat);
  const features = b.add("features", { kind: "channelSelect", indices: [5, 2, -1, 40] }, again);
  const fc = b.add("fc", { kind: "dense", units: 4, bias: false }, features);
  return shake(
    initialize(b.finish("awkward: ¿net?", b.add("p", { kind: "softmax" }, fc)), { seed: 5 }),
  );
}

/** One image as a network wants it. */
export function image(network: Network, seed = 11): Float32Array {
  const random = makeRandom(seed);
  const [first] = network.nodes;
  const shape = first?.op.kind === "input" ? first.op.shape : [];
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
}

/** CIFAR-10 records with random pixels and good labels. */
export function cifarBytes(count: number, seed = 1): Uint8Array {
  const random = makeRandom(seed);
  const bytes = new Uint8Array(count * CIFAR10_RECORD);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31 + seed * 17) & 255;
  for (let i = 0; i < count; i++) bytes[i * CIFAR10_RECORD] = random.integer(10);
  return bytes;
}

/** CIFAR-100 records with random pixels and good labels. */
export function cifar100Bytes(count: number, seed = 1): Uint8Array {
  const random = makeRandom(seed);
  const bytes = new Uint8Array(count * CIFAR100_RECORD);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 29 + seed * 13) & 255;
  for (let i = 0; i < count; i++) {
    bytes[i * CIFAR100_RECORD] = random.integer(20);
    bytes[i * CIFAR100_RECORD + 1] = random.integer(100);
  }
  return bytes;
}

/** A file as a browser gives it. */
export function file(name: string, content: Uint8Array | string): File {
  return new File([content as BlobPart], name);
}

/** Several arrays as one. */
export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
