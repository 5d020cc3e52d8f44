/**
 * @file Channel selections in a state dict. Network Slimming stores a mask over the channels,
 * `select.indexes`; whatever no mask can say, such as an order or a channel of zeros, stands beside it
 * in a list of our own, `select.indices`. The widening of a shortcut by zero channels (He et al. 2016,
 * option A) is usually not stored at all: PyTorch has it in code.
 */
import type { ChannelSelect } from "../../model/index.ts";
import type { TorchTensor } from "../torch/state-dict.ts";

/** A selection as a tensor, with the end of its name. */
export interface SelectionTensor {
  readonly suffix: "indexes" | "indices";
  readonly tensor: TorchTensor;
}

/** Zeros half before and half after: what a shortcut gets where its width doubles. */
export function widening(channels: number): readonly number[] {
  const before = Math.floor(channels / 2);
  return Array.from({ length: 2 * channels }, (_, i) => {
    const source = i - before;
    return source >= 0 && source < channels ? source : -1;
  });
}

/** Zeros behind: what other codes pad with. */
export function wideningBehind(channels: number): readonly number[] {
  return Array.from({ length: 2 * channels }, (_, i) => (i < channels ? i : -1));
}

/**
 * The tensor by which a state dict says a selection.
 * @param channels — of what it selects from
 * @returns nothing for the usual {@link widening}
 */
export function selectionTensor(
  { indices }: ChannelSelect,
  channels: number,
): SelectionTensor | undefined {
  const ascending = indices.every((index, i) => index > (i === 0 ? -1 : (indices[i - 1] ?? -1)));
  if (ascending) {
    const values = new Float32Array(channels);
    for (const index of indices) values[index] = 1;
    return { suffix: "indexes", tensor: { shape: [channels], values, dtype: "float32" } };
  }
  const usual = widening(channels);
  if (indices.length === usual.length && indices.every((index, i) => index === usual[i])) {
    return undefined;
  }
  const values = Float32Array.from(indices);
  return { suffix: "indices", tensor: { shape: [values.length], values, dtype: "int64" } };
}
