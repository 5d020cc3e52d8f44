/** @file What a command is: a line of help, what it takes, and what it does. */
import type { Args, OptionSpecs, Usage } from "./args.ts";
import { visible, type Io } from "./io.ts";

export interface Command extends Usage {
  readonly name: string;
  /** One line of help, without a full stop. */
  readonly summary: string;
  /** Further lines of help. */
  readonly notes?: readonly string[];
  /**
   * Does it.
   * @returns the exit code, 0 by default
   * @throws AppError, which becomes one line on standard error and exit code 1
   */
  run(args: Args, io: Io): Promise<number | undefined>;
}

/** Flags that every command has. */
export const COMMON: OptionSpecs = {
  json: { help: "answer in JSON on standard output" },
  help: { short: "h", help: "show this" },
};

/** What a file may leave open. */
export const FILE_OPTIONS: OptionSpecs = {
  run: { value: "N", help: "which network of a project; the one that was on the page" },
  reading: { value: "NAME", help: "which network, when weights alone fit several; the usual one" },
  size: { value: "HxW", help: "size of the images, such as 32x32, when the file leaves it open" },
};

/** Flags of commands that take a MODEL. */
export const MODEL_OPTIONS: OptionSpecs = {
  ...FILE_OPTIONS,
  seed: { value: "N", help: "seed of fresh weights, when MODEL is an architecture's name; 1" },
};

/** Flags of commands that run a network. */
export const BACKEND_OPTIONS: OptionSpecs = {
  backend: { value: "NAME", help: "wasm or cpu; wasm" },
  threads: { value: "N", help: "threads of the wasm backend; one a core, at most 8" },
};

/** How pixels become numbers. */
export const NORMALIZE_OPTIONS: OptionSpecs = {
  normalize: { value: "M,M,M/S,S,S", help: "mean and deviation of pixels in 0…1, by channel" },
};

/** Flags of commands that run a network on images. */
export const RUN_OPTIONS: OptionSpecs = {
  data: { value: "DIR", help: "folder of the CIFAR-10 binary shards; data/cifar-10" },
  batch: { value: "B", help: "images run at once; 64, or fewer where memory is short" },
  ...NORMALIZE_OPTIONS,
  ...BACKEND_OPTIONS,
};

/** Flags of commands that score channels. */
export const SCORE_OPTIONS: OptionSpecs = {
  criterion: { value: "NAME", help: "who scores, see `score --help`; bn-scale" },
  images: { value: "test|training", help: "which images criteria look at that do" },
  steps: { value: "K", help: "in how many batches; 1" },
  streams: {
    value: "NAME",
    help: "residual streams: keep, select (cut at readers) or prune; keep",
  },
};

/** Flags of commands that run a network only where a criterion asks for it. */
export const LOOK_OPTIONS: OptionSpecs = {
  ...RUN_OPTIONS,
  batch: { value: "B", help: "images of a batch that criteria look at; 64" },
};

/** Answers in JSON when it was asked for, in lines for a person otherwise. */
export function answer(io: Io, args: Args, json: unknown, lines: () => readonly string[]): void {
  const text = args.has("json") ? JSON.stringify(json) : lines().map(visible).join("\n");
  io.out(`${text}\n`);
}
