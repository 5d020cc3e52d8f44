/**
 * @file Where an experiment stands, on the disk: which run it is, and what each stage that is over came
 * to. The networks lie beside it; a stage is over once it stands here.
 */
import { join } from "node:path";
import * as v from "valibot";
import { AppError } from "../../core/index.ts";
import { readPart } from "../open-model.ts";
import { replaceFile, type Output } from "../output.ts";
import { badArgument, systemReason } from "../refusal.ts";
import type { Identity } from "../same-run.ts";

const FORMAT = "espalier-run/1";

const cost = { parameters: v.number(), macs: v.number() };
const stageSchema = v.looseObject({
  stage: v.string(),
  ...cost,
  /** Accuracy on the held-back images. */
  validation: v.nullable(v.number()),
});
const recordSchema = v.strictObject({
  format: v.literal(FORMAT),
  run: v.record(v.string(), v.unknown()),
  stages: v.array(stageSchema),
});

/** A stage that is over. */
export type StageFigures = v.InferOutput<typeof stageSchema>;

export interface RunRecord {
  /** What makes the run what it is: recipe, start, data, backend. */
  readonly run: Identity;
  /** In order. */
  readonly stages: readonly StageFigures[];
}

/** The record's place. */
export function recordPath({ folder }: Output): string {
  return join(folder, "run.json");
}

/**
 * Reads a record.
 * @throws files/wrong-kind when the file is something else
 */
export async function readRecord(path: string): Promise<RunRecord> {
  const text = new TextDecoder().decode(await readPart(path));
  const parsed = v.safeParse(recordSchema, asJson(text));
  if (parsed.success) return { run: parsed.output.run, stages: parsed.output.stages };
  throw new AppError("files/wrong-kind", {
    where: path,
    expected: "the record of a run",
    found: "another file",
    hint: "remove it, or name another folder with -o",
  });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** @throws cli/bad-argument when the disk refuses */
export async function writeRecord(path: string, record: RunRecord): Promise<void> {
  const text = `${JSON.stringify({ format: FORMAT, ...record }, null, 1)}\n`;
  await replaceFile(path, new TextEncoder().encode(text)).catch((error: unknown) => {
    throw badArgument(path, {
      expected: "a place for the run's record",
      found: systemReason(error),
      hint: "make room there and go on with --resume",
    });
  });
}
