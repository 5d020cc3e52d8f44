/**
 * @file What an instruction of the kernels cannot do without: vector operations and bytes. A vector
 * operation works on four floats and is a multiply-add wherever it may be. Bytes are those of maps and
 * weights, read or written once each; scratch that stays in a core's own cache is not counted. No real
 * kernel gets to this bound, but none can pass it.
 */
import type { InstructionName } from "../../src/runtime/spmd/instructions.ts";

export interface Work {
  /** On four floats each. */
  readonly operations: number;
  readonly bytes: number;
}

/** Vector operations of Winograd's transforms, for a tile and four channels, as the kernels do them. */
const TRANSFORMS = {
  2: { planes: 16, input: 32, output: 24, gradient: 12 },
  4: { planes: 36, input: 168, output: 100, gradient: 100 },
} as const;

/** An instruction's words, and the sizes that follow from them. */
class Sizes {
  readonly #words: Readonly<Record<string, number>>;
  readonly images: number;

  constructor(words: Readonly<Record<string, number>>, images: number) {
    this.#words = words;
    this.images = images;
  }

  /** A word; 0 where the instruction has none of that name. */
  of(word: string): number {
    return this.#words[word] ?? 0;
  }

  get channels(): number {
    return this.of("channels");
  }

  get filters(): number {
    return this.of("filters");
  }

  /** Vectors that hold all channels. */
  get vectors(): number {
    return Math.ceil(this.channels / 4);
  }

  /** Vectors that hold all filters, which come in panels of eight. */
  get panelVectors(): number {
    return 2 * Math.ceil(this.filters / 8);
  }

  get pixels(): number {
    return this.images * this.of("pixels");
  }

  /** Pixels of the source, and of what is made of it. */
  get source(): number {
    return this.images * this.of("height") * this.of("width");
  }

  get grid(): number {
    return this.images * this.of("rows") * this.of("columns");
  }

  /** What stands behind a 2 × 2 pool, when there is one. */
  get pooled(): number {
    return this.of("pool") === 0 ? this.source : this.source / 4;
  }

  /** A target that is added to is read as well. */
  get again(): number {
    return this.of("accumulate") === 0 ? 1 : 2;
  }

  get taps(): number {
    return this.of("taps") || this.of("kernelHeight") * this.of("kernelWidth");
  }

  get transforms() {
    return TRANSFORMS[this.of("variant") === 4 ? 4 : 2];
  }
}

type Rule = (sizes: Sizes) => Work;

const work = (operations: number, floats: number): Work => ({ operations, bytes: 4 * floats });
/** A few numbers a channel or a class: nothing beside the others. */
const nothing: Rule = () => work(0, 0);

const window: Rule = (s) => work(s.grid * s.taps * s.vectors, (s.source + s.grid) * s.channels);
const elementwise =
  (maps: number): Rule =>
  (s) =>
    work(s.pixels * s.vectors, maps * s.pixels * s.channels);
const normGradient =
  (written: (s: Sizes) => number): Rule =>
  (s) =>
    work(4 * s.source * s.vectors, (s.source + s.pooled + written(s)) * s.channels);
const gemmWeights: Rule = (s) => work(0, 2 * s.taps * s.of("cin") * (s.of("cout") || s.filters));
const winogradWeights: Rule = (s) => {
  const { planes } = s.transforms;
  const products = s.of("cin") * s.of("cout");
  return work((planes * products) / 4, (9 + planes) * products);
};
const winograd =
  (behind: "output" | "gradient"): Rule =>
  (s) => {
    const side = s.of("variant") === 4 ? 4 : 2;
    const { planes, ...transforms } = s.transforms;
    const tiles = s.images * Math.ceil(s.of("rows") / side) * Math.ceil(s.of("columns") / side);
    const products = planes * tiles * s.channels * s.panelVectors;
    const moved = tiles * (transforms.input * s.vectors + transforms[behind] * (s.filters / 4));
    const maps = s.source * s.channels + s.grid * s.filters * s.again;
    return work(products + moved, maps + planes * s.channels * s.filters);
  };

const RULES: Readonly<Record<InstructionName, Rule>> = {
  packGemm: gemmWeights,
  packGemmTransposed: gemmWeights,
  packWinograd: winogradWeights,
  packWinogradTransposed: winogradWeights,
  packDepthwise: nothing,
  foldBatchNorm: nothing,
  padBias: nothing,
  convGemm: (s) =>
    work(
      s.grid * s.taps * s.channels * s.panelVectors,
      s.source * s.channels + s.grid * s.filters * s.again + s.taps * s.channels * s.filters,
    ),
  convGemmGradient: (s) =>
    work(
      s.grid * s.taps * s.channels * s.panelVectors,
      s.source * s.channels + s.grid * s.filters + s.taps * s.channels * s.filters,
    ),
  reduceGemmGradient: gemmWeights,
  winograd: winograd("output"),
  winogradGradient: winograd("gradient"),
  reduceWinogradGradient: winogradWeights,
  depthwise: window,
  depthwiseInput: window,
  depthwiseGradient: window,
  reduceDepthwiseGradient: nothing,
  sums: (s) => work(2 * s.pixels * s.vectors, s.pixels * s.channels),
  reduceSums: nothing,
  normalize: nothing,
  affineOfRunning: nothing,
  applyAffine: (s) =>
    work(2 * s.source * s.vectors, s.source * s.of("sources") + s.pooled * s.channels),
  affineGradientSums: normGradient(() => 0),
  finishAffineGradient: nothing,
  affineGradient: normGradient((s) => s.source * s.again),
  activate: elementwise(2),
  activateGradient: elementwise(3),
  curve: elementwise(2),
  curveGradient: elementwise(3),
  add: elementwise(3),
  maxPool: window,
  maxPoolGradient: window,
  averagePool: window,
  averagePoolGradient: window,
  gather: (s) => work(0, 2 * s.pixels * s.channels),
  gatherGradient: (s) => work(0, s.pixels * (s.channels + s.of("sources") * s.again)),
  softmax: nothing,
  crossEntropyGradient: nothing,
  spreadImages: (s) => work(0, s.pixels * (s.channels + s.of("stride"))),
  zero: (s) => work(0, s.pixels * s.channels),
  packImages: (s) => work(0, s.pixels * (s.channels + s.of("stride"))),
  copy: (s) => work(0, 2 * s.of("count")),
  // Weights and velocities are read, written and kept beside; gradients are read.
  sgd: (s) => work(s.of("count"), 7 * s.of("count")),
  freeze: (s) => work(s.of("count") / 4, 2.25 * s.of("count")),
  checkFinite: (s) => work(s.of("count") / 4, s.of("count")),
};

/**
 * @param words — of the instruction, by name
 * @param images — of a full batch
 */
export function workOf(
  name: InstructionName,
  words: Readonly<Record<string, number>>,
  images: number,
): Work {
  return RULES[name](new Sizes(words, images));
}
