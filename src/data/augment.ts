/**
 * @file Pad-and-crop with horizontal flip: the byte image is framed by `pad` black pixels, as
 * torchvision's RandomCrop does before it normalizes, and a window of the old size is cut anywhere.
 */
import { makeRandom } from "../core/index.ts";

/** What is done to a training image. */
export interface Augmentation {
  /** Pixels of frame on each side; CIFAR practice is 4, 0 means no shift. */
  readonly pad: number;
  readonly flip: boolean;
}

/** No change at all: evaluation, calibration. */
export const NO_AUGMENTATION: Augmentation = { pad: 0, flip: false };
/** Pad 4, crop, flip (He et al. 2016a, §4.2). */
export const CIFAR_AUGMENTATION: Augmentation = { pad: 4, flip: true };

/** One image's draw. */
export interface Draw {
  /** How far the window moves: −pad … pad. */
  readonly dy: number;
  readonly dx: number;
  readonly flip: boolean;
}

const AUGMENT_STREAM = 3;

/** The draw for image `index` of epoch `epoch`: a function of its name, whatever came before. */
export function drawFor(
  augmentation: Augmentation,
  seed: number,
  epoch: number,
  index: number,
): Draw {
  const { pad, flip } = augmentation;
  if (pad === 0 && !flip) return { dy: 0, dx: 0, flip: false };
  const random = makeRandom(seed, AUGMENT_STREAM, epoch, index);
  return {
    dy: random.integer(2 * pad + 1) - pad,
    dx: random.integer(2 * pad + 1) - pad,
    flip: flip && random.integer(2) === 1,
  };
}
