/**
 * @file VGG as a numbered sequence: `feature.N` (network-slimming) or `features.N` (torchvision,
 * kuangliu), with or without batch norm, pruned or not. Layers without weights leave gaps in the
 * numbers: one after a convolution or its batch norm is the ReLU, a second one the pooling. What
 * stands behind the last convolution leaves no gap, and follows from the classifier's inputs.
 */
import { showShape } from "../../core/index.ts";
import type { NodeName } from "../../model/index.ts";
import type { Checkpoint } from "../torch/state-dict.ts";
import { assumedSide, type Draft, type Family, type Variant } from "./family.ts";
import { Misfit, type ModuleBuilder } from "./module-builder.ts";

/** CIFAR and ImageNet. */
const SIDES = [32, 224];

type Pooling = "max" | "average";

/** One convolution with what follows it up to the next. */
interface Layer {
  readonly conv: number;
  /** The number of its batch norm. */
  readonly bn: number | undefined;
  readonly relu: number;
  readonly pool: Pooling | undefined;
}

const AVERAGE_POOLS: Variant = { key: "average-pools", title: "average pools" };

/** `models/vgg.py`: behind the features is `nn.AvgPool2d(2)`. */
export const slimmingVgg: Family = {
  key: "slimming-vgg",
  name: "network-slimming VGG",
  variants: [AVERAGE_POOLS],
  modules: /^(feature\.\d+|classifier(\.\d+)?)$/,
  build: (b, cfg) => build(b, "feature", cfg),
};

/** The features end in a max pooling; the adaptive average behind them changes nothing. */
export const sequentialVgg: Family = {
  key: "vgg",
  name: "torchvision VGG",
  variants: [AVERAGE_POOLS],
  modules: /^(features\.\d+|classifier(\.\d+)?)$/,
  build: (b, cfg) => build(b, "features", cfg),
};

function build(b: ModuleBuilder, prefix: string, cfg: Checkpoint["cfg"]): Draft {
  const layers = withCfg(b, prefix, layersOf(b, prefix), cfg);
  const { side, pooled } = sizes(b, prefix, layers);
  let x = b.inputFor(`${prefix}.0`, side);
  for (const { conv, bn, relu, pool } of layers) {
    x = b.convLike(`${prefix}.${conv}`, x, { sizes: [3, 1] });
    if (bn !== undefined) x = b.bn(`${prefix}.${bn}`, x);
    x = b.relu(`${prefix}.${relu}`, x);
    if (pool === "max") x = b.maxPool(`${prefix}.${relu + 1}`, x);
    if (pool === "average") x = b.averagePool(`${prefix}.${relu + 1}`, x);
  }
  const after = `${prefix}.${(layers.at(-1)?.relu ?? 0) + 1}`;
  if (!pooled) x = prefix === "feature" ? b.averagePool("avgpool", x) : b.maxPool(after, x);
  x = classifier(b, b.add("flatten", { kind: "flatten" }, x));
  // Named by the depth it would have with the three dense layers of the paper.
  return { graph: b.finish(`vgg${layers.length + 3}`, x), notes: assumedSide(b, side) };
}

function layersOf(b: ModuleBuilder, prefix: string): Layer[] {
  const numbers = b.numbersAfter(`${prefix}.`);
  const isConv = (n: number): boolean => b.tensors.get(`${prefix}.${n}.weight`)?.shape.length === 4;
  const convs = numbers.filter(isConv);
  return convs.map((conv, i) => {
    const bn = numbers.includes(conv + 1) && !isConv(conv + 1) ? conv + 1 : undefined;
    const relu = (bn ?? conv) + 1;
    const next = convs[i + 1];
    const pools = next === undefined ? 0 : next - relu - 1;
    if (pools !== 0 && pools !== 1) {
      throw new Misfit({
        name: `${prefix}.${next}.weight`,
        expected: `number ${relu + 1}, or ${relu + 2} behind a pooling`,
        found: `number ${next}`,
      });
    }
    return { conv, bn, relu, pool: pools === 1 ? "max" : undefined };
  });
}

