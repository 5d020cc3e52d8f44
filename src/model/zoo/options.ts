/** @file What every architecture can be told. */

export interface ZooOptions {
  /** Outputs; 10. */
  readonly classes: number;
  /** Factor on every inner width; input and classes do not scale. */
  readonly width: number;
  /** DenseNet: channels that each layer adds. */
  readonly growth: number;
  /** DenseNet: channels of the first convolution, before `width`; by default twice the growth. */
  readonly stem: number | undefined;
  /** VGG: units of a dense layer in front of the last one, before `width`; none by default. */
  readonly head: number | undefined;
}

/** A width under the multiplier, rounded, at least one channel. */
export function scaled(width: number, { width: factor }: ZooOptions): number {
  return Math.max(1, Math.round(width * factor));
}
