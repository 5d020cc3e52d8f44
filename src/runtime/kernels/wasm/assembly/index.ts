/** @file Runs a program: every thread walks over the same words and waits behind every instruction. */
import { applyAffine } from "./affine";
import { affineGradient } from "./affine-gradient";
import { affineGradientSums } from "./affine-gradient-sums";
import { affineOfRunning, finishAffineGradient, normalize, reduceSums, sums } from "./batch-norm";
import { barrier } from "./control";
import { convGemm, convGemmGradient, reduceGemmGradient } from "./conv-gemm";
import { curve, curveGradient } from "./curves";
import { depthwise, depthwiseInput, packDepthwise } from "./depthwise";
import { depthwiseGradient, reduceDepthwiseGradient } from "./depthwise-gradient";
import {
  activate,
  activateGradient,
  add,
  gather,
  gatherGradient,
  packImages,
  spreadImages,
  zero,
} from "./elementwise";
import {
  ACTIVATE,
  ACTIVATE_GRADIENT,
  ADD,
  AFFINE_GRADIENT,
  AFFINE_GRADIENT_SUMS,
  AFFINE_OF_RUNNING,
  APPLY_AFFINE,
  AVERAGE_POOL,
  AVERAGE_POOL_GRADIENT,
  CHECK_FINITE,
  CONV_GEMM,
  CONV_GEMM_GRADIENT,
  COPY,
  CROSS_ENTROPY_GRADIENT,
  CURVE,
  CURVE_GRADIENT,
  DEPTHWISE,
  DEPTHWISE_GRADIENT,
  DEPTHWISE_INPUT,
  FINISH_AFFINE_GRADIENT,
  FOLD_BATCH_NORM,
  FREEZE,
  GATHER,
  GATHER_GRADIENT,
  MAX_POOL,
  MAX_POOL_GRADIENT,
  NORMALIZE,
  PACK_DEPTHWISE,
  PACK_GEMM,
  PACK_GEMM_TRANSPOSED,
  PACK_IMAGES,
  PACK_WINOGRAD,
  PACK_WINOGRAD_TRANSPOSED,
  PAD_BIAS,
  REDUCE_DEPTHWISE_GRADIENT,
  REDUCE_GEMM_GRADIENT,
  REDUCE_SUMS,
  REDUCE_WINOGRAD_GRADIENT,
  SGD,
  SOFTMAX,
  SPREAD_IMAGES,
  SUMS,
  WINOGRAD,
  WINOGRAD_GRADIENT,
  ZERO,
} from "./instructions.generated";
import { crossEntropyGradient, softmax } from "./loss";
import { foldBatchNorm, packGemm, packGemmTransposed, padBias } from "./pack";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pool";
import { checkFinite, copy, freeze, sgd } from "./update";
import { reduceWinogradGradient, winograd, winogradGradient } from "./winograd";
import { packWinograd, packWinogradTransposed } from "./winograd-pack";

/**
 * Runs until the word 0.
 * @param program address of the words, `[opcode, length, words …]` each
 */
export function run(program: usize, thread: i32, threads: i32): void {
  for (let at = program; ;) {
    const opcode = load<i32>(at);
    if (opcode === 0) return;
    dispatch(opcode, at + 8, thread, threads);
    barrier(threads);
    at += (<usize>load<i32>(at, 4)) << 2;
  }
}

function dispatch(opcode: i32, words: usize, thread: i32, threads: i32): void {
  switch (opcode) {
    case COPY:
      return copy(words, thread, threads);
    case PACK_GEMM:
      return packGemm(words, thread, threads);
    case PACK_GEMM_TRANSPOSED:
      return packGemmTransposed(words, thread, threads);
    case FOLD_BATCH_NORM:
      return foldBatchNorm(words, thread, threads);
    case PAD_BIAS:
      return padBias(words, thread, threads);
    case CONV_GEMM:
      return convGemm(words, thread, threads);
    case CONV_GEMM_GRADIENT:
      return convGemmGradient(words, thread, threads);
    case REDUCE_GEMM_GRADIENT:
      return reduceGemmGradient(words, thread, threads);
    case PACK_WINOGRAD:
      return packWinograd(words, thread, threads);
    case PACK_WINOGRAD_TRANSPOSED:
      return packWinogradTransposed(words, thread, threads);
    case WINOGRAD:
      return winograd(words, thread, threads);
    case WINOGRAD_GRADIENT:
      return winogradGradient(words, thread, threads);
    case REDUCE_WINOGRAD_GRADIENT:
      return reduceWinogradGradient(words, thread, threads);
    case PACK_DEPTHWISE:
      return packDepthwise(words, thread, threads);
    case DEPTHWISE:
      return depthwise(words, thread, threads);
    case DEPTHWISE_INPUT:
      return depthwiseInput(words, thread, threads);
    case DEPTHWISE_GRADIENT:
      return depthwiseGradient(words, thread, threads);
    case REDUCE_DEPTHWISE_GRADIENT:
      return reduceDepthwiseGradient(words, thread, threads);
    case SUMS:
      return sums(words, thread, threads);
    case REDUCE_SUMS:
      return reduceSums(words, thread, threads);
    case NORMALIZE:
      return normalize(words, thread, threads);
    case AFFINE_OF_RUNNING:
      return affineOfRunning(words, thread, threads);
    case APPLY_AFFINE:
      return applyAffine(words, thread, threads);
    case AFFINE_GRADIENT_SUMS:
      return affineGradientSums(words, thread, threads);
    case FINISH_AFFINE_GRADIENT:
      return finishAffineGradient(words, thread, threads);
    case AFFINE_GRADIENT:
      return affineGradient(words, thread, threads);
    case ACTIVATE:
      return activate(words, thread, threads);
    case ACTIVATE_GRADIENT:
      return activateGradient(words, thread, threads);
    case CURVE:
      return curve(words, thread, threads);
    case CURVE_GRADIENT:
      return curveGradient(words, thread, threads);
    case ADD:
      return add(words, thread, threads);
    case MAX_POOL:
      return maxPool(words, thread, threads);
    case MAX_POOL_GRADIENT:
      return maxPoolGradient(words, thread, threads);
    case AVERAGE_POOL:
      return averagePool(words, thread, threads);
    case AVERAGE_POOL_GRADIENT:
      return averagePoolGradient(words, thread, threads);
    case GATHER:
      return gather(words, thread, threads);
    case GATHER_GRADIENT:
      return gatherGradient(words, thread, threads);
    case SOFTMAX:
      return softmax(words, thread, threads);
    case CROSS_ENTROPY_GRADIENT:
      return crossEntropyGradient(words, thread, threads);
    case SPREAD_IMAGES:
      return spreadImages(words, thread, threads);
    case ZERO:
      return zero(words, thread, threads);
    case PACK_IMAGES:
      return packImages(words, thread, threads);
    case SGD:
      return sgd(words, thread, threads);
    case FREEZE:
      return freeze(words, thread, threads);
    case CHECK_FINITE:
      return checkFinite(words, thread, threads);
    default:
      unreachable();
  }
}
