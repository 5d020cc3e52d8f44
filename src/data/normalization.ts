/**
 * @file How pixels become numbers: the normalizations that people use, which of them a network that
 * says none is taken to want, and figures as they are typed. Everything that feeds images to a network
 * asks {@link normalizationOf}, so that training, measuring and exports can never disagree.
 */
import { AppError, channelsOf, sameShape } from "../core/index.ts";
import { endsOf, type Graph, type Network, type Normalization } from "../model/index.ts";

/** CIFAR-10's channel means and deviations as Network Slimming's code (Liu et al. 2017) has them. */
export const CIFAR10_NORMALIZATION: Normalization = {
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.2023, 0.1994, 0.201],
};

/** The channel means and deviations that torchvision's models are trained with. */
export const IMAGENET_NORMALIZATION: Normalization = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** A normalization that goes by a name. */
export interface UsualNormalization {
  readonly name: "cifar-10" | "unit" | "signed" | "bytes" | "imagenet";
  /** For people, within a sentence. */
  readonly title: string;
  readonly normalization: Normalization;
}

/** The same figures for every channel. */
function flat(channels: number, mean: number, std: number): Normalization {
  return {
    mean: Array.from({ length: channels }, () => mean),
    std: Array.from({ length: channels }, () => std),
  };
}

/** The usual ones for images of so many channels, the likeliest first. */
export function usualNormalizations(channels: number): readonly UsualNormalization[] {
  const scales: readonly UsualNormalization[] = [
    { name: "unit", title: "0 … 1", normalization: flat(channels, 0, 1) },
    { name: "signed", title: "−1 … 1", normalization: flat(channels, 0.5, 0.5) },
    { name: "bytes", title: "0 … 255", normalization: flat(channels, 0, 1 / 255) },
  ];
  if (channels !== 3) return scales;
  return [
    { name: "cifar-10", title: "CIFAR-10's figures", normalization: CIFAR10_NORMALIZATION },
    ...scales,
    { name: "imagenet", title: "ImageNet's figures", normalization: IMAGENET_NORMALIZATION },
  ];
}

/**
 * What a network is taken to want that says nothing: colour images CIFAR-10's figures, large ones
 * ImageNet's; everything else pixels in 0…1.
 */
export function assumedNormalization(graph: Graph): Normalization {
  const { input } = endsOf(graph);
  if (sameShape(input, [224, 224, 3])) return IMAGENET_NORMALIZATION;
  const channels = channelsOf(input);
  return channels === 3 ? CIFAR10_NORMALIZATION : flat(channels, 0, 1);
}

/** What the network says, else what is assumed of it. */
export function normalizationOf(network: Network): Normalization {
  return network.metadata.normalization ?? assumedNormalization(network);
}

/** True when both turn every pixel into the same number, but for rounding. */
export function sameNormalization(a: Normalization, b: Normalization): boolean {
  const close = (x: readonly number[], y: readonly number[]): boolean =>
    x.length === y.length &&
    x.every((value, i) => Math.abs(value - (y[i] ?? NaN)) <= 1e-6 * Math.max(1e-3, Math.abs(value)));
  return close(a.mean, b.mean) && close(a.std, b.std);
}

/** The name of a usual one; nothing for figures of one's own. */
export function titleOf(normalization: Normalization): string | undefined {
  return usualNormalizations(normalization.mean.length).find((usual) =>
    sameNormalization(usual.normalization, normalization),
  )?.title;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * Reads typed figures: numbers with a decimal point, apart by commas or blanks; a single one stands for
 * every channel.
 * @throws data/bad-normalization naming mean or deviation
 */
export function readNormalization(
  { mean, std }: { readonly mean: string; readonly std: string },
  channels: number,
): Normalization {
  return {
    mean: readFigures("mean", mean, channels, Number.isFinite),
    std: readFigures("deviation", std, channels, (n) => Number.isFinite(n) && n > 0),
  };
}

function readFigures(
  where: "mean" | "deviation",
  text: string,
  channels: number,
  isSound: (figure: number) => boolean,
): readonly number[] {
  const figures = text
    .split(/[\s,;]+/)
    .filter((part) => part !== "")
    .map((part) => (NUMBER.test(part) ? Number(part) : NaN));
  const [only = NaN] = figures;
  const all = figures.length === 1 ? Array.from({ length: channels }, () => only) : figures;
  if (all.length === channels && all.every(isSound)) return all;
  const above = where === "mean" ? "" : " above 0";
  throw new AppError("data/bad-normalization", {
    where,
    expected:
      channels === 1 ? `one number${above}` : `${channels} numbers${above}, or one for all channels`,
    found: text.trim() === "" ? "nothing" : text.trim(),
  });
}
