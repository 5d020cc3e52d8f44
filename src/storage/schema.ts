/**
 * @file A project as data: everything of a visit but the images and the weights, which its runs name by
 * fingerprint. Methods, plans and trainings are written as recipes and networks' records write them.
 * Only types are checked here; what must agree with what is for `read.ts`.
 */
import * as v from "valibot";
import { keySchema, LIMITS, planSchema, PROJECT_FORMATS } from "../files/index.ts";
import type { Metadata } from "../model/index.ts";
import { DEAD_CHANNELS } from "../prune/index.ts";
import { AllocationSchema, TrainingSchema } from "../recipe/index.ts";

/** Bins of a histogram of scales. */
const RIDGE_BINS = 80;

/** The page's steps, any of which a visit can be left on. */
export const STEPS = ["load", "sparse", "prune", "finetune", "export"] as const;

const text = v.pipe(v.string(), v.maxLength(LIMITS.nameLength));
const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const size = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.elements));
const finite = v.pipe(v.number(), v.finite());
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const interval = v.strictTuple([share, share]);

const manner = v.strictObject({
  kind: v.picklist(["cut", "mask"]),
  dead: v.picklist(DEAD_CHANNELS),
});

const evaluation = {
  count: v.pipe(count, v.minValue(1)),
  correct: count,
  accuracy: share,
  loss: amount,
  interval,
};

const absorbed = v.strictObject({
  layer: text,
  channels: count,
  shift: finite,
  isExact: v.boolean(),
  into: v.picklist(["bias", "behind", "new-bias", "nothing"]),
  touched: share,
  error: finite,
});

const settings = {
  ...TrainingSchema.entries,
  sparsity: v.strictObject({
    strength: v.number(),
    form: v.picklist(["subgradient", "proximal"]),
  }),
  seed: v.number(),
};

const trained = v.strictObject({
  settings: v.strictObject(settings),
  steps: count,
  seconds: amount,
  ended: v.picklist(["finished", "stopped", "diverged"]),
  validation: v.nullable(v.strictObject(evaluation)),
});

const making = v.variant("kind", [
  v.strictObject({ kind: v.literal("loaded") }),
  v.strictObject({
    kind: v.literal("pruned"),
    plan: v.strictObject({
      ...planSchema.entries,
      mode: v.picklist(["exact", "reference", "list"]),
      /** How it was asked for, where that was by an allocation. */
      allocation: v.exactOptional(AllocationSchema),
    }),
    manner,
  }),
  v.strictObject({ kind: v.picklist(["sparse", "fine-tuned"]), trained }),
]);

/** The most points of a curve, and the most moments of a ridge, with room for later programs. */
const [MOST_POINTS, MOST_MOMENTS] = [1024, 64];
const column = <S extends v.GenericSchema>(of: S) => v.pipe(v.array(of), v.maxLength(MOST_POINTS));

/** How a training went, in columns: at each of `steps` one entry of every other column. */
const course = v.strictObject({
  batches: v.strictObject({ steps: column(count), loss: column(amount), accuracy: column(share) }),
  heldBack: v.strictObject({ steps: column(count), accuracy: column(share) }),
  scales: v.strictObject({ steps: column(count), dead: column(share), mean: column(amount) }),
  /** Histograms of the batch norms' scales, on an axis of which log₁₀ of the ends is said. */
  ridge: v.strictObject({
    low: finite,
    high: finite,
    steps: v.pipe(v.array(count), v.maxLength(MOST_MOMENTS)),
    counts: v.pipe(
      v.array(v.pipe(v.array(count), v.length(RIDGE_BINS))),
      v.maxLength(MOST_MOMENTS),
    ),
  }),
});

const run = v.strictObject({
  id,
  /** The run that it was made from; null for the one that was opened. */
  parent: v.nullable(id),
  /** The run that its figures are compared with. */
  against: id,
  label: text,
  /** What a person calls it. */
  called: v.optional(text),
  isPinned: v.optional(v.boolean()),
  origin: text,
  place: v.nullable(text),
  /** Its network's fingerprint, name and metadata. */
  network: keySchema,
  name: text,
  /** Read with its network (`files/project/read.ts`). */
  metadata: v.custom<Metadata>((value) => typeof value === "object" && value !== null),
  normalization: v.strictObject({
    source: v.picklist(["said", "assumed", "chosen", "remembered"]),
    isSaid: v.boolean(),
  }),
  /** After a cut: how many channels each layer had before. Entries, since a layer may have any name. */
  formerWidths: v.pipe(v.array(v.strictTuple([text, size])), v.maxLength(LIMITS.nodes)),
  making,
  /** Of a training, as far as it was kept. */
  course: v.exactOptional(course),
});

