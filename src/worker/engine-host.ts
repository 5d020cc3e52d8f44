/**
 * @file The engine inside its worker: holds networks and images, runs what is asked. It knows nothing
 * of pages; everything it takes and gives is a plain value. Also what the command line could drive, but
 * for the clock and the fetches.
 */
import {
  compareNormalizations,
  ConfusionTally,
  MOST_CONFUSED,
  evaluate,
  featureMaps,
  latency,
  predict,
  sensitivity,
  measureDistances,
  measureEvidence,
} from "../analyze/index.ts";
import { AppError, breathe, known, sizeOf, type OnProgress } from "../core/index.ts";
import {
  fileName,
  openFiles,
  partsNamedIn,
  zipFiles,
  type DecodePicture,
  type ReadProject,
} from "../files/index.ts";
import { buildArchitecture, endsInSoftmax, endsOf, type Network } from "../model/index.ts";
import {
  EVIDENCE_IMAGES,
  nearestFilter,
  networkFor,
  operate,
  preparePruning,
  readCriterion,
  type Manner,
  type Plan,
  type Surgery,
} from "../prune/index.ts";
import {
  compile,
  openBackend,
  type Backend,
  type BackendKind,
  type KernelOptions,
  type Program,
  type WasmPaths,
} from "../runtime/index.ts";
import { cifar10Metadata } from "../data/index.ts";
import { soundProject, type SoundProject } from "../storage/index.ts";
import { copyFor, fetching, watching, type CallContext } from "./call-context.ts";
import { deliver, recordOf } from "./deliver.ts";
import { fetchFile } from "./fetching.ts";
import { ImageStore } from "./image-store.ts";
import type { Cut, Delivered, Gallery, NetworkKey, Predictions } from "./protocol.ts";
import { Gate, runTraining } from "./training.ts";
import { mostProbable } from "./most-probable.ts";
import { NetworkStore } from "./network-store.ts";
import { eachOnce, handTraining, KeptProject, writeProjectOf, type Keeping } from "./projects.ts";
import type { FilesRequest, Handed, MethodName, Methods, OpenedHere, ProjectHere } from "./wire.ts";

type Method<M extends MethodName> = (
  request: Methods[M]["request"],
  context: CallContext,
) => Promise<Methods[M]["reply"]> | Methods[M]["reply"];

