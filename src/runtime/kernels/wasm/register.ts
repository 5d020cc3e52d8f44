/**
 * @file Puts kernels where TensorFlow.js' wasm backend lacks them, so that plain TensorFlow.js code
 * trains on it: those composed of the backend's own, which always work, and over them the fast ones
 * of `tfjs/` where their builds load.
 */
import { registerComposedKernels } from "./composed/register.ts";
import {
  registerTrainingKernels,
  unregisterTrainingKernels,
  type KernelBinaries,
} from "./tfjs/index.ts";

/**
 * Idempotent; the wasm backend must be current.
 * @param binaries — where the fast kernels come from; without them the composed ones stay
 * @returns why the fast ones are not in use; empty when they are
 */
export async function registerWasmTrainingKernels(binaries?: KernelBinaries): Promise<string> {
  unregisterTrainingKernels();
  registerComposedKernels();
  if (binaries === undefined) return "no builds of them were given";
  return (await registerTrainingKernels(binaries)).note;
}
