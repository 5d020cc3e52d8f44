/** @file A folder with a few synthetic CIFAR images, and the command line run inside the test. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashOf } from "../../core/index.ts";
import { cifarBytes } from "../../files/testing/samples.ts";
import type { Io } from "../io.ts";
import { run } from "../run.ts";

/** The smallest network of the zoo that has everything. */
export const TINY = "vgg11:width=0.03125";
export const TEST_IMAGES = 24;
export const TRAINING_IMAGES = 80;

/** What one command line did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface World {
  readonly folder: string;
  /** A path in the folder. */
  readonly at: (name: string) => string;
  /** Runs a command line. */
  readonly espalier: (...argv: string[]) => Promise<Outcome>;
  /** Runs one with `--json` that must succeed, and reads its answer. */
  readonly json: (...argv: string[]) => Promise<unknown>;
  /**
   * The next run is asked to stop: at once, when it has written a line, or when it has looked at the
   * clock so often; progress does so once where it begins, and then at every bit.
   */
  interrupt: "never" | "at once" | "after a line" | { readonly looks: number };
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly remove: () => void;
}

/** Makes the folder: `data/` with the shards, nothing else. */
export function makeWorld(): World {
  const folder = mkdtempSync(join(tmpdir(), "espalier-cli-"));
  const at = (name: string): string => join(folder, name);
  mkdirSync(at("data/cifar-10"), { recursive: true });
  writeFileSync(at("data/cifar-10/test_batch.bin"), cifarBytes(TEST_IMAGES, 1));
  writeFileSync(at("data/cifar-10/data_batch_1.bin"), cifarBytes(TRAINING_IMAGES / 2, 2));
  writeFileSync(at("data/cifar-10/data_batch_2.bin"), cifarBytes(TRAINING_IMAGES / 2, 3));
  const world: World = {
    folder,
    at,
    interrupt: "never",
    espalier: async (...argv) => {
      const outcome = { out: "", err: "" };
      let looks = 0;
      let hear = (): void => undefined;
      const io: Io = {
        out: (text) => {
          outcome.out += text;
          if (world.interrupt === "after a line") hear();
        },
        err: (text) => {
          outcome.err += text;
        },
        isTerminal: false,
        projectFolder: folder,
        now: () => {
          looks += 1;
          if (typeof world.interrupt === "object" && looks === world.interrupt.looks) hear();
          // A millisecond a look: nobody is told of progress, however slow the machine is.
          return looks;
        },
        onInterrupt: (hears) => {
          hear = hears;
          if (world.interrupt === "at once") setImmediate(hears);
          return () => undefined;
        },
      };
      const code = await run(argv, io);
      return { code, ...outcome };
    },
    json: async (...argv) => {
      const { code, out, err } = await world.espalier(...argv, "--json");
      if (code !== 0) throw new Error(err);
      return JSON.parse(out) as unknown;
    },
    write: (name, content) => {
      writeFileSync(at(name), content);
      return at(name);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return world;
}

/** A command line in one piece, for arguments without spaces. */
export function words(line: string): string[] {
  return line.split(" ");
}

/** Names and hashes of the files in a folder; of folders in it nothing. */
export function hashesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted();
  return Object.fromEntries(
    names.map((name) => [name, hashOf([readFileSync(join(folder, name))])]),
  );
}
