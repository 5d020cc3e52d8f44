/**
 * @file Refusals that name what a file really is, and where to go from there.
 */
import { AppError } from "../core/index.ts";
import { baseName } from "./bytes.ts";
import type { Sniffed } from "./sniff.ts";

/** What to do about files that stand in the place of the real one. */
const HINTS: Readonly<Record<string, string>> = {
  "an HTML page": "download the file itself, not the page about it",
  "a Git LFS pointer": "run `git lfs pull` where it came from and drop the real file",
};

/** Refuses a file by what it is. */
export function refuseKind({ kind, words }: Sniffed, where: string): never {
  if (kind === "empty") throw new AppError("files/empty", { where });
  if (kind === "pickle" && /(?:data_batch|test_batch|batches\.meta)/.test(baseName(where))) {
    throw new AppError("files/python-pickle", { where });
  }
  const found = kind === "zip" ? "an archive inside an archive" : words;
  const hint = HINTS[words];
  throw new AppError("files/wrong-kind", { where, found, ...(hint === undefined ? {} : { hint }) });
}

/** A shard of weights without its model.json is not a broken image file. */
export function refuseLonelyShard(name: string, where: string): void {
  if (!/shard\d+of\d+/i.test(name)) return;
  throw new AppError("files/missing-part", {
    where,
    expected: "the model.json that this shard of weights belongs to",
    found: "the shard alone",
    hint: "drop model.json and all its .bin files together",
  });
}

/** Zip archives of other programs, told by the files that only they contain. */
const FOREIGN_ZIPS: readonly (readonly [RegExp, string])[] = [
  [/\.npy$/, "a NumPy archive (.npz)"],
  [/^\[Content_Types\]\.xml$/, "an office document"],
  [/^META-INF\/|^AndroidManifest\.xml$/, "a program"],
];

/** Refuses a zip archive that is another program's format. */
export function refuseForeignZip(paths: readonly string[], where: string): void {
  if (paths.length === 0) {
    throw new AppError("files/wrong-kind", { where, found: "an archive with nothing inside" });
  }
  for (const [pattern, found] of FOREIGN_ZIPS) {
    if (paths.some((path) => pattern.test(path))) {
      throw new AppError("files/wrong-kind", { where, found });
    }
  }
}
