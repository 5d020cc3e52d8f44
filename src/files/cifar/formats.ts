/** @file The binary versions of CIFAR-10 and CIFAR-100 (Krizhevsky 2009): how a record begins, and names. */
import { CIFAR100_CLASSES, CIFAR10_CLASSES } from "../../data/index.ts";
import { CIFAR100_RECORD, CIFAR10_RECORD, sniff } from "../sniff.ts";

export interface CifarFormat {
  readonly name: "CIFAR-10" | "CIFAR-100";
  /** Bytes of a record: labels, then 32 × 32 red, green and blue pixels. */
  readonly record: number;
  /** How a record is spoken of. */
  readonly words: string;
  /** Which byte of a record is the label; CIFAR-100 has the coarse one before it. */
  readonly labelAt: number;
  readonly pixelsAt: number;
  readonly classes: readonly string[];
  /** The shards of the official sets, in order, without `.bin`. */
  readonly official: { readonly training: readonly string[]; readonly test: readonly string[] };
}

export const CIFAR10: CifarFormat = {
  name: "CIFAR-10",
  record: CIFAR10_RECORD,
  words: "one label and 32 × 32 × 3 pixels an image",
  labelAt: 0,
  pixelsAt: 1,
  classes: CIFAR10_CLASSES,
  official: { training: [1, 2, 3, 4, 5].map((k) => `data_batch_${k}`), test: ["test_batch"] },
};

export const CIFAR100: CifarFormat = {
  name: "CIFAR-100",
  record: CIFAR100_RECORD,
  words: "two labels and 32 × 32 × 3 pixels an image",
  labelAt: 1,
  pixelsAt: 2,
  classes: CIFAR100_CLASSES,
  official: { training: ["train"], test: ["test"] },
};

/** Names that only the official archives give. */
const NAMES: readonly (readonly [RegExp, CifarFormat])[] = [
  [/^(?:data_batch_\d{1,3}|test_batch)\.bin$/i, CIFAR10],
  [/^(?:train|test)\.bin$/i, CIFAR100],
];

/** Which of the two a shard is, by its bytes; a damaged one by its name. */
export function formatOf(name: string, bytes: Uint8Array): CifarFormat {
  const { kind } = sniff(bytes, bytes.length);
  if (kind === "cifar10") return CIFAR10;
  if (kind === "cifar100") return CIFAR100;
  const named = NAMES.find(([pattern]) => pattern.test(name));
  if (named !== undefined) return named[1];
  return bytes.length % CIFAR10_RECORD !== 0 && bytes.length % CIFAR100_RECORD === 0
    ? CIFAR100
    : CIFAR10;
}
