/**
 * @file The one typed protocol between the page and the engine in its worker. Images and running
 * programs stay in the worker; networks, plans and results cross as plain values. A network is
 * handed over once (`hold`) and named by its key afterwards, so that a slider position costs a plan
 * and not a copy of the weights.
 */
import type { Confusion, Evaluation, FeatureMaps, Latency } from "../analyze/index.ts";
import type {
  BundleDocuments,
  Dropped,
  InputSize,
  NetworkFormat,
  ReadFormat,
  Reading,
  Sketch,
} from "../files/index.ts";
import type { Network, Normalization } from "../model/index.ts";
import type { PlainError, Progress, Shape } from "../core/index.ts";
import type {
  Absorbed,
  DeadChannels,
  Evidence,
  Manner,
  Plan,
  PruneOptions,
  Surgery,
  Twin,
} from "../prune/index.ts";
import type { FoldCount, FoldOptions } from "../quantize/index.ts";
import type { BackendKind, BackendReport } from "../runtime/index.ts";
import type { ProjectDocument, TrainingNote } from "../storage/index.ts";
import type { NetworkKey } from "./network-key.ts";
import type { KeptTraining, TrainEvent, TrainOutcome, TrainRequest } from "./train-protocol.ts";

export type { NetworkKey } from "./network-key.ts";
export type * from "./train-protocol.ts";

/** Which images: the test set, or the part of the training set that is held back. */
export type ImageSet = "test" | "validation";

/** What images the worker has. */
export interface DataReport {
  readonly test: ImageCount | null;
  readonly training: ImageCount | null;
  /** The part of the training set that is held back; null without a training set. */
  readonly validation: ImageCount | null;
}

export interface ImageCount {
  readonly name: string;
  readonly count: number;
  readonly classes: readonly string[];
  /** Of one image, `[h, w, c]`. */
  readonly shape: Shape;
}

/** What came of files that were dropped together. */
export type Opened =
  | {
      readonly kind: "network";
      readonly network: Network;
      readonly format: ReadFormat;
      /** Of weights without a graph: every network that they fit, the usual one first. */
      readonly readings?: readonly Reading[];
      /** The key of the one that this is. */
      readonly reading?: string;
      /** True when the weights fit images of any size, so that the size is only assumed. */
      readonly fitsAnySize?: boolean;
      readonly notes: readonly string[];
    }
  | {
      /** A network that can be looked at, and why no more than that. */
      readonly kind: "sketch";
      readonly sketch: Sketch;
      readonly refusal: PlainError;
      readonly notes: readonly string[];
    }
  | {
      readonly kind: "project";
      readonly project: HandedProject;
      readonly notes: readonly string[];
    }
  | {
      readonly kind: "images";
      /** All images that the worker has now. */
      readonly data: DataReport;
      /** Which of them these files brought. */
      readonly brought: readonly ("test" | "training")[];
      readonly notes: readonly string[];
    };

/** Everything of a visit, from a file or from what the browser keeps. */
export interface HandedProject {
  readonly document: ProjectDocument;
  /** By fingerprint; names and metadata of each run stand in the document. */
  readonly networks: ReadonlyMap<NetworkKey, Network>;
  /** Of what the browser keeps: a training that was under way. */
  readonly training?: KeptTraining | null;
}

/** Who keeps the project: this tab, or another one that was there before. */
export type KeptBy = "this tab" | "another tab";
/** The same, where the browser may have room for the project and not for the state of a training. */
export type SavedBy = KeptBy | "this tab, without the training";

/** What is cut, and what becomes of what removed channels still say. */
export interface Cut {
  readonly plan: Plan;
  readonly dead: DeadChannels;
}

export interface EvaluateRequest {
  readonly network: NetworkKey;
  /** Evaluates the physically cut network when given. */
  readonly cut?: Cut;
  readonly set: ImageSet;
  /** The first `count` images of a fixed, balanced, seeded order; all when larger than the set. */
  readonly count: number;
}

export interface MeasuredEvaluation extends Evaluation {
  readonly milliseconds: number;
  /** What each class was taken for; not of more classes than anybody reads, nor of what was kept from before. */
  readonly confusion?: Confusion;
  /** Of a cut that leaves it to them: what readers took over from dead channels. */
  readonly absorbed?: readonly Absorbed[];
}

/** What a criterion wants to be told of a network, which it does not find out itself. */
export interface EvidenceRequest {
  readonly network: NetworkKey;
  /** With its options, such as `taylor:variant=squared`. */
  readonly criterion: string;
  /** What becomes of streams, as that may add selections. */
  readonly streams?: PruneOptions["streams"];
}

