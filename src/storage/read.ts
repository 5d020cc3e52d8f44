/**
 * @file A project's document, believed only when all of it agrees: runs follow those that they were made
 * from, what was measured is of networks that are there, and every number is one. A document that passes
 * here can be put on the page without another look.
 */
import { AppError } from "../core/index.ts";
import { checkJson, checkPlaces, readOutline } from "../files/index.ts";
import { readCriterion } from "../prune/index.ts";
import { checkSettings, type TrainSettings } from "../train/index.ts";
import { projectSchema, type ProjectDocument, type ProjectRun } from "./schema.ts";

/**
 * Checks a document.
 * @param where — its place, for messages
 * @throws project/newer, files/bad-field, prune/unknown-criterion, train/bad-setting
 */
export function readDocument(json: unknown, where: string): ProjectDocument {
  readOutline(json, where);
  checkFinite(json, where);
  const document = checkJson(projectSchema, json, where);
  checkRuns(document, where);
  readCriterion(document.method.criterion, at(where, "method", "criterion"));
  const keys = new Set(document.runs.map(({ network }) => network));
  checkAccuracies(document, keys, where);
  checkCurves(document, keys, where);
  const { latencies } = document;
  checkPositions(latencies?.measured ?? [], keys, at(where, "latencies", "measured"));
  return document;
}

function at(...places: readonly (string | number)[]): string {
  return places.join(" › ");
}

function refuse(where: string, expected: string, found: string): never {
  const hint = "save the project again where it was made";
  throw new AppError("files/bad-field", { where, expected, found, hint });
}

/** JSON can say 1e999. Metadata is checked where networks are read. */
function checkFinite(value: unknown, where: string): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    refuse(where, "a finite number", "one that is not");
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (key !== "metadata") checkFinite(part, at(where, key));
  }
}

/** Each run comes behind the one that it was made from, so that no lineage can be a circle. */
function checkRuns({ runs, shown }: ProjectDocument, where: string): void {
  const before = new Map<number, ProjectRun>();
  for (const [i, run] of runs.entries()) {
    const { id, parent, against, making } = run;
    const place = at(where, "runs", i);
    if (before.has(id)) refuse(at(place, "id"), "every number once", `${id} again`);
    if ((parent === null) !== (making.kind === "loaded")) {
      refuse(at(place, "parent"), "a parent, or a network that was opened", "neither or both");
    }
    if (parent !== null && !before.has(parent)) {
      refuse(at(place, "parent"), "a run before this one", `run ${parent}`);
    }
    if (against !== id && before.get(against)?.against !== against) {
      refuse(at(place, "against"), "itself, or a baseline before it", `run ${against}`);
    }
    before.set(id, run);
    checkMaking(run, at(place, "making"));
    checkCourse(run, at(place, "course"));
  }
  if (!before.has(shown)) refuse(at(where, "shown"), "one of the runs", `run ${shown}`);
}

function checkMaking({ making }: ProjectRun, where: string): void {
  if (making.kind === "loaded") return;
  if (making.kind === "pruned") {
    const { criterion, groups } = making.plan;
    readCriterion(criterion, at(where, "plan", "criterion"));
    for (const { name, of, kept } of groups) checkPlaces(kept, of, at(where, "plan", name));
    return;
  }
  const { settings, validation } = making.trained;
  checkTold(settings, at(where, "trained"));
  if (validation !== null) checkEvaluation(validation, at(where, "trained", "validation"));
}

/** Steps that never fall, and as many entries in each column. */
function checkCourse({ making, course }: ProjectRun, where: string): void {
  if (course === undefined) return;
  if (!("trained" in making)) refuse(where, "none without a training", "one");
  const { low, high, ...ridge } = course.ridge;
  if (!(low < high)) refuse(at(where, "ridge", "high"), `more than ${low}`, String(high));
  for (const [name, { steps, ...columns }] of Object.entries({ ...course, ridge })) {
    const place = at(where, name);
    for (const [column, { length }] of Object.entries<readonly unknown[]>(columns)) {
      if (length !== steps.length) refuse(at(place, column), String(steps.length), String(length));
    }
    if (steps.some((step, i) => step < (steps[i - 1] ?? 0))) {
      refuse(at(place, "steps"), "rising steps", "others");
    }
  }
}

