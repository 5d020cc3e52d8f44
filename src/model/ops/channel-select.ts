/**
 * @file Channel selection: output channel i is input channel `indices[i]`, or zero where that is −1.
 * Network Slimming puts one behind a batch norm so that a reader can be pruned without its writers
 * (Liu et al. 2017, §3); zero channels widen a shortcut without parameters (He et al. 2016, option A).
 * It opens an axis of its own.
 *
 * Example: 4 channels, indices [0, 2] → channels 0 and 2. When the writer then loses channel 0, the
 * indices become [−1, 1]: what was channel 2 is now channel 1, and channel 0 reads as zero, exactly
 * as in the masked network.
 */
import { channelsOf, showShape } from "../../core/index.ts";
import type { OpDefinition } from "../op.ts";

export interface ChannelSelect {
  readonly kind: "channelSelect";
  /** Into the input's channels; −1 gives a channel of zeros. */
  readonly indices: readonly number[];
}

export const channelSelect: OpDefinition<ChannelSelect> = {
  kind: "channelSelect",
  arity: [1, 1],
  check({ indices }) {
    const bad = indices.find((index) => !Number.isSafeInteger(index) || index < -1);
    if (indices.length === 0) {
      return { field: "indices", expected: "at least one index", found: "none" };
    }
    return bad === undefined
      ? undefined
      : { field: "indices", expected: "integers from −1", found: String(bad) };
  },
  inferShape(op, [input = []]) {
    const channels = channelsOf(input);
    const bad = op.indices.find((index) => index >= channels);
    if (input.length !== 1 && input.length !== 3) {
      return { field: "input", expected: "[h,w,c] or [features]", found: showShape(input) };
    }
    return bad === undefined
      ? [...input.slice(0, -1), op.indices.length]
      : { field: "indices", expected: `below ${channels}`, found: String(bad) };
  },
  weights: () => ({}),
  macs: () => 0,
  coupling: () => ({ kind: "opens", groups: 1 }),
  cut(op, [input = []], [kept], output) {
    const place = new Int32Array(channelsOf(input)).fill(-1);
    kept?.forEach((channel, position) => {
      place[channel] = position;
    });
    return { ...op, indices: Array.from(output, (i) => place[op.indices[i] ?? -1] ?? -1) };
  },
};

/** True when the selection changes nothing about an input of that many channels. */
export function isIdentitySelection(op: ChannelSelect, channels: number): boolean {
  return op.indices.length === channels && op.indices.every((index, i) => index === i);
}
