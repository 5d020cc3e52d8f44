/**
 * @file A bundle's network, out of the archive or out of the folder that it was unpacked into. Only
 * the files of the network itself are read; their SHA-256 must be the manifest's. All others that it
 * lists belong to the bundle and mean nothing by themselves.
 */
import { AppError, sha256Of } from "../../core/index.ts";
import type { Network } from "../../model/index.ts";
import { baseName, folderOf } from "../bytes.ts";
import { parseJson } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { readSafetensors } from "../safetensors/read.ts";
import { sniff } from "../sniff.ts";
import type { Source } from "../source.ts";
import { readModelJson, readTfjs } from "../tfjs/read.ts";
import { isManifest, MANIFEST, readManifest, type Manifest } from "./manifest.ts";

/** A network in the format in which its bundle holds it. */
export interface ReadBundle {
  readonly format: Manifest["network"]["format"];
  readonly network: Network;
}

/** What a set of files amounts to once its bundles are opened. */
export interface Unbundled {
  readonly networks: readonly ReadBundle[];
  /** What belongs to no bundle. */
  readonly rest: readonly Source[];
}

/**
 * Opens every bundle among files that came out of one archive or one drop.
 * @throws files/missing-part, files/checksum, and what the network's own format refuses
 */
export async function takeBundles(sources: readonly Source[]): Promise<Unbundled> {
  const networks: ReadBundle[] = [];
  const taken = new Set<Source>();
  for (const source of sources) {
    if (baseName(source.path) !== MANIFEST) continue;
    const manifest = await manifestIn(source);
    if (manifest === undefined) continue;
    const bundle = new OpenBundle(source, manifest, sources);
    networks.push({ format: manifest.network.format, network: await bundle.network() });
    for (const one of bundle.files()) taken.add(one);
  }
  return { networks, rest: sources.filter((source) => !taken.has(source)) };
}

/** Nothing for a file of that name which is something else. */
async function manifestIn(source: Source): Promise<Manifest | undefined> {
  const isJson = sniff(await source.head(), source.size).kind === "json";
  if (!isJson || source.size > LIMITS.jsonBytes) return undefined;
  const json = parseJson(await source.read(), source.where);
  return isManifest(json) ? readManifest(json, source.where) : undefined;
}

/** A manifest among the files that it lists. */
class OpenBundle {
  readonly #own: Source;
  readonly #manifest: Manifest;
  /** By the name that the manifest gives them. */
  readonly #sources: ReadonlyMap<string, Source>;

  constructor(own: Source, manifest: Manifest, sources: readonly Source[]) {
    const folder = folderOf(own.path);
    this.#own = own;
    this.#manifest = manifest;
    this.#sources = new Map(
      sources
        .filter(({ path }) => path.startsWith(folder))
        .map((source) => [source.path.slice(folder.length), source]),
    );
  }

  /** Every file of the bundle that is there, the manifest with them. */
  files(): readonly Source[] {
    const listed = this.#manifest.files.map(({ name }) => this.#sources.get(name));
    return [this.#own, ...listed.filter((source) => source !== undefined)];
  }

  async network(): Promise<Network> {
    const { format, file } = this.#manifest.network;
    const { bytes, where } = await this.#read(file);
    if (format === "safetensors") return readSafetensors(bytes, where).network;
    const model = readModelJson(parseJson(bytes, where), where);
    const shards: Uint8Array[] = [];
    for (const path of model.paths) shards.push((await this.#read(folderOf(file) + path)).bytes);
    return readTfjs(model, shards);
  }

  /** @throws files/missing-part, files/checksum */
  async #read(name: string): Promise<{ readonly bytes: Uint8Array; readonly where: string }> {
    const source = this.#sources.get(name);
    const expected = this.#manifest.files.find((file) => file.name === name)?.sha256;
    if (source === undefined || expected === undefined) {
      throw new AppError("files/missing-part", {
        where: this.#own.where,
        expected: name,
        found: source === undefined ? "no such file" : "no checksum of it",
        hint: "open the bundle as it was downloaded",
      });
    }
    const bytes = await source.read();
    const found = sha256Of(bytes);
    if (found === expected) return { bytes, where: source.where };
    throw new AppError("files/checksum", {
      where: source.where,
      expected: `SHA-256 ${expected}`,
      found,
      hint: "open the bundle as it was downloaded",
    });
  }
}