/** Checks what a training was told. @throws files/bad-field */
export function checkTold(settings: TrainSettings, where: string): void {
  try {
    checkSettings(settings);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    refuse(at(where, error.where), error.expected ?? "another value", error.found ?? "this one");
  }
}

function checkEvaluation({ count, correct, accuracy, interval }: Evaluated, where: string): void {
  if (correct > count) refuse(at(where, "correct"), `at most ${count}`, String(correct));
  if (Math.abs(accuracy - correct / count) > 1e-6) {
    refuse(at(where, "accuracy"), String(correct / count), String(accuracy));
  }
  if (!(interval[0] <= accuracy && accuracy <= interval[1])) {
    refuse(at(where, "interval"), "the accuracy inside", interval.join(" to "));
  }
}

type Evaluated = Omit<ProjectDocument["accuracies"][number]["samples"][number], "milliseconds">;

function checkAccuracies(
  { accuracies, images }: ProjectDocument,
  keys: ReadonlySet<string>,
  where: string,
): void {
  const place = at(where, "accuracies");
  if (images === null && accuracies.length > 0) refuse(place, "none without images", "some");
  checkPositions(accuracies, keys, place);
  for (const [i, { samples }] of accuracies.entries()) {
    let last = 0;
    for (const [j, sample] of samples.entries()) {
      const here = at(place, i, "samples", j);
      checkEvaluation(sample, here);
      if (sample.count <= last) refuse(at(here, "count"), `more than ${last}`, `${sample.count}`);
      last = sample.count;
    }
  }
}

interface Position {
  readonly network: string;
  readonly method: string | null;
  readonly ratio: number;
}

/** Positions of networks that are there, each once. */
function checkPositions(
  positions: readonly Position[],
  keys: ReadonlySet<string>,
  where: string,
): void {
  const seen = new Set<string>();
  for (const [i, { network, method, ratio }] of positions.entries()) {
    const place = at(where, i);
    checkKey(network, keys, place);
    // Layers that were set by hand are cut at ratio 0, too.
    const isCutAtZero = method?.endsWith("}]") === true;
    if ((method === null || (ratio === 0 && !isCutAtZero)) !== (method === null && ratio === 0)) {
      refuse(at(place, "method"), "a method, or ratio 0", "neither or both");
    }
    if (ratio === 1) refuse(at(place, "ratio"), "less than 1", "1");
    if (method !== null) checkText(method, METHOD_PARTS, at(place, "method"));
    const name = JSON.stringify([network, method, ratio]);
    if (seen.has(name)) refuse(place, "every position once", "one again");
    seen.add(name);
  }
}

function checkKey(network: string, keys: ReadonlySet<string>, where: string): void {
  if (!keys.has(network)) {
    refuse(at(where, "network"), "the network of a run", network.slice(0, 8));
  }
}

/**
 * Criterion, options, allocation, what becomes of dead channels, and what was set by hand where anything was;
 * curves depend on the first two.
 */
const METHOD_PARTS = [4, 5];
const CURVE_PARTS = [2];

/** What was measured is filed by text, so a text must be one that a method has. */
function checkText(text: string, parts: readonly number[], where: string): void {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const isOne = Array.isArray(json) && parts.includes(json.length) && JSON.stringify(json) === text;
  if (!isOne) refuse(where, "a method's text", "something else");
}

function checkCurves({ curves }: ProjectDocument, keys: ReadonlySet<string>, where: string): void {
  const seen = new Set<string>();
  for (const [i, { network, method, layers }] of curves.entries()) {
    const place = at(where, "curves", i);
    checkKey(network, keys, place);
    checkText(method, CURVE_PARTS, at(place, "method"));
    const name = `${network} ${method}`;
    if (seen.has(name)) refuse(place, "every method once", "one again");
    seen.add(name);
    for (const { name: layer, samples } of layers) {
      const falls = samples.some(({ ratio }, j) => ratio <= (samples[j - 1]?.ratio ?? -1));
      if (falls) refuse(at(place, layer), "rising ratios", "others");
    }
  }
}