/**
 * Without network-slimming's list of widths a gap is a max pool, unless another reading is wanted; the
 * list confirms the gaps, and tells an average pooling, `A`, from a maximum.
 */
function withCfg(
  b: ModuleBuilder,
  prefix: string,
  layers: readonly Layer[],
  cfg: Checkpoint["cfg"],
): readonly Layer[] {
  if (cfg === undefined) {
    const isAverage = b.variant === "average-pools";
    return layers.map((layer) =>
      isAverage && layer.pool !== undefined ? { ...layer, pool: "average" } : layer,
    );
  }
  const rest = [...cfg];
  const told = layers.map((layer, i) => {
    const [filters = 0] = b.shapeOf(`${prefix}.${layer.conv}.weight`, 4);
    const letter = typeof rest[1] === "string" ? rest[1] : undefined;
    const isLast = i === layers.length - 1;
    const pool = letter === undefined ? undefined : POOLINGS[letter];
    const poolFits = isLast || (pool === undefined) === (layer.pool === undefined);
    if (rest[0] !== filters || !poolFits || (letter !== undefined && pool === undefined)) {
      refuseCfg(
        cfg,
        `${filters} filters${layer.pool === undefined ? "" : ", M"} at entry ${i + 1}`,
      );
    }
    rest.splice(0, letter === undefined ? 1 : 2);
    return { ...layer, pool };
  });
  if (rest.length > 0) refuseCfg(cfg, `${layers.length} widths`);
  return told;
}

const POOLINGS: Readonly<Record<string, Pooling>> = { M: "max", A: "average" };

function refuseCfg(cfg: readonly (number | string)[], expected: string): never {
  throw new Misfit({ name: "cfg", expected, found: cfg.join(",") });
}

/** The image's side, by the map that the classifier reads; `pooled` when no pooling is left to do. */
function sizes(
  b: ModuleBuilder,
  prefix: string,
  layers: readonly Layer[],
): { readonly side: number; readonly pooled: boolean } {
  const last = layers.at(-1);
  const [filters = 0] = b.shapeOf(`${prefix}.${last?.conv ?? 0}.weight`, 4);
  const [first = "classifier"] = classifierModules(b);
  const shape = b.shapeOf(`${first}.weight`, 2);
  const mapSide = Math.sqrt((shape[1] ?? 0) / filters);
  const pools = layers.filter(({ pool }) => pool !== undefined).length;
  const sides = b.size === undefined ? SIDES : [b.size.height];
  for (const pooled of [true, false]) {
    const side = mapSide * 2 ** (pooled ? pools : pools + 1);
    if (sides.includes(side)) return { side, pooled };
  }
  const images = sides.map((side) => `${side} × ${side}`).join(" or ");
  throw new Misfit({
    name: `${first}.weight`,
    expected: `${filters} inputs for each pixel that poolings leave of ${images}`,
    found: showShape(shape),
  });
}

function classifierModules(b: ModuleBuilder): readonly string[] {
  const numbers = b.numbersAfter("classifier.");
  return numbers.length === 0 ? ["classifier"] : numbers.map((n) => `classifier.${n}`);
}

/** Dense layers and batch norms; a gap in the numbers is a ReLU, with or without dropout behind it. */
function classifier(b: ModuleBuilder, from: NodeName): NodeName {
  const modules = classifierModules(b);
  const numbers = b.numbersAfter("classifier.");
  let x = from;
  modules.forEach((module, i) => {
    const isDense = b.tensors.get(`${module}.weight`)?.shape.length !== 1;
    x = isDense ? b.denseLike(module, x) : b.bn(module, x);
    const [number = 0, next = number + 1] = numbers.slice(i, i + 2);
    if (next > number + 1) x = b.relu(`classifier.${number + 1}`, x);
  });
  return x;
}
