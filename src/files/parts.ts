/**
 * @file The other files that a model.json or a bundle.json names, for whoever fetches files by their
 * paths. What cannot be made out is left out: judging a file is its reader's.
 */
import { folderOf } from "./bytes.ts";
import { isManifest } from "./bundle/manifest.ts";

/** What such a file may say; nothing of it is sure. */
interface Loose {
  readonly weightsManifest?: readonly { readonly paths?: readonly unknown[] }[];
  readonly network?: { readonly file?: unknown };
  readonly files?: readonly { readonly name?: unknown }[];
}

/** Paths beside the file, each once: the shards of a layers model, or the files of a bundle's network. */
export function partsNamedIn(bytes: Uint8Array): readonly string[] {
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes)) as Loose | null;
    const named = isManifest(json) ? networkIn(json ?? {}) : shardsIn(json ?? {});
    return [...new Set(named.filter((path) => typeof path === "string"))];
  } catch {
    return [];
  }
}

function shardsIn({ weightsManifest = [] }: Loose): readonly unknown[] {
  return weightsManifest.flatMap((part) => part.paths ?? []);
}

/** Of all files that a bundle lists, those of the network that it is opened as. */
function networkIn({ network, files = [] }: Loose): readonly unknown[] {
  const main = network?.file;
  if (typeof main !== "string") return [];
  const folder = folderOf(main);
  const beside = files
    .map(({ name }) => name)
    .filter((name) => typeof name === "string" && folder !== "" && name.startsWith(folder));
  return [main, ...beside];
}
