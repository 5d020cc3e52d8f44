/**
 * @file What criteria are told of images, as plain values that can be posted and kept. Measuring is
 * done by `analyze/`, which alone may run a network; the sums behind it are here, so that a criterion's
 * arithmetic stands in one room.
 */
import { invariant } from "../../core/index.ts";
import type { NodeName, Tensor, TensorName } from "../../model/index.ts";

/** By channel, over all images and all places of the map. */
export interface ActivationFigures {
  /** Share of exact zeros, in 0…1. */
  readonly zeros: Float64Array;
  readonly mean: Float64Array;
}

/** By output channel of a kernel, with w its weights and g the loss's gradient; means over the steps. */
export interface KernelFigures {
  /** Σ|w·g| */
  readonly absolute: Float64Array;
  /** Σ(w·g)² */
  readonly squared: Float64Array;
  /** |Σ w·g| */
  readonly multivariable: Float64Array;
  /** (Σ w·g)² */
  readonly multivariableSquared: Float64Array;
}

/** What activations let through. */
export interface ActivationEvidence {
  readonly kind: "activations";
  readonly byNode: ReadonlyMap<NodeName, ActivationFigures>;
}

/** What the loss's gradient says of weights. */
export interface GradientEvidence {
  readonly kind: "gradients";
  readonly byKernel: ReadonlyMap<TensorName, KernelFigures>;
  /** By batch norm: (γ·∂L/∂γ + β·∂L/∂β)², the mean over the steps. */
  readonly byNorm: ReadonlyMap<NodeName, Float64Array>;
}

/** What the loss's gradient says of activations. */
export interface ResponseEvidence {
  readonly kind: "responses";
  /** By activation and channel: the mean over images of |mean over places of a·∂L/∂a|. */
  readonly byNode: ReadonlyMap<NodeName, Float64Array>;
}

/** How far filters lie apart: found without images, but faster by those who have kernels for it. */
export interface DistanceEvidence {
  readonly kind: "distances";
  /** By kernel and output channel: the sum of the distances to all others. */
  readonly byKernel: ReadonlyMap<TensorName, Float64Array>;
}

export type Evidence = ActivationEvidence | GradientEvidence | ResponseEvidence | DistanceEvidence;

/** What can only be had by running a network on images. */
export type EvidenceKind = Exclude<Evidence["kind"], "distances">;

/** The evidence of that kind, which `scoreChannels` has made sure of. */
export function evidenceOf<K extends EvidenceKind>(
  evidence: Evidence | undefined,
  kind: K,
): Extract<Evidence, { readonly kind: K }> {
  invariant(evidence?.kind === kind, `evidence of ${kind} was expected`);
  return evidence as Extract<Evidence, { readonly kind: K }>;
}

/** A tensor's values as so many rows of one value a channel: its last axis is the channels'. */
export function rowsOf({ shape, values }: Tensor): {
  readonly rows: number;
  readonly width: number;
} {
  const width = shape.at(-1) ?? 1;
  return { rows: values.length / width, width };
}
