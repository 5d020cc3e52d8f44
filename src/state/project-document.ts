/**
 * @file What is on the page as a project's document, and runs made of one again. Pure. Figures that are not
 * finite are left out, and so is what was measured of networks that are no run.
 */
import { hasCourse } from "./course.ts";
import { listKept } from "./engine.ts";
import type {
  Allocated,
  DataReport,
  Evaluation,
  ImageSet,
  Network,
  NetworkKey,
  Plan,
  ProjectDocument,
  ProjectRun,
} from "./engine.ts";
import { positionName, type MeasuredState } from "./measured.ts";
import { allocationOf, hasHands, splitAllocation, type Method } from "./method.ts";
import type { Making, PageState, Run } from "./page.ts";
import type { SensitivityState } from "./sensitivity.ts";
import { makeSession } from "./session.ts";

/** What a document is made of. */
export interface ProjectParts {
  readonly page: Pick<PageState, "runs" | "runId" | "step" | "backend">;
  /** With the slider's ratio in its place. */
  readonly method: Method;
  readonly measured: Pick<MeasuredState, "evaluations" | "latencies">;
  /** By the network's key and the text that curves depend on, with a space between. */
  readonly curves: ReadonlyMap<string, SensitivityState>;
  readonly images: ImagesOf | null;
  /** ISO 8601. */
  readonly saved: string;
  /** A project whose figures are not on the page yet, since it is not known which images there are. */
  readonly waiting?: ProjectDocument | null;
}

/** The images that accuracies are of. */
export type ImagesOf = NonNullable<ProjectDocument["images"]>;

/** The images on the page; null while there are none to measure on. */
export function imagesOf(data: DataReport | null, set: ImageSet): ImagesOf | null {
  const images = set === "test" ? data?.test : data?.validation;
  if (images === null || images === undefined) return null;
  const { name, count } = images;
  const training = data?.training ?? null;
  return {
    set,
    name,
    count,
    training: training === null ? null : { name: training.name, count: training.count },
  };
}

/** The document of what is on the page; null without a network. */
export function writeDocument(parts: ProjectParts): ProjectDocument | null {
  const { page, method, saved } = parts;
  const { runs, runId, step } = page;
  if (runs.length === 0) return null;
  const measured = writeMeasured(parts);
  return {
    format:
      runs.some(hasCourse) || isByHand(parts, measured)
        ? "espalier-project/2"
        : "espalier-project/1",
    saved,
    step,
    shown: runId,
    method: {
      criterion: method.criterion,
      allocation: writeAllocation({ ...method.options, ...allocationOf(method) }),
      manner: method.manner,
    },
    runs: runs.map(writeRun),
    ...measured,
  };
}

/** True where layers were set by hand, now, for a run or for something measured: older programs know of none. */
function isByHand({ page, method }: ProjectParts, { accuracies, latencies }: Measured): boolean {
  const isIn = ({ making }: Run): boolean =>
    making.kind === "pruned" && making.plan.allocation?.byHand !== undefined;
  const positions = [...accuracies, ...(latencies?.measured ?? [])];
  return (
    method.byHand !== undefined ||
    page.runs.some(isIn) ||
    positions.some(({ method: text }) => text !== null && hasHands(text))
  );
}

type Measured = Pick<ProjectDocument, "images" | "accuracies" | "curves" | "latencies">;

/** What was measured of the networks that are there. */
function writeMeasured({ page, measured, curves, images, waiting }: ProjectParts): Measured {
  const keys = new Set(page.runs.map(({ session }) => session.key));
  const isThere = ({ network }: { readonly network: NetworkKey }): boolean => keys.has(network);
  if (waiting !== null && waiting !== undefined) {
    const { latencies } = waiting;
    return {
      images: waiting.images,
      accuracies: waiting.accuracies.filter(isThere),
      curves: waiting.curves.filter(isThere),
      latencies: latencies && { ...latencies, measured: latencies.measured.filter(isThere) },
    };
  }
  const backend = page.backend?.description;
  return {
    images,
    accuracies: images === null ? [] : accuraciesOf(measured).filter(isThere),
    curves: images === null ? [] : curvesOf(curves).filter(isThere),
    latencies:
      backend === undefined ? null : { backend, measured: latenciesOf(measured).filter(isThere) },
  };
}

function writeRun(run: Run): ProjectRun {
  const { id, parent, against, label, name, isPinned, session, making, course } = run;
  const { key, network, origin, place, normalization, formerWidths } = session;
  const { source, isSaid } = normalization;
  return {
    id,
    parent,
    against,
    label,
    ...(name === undefined ? {} : { called: name }),
    ...(isPinned === true ? { isPinned } : {}),
    origin,
    place,
    network: key,
    name: network.name,
    metadata: network.metadata,
    normalization: { source, isSaid },
    formerWidths: [...formerWidths],
    making: writeMaking(making),
    ...(course === undefined ? {} : { course }),
  };
}

