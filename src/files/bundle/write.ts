/**
 * @file The bundle: one archive with a network in every format that can say it, how it was made, and
 * code that opens it. The files inside have fixed names, so that the code is the same for every network.
 */
import { invariant, sha256Of } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import { type NamedBytes, zipFiles } from "../containers/zip-write.ts";
import { sameNetwork } from "../graph.ts";
import { openFiles } from "../open.ts";
import type { Exported, NetworkFormat } from "../write.ts";
import { aboutNetwork } from "./about.ts";
import { loadMjs } from "./load-mjs.ts";
import { loadPy } from "./load-py.ts";
import { makeManifest, MANIFEST } from "./manifest.ts";
import { mnnCalibration, mnnConvert } from "./mnn.ts";
import { readme } from "./readme.ts";

/** The name that the network's files have inside. */
export const INSIDE = "network";

/** How the network came to be. JSON values. */
export interface BundleDocuments {
  readonly recipe: unknown;
  readonly plan: unknown;
  readonly report: Readonly<Record<string, unknown>>;
  /** The same for people, a sentence each. */
  readonly summary: readonly string[];
}

export interface BundleParts {
  readonly network: Network;
  /** The network as tfjs or safetensors, and whatever other formats can say it; named {@link INSIDE}. */
  readonly exports: readonly Pick<Exported, "format" | "files">[];
  readonly documents: BundleDocuments;
  /** How the files were checked, a sentence each. */
  readonly checks: readonly string[];
}

/** Writes all of it, manifest first. Equal parts give equal bytes. */
export function writeBundle({ network, exports, documents, checks }: BundleParts): NamedBytes {
  const formats = new Set(exports.map(({ format }) => format));
  const own = formats.has("tfjs") ? "tfjs" : "safetensors";
  invariant(formats.has(own), "a bundle without a network");
  const networks = exports.flatMap(({ format, files }) =>
    files.map(({ name, bytes }) => ({ name: pathOf(format, name), bytes })),
  );
  const about = aboutNetwork(network);
  const calibration = formats.has("onnx") ? mnnCalibration(about) : undefined;
  const others = [
    ...(formats.has("tfjs") ? [text("load.mjs", loadMjs(about))] : []),
    ...(formats.has("torch") ? [text("load.py", loadPy(about))] : []),
    ...(formats.has("onnx") ? [text("mnn/convert.sh", mnnConvert(about))] : []),
    ...(calibration === undefined ? [] : [json("mnn/calibration.json", calibration)]),
    json("recipe.json", documents.recipe),
    json("plan.json", documents.plan),
    json("report.json", documents.report),
  ];
  const names = [...networks, ...others].map(({ name }) => name);
  const { summary } = documents;
  const readMe = text(
    "README.md",
    readme({ network, files: [...names, MANIFEST], summary, checks }),
  );
  const files = [readMe, ...others, ...networks];
  const manifest = makeManifest({
    name: network.name,
    network: {
      format: own,
      file: own === "tfjs" ? "tfjs/model.json" : `${INSIDE}.safetensors`,
    },
    files: files.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256Of(bytes) })),
  });
  return { name: `${INSIDE}.bundle.zip`, bytes: zipFiles([json(MANIFEST, manifest), ...files]) };
}

/**
 * Opens a bundle as a person would, and compares graph, metadata and every bit of the weights.
 * @returns the network as it was read
 * @throws Error (internal) when they differ, which would be a bug of the writer
 */
export async function verifyBundle(
  network: Network,
  { name, bytes }: NamedBytes,
): Promise<Network> {
  const opened = await openFiles([new File([bytes as Uint8Array<ArrayBuffer>], name)]);
  const [first, ...others] = opened;
  const isSame =
    first?.kind === "network" && others.length === 0 && sameNetwork(first.network, network);
  invariant(isSame, `${name} does not read back as it was written`);
  return first.network;
}

/** Only TensorFlow.js names its files without the network's name. */
function pathOf(format: NetworkFormat, name: string): string {
  return format === "tfjs" ? `tfjs/${name}` : name;
}

function text(name: string, content: string): NamedBytes {
  return { name, bytes: new TextEncoder().encode(content) };
}

function json(name: string, value: unknown): NamedBytes {
  return text(name, `${JSON.stringify(value, null, 2)}\n`);
}
