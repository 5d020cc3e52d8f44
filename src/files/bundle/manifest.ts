/**
 * @file `bundle.json`: what tells a bundle from any other archive, which of its files are the network,
 * and the SHA-256 of every file.
 */
import * as v from "valibot";
import { AppError } from "../../core/index.ts";
import { at } from "../bytes.ts";
import { checkJson } from "../json.ts";
import { LIMITS } from "../limits.ts";

export const MANIFEST = "bundle.json";

/** The part of the format's name that stays, and the version that this file writes. */
const FORMAT = "espalier-bundle/";
const VERSION = `${FORMAT}1`;

const path = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.nameLength));

const schema = v.object({
  format: v.literal(VERSION),
  name: v.string(),
  network: v.object({
    format: v.picklist(["tfjs", "safetensors"]),
    /** Its main file; one of `files`, as are the shards that it names. */
    file: path,
  }),
  files: v.pipe(
    v.array(
      v.object({
        name: path,
        bytes: v.pipe(v.number(), v.safeInteger()),
        sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      }),
    ),
    v.maxLength(LIMITS.zipEntries),
  ),
});

export type Manifest = v.InferOutput<typeof schema>;

/** A manifest of this version. */
export function makeManifest(parts: Omit<Manifest, "format">): Manifest {
  return { format: VERSION, ...parts };
}

/** True for JSON that says it is a bundle's manifest, of whichever version. */
export function isManifest(json: unknown): boolean {
  if (typeof json !== "object" || json === null || !("format" in json)) return false;
  return typeof json.format === "string" && json.format.startsWith(FORMAT);
}

/**
 * Checks a manifest.
 * @throws files/unsupported for a newer version, files/bad-field
 */
export function readManifest(json: unknown, where: string): Manifest {
  const { format } = json as { readonly format: string };
  if (format !== VERSION) {
    throw new AppError("files/unsupported", {
      where: at(where, "format"),
      expected: VERSION,
      found: format,
      hint: "open it with a newer Espalier",
    });
  }
  return checkJson(schema, json, where);
}