/** A cut of one network: null and 0 for the network as it is. With layers by hand 0 is a cut, too. */
const position = {
  network: keySchema,
  /** The method's whole text, by which the page files what it measures. */
  method: v.nullable(v.pipe(v.string(), v.maxLength(LIMITS.jsonBytes))),
  ratio: share,
};

const images = v.strictObject({ name: text, count });

export const projectSchema = v.strictObject({
  /** The oldest that can say it, so that an older program reads what it can. */
  format: v.picklist(PROJECT_FORMATS),
  saved: v.pipe(v.string(), v.isoTimestamp()),
  step: v.picklist(STEPS),
  /** The run whose network is on the page. */
  shown: id,
  method: v.strictObject({
    criterion: text,
    /** With who takes part, and where one goes by ratio, the slider's. */
    allocation: AllocationSchema,
    manner,
  }),
  runs: v.pipe(v.array(run), v.minLength(1), v.maxLength(LIMITS.runs)),
  /** The images that all accuracies are of; null where there are none. */
  images: v.nullable(
    v.strictObject({
      set: v.picklist(["test", "validation"]),
      ...images.entries,
      /** What criteria looked at, where they did. */
      training: v.nullable(images),
    }),
  ),
  accuracies: v.pipe(
    v.array(
      v.strictObject({
        ...position,
        /** Ascending by count. */
        samples: v.pipe(
          v.array(
            v.strictObject({
              ...evaluation,
              milliseconds: amount,
              absorbed: v.exactOptional(v.pipe(v.array(absorbed), v.maxLength(LIMITS.nodes))),
            }),
          ),
          v.minLength(1),
          v.maxLength(64),
        ),
      }),
    ),
    v.maxLength(LIMITS.positions),
  ),
  curves: v.pipe(
    v.array(
      v.strictObject({
        network: keySchema,
        /** The part of the method's text that curves depend on. */
        method: v.pipe(v.string(), v.maxLength(LIMITS.jsonBytes)),
        base: v.nullable(share),
        baseInterval: v.nullable(interval),
        images: count,
        layers: v.pipe(
          v.array(
            v.strictObject({
              name: text,
              samples: v.pipe(
                v.array(
                  v.strictObject({
                    ratio: share,
                    accuracy: share,
                    interval: v.exactOptional(interval),
                  }),
                ),
                v.maxLength(1024),
              ),
            }),
          ),
          v.maxLength(LIMITS.nodes),
        ),
      }),
    ),
    v.maxLength(LIMITS.runs),
  ),
  /** Milliseconds an image, and what they were measured on, in words. */
  latencies: v.nullable(
    v.strictObject({
      backend: text,
      measured: v.pipe(
        v.array(v.strictObject({ ...position, milliseconds: amount })),
        v.maxLength(LIMITS.positions),
      ),
    }),
  ),
});

/** A training that was under way: how it was begun, how far it was, and the networks that its state lies in. */
export const trainingSchema = v.strictObject({
  format: v.literal("espalier-training/1"),
  purpose: v.picklist(["sparse", "finetune"]),
  /** The run that it began from, and its network. */
  run: id,
  network: keySchema,
  settings: v.strictObject({
    ...settings,
    /** As it was asked for: a time box keeps its seconds. */
    length: v.union([settings.length, v.strictObject({ seconds: amount })]),
  }),
  /** Steps done, and planned with what was planned before. */
  step: v.pipe(count, v.minValue(1)),
  total: count,
  replans: v.exactOptional(v.array(v.strictObject({ at: count, steps: count }))),
  perEpoch: v.pipe(count, v.minValue(1)),
  /** Training until then. */
  seconds: amount,
  /** The fingerprint of the images, and how their pixels are fed. */
  images: keySchema,
  normalization: v.strictObject({ mean: v.array(finite), std: v.array(finite) }),
  /** Its curves until then. */
  course: v.exactOptional(course),
  /** Two networks of the run's graph: with the weights as they were, and with the momentum in their place. */
  weights: keySchema,
  momentum: keySchema,
});

/** The same value, which nobody changes. */
type Still<T> = T extends readonly unknown[] | object
  ? { readonly [K in keyof T]: Still<T[K]> }
  : T;

/** Everything of a visit but images and weights. JSON values. */
export type ProjectDocument = Still<v.InferOutput<typeof projectSchema>>;
/** One network of it. */
export type ProjectRun = ProjectDocument["runs"][number];
/** What is said of a training that was under way. JSON values. */
export type TrainingRecord = Still<v.InferOutput<typeof trainingSchema>>;
/** The same without what its state says, and where that lies. */
export type TrainingNote = Omit<
  TrainingRecord,
  "format" | "normalization" | "weights" | "momentum"
>;
