/**
 * @file What crosses between page and worker: numbered calls with one way to report, to abort and to
 * fail, whatever the method. Errors travel as facts, since structured cloning keeps no prototypes.
 */
import type { PlainError } from "../core/index.ts";
import type { Evaluation, FeatureMaps, Latency } from "../analyze/index.ts";
import type { Network } from "../model/index.ts";
import type { Evidence, Manner, Plan, Twin } from "../prune/index.ts";
import type { BackendKind, BackendReport } from "../runtime/index.ts";
import type { ProjectDocument, TrainingNote } from "../storage/index.ts";
import type {
  Applied,
  Cut,
  DataReport,
  Delivered,
  EvaluateRequest,
  EvidenceRequest,
  ExportedFile,
  ExportRequest,
  FeatureMapsRequest,
  Gallery,
  KeptBy,
  KeptTraining,
  LatencyRequest,
  MeasuredEvaluation,
  NetworkKey,
  NormalizationRequest,
  NormalizationTrial,
  Opened,
  OpenFilesOptions,
  Predictions,
  SavedBy,
  SensitivityPoint,
  SensitivityRequest,
  TrainEvent,
  TrainOutcome,
  TrainRequest,
  TwinRequest,
} from "./protocol.ts";
import type { Dropped } from "../files/index.ts";
import type { Progress } from "../core/index.ts";

/** Files with what a person has said about them. */
export interface FilesRequest extends Pick<OpenFilesOptions, "inputSize" | "reading"> {
  readonly files: readonly Dropped[];
}

/** A network under the key by which the worker can be asked to hold it, without sending it back. */
export interface Handed {
  readonly network: Network;
  readonly key: NetworkKey;
}

/** What files amount to, networks with their keys. */
export type OpenedHere =
  | (Extract<Opened, { kind: "network" }> & Handed)
  | Extract<Opened, { kind: "images" | "sketch" }>
  | ({ readonly kind: "project"; readonly notes: readonly string[] } & ProjectHere);

/** A project with each of its networks once. */
export interface ProjectHere {
  readonly document: ProjectDocument;
  readonly networks: readonly Handed[];
  readonly training?: KeptTraining | null;
}

/** Every method: what it takes and what it answers with. */
export interface Methods {
  configure: { request: { baseUrl: string }; reply: void };
  openBackend: { request: BackendKind | "auto"; reply: BackendReport };
  loadData: { request: "test" | "training"; reply: DataReport };
  loadShipped: { request: string; reply: Handed };
  openFiles: { request: FilesRequest; reply: readonly OpenedHere[] };
  buildArchitecture: { request: { name: string; seed: number }; reply: Handed };
  /** By its key, a network that this worker has just handed over. */
  hold: { request: Network | NetworkKey; reply: NetworkKey };
  release: { request: NetworkKey; reply: void };
  evaluate: { request: EvaluateRequest; reply: MeasuredEvaluation };
  evidence: { request: EvidenceRequest; reply: Evidence };
  sensitivity: { request: SensitivityRequest; reply: Evaluation };
  compareNormalizations: { request: NormalizationRequest; reply: void };
  train: { request: TrainRequest; reply: TrainOutcome };
  pause: { request: boolean; reply: void };
  gallery: { request: number; reply: Gallery };
  predict: {
    request: { network: NetworkKey; cut: Cut | null; indices: readonly number[] };
    reply: Predictions;
  };
  featureMaps: { request: FeatureMapsRequest; reply: FeatureMaps };
  nearestFilter: { request: TwinRequest; reply: Twin | null };
  latency: { request: LatencyRequest; reply: Latency };
  apply: { request: { network: NetworkKey; plan: Plan; manner: Manner }; reply: Applied };
  exportNetwork: { request: ExportRequest; reply: Delivered };
  writeProject: { request: ProjectDocument; reply: ExportedFile };
  saveProject: {
    request: { document: ProjectDocument; training: TrainingNote | null };
    reply: SavedBy;
  };
  loadProject: { request: undefined; reply: ProjectHere | null };
  forgetProject: { request: undefined; reply: KeptBy };
}

export type MethodName = keyof Methods;

/** What a call says while it runs. */
export type Notice =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "train"; readonly event: TrainEvent }
  | { readonly kind: "base"; readonly base: Evaluation }
  | { readonly kind: "point"; readonly point: SensitivityPoint }
  | { readonly kind: "trial"; readonly trial: NormalizationTrial };

/** How a call ends. */
export type Reply<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "refused"; readonly error: PlainError }
  | { readonly kind: "aborted" }
  /** A bug of ours: the worker is not to be trusted any longer. */
  | { readonly kind: "broken"; readonly message: string };

/** The host's face, exposed through Comlink. */
export interface Host {
  /** Answers at once; proves that the script runs. */
  hello(): "espalier";
  call<M extends MethodName>(
    id: number,
    method: M,
    request: Methods[M]["request"],
    notify: (notice: Notice) => void,
  ): Promise<Reply<Methods[M]["reply"]>>;
  abort(id: number): void;
}