export interface SensitivityRequest {
  readonly network: NetworkKey;
  readonly criterion: string;
  /** Who takes part, as for a plan; by default as `preparePruning` has it. */
  readonly options?: PruneOptions;
  /** For criteria that judge by what was measured. */
  readonly evidence?: Evidence | undefined;
  /** Ascending, in [0, 1). */
  readonly ratios: readonly number[];
  readonly set: ImageSet;
  readonly count: number;
  /** Ratios that an earlier run has measured on these images, by group; they are left out. */
  readonly measured?: ReadonlyMap<string, readonly number[]>;
}

/** One point of one group's curve. */
export interface SensitivityPoint {
  readonly group: string;
  readonly ratio: number;
  readonly evaluation: Evaluation;
}

export interface NormalizationRequest {
  readonly network: NetworkKey;
  readonly candidates: readonly Normalization[];
  readonly set: ImageSet;
  readonly count: number;
}

/** How well a network does under one of the candidates. */
export interface NormalizationTrial {
  /** The candidate's place. */
  readonly index: number;
  readonly evaluation: Evaluation;
}

/** A few test images for the page to show, as RGBA, and what a network says about them. */
export interface Gallery {
  readonly indices: readonly number[];
  readonly labels: readonly number[];
  /** `[n, h, w, 4]`. */
  readonly pixels: Uint8ClampedArray;
  readonly height: number;
  readonly width: number;
}

/** A class, and the probability that a network gives it. */
export interface Guess {
  readonly label: number;
  readonly share: number;
}

export interface Predictions {
  /** The most probable class of each image. */
  readonly classes: readonly number[];
  /** Its probability. */
  readonly confidence: readonly number[];
  /** The few most probable classes of each image, the first of them first. */
  readonly guesses: readonly (readonly Guess[])[];
}

/** A layer, or any node, of a network as it is scored and cut. */
export interface NodeRequest {
  readonly network: NetworkKey;
  /** What becomes of streams, as that may add selections. */
  readonly streams?: PruneOptions["streams"];
  readonly node: string;
}

export interface FeatureMapsRequest extends NodeRequest {
  /** Among the test images, as a gallery names it. */
  readonly image: number;
}

/** What to time. */
export interface LatencyRequest {
  readonly network: NetworkKey;
  readonly cut: Cut | null;
  /** The network that it takes turns with; null times it alone. */
  readonly beside: NetworkKey | null;
}

export interface TwinRequest extends NodeRequest {
  readonly channel: number;
}

/** A network after surgery that the worker holds, and what readers of dead channels took over. */
export interface Applied extends Surgery {
  readonly key: NetworkKey;
}

/** One file ready for download. */
export interface ExportedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A network's file, or all of them with recipe, plan, report and the code that opens them. */
export type ExportFormat = NetworkFormat | "bundle";

export interface ExportRequest {
  readonly network: NetworkKey;
  readonly format: ExportFormat;
  /** Folds the network first; for the ONNX file alone. */
  readonly fold?: FoldOptions | undefined;
  /** What a bundle holds beside the network. */
  readonly documents?: BundleDocuments | undefined;
}

/** A file by what tells it from any other. */
export interface FileRecord {
  readonly name: string;
  /** Its size. */
  readonly bytes: number;
  readonly sha256: string;
}

/** What was found when a file was read again before it was handed out, and the network in it run. */
export interface ReadBack {
  readonly weights: "bit-identical";
  readonly logits: "bit-identical";
  /** How many images both networks were shown. */
  readonly images: number;
  /** The backend, in words. */
  readonly backend: string;
}

/** What was written, and how it was found to be right. Plain JSON: it goes into the report. */
export interface ExportRecord {
  readonly format: ExportFormat;
  readonly files: readonly FileRecord[];
  readonly readBack: ReadBack;
  /** Null where the network was written as it is. */
  readonly folded: FoldRecord | null;
  readonly notes: readonly string[];
  /** Of a bundle: the networks inside. */
  readonly contains: readonly ExportRecord[];
}

/** What folding did, and how far the folded network's outputs are from the network's. */
export interface FoldRecord {
  readonly batchNorms: FoldCount;
  readonly selections: FoldCount;
  readonly macs: { readonly before: number; readonly after: number };
  readonly largestDifference: number;
}

/** Files ready for download with their record. */
export interface Delivered {
  readonly files: readonly ExportedFile[];
  readonly record: ExportRecord;
}

