/**
 * @file Sensitivity curves on the disk: the answer of `sensitivity`, which a measurement that was stopped
 * goes on from, and which `prune --curves` cuts by. What they are of stands in them. Where that does not
 * fit, they are curves of other channels, and are refused.
 */
import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import * as v from "valibot";
import { known } from "../core/index.ts";
import type { Curves, PruneOptions } from "../prune/index.ts";
import { readCurves } from "../recipe/index.ts";
import { replaceFile } from "./output.ts";
import { readJson } from "./recipe-file.ts";
import { badArgument, systemReason } from "./refusal.ts";
import { differenceOf, type Identity } from "./same-run.ts";

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const intervalSchema = v.tuple([share, share]);
const measuredSchema = v.pipe(
  v.object({
    base: share,
    baseInterval: intervalSchema,
    count: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    ratios: v.array(share),
    groups: v.array(
      v.object({ name: v.string(), accuracy: v.array(share), interval: v.array(intervalSchema) }),
    ),
    of: v.record(v.string(), v.unknown()),
  }),
  v.check(({ ratios, groups }) =>
    groups.every(
      ({ accuracy, interval }) =>
        accuracy.length === interval.length && accuracy.length <= ratios.length,
    ),
  ),
);

/** A 95 % interval of an accuracy. */
type Interval = readonly [low: number, high: number];

/** Curves with how sure they are and what they are of; while they are measured, as far as they go. */
export interface MeasuredCurves {
  readonly base: number;
  readonly baseInterval: Interval;
  /** How many images each accuracy is of. */
  readonly count: number;
  readonly ratios: readonly number[];
  readonly groups: readonly MeasuredCurve[];
  readonly of: Identity;
}

interface MeasuredCurve {
  readonly name: string;
  /** One for each ratio, from the first. */
  readonly accuracy: readonly number[];
  readonly interval: readonly Interval[];
}

/** The part of it by which a plan can go by them, or not. */
const subjectSchema = v.object({
  of: v.object({
    network: v.object({ name: v.string(), fingerprint: v.string() }),
    criterion: v.string(),
    options: v.record(v.string(), v.unknown()),
  }),
});

/** What curves were measured on, or what is to be cut by them. */
interface CurvesSubject {
  /** Before selections were put in. */
  readonly network: { readonly name: string; readonly fingerprint: string };
  /** With its options. */
  readonly criterion: string;
  readonly options: PruneOptions;
}

/** A file of curves that `--curves` names. */
export interface CurvesFile {
  readonly path: string;
  readonly curves: Curves;
  /** All that stands in it. */
  readonly json: unknown;
}

/** What curves are of, as it is written down: with the options that decide which channels go. */
export function describeSubject({ network, criterion, options }: CurvesSubject) {
  return { network, criterion, options: { ...decisive(options), locked: locksOf(options) } };
}

/** The options by which the channels of a layer go at a ratio, the usual ones said too. */
function decisive({ streams, decider, minimumShare, rounding }: PruneOptions): Identity {
  const isPruned = streams === "prune";
  const { to, how = "nearest" } = rounding ?? { to: 1 };
  return {
    streams: streams ?? "keep",
    ...(isPruned ? { decider: decider ?? "closure" } : {}),
    minimumShare: minimumShare ?? 0,
    rounding: to === 1 ? { to } : { to, how },
  };
}

const locksOf = ({ locked = [] }: PruneOptions): string[] => [...new Set(locked)].toSorted();

/** How many points there are, and how many there will be. */
export function pointsOf({ ratios, groups }: Pick<MeasuredCurves, "ratios" | "groups">) {
  const done = groups.reduce((sum, { accuracy }) => sum + accuracy.length, 0);
  return { done, total: ratios.length * groups.length };
}

/**
 * Curves to cut by.
 * @throws files/*, recipe/bad-field, cli/bad-argument when they were not measured to their end
 */
export async function readCurvesFile(path: string): Promise<CurvesFile> {
  const json = await readJson(path);
  const measured = v.safeParse(measuredSchema, json);
  if (measured.success) {
    const { done, total } = pointsOf(measured.output);
    if (done < total) {
      throw badArgument(path, {
        expected: "curves that were measured to their end",
        found: `${done} of ${total} points`,
        hint: "go on with `sensitivity` as it was, and --resume",
      });
    }
  }
  return { path, curves: readCurves(json, path), json };
}

/**
 * Refuses curves of another network, criterion or set of options than those by which is cut. Curves that do
 * not say what they are of are taken at their word.
 * @throws cli/bad-argument naming the first thing that differs
 */
export function checkCurves({ path, json }: CurvesFile, now: CurvesSubject): void {
  const parsed = v.safeParse(subjectSchema, json);
  if (!parsed.success) return;
  const { network, criterion, options } = parsed.output.of;
  if (network.fingerprint !== now.network.fingerprint) {
    throw badArgument(path, {
      expected: `curves of this network, ${now.network.name}`,
      found: `curves of another one, ${network.name}`,
      hint: "measure them on this one with `sensitivity`",
    });
  }
  const { locked, ...others } = options;
  const then = { criterion, options: others };
  const wanted = { criterion: now.criterion, options: decisive(now.options) };
  const difference = differenceOf(then, wanted);
  if (difference !== undefined) {
    throw badArgument(`${path} › ${difference.place}`, {
      expected: `${difference.now}, as channels go here`,
      found: difference.before,
      hint: "measure curves with these options, or prune with those of the curves",
    });
  }
  checkLocks(path, locked, locksOf(now.options));
}

/** What was locked has no curve and would stay whole unasked; what is locked now needs none. */
function checkLocks(path: string, then: unknown, now: readonly string[]): void {
  const locked = v.safeParse(v.array(v.string()), then);
  const left = locked.success ? locked.output.find((name) => !now.includes(name)) : undefined;
  if (left === undefined) return;
  throw badArgument(`${path} › options › locked`, {
    expected: `curves of every layer that is cut, ${left} too`,
    found: `${left} locked`,
    hint: "lock it here too, or measure curves without that lock",
  });
}

/**
 * Curves that a measurement may go on from, or write over.
 * @returns nothing when there is no such file
 * @throws cli/bad-argument when it is something else
 */
export async function readMeasured(path: string): Promise<MeasuredCurves | undefined> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const json = await readJson(path).catch(() => undefined);
  const parsed = v.safeParse(measuredSchema, json);
  if (parsed.success) return parsed.output;
  throw badArgument(path, {
    expected: "a new file, or curves of `sensitivity`",
    found: "another file",
    hint: "name another file with -o",
  });
}

/**
 * Makes the folder, and refuses early what would be refused when hours are over.
 * @throws cli/bad-argument
 */
export async function prepareFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw badArgument(path, {
      expected: "a place that can be written to",
      found: systemReason(error),
      hint: "name another file with -o",
    });
  }
}

/** @throws cli/bad-argument when the disk refuses */
export async function writeMeasured(path: string, curves: MeasuredCurves): Promise<void> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(curves)}\n`);
  await replaceFile(path, bytes).catch((error: unknown) => {
    throw badArgument(path, {
      expected: "a place for the curves",
      found: systemReason(error),
      hint: "make room there and go on with --resume",
    });
  });
}

/** What of each curve is there already, as the engine takes it. */
export function measuredRatios({
  ratios,
  groups,
}: Pick<MeasuredCurves, "ratios" | "groups">): ReadonlyMap<string, readonly number[]> {
  return new Map(
    groups.map(({ name, accuracy }) => [name, accuracy.map((_, i) => known(ratios[i], "ratio"))]),
  );
}
