/**
 * @file The outline of `project.json`: what tells a project from any other archive, and of each run which
 * network it is. All the rest of it is for the room that knows what it means (`storage/`).
 */
import * as v from "valibot";
import { AppError } from "../../core/index.ts";
import { checkJson } from "../json.ts";
import { LIMITS } from "../limits.ts";

export const PROJECT = "project.json";

/** The part of the format's name that stays. */
const FAMILY = "espalier-project/";
/** The versions that are read, the newest last. The second came with the courses of trainings, and layers by hand. */
export const PROJECT_FORMATS = [`${FAMILY}1`, `${FAMILY}2`] as const;

/** A network's fingerprint. */
export const keySchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const outlineSchema = v.looseObject({
  runs: v.pipe(
    v.array(
      v.looseObject({
        network: keySchema,
        /** Names and metadata are no part of a fingerprint, so each run says its own. */
        name: v.pipe(v.string(), v.maxLength(LIMITS.nameLength)),
        metadata: v.unknown(),
      }),
    ),
    v.minLength(1),
    v.maxLength(LIMITS.runs),
  ),
});

/** The first version was 1, so every other one is a later one. */
const versioned = v.pipe(
  v.string(),
  v.check((text) => /^espalier-project\/[1-9]\d{0,8}$/.test(text)),
);

/** What a project says of its networks. */
export interface ProjectOutline {
  readonly runs: readonly {
    readonly network: string;
    readonly name: string;
    readonly metadata: unknown;
  }[];
}

/** Where the weights and the graph of a network lie in the archive. */
export function networkPath(key: string): string {
  return `networks/${key}.safetensors`;
}

/** True for JSON that says it is a project, of whichever version. */
export function isProject(json: unknown): boolean {
  if (typeof json !== "object" || json === null || !("format" in json)) return false;
  return typeof json.format === "string" && json.format.startsWith(FAMILY);
}

/**
 * Checks an outline.
 * @throws project/newer, files/bad-field
 */
export function readOutline(json: unknown, where: string): ProjectOutline {
  const { format } = checkJson(v.looseObject({ format: versioned }), json, where);
  if (!PROJECT_FORMATS.some((one) => one === format)) {
    const expected = PROJECT_FORMATS.join(", ");
    throw new AppError("project/newer", { where, expected, found: format });
  }
  return checkJson(outlineSchema, json, where);
}