function writeMaking(making: Making): ProjectRun["making"] {
  if (making.kind === "loaded") return making;
  if (making.kind === "pruned") {
    const { criterion, mode, requested, achieved, threshold, guarded, allocation } = making.plan;
    const plan = {
      criterion,
      mode,
      requested,
      achieved,
      ...(threshold === undefined ? {} : { threshold }),
      groups: listKept(making.plan),
      guarded,
      ...(allocation === undefined ? {} : { allocation: writeAllocation(allocation) }),
    };
    return { kind: making.kind, plan, manner: making.manner };
  }
  const { trained, kind } = making;
  const { validation } = trained;
  return {
    kind,
    trained: {
      ...trained,
      validation: validation === null || !isSound(validation) ? null : plain(validation),
    },
  };
}

/** As recipes write it. */
function writeAllocation(allocation: Allocated): ProjectDocument["method"]["allocation"] {
  if (allocation.kind !== "global-threshold") return allocation;
  return { ...allocation, mode: allocation.mode ?? "exact" };
}

const isSound = ({ loss }: Evaluation): boolean => Number.isFinite(loss);

function plain({ count, correct, accuracy, loss, interval }: Evaluation) {
  return { count, correct, accuracy, loss, interval };
}

/** A position as documents name it. */
interface Named {
  readonly network: NetworkKey;
  /** Null for the network as it is. */
  readonly method: string | null;
  readonly ratio: number;
}

/** The parts of a position's name (`measured.ts`). */
function positionOf(name: string): Named {
  const [first, last] = [name.indexOf("|"), name.lastIndexOf("|")];
  const network = name.slice(0, first);
  if (first === last) return { network, method: null, ratio: 0 };
  return { network, method: name.slice(first + 1, last), ratio: Number(name.slice(last + 1)) };
}

function accuraciesOf({ evaluations }: ProjectParts["measured"]): ProjectDocument["accuracies"] {
  return [...evaluations].flatMap(([name, samples]) => {
    const sound = samples.filter(isSound).map((sample) => ({
      ...plain(sample),
      milliseconds: sample.milliseconds,
      ...(sample.absorbed === undefined ? {} : { absorbed: sample.absorbed }),
    }));
    return sound.length === 0 ? [] : [{ ...positionOf(name), samples: sound }];
  });
}

function latenciesOf({ latencies }: ProjectParts["measured"]) {
  return [...latencies].map(([name, milliseconds]) => ({ ...positionOf(name), milliseconds }));
}

function curvesOf(all: ProjectParts["curves"]): ProjectDocument["curves"] {
  return [...all].flatMap(([text, { curves, base, baseInterval, images }]) => {
    if (curves.size === 0) return [];
    const at = text.indexOf(" ");
    const [network, method] = [text.slice(0, at), text.slice(at + 1)];
    const layers = [...curves].map(([name, samples]) => ({ name, samples }));
    return [{ network, method, base, baseInterval, images, layers }];
  });
}

/** A run as the page has it, with all that follows from its network. */
export function readRun(run: ProjectRun, weights: Network): Run {
  const { id, parent, against, label, called, isPinned, name, metadata, origin, place } = run;
  const network = { ...weights, name, metadata };
  const made = makeSession(network, run.network, origin, new Map(run.formerWidths));
  const normalization = { value: made.normalization.value, ...run.normalization };
  return {
    id,
    parent,
    against,
    label,
    ...(called === undefined ? {} : { name: called }),
    ...(isPinned === true ? { isPinned } : {}),
    session: { ...made, place, normalization },
    making: readMaking(run.making),
    ...(run.course === undefined ? {} : { course: run.course }),
  };
}

function readMaking(making: ProjectRun["making"]): Making {
  if (making.kind !== "pruned") return making;
  const { groups, ...rest } = making.plan;
  const plan: Plan = {
    ...rest,
    kept: new Map(groups.map(({ name, kept }) => [name, Int32Array.from(kept)])),
    sizes: new Map(groups.map(({ name, of }) => [name, of])),
  };
  return { kind: making.kind, plan, manner: making.manner };
}

/** The method that a document says, with the ratio in its place. */
export function readMethod({ method }: ProjectDocument): Method {
  const { criterion, allocation, manner } = method;
  return { criterion, manner, ...splitAllocation(allocation) };
}

/** What was measured, by the names of its positions. */
export function readAccuracies(document: ProjectDocument): MeasuredState["evaluations"] {
  return new Map(document.accuracies.map((one) => [nameOf(one), one.samples]));
}

export function readLatencies({ latencies }: ProjectDocument): MeasuredState["latencies"] {
  return new Map(latencies?.measured.map((one) => [nameOf(one), one.milliseconds]));
}

export function readCurves({ curves }: ProjectDocument): ReadonlyMap<string, SensitivityState> {
  return new Map(
    curves.map(({ network, method, layers, base, baseInterval, images }) => [
      `${network} ${method}`,
      {
        status: "ended",
        isComplete: false,
        curves: new Map(layers.map(({ name, samples }) => [name, samples])),
        base,
        baseInterval,
        images,
      },
    ]),
  );
}

function nameOf({ network, method, ratio }: Named): string {
  return positionName({ key: network, method, ratio });
}