/** Images a program takes at once when it only evaluates. */
const EVALUATION_BATCH = 64;
/** A quarter to one and a half seconds, whatever the network; more where six turns take longer. */
const LATENCY = { batch: 32, warmups: 2, leastTurns: 6, mostTurns: 40, budget: 1_500 };
const CIFAR_FOLDER = "data/cifar-10";
const SHARDS = {
  test: ["test_batch.bin"],
  training: [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`),
};
const SHARD_BYTES = 30_730_000;
const NO_SHIPPED_NETWORK = {
  code: "files/missing-part",
  expected: "a file of the network that comes with Espalier",
  hint: "drop a network of your own, or build an architecture",
} as const;

/** What the engine needs from where it runs: what backends load, and decoders. */
export interface EngineRuntime extends Keeping {
  readonly wasmPaths: WasmPaths;
  readonly kernels?: KernelOptions;
  /** Where there is something that decodes pictures. */
  readonly decodePicture?: DecodePicture;
  /** The clock, ms; the platform's by default. */
  readonly now?: () => number;
}

/** One engine; its methods are those of the wire. */
export class EngineHost {
  readonly #runtime: EngineRuntime;
  readonly #networks = new NetworkStore();
  readonly #images = new ImageStore();
  readonly #gate = new Gate();
  readonly #kept: KeptProject;
  readonly #now: () => number;
  #backend: Promise<Backend> | undefined;
  /** Settles when no backend is being opened any more. */
  #opened: Promise<unknown> = Promise.resolve();
  #baseUrl = "";

  constructor(runtime: EngineRuntime) {
    this.#runtime = runtime;
    this.#kept = new KeptProject(runtime);
    this.#now = runtime.now ?? (() => performance.now());
  }

  readonly methods: { readonly [M in MethodName]: Method<M> } = {
    configure: ({ baseUrl }) => {
      this.#baseUrl = baseUrl;
    },
    openBackend: async (preference) => {
      const opening = this.#open(preference);
      const backend = await opening;
      this.#backend = opening;
      return backend.report;
    },
    loadData: async (which, context) => {
      const names = SHARDS[which];
      const total = names.length * SHARD_BYTES;
      const files: File[] = [];
      for (const name of names) {
        const url = this.#url(`${CIFAR_FOLDER}/${name}`);
        files.push(await fetchFile(url, fetching(context), files.length * SHARD_BYTES, total));
      }
      for (const one of await this.#read({ files }, context.signal, () => undefined)) {
        if (one.kind === "images") this.#images.put(one);
      }
      return this.#images.report();
    },
    loadShipped: async (path, context) => {
      const options = { ...fetching(context), refusal: NO_SHIPPED_NETWORK };
      const model = await fetchFile(this.#url(path), options);
      const folder = path.slice(0, path.lastIndexOf("/") + 1);
      const shards: File[] = [];
      // A model that names no shard is refused when it is opened.
      for (const shard of partsNamedIn(new Uint8Array(await model.arrayBuffer()))) {
        shards.push(await fetchFile(this.#url(`${folder}${shard}`), options));
      }
      const { signal } = context;
      const [opened] = await openFiles([model, ...shards], { signal, breathe });
      if (opened?.kind === "network") return this.#networks.hand(opened.network, context);
      throw new AppError("files/wrong-kind", { where: path, expected: "a network" });
    },
    openFiles: async (request, context) => {
      const opened = await this.#read(request, context.signal, fetching(context).onProgress);
      const networks = new Map<Network, Handed>();
      for (const one of opened) {
        if (one.kind === "network") {
          networks.set(one.network, await this.#networks.hand(one.network, context));
        }
        // Alone where there is one: nothing else of the drop can be refused any more.
        if (one.kind === "project") return [await this.#openProject(one, context)];
      }
      // Last, when nothing can fail or be aborted any more: what was there stays until then.
      return opened.map((one): OpenedHere => {
        if (one.kind === "images") return this.#put(one);
        if (one.kind === "sketch") return one;
        if (one.kind === "project") throw new Error("internal: a project among others");
        return { ...one, ...known(networks.get(one.network), "network") };
      });
    },
    buildArchitecture: ({ name, seed }, context) => {
      const network = buildArchitecture(name, seed);
      return this.#networks.hand({ ...network, metadata: cifar10Metadata(network) }, context);
    },
    hold: (given) =>
      typeof given === "string" ? this.#networks.keep(given) : this.#networks.hold(given),
    release: (key) => this.#networks.release(key),
    evaluate: async ({ network: key, cut, set, count }, context) => {
      const { network, absorbed } = this.#cut(key, cut ?? null);
      const classes = sizeOf(endsOf(network).output);
      const tally = classes <= MOST_CONFUSED ? new ConfusionTally(classes) : undefined;
      const start = this.#now();
      const evaluation = await this.#with(network, EVALUATION_BATCH, (program) =>
        evaluate(program, this.#images.images(set, count, network), watching(context), { tally }),
      );
      const milliseconds = this.#now() - start;
      return {
        ...evaluation,
        milliseconds,
        ...(tally === undefined ? {} : { confusion: tally.confusion }),
        ...(cut?.dead === "absorb" ? { absorbed } : {}),
      };
    },
    evidence: async ({ network: key, criterion, streams }, context) => {
      const network = networkFor(this.#networks.get(key), streams);
      const { criterion: chosen, options } = readCriterion(criterion);
      const kind = chosen.needs(options);
      const watch = watching(context);
      if (kind === undefined) return measureDistances(network, () => this.#ready(), watch);
      const { indices, ...rest } = this.#images.trainData(network);
      const images = { ...rest, indices: indices.subarray(0, EVIDENCE_IMAGES) };
      const plan = { network, kind, images, batch: EVIDENCE_IMAGES };
      return measureEvidence(plan, await this.#ready(), watch);
    },
    sensitivity: async (
      { network: key, criterion, options, evidence, set, count, ...points },
      context,
    ) => {
      const network = networkFor(this.#networks.get(key), options?.streams);
      const images = this.#images.images(set, count, network);
      const prepared = preparePruning(network, criterion, options, evidence);
      return sensitivity(
        { ...points, network, prepared, images, batch: EVALUATION_BATCH },
        await this.#ready(),
        {
          onBase: (base) => context.notify({ kind: "base", base }),
          onPoint: (point) => context.notify({ kind: "point", point }),
        },
        watching(context),
      );
    },
    compareNormalizations: async ({ network: key, candidates, set, count }, context) => {
      const network = this.#networks.get(key);
      const { dataset, indices } = this.#images.images(set, count, network);
      await this.#with(network, EVALUATION_BATCH, (program) =>
        compareNormalizations(
          program,
          { dataset, indices },
          candidates,
          (index, evaluation) => context.notify({ kind: "trial", trial: { index, evaluation } }),
          watching(context),
        ),
      );
    },
    train: async (request, context) => {
      const backend = await this.#ready();
      // Not opened before: a person may have asked to hold the run while its images were coming.
      const outcome = await runTraining({
        network: this.#networks.get(request.network),
        request,
        backend,
        images: this.#images,
        gate: this.#gate,
        signal: context.signal,
        now: this.#now,
        onEvent: (event) => {
          if (event.kind === "checkpoint") this.#kept.tell(event.checkpoint);
          context.notify({ kind: "train", event });
        },
      }).finally(() => this.#gate.set(false));
      this.#networks.put(outcome.key, outcome.network);
      return { ...outcome, network: copyFor(context, outcome.network) };
    },
    pause: (paused) => this.#gate.set(paused),
    gallery: (count): Gallery => this.#images.gallery(count),
    predict: async ({ network: key, cut, indices }, context): Promise<Predictions> => {
      const { network } = this.#cut(key, cut);
      const images = this.#images.testImages(indices, network);
      const outputs = await this.#with(network, EVALUATION_BATCH, (program) =>
        predict(program, images, watching(context)),
      );
      return mostProbable(outputs, indices.length, endsInSoftmax(network));
    },
    featureMaps: async ({ network: key, streams, node, image }, context) => {
      const network = networkFor(this.#networks.get(key), streams);
      const images = this.#images.testImages([image], network);
      // A person who steps from channel to channel has mostly asked for another one by now.
      await breathe();
      context.signal.throwIfAborted();
      const maps = await this.#with(network, 1, (program) => featureMaps(program, images, node));
      context.give([maps.values.buffer]);
      return maps;
    },
    nearestFilter: async ({ network: key, streams, node, channel }, context) => {
      await breathe();
      context.signal.throwIfAborted();
      return nearestFilter(networkFor(this.#networks.get(key), streams), node, channel);
    },
    latency: async ({ network: key, cut, beside }, context) => {
      const options = { ...LATENCY, now: this.#now };
      const { batch } = LATENCY;
      return this.#with(this.#cut(key, cut).network, batch, (program) =>
        beside === null
          ? latency(program, null, options, watching(context))
          : this.#with(this.#networks.get(beside), batch, (other) =>
              latency(program, other, options, watching(context)),
            ),
      );
    },
    apply: async ({ network: key, plan, manner }, context) => {
      const made = this.#operate(key, plan, manner);
      const held = await this.#networks.hold(made.network);
      return { ...made, network: copyFor(context, made.network), key: held };
    },
    exportNetwork: async ({ network: key, ...order }, context): Promise<Delivered> => {
      const network = this.#networks.get(key);
      const { files, proof } = await deliver(
        network,
        order,
        await this.#ready(),
        watching(context),
      );
      // Several files that belong together are one download.
      const name = `${fileName(network.name)}-${order.format}.zip`;
      const packed = files.length > 1 ? [{ name, bytes: zipFiles(files) }] : files;
      const record = recordOf(packed, proof);
      // Packing and hashing let nothing be heard; what was cancelled meanwhile is not handed out.
      await breathe();
      context.signal.throwIfAborted();
      return { files: packed, record };
    },
    writeProject: async (document, { give }) => {
      const file = await writeProjectOf(document, (key) => this.#networks.get(key));
      give([file.bytes.buffer]);
      return file;
    },
    saveProject: ({ document, training }) =>
      this.#kept.save(document, training, (key) => this.#networks.get(key)),
    loadProject: async (_, context) => {
      const found = await this.#kept.load();
      if (found === null) return null;
      return { ...(await this.#handAll(found, context)), training: handTraining(found.training) };
    },
    forgetProject: () => this.#kept.forget(),
  };

  #url(path: string): string {
    return new URL(path, this.#baseUrl).href;
  }

  async #openProject(read: ReadProject, context: CallContext): Promise<OpenedHere> {
    return { kind: "project", notes: [], ...(await this.#handAll(soundProject(read), context)) };
  }

  /** Hands over each network of a project once; of equal ones, that of the run on the page. */
  async #handAll({ document, networks }: SoundProject, context: CallContext): Promise<ProjectHere> {
    const handed = new Map<NetworkKey, Handed>();
    for (const [key, network] of eachOnce(document, networks)) {
      handed.set(key, await this.#networks.hand(network, context));
    }
    return { document, networks: [...handed.values()] };
  }

  #cut(key: NetworkKey, cut: Cut | null): Surgery {
    if (cut === null) return { network: this.#networks.get(key), absorbed: [] };
    return this.#operate(key, cut.plan, { kind: "cut", dead: cut.dead });
  }

  #operate(key: NetworkKey, plan: Plan, manner: Manner): Surgery {
    return operate(networkFor(this.#networks.get(key), plan.allocation?.streams), plan, manner);
  }

  /** The backend that was opened, or wasm when nobody asked; a lost one is opened anew. */
  async #ready(): Promise<Backend> {
    await this.#opened;
    this.#backend ??= this.#open("wasm");
    if ((await this.#backend).isLost()) this.#backend = this.#open("auto");
    return this.#backend;
  }

  /** One after another: TensorFlow.js gives up a backend that is not open yet when it is asked for the next. */
  #open(preference: BackendKind | "auto"): Promise<Backend> {
    const options = { ...this.#runtime, allowSoftwareGpu: preference === "webgpu" };
    const opening = this.#opened.then(() => openBackend(preference, options));
    this.#opened = opening.catch(() => undefined);
    return opening;
  }

  async #with<T>(
    network: Network,
    batch: number,
    work: (program: Program) => Promise<T>,
  ): Promise<T> {
    const program = compile(network, await this.#ready(), batch);
    return work(program).finally(() => program.dispose());
  }

  #read(
    { files, ...said }: FilesRequest,
    signal: AbortSignal,
    onProgress: OnProgress,
  ): ReturnType<typeof openFiles> {
    this.#networks.forgetHanded();
    return openFiles(files, {
      sketches: true,
      signal,
      onProgress,
      breathe,
      ...said,
      ...(this.#runtime.decodePicture && { decodePicture: this.#runtime.decodePicture }),
    });
  }

  #put(part: Extract<Read, { kind: "images" }>): Extract<OpenedHere, { kind: "images" }> {
    this.#images.put(part);
    const brought = (["test", "training"] as const).filter((which) => part[which] !== undefined);
    return { kind: "images", data: this.#images.report(), brought, notes: part.notes };
  }
}

/** One of the things that files amount to. */
type Read = Awaited<ReturnType<typeof openFiles>>[number];
