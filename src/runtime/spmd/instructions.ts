/**
 * @file The instruction set of the wasm kernels: what each is called and which words it takes, in
 * order. `scripts/build/kernels.mjs` makes the AssemblyScript side of it from this table, so that both
 * sides read the same layout.
 *
 * A word is a 32-bit integer, or a float where its name ends in `:f32`. Addresses are byte offsets,
 * 0 where something is left out; strides are floats between two pixels, but `sumsStride` bytes between
 * two threads' sums. `channels` and `filters` are physical: padded with channels that always hold zero
 * to a multiple of 4, unless a comment says otherwise. The number of images is no word: it may change
 * from call to call and stands in the control block. Every thread runs every instruction on its own
 * share, and waits for the others behind it.
 */
export const INSTRUCTIONS = {
  // — Weights, from the network's layout into what the multiplications read —
  /** `w` [taps][cin][rowStride] → panels [⌈cout/8⌉][listed·cinPhysical][8]; `scale` [cout] folds a BN. */
  packGemm: [
    "w",
    "tapList",
    "taps",
    "cin",
    "cout",
    "rowStride",
    "cinMap",
    "cinPhysical",
    "scale",
    "panels",
  ],
  /** The same weights for the input's gradient: [⌈cinPhysical/8⌉][listed·coutPhysical][8]. */
  packGemmTransposed: [
    "w",
    "tapList",
    "taps",
    "cin",
    "cout",
    "rowStride",
    "cinMap",
    "cinPhysical",
    "coutPhysical",
    "panels",
  ],
  /** 3 × 3 weights → u [16][⌈cout/8⌉][cinPhysical][8], each plane `planeStride` floats after the other. */
  packWinograd: [
    "w",
    "cin",
    "cout",
    "cinMap",
    "cinPhysical",
    "scale",
    "u",
    "planeStride",
    "variant",
  ],
  /** Rotated, for the input's gradient: [16][⌈cinPhysical/8⌉][coutPhysical][8]. */
  packWinogradTransposed: [
    "w",
    "cin",
    "cout",
    "cinMap",
    "cinPhysical",
    "coutPhysical",
    "u",
    "planeStride",
    "variant",
  ],
  /** [taps][channels] → [taps][physical], depthwise. */
  packDepthwise: ["w", "taps", "channels", "map", "physical", "scale", "packed"],
  /** A BN behind a convolution in inference: scale [cout], bias [⌈cout/8⌉·8] (`convBias` may be 0). */
  foldBatchNorm: [
    "cout",
    "gamma",
    "beta",
    "mean",
    "variance",
    "epsilon:f32",
    "convBias",
    "scale",
    "bias",
  ],
  /** A bias alone: copies [cout] and fills up with zeros to [⌈cout/8⌉·8]. */
  padBias: ["cout", "from", "bias"],

  // — Convolutions —
  /**
   * Convolution by gathering rows and multiplying: the grid's pixel (i, j) sums over taps t the source
   * pixel (i·strideY + offsets[t].y, j·strideX + offsets[t].x), zero outside, and goes to the pixel
   * (yTop + i·yStepY, yLeft + j·yStepX) of a map of yHeight × yWidth. `channels` and `filters` are
   * exact here, of any size. `partials` [threads][2][filters up to 4] as doubles takes sums and sums
   * of squares of what is written.
   */
  convGemm: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "taps",
    "offsets",
    "strideY",
    "strideX",
    "rows",
    "columns",
    "y",
    "yStride",
    "yHeight",
    "yWidth",
    "yTop",
    "yLeft",
    "yStepY",
    "yStepX",
    "filters",
    "panels",
    "bias",
    "activation",
    "accumulate",
    "partials",
  ],
  /** Each thread's share of the weights' gradient: sums [threads][taps·channels][⌈filters/8⌉·8]. */
  convGemmGradient: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "taps",
    "offsets",
    "strideY",
    "strideX",
    "rows",
    "columns",
    "dy",
    "dyStride",
    "filters",
    "sums",
    "sumsStride",
  ],
  /** Adds the threads' shares up, into the network's layout. `channels` as in convGemmGradient. */
  reduceGemmGradient: [
    "sums",
    "sumsStride",
    "taps",
    "channels",
    "cin",
    "cinMap",
    "filters",
    "gradient",
    "rowStride",
  ],
  /**
   * 3 × 3, stride 1, by Winograd's F(2×2) (`variant` 2) or F(4×4) (4). With `u` 0 the weights `w` are
   * transformed on the way, a panel at a time, which spares writing and reading all of them when there
   * are few tiles; `turned` then says that this is the gradient of the input.
   */
  winograd: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "padTop",
    "padLeft",
    "rows",
    "columns",
    "y",
    "yStride",
    "filters",
    "u",
    "planeStride",
    "bias",
    "activation",
    "accumulate",
    "partials",
    "tiles",
    "variant",
    "w",
    "cin",
    "cout",
    "cinMap",
    "turned",
  ],
  /**
   * Each thread's share of the weights' gradient: sums [threads][planes][channels][⌈filters/8⌉·8]. With
   * `sumsStride` 0 there is one copy, of which each thread makes the rows of its share of the channels.
   */
  winogradGradient: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "padTop",
    "padLeft",
    "rows",
    "columns",
    "dy",
    "dyStride",
    "filters",
    "sums",
    "sumsStride",
    "planeStride",
    "tiles",
    "variant",
  ],
  reduceWinogradGradient: [
    "sums",
    "sumsStride",
    "planeStride",
    "channels",
    "cin",
    "cinMap",
    "cout",
    "gradient",
    "variant",
  ],
  depthwise: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "kernelHeight",
    "kernelWidth",
    "strideY",
    "strideX",
    "padTop",
    "padLeft",
    "rows",
    "columns",
    "y",
    "yStride",
    "w",
    "bias",
    "activation",
    "partials",
  ],
  depthwiseInput: [
    "dy",
    "dyStride",
    "rows",
    "columns",
    "channels",
    "kernelHeight",
    "kernelWidth",
    "strideY",
    "strideX",
    "padTop",
    "padLeft",
    "height",
    "width",
    "dx",
    "dxStride",
    "w",
    "accumulate",
  ],
  /** Each thread's share: sums [threads][kernelHeight·kernelWidth][channels]. */
  depthwiseGradient: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "kernelHeight",
    "kernelWidth",
    "strideY",
    "strideX",
    "padTop",
    "padLeft",
    "rows",
    "columns",
    "dy",
    "dyStride",
    "sums",
    "sumsStride",
  ],
  reduceDepthwiseGradient: ["sums", "sumsStride", "taps", "channels", "logical", "map", "gradient"],

  // — Batch normalization, with selection, activation and 2 × 2 max pooling behind it —
  /** Sums and sums of squares by channel: partials [threads][2][channels], doubles. */
  sums: ["x", "xStride", "pixels", "channels", "partials"],
  /** Of a bias: adds the threads' first sums up into gradient [logical]. */
  reduceSums: ["partials", "channels", "logical", "map", "gradient"],
  /**
   * Batch statistics from partials over `pixels` an image; moves the running ones (PyTorch's rule), and
   * leaves affine [4][channels]: scale, shift, mean, reciprocal deviation.
   */
  normalize: [
    "partials",
    "pixels",
    "logical",
    "map",
    "channels",
    "gamma",
    "beta",
    "mean",
    "variance",
    "epsilon:f32",
    "momentum:f32",
    "affine",
  ],
  /** The same affine from the running statistics, for inference. */
  affineOfRunning: [
    "logical",
    "map",
    "channels",
    "gamma",
    "beta",
    "mean",
    "variance",
    "epsilon:f32",
    "affine",
  ],
  /**
   * y = act(x·scale + shift), then the maximum of 2 × 2 when `pool`. Output channel j reads input channel
   * gather[j] (−1: zero); `gather` 0 for j itself. `channels` counts the output's, `sources` the input's.
   */
  applyAffine: [
    "x",
    "xStride",
    "height",
    "width",
    "sources",
    "channels",
    "gather",
    "affine",
    "activation",
    "pool",
    "y",
    "yStride",
  ],
  /**
   * First pass of its gradient: sums of g and g·x̂ by input channel, where g is dy behind pooling,
   * activation and selection. `inverse` [channels] is the output channel of an input channel, or −1.
   */
  affineGradientSums: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "inverse",
    "affine",
    "activation",
    "pool",
    "dy",
    "dyStride",
    "partials",
  ],
  /**
   * Gradients of γ and β, and coefficients [3][channels] for dx = a·g + b·(x − mean) + c. With `pixels` 0
   * mean and deviation are constants, and dx is a·g.
   */
  finishAffineGradient: [
    "partials",
    "pixels",
    "logical",
    "map",
    "channels",
    "gamma",
    "gammaGradient",
    "betaGradient",
    "affine",
    "coefficients",
  ],
  affineGradient: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "inverse",
    "affine",
    "activation",
    "pool",
    "dy",
    "dyStride",
    "coefficients",
    "dx",
    "dxStride",
    "accumulate",
  ],

  // — Everything else between two convolutions —
  /** y = act(x); a copy when the activation is 0. */
  activate: ["x", "xStride", "pixels", "channels", "activation", "y", "yStride"],
  /** dx = dy where the activation's own output lets it through. */
  activateGradient: [
    "y",
    "yStride",
    "dy",
    "dyStride",
    "pixels",
    "channels",
    "activation",
    "dx",
    "dxStride",
    "accumulate",
  ],
  /** y = f(x) for the curve of that kind; ELU and leaky ReLU have an alpha. */
  curve: ["x", "xStride", "pixels", "channels", "kind", "alpha:f32", "y", "yStride"],
  /** dx = dy·f′. `z` is the curve's input for swish, and what came out for the others. dx may be dy. */
  curveGradient: [
    "z",
    "zStride",
    "dy",
    "dyStride",
    "pixels",
    "channels",
    "kind",
    "alpha:f32",
    "dx",
    "dxStride",
    "accumulate",
  ],
  /** y = act(a + b). */
  add: ["a", "aStride", "b", "bStride", "pixels", "channels", "activation", "y", "yStride"],
  maxPool: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "kernelHeight",
    "kernelWidth",
    "strideY",
    "strideX",
    "padTop",
    "padLeft",
    "rows",
    "columns",
    "y",
    "yStride",
  ],
  /** Ties go to the first pixel of the window, as in PyTorch. */
  maxPoolGradient: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "kernelHeight",
    "kernelWidth",
    "strideY",
    "strideX",
    "padTop",
    "padLeft",
    "rows",
    "columns",
    "dy",
    "dyStride",
    "dx",
    "dxStride",
    "accumulate",
  ],
  /** Divides by the pixels that are really there. */
  averagePool: [
    "x",
    "xStride",
    "height",
    "width",
    "channels",
    "kernelHeight",
    "kernelWidth",
    "strideY",
    "strideX",
    "padTop",
    "padLeft",
    "rows",
    "columns",
    "y",
    "yStride",
  ],
  averagePoolGradient: [
    "height",
    "width",
    "channels",
    "kernelHeight",
    "kernelWidth",
    "strideY",
    "strideX",
    "padTop",
    "padLeft",
    "rows",
    "columns",
    "dy",
    "dyStride",
    "dx",
    "dxStride",
    "accumulate",
  ],
  /** y[j] = x[gather[j]], zero where that is −1. `channels` counts y's. */
  gather: ["x", "xStride", "pixels", "gather", "y", "yStride", "channels"],
  /** dx[gather[j]] += dy[j]; dx [sources] is emptied first unless `accumulate`. */
  gatherGradient: [
    "dy",
    "dyStride",
    "pixels",
    "gather",
    "channels",
    "dx",
    "dxStride",
    "sources",
    "accumulate",
  ],
  /** Row-wise softmax of `classes` (exact) values. */
  softmax: ["x", "xStride", "classes", "y", "yStride"],
  /**
   * (softmax(x) − onehot(label)) / images; `labels` are int32. Pads of dx become zero. When the control
   * block gives the teacher a weight, its logits, `classes` an image, pull too.
   */
  crossEntropyGradient: [
    "x",
    "xStride",
    "classes",
    "labels",
    "teacher",
    "dx",
    "dxStride",
    "channels",
  ],
  /** Images of `channels` (exact) values a pixel → pixels of `stride` floats, the rest zero. */
  spreadImages: ["from", "pixels", "channels", "to", "stride"],
  zero: ["y", "yStride", "pixels", "channels"],
  /** The way back from spreadImages: the first `channels` (exact) values of every pixel of `stride` floats. */
  packImages: ["from", "stride", "pixels", "channels", "to"],

  // — The update —
  /** Copies `count` floats; not by image. */
  copy: ["from", "to", "count"],
  /**
   * SGD over `count` weights, gradients and velocities that lie in the same order; [start, end) pairs in
   * `scales` name the BN scales that L1 works on. The settings stand in the control block. Keeps what
   * was before in `shadow` (weights, then velocities), and raises the control block's flag when a weight
   * is no longer finite.
   */
  sgd: ["weights", "gradients", "velocities", "shadow", "count", "scales", "scaleCount"],
  /** values ← 0 where the byte of the same place in `alive` is 0; `count` floats. */
  freeze: ["values", "alive", "count"],
  /** Raises the same flag when one of `count` floats is not finite. */
  checkFinite: ["values", "count"],
} as const;

