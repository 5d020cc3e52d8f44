/**
 * @file The HDF Group's library in WebAssembly (h5wasm), loaded when the first such file comes. A
 * damaged file can make it trap, or write where it should not (found by fuzzing HDF5 2.0.0 as h5wasm
 * 0.10.3 builds it); then it fails on sound files too. So a library that has trapped is abandoned, and
 * who comes next gets a new one.
 */
import type * as H5wasm from "h5wasm";
import { AppError } from "../../core/index.ts";

export type Library = typeof H5wasm;

/** What h5wasm's own code calls; it is made once by h5wasm, and again by us. */
type Program = Awaited<Library["ready"]>;

let loaded: Promise<Library> | undefined;
let state: "new" | "used" | "spent" = "new";

/**
 * Lets `work` use the library; once more, on a new one, when it traps on one that has been used before:
 * an earlier file may have wrecked it.
 * @param where — the file that needs it, for the refusal
 * @throws files/reader-missing when the library cannot be had, as on a page that has gone off line; what
 *   `work` throws, a trap of a new library too
 */
export async function withHdf5Library<T>(
  where: string,
  work: (library: Library, program: Program) => T,
): Promise<T> {
  const library = await orMissing(where, loadOnce);
  for (;;) {
    if (state === "spent") await orMissing(where, () => renew(library));
    const program = await library.ready;
    const wasNew = state === "new";
    state = "used";
    try {
      return work(library, program);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      state = "spent";
      if (wasNew) throw error;
    }
  }
}

/**
 * Begins to load the library, for a file whose bytes are still on their way. Whether it came is said to
 * whoever uses it.
 */
export function expectHdf5Library(): void {
  loadOnce().catch(() => undefined);
}

/** A failure is not kept: the next file may come when the library can be had. */
function loadOnce(): Promise<Library> {
  loaded ??= load().catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

/** That the library is not there is no fault of the file's. */
async function orMissing<T>(where: string, get: () => Promise<T>): Promise<T> {
  try {
    return await get();
  } catch (cause) {
    throw new AppError("files/reader-missing", { where, cause });
  }
}

async function load(): Promise<Library> {
  const h5wasm = await import("h5wasm");
  silence(await h5wasm.ready);
  return h5wasm;
}

/**
 * Puts a new program behind h5wasm's functions. They all read one object, which is emptied and made to
 * hand on whatever is asked of it: there is no other way to give them another one.
 */
async function renew({ ready }: Library): Promise<void> {
  const { default: makeProgram } =
    await import("../../../node_modules/h5wasm/dist/esm/hdf5_util.js");
  const fresh = await makeProgram({ noInitialRun: true });
  silence(fresh);
  const face: object = await ready;
  for (const key of Object.keys(face)) Reflect.deleteProperty(face, key);
  Object.setPrototypeOf(face, fresh);
  state = "new";
}

/** It reports every damaged file on the console as well; what matters comes back as a result. */
function silence({ FS }: Program): void {
  const { streams } = FS as unknown as { streams: { stream_ops: Record<string, unknown> }[] };
  for (const stream of streams.slice(1, 3)) {
    const write = (_stream: unknown, _bytes: unknown, _offset: number, length: number) => length;
    stream.stream_ops = { ...stream.stream_ops, write };
  }
}
