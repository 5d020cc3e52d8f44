/**
 * @file Broken files, one of each kind that people really meet, made in memory from seeded samples.
 * What each gets is pinned, code and sentence, in `expected.json`; a new bug report adds a line to both.
 */
import { ANY } from "./cases/any.ts";
import { TAR, ZIP } from "./cases/archives.ts";
import type { Cases } from "./cases/case.ts";
import { CIFAR, PICTURES } from "./cases/images.ts";
import { KERAS } from "./cases/keras.ts";
import { ONNX } from "./cases/onnx.ts";
import { SAFETENSORS } from "./cases/safetensors.ts";
import { TFJS } from "./cases/tfjs.ts";
import { TORCH } from "./cases/torch.ts";

/** Files that are dropped together, by `reader/case`. */
export const CASES: Cases = {
  ...ANY,
  ...TFJS,
  ...SAFETENSORS,
  ...ONNX,
  ...TORCH,
  ...KERAS,
  ...ZIP,
  ...TAR,
  ...CIFAR,
  ...PICTURES,
};