/** A call that takes long may report and be aborted. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** What a person has said about the files. */
export interface OpenFilesOptions extends CallOptions {
  /** For networks that leave it open. */
  readonly inputSize?: InputSize | undefined;
  /** Which of the networks that weights without a graph fit. */
  readonly reading?: string | undefined;
}

/**
 * The engine as the page sees it. Every promise settles: with the result, an `AppError`, or an
 * `AbortError` when its signal was used. A crashed worker rejects what was under way with
 * `worker/crashed` and is replaced; held networks and images are handed over again by themselves.
 */
export interface Engine {
  /** Opens a backend; `auto` probes for a real GPU and falls back to wasm. */
  openBackend(preference: BackendKind | "auto"): Promise<BackendReport>;
  /** Fetches the images that `npm run setup` put beside the app. */
  loadData(which: "test" | "training", options?: CallOptions): Promise<DataReport>;
  /** Fetches a network that is shipped with the app, such as `models/vgg16-demo/model.json`. */
  loadShipped(path: string, options?: CallOptions): Promise<Network>;
  /** Reads what a person dropped. Nothing changes when it fails. */
  openFiles(files: readonly Dropped[], options?: OpenFilesOptions): Promise<readonly Opened[]>;
  /** A fresh network of an architecture's name. */
  buildArchitecture(name: string, seed: number): Promise<Network>;
  hold(network: Network): Promise<NetworkKey>;
  release(key: NetworkKey): Promise<void>;
  evaluate(request: EvaluateRequest, options?: CallOptions): Promise<MeasuredEvaluation>;
  /**
   * Measures what a criterion wants to be told: on the first training images that are trained on, so
   * that what is decided by it can be tried on images that it has not seen.
   */
  evidence(request: EvidenceRequest, options?: CallOptions): Promise<Evidence>;
  /**
   * The untouched network is measured first (`onBase`), then points arrive one by one; the promise
   * settles after the last.
   */
  sensitivity(
    request: SensitivityRequest,
    onPoint: (point: SensitivityPoint) => void,
    options?: CallOptions,
    onBase?: (base: Evaluation) => void,
  ): Promise<Evaluation>;
  /** Measures a network under each normalization on the same images, whatever it says itself. */
  compareNormalizations(
    request: NormalizationRequest,
    onTrial: (trial: NormalizationTrial) => void,
    options?: CallOptions,
  ): Promise<void>;
  /** Aborting stops after the current step and still resolves, with `ended: "stopped"`. */
  train(
    request: TrainRequest,
    onEvent: (event: TrainEvent) => void,
    options?: CallOptions,
  ): Promise<TrainOutcome>;
  /** Holds a running training, or one about to start, between two steps, or lets it go on. */
  pause(paused: boolean): Promise<void>;
  gallery(count: number): Promise<Gallery>;
  predict(network: NetworkKey, cut: Cut | null, indices: readonly number[]): Promise<Predictions>;
  /** What a node says of one test image, all channels at once. */
  featureMaps(request: FeatureMapsRequest, options?: CallOptions): Promise<FeatureMaps>;
  /** The nearest filter of the same layer; null where there is none. */
  nearestFilter(request: TwinRequest, options?: CallOptions): Promise<Twin | null>;
  /** How long whole-batch inference takes on this device, turn by turn with another network if one is named. */
  latency(request: LatencyRequest, options?: CallOptions): Promise<Latency>;
  /** The network after the plan, which it remembers. */
  apply(network: NetworkKey, plan: Plan, manner: Manner): Promise<Applied>;
  /** Writes, reads back, compares weights and logits, and only then hands out. */
  exportNetwork(request: ExportRequest, options?: CallOptions): Promise<Delivered>;
  /** Writes a project whose networks are held, and reads it back. */
  writeProject(document: ProjectDocument): Promise<ExportedFile>;
  /**
   * Keeps it in this browser, in the place of what was kept, unless another tab does so.
   * @param training — that is under way, as far as the page has heard of it; kept is the state that was told last. Null
   * without one
   */
  saveProject(document: ProjectDocument, training: TrainingNote | null): Promise<SavedBy>;
  /** What this browser keeps; null for nothing. */
  loadProject(): Promise<HandedProject | null>;
  /** Takes it away, unless another tab keeps it. */
  forgetProject(): Promise<KeptBy>;
  /** Called when a crashed worker has been replaced. @returns unsubscribe */
  onRestart(listener: (error: PlainError) => void): () => void;
  /**
   * Called when the graphics device was lost and another backend runs instead; what was under way was
   * refused with `runtime/device-lost`. @returns unsubscribe
   */
  onDeviceLost(listener: (now: BackendReport, error: PlainError) => void): () => void;
  dispose(): void;
}