export type InstructionName = keyof typeof INSTRUCTIONS;

/** Opcodes are positions in the table; 0 ends a program. */
export const OPCODES = Object.fromEntries(
  Object.keys(INSTRUCTIONS).map((name, at) => [name, at + 1]),
) as Readonly<Record<InstructionName, number>>;

type FieldOf<N extends InstructionName> = (typeof INSTRUCTIONS)[N][number] extends infer F
  ? F extends `${infer Name}:f32`
    ? Name
    : F
  : never;

/** The words of one instruction by name. */
export type Words<N extends InstructionName> = Readonly<Record<FieldOf<N> & string, number>>;

/** One instruction, ready to be encoded. */
export type Instruction = {
  [N in InstructionName]: { readonly name: N; readonly words: Words<N> };
}[InstructionName];

/** The control block: word positions (× 4 is the address). Barrier words have a cache line each. */
export const CONTROL = {
  images: 16,
  /** 1 while the update runs, 2 once it is done: what a step that broke off must be taken back from. */
  stage: 17,
  notFinite: 18,
  learningRate: 20,
  momentum: 21,
  weightDecay: 22,
  sparsity: 23,
  proximal: 24,
  /** Share of the teacher in the loss; 0 for none. */
  teacherWeight: 25,
  teacherTemperature: 26,
  /** Address of a block of zeros as long as the widest pixel. */
  zeros: 28,
  /** Each thread's own scratch memory: the first one's address, and the bytes of each. */
  scratch: 29,
  scratchBytes: 30,
  barrierCount: 32,
  barrierPhase: 48,
} as const;

/** The first address behind the control block. */
export const CONTROL_BYTES = 256;

/** What stands in an `activation` word. */
export const ACTIVATIONS = { linear: 0, relu: 1, relu6: 2 } as const;

/** What stands in the `kind` word of a curve. */
export const CURVES = { elu: 1, leakyRelu: 2, swish: 3, tanh: 4 } as const;

/** A program's words: [opcode, length, words …] for each instruction, then 0. */
export function encode(program: readonly Instruction[]): Int32Array {
  const words: number[] = [];
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  for (const { name, words: given } of program) {
    const fields: readonly string[] = INSTRUCTIONS[name];
    words.push(OPCODES[name], fields.length + 2);
    for (const field of fields) {
      const [key = "", kind] = field.split(":");
      const value = (given as Readonly<Record<string, number>>)[key] ?? 0;
      float[0] = value;
      words.push(kind === "f32" ? (bits[0] ?? 0) : value);
    }
  }
  return Int32Array.from([...words, 0]);
}
