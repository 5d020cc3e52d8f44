/**
 * @file A training form as typed: text stays text until Start, so that nothing a person types is
 * ever "corrected" under their fingers. Each field is judged alone and gets its own sentence.
 */
import { AppError, isAbort } from "../core/index.ts";
import { checkSettings, DEFAULT_SETTINGS } from "./engine.ts";
import type { Schedule, TrainRequest, TrainSettings } from "./engine.ts";

export type Purpose = "sparse" | "finetune";

export interface TrainingForm {
  readonly length: "seconds" | "epochs";
  readonly seconds: string;
  readonly epochs: string;
  readonly batchSize: string;
  readonly learningRate: string;
  readonly schedule: Schedule["kind"];
  readonly momentum: string;
  readonly weightDecay: string;
  readonly strength: string;
  readonly form: "subgradient" | "proximal";
  readonly pad: string;
  readonly flip: boolean;
  /** Holds weights at 0 that are 0 at the start, which keeps a mask. */
  readonly freezeZeros: boolean;
  readonly seed: string;
}

/** Of both trainings. */
export type TrainingForms = Readonly<Record<Purpose, TrainingForm>>;

export type FormField = keyof TrainingForm;

/** What is chosen or ticked: each press of it is a decision of its own, unlike a letter of a number. */
const CHOSEN: ReadonlySet<string> = new Set<FormField>([
  "length",
  "schedule",
  "form",
  "flip",
  "freezeZeros",
]);

/** True of a field that is typed into, letter by letter. */
export function isTyped(field: string): boolean {
  return !CHOSEN.has(field);
}

/**
 * Short enough for a browser: a minute of sparse training, fifteen seconds of fine-tuning. The
 * learning rates are for a network that has been trained before.
 */
export const FORM_DEFAULTS: TrainingForms = {
  sparse: {
    length: "seconds",
    seconds: "60",
    epochs: "1",
    batchSize: "64",
    learningRate: "0.05",
    schedule: "cosine",
    momentum: "0.9",
    weightDecay: "0.0001",
    strength: "0.001",
    form: "subgradient",
    pad: "4",
    flip: true,
    freezeZeros: false,
    seed: "1",
  },
  finetune: {
    length: "seconds",
    seconds: "15",
    epochs: "1",
    batchSize: "64",
    learningRate: "0.01",
    schedule: "cosine",
    momentum: "0.9",
    weightDecay: "0.0001",
    strength: "0",
    form: "subgradient",
    pad: "4",
    flip: true,
    freezeZeros: false,
    seed: "1",
  },
};

export type FormProblems = Partial<Record<FormField, string>>;

export interface ReadForm {
  readonly problems: FormProblems;
  /** Null when there is a problem. */
  readonly settings: TrainRequest["settings"] | null;
}

const SCHEDULES: Readonly<Record<Schedule["kind"], Schedule>> = {
  constant: { kind: "constant" },
  cosine: { kind: "cosine" },
  step: { kind: "step", at: [0.5, 0.75], factor: 0.1 },
};

/** The longest time box, seconds: a day. */
const MOST_SECONDS = 86_400;

/** Judges every field and, when all are right, makes the settings. */
export function readForm(form: TrainingForm): ReadForm {
  const problems: FormProblems = {};
  const number = (field: FormField): number => typedNumber(String(form[field]));
  const check = (field: FormField, patch: Partial<TrainSettings>): void => {
    const sentence = judge({ ...DEFAULT_SETTINGS, ...patch });
    if (sentence !== null) problems[field] = sentence;
  };

  const [seconds, epochs] = [number("seconds"), number("epochs")];
  const augmentation = { pad: number("pad"), flip: form.flip };
  const sparsity = { strength: number("strength"), form: form.form };
  const plain = {
    batchSize: number("batchSize"),
    learningRate: number("learningRate"),
    momentum: number("momentum"),
    weightDecay: number("weightDecay"),
    seed: number("seed"),
  };
  if (form.length === "epochs") check("epochs", { length: { epochs } });
  else if (!(seconds >= 1 && seconds <= MOST_SECONDS)) {
    problems.seconds = `Choose from 1 to ${MOST_SECONDS} seconds.`;
  }
  check("batchSize", { batchSize: plain.batchSize });
  check("learningRate", { learningRate: plain.learningRate });
  check("momentum", { momentum: plain.momentum });
  check("weightDecay", { weightDecay: plain.weightDecay });
  check("strength", { sparsity });
  check("pad", { augmentation });
  check("seed", { seed: plain.seed });
  if (Object.keys(problems).length > 0) return { problems, settings: null };
  const length = form.length === "epochs" ? { epochs } : { seconds };
  const schedule = SCHEDULES[form.schedule];
  const frozen = form.freezeZeros ? { freezeZeros: true } : {};
  const settings = { ...plain, length, schedule, sparsity, augmentation, ...frozen };
  return { problems, settings };
}

/** What was typed, with a point or a comma; NaN where it is no number. */
export function typedNumber(text: string): number {
  const cleaned = text.trim().replace(",", ".");
  return cleaned === "" ? Number.NaN : Number(cleaned);
}

/** One sentence about a setting that is out of range, or null. */
function judge(settings: TrainSettings): string | null {
  try {
    checkSettings(settings);
    return null;
  } catch (error) {
    if (isAbort(error) || !(error instanceof AppError)) throw error;
    const wanted = error.expected ?? "another value";
    return `Choose ${wanted.replace(/(\d)(?=(\d{3})+(?!\d))/g, "$1\u202f")}.`;
  }
}
