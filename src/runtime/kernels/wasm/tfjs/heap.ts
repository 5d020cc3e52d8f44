/**
 * @file What these kernels know of the inside of tfjs-backend-wasm: where its memory is, where a tensor
 * lies in it, how an output and a block of bytes are had. None of it is documented; all of it is as in
 * 4.22.0, and {@link memoryOf} refuses a backend in which it is otherwise.
 */
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";

/** The backend that TensorFlow.js hands to a kernel. */
export interface WasmBackend {
  readonly wasm: {
    /** Replaced when the memory grows. */
    readonly HEAPU8: Uint8Array;
    /** Answers 0 when there is no memory; a negative number stands for one from 2³¹ on. */
    readonly _malloc: (bytes: number) => number;
    readonly _free: (address: number) => void;
    /** Its exports; with the memory where that is not shared. */
    readonly asm?: { readonly memory?: unknown };
    /** The memory that the threaded build was given. */
    readonly wasmMemory?: unknown;
  };
  readonly dataIdMap: { get(dataId: object): { readonly memoryOffset: number | null } };
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  disposeData(dataId: object): boolean;
}

/** The memory behind a backend, or in words why it cannot be had. */
export function memoryOf(backend: object): WebAssembly.Memory | string {
  const { wasm } = backend as Partial<WasmBackend>;
  const { _malloc: malloc, _free: give } = wasm ?? {};
  if (wasm === undefined || typeof malloc !== "function" || typeof give !== "function") {
    return "this is not the wasm backend, or one without malloc";
  }
  for (const memory of [wasm.wasmMemory, wasm.asm?.memory]) {
    if (memory instanceof WebAssembly.Memory && memory.buffer === wasm.HEAPU8.buffer) {
      return memory;
    }
  }
  return "this version of the wasm backend does not show its memory";
}

export function isShared(memory: WebAssembly.Memory): boolean {
  return typeof SharedArrayBuffer !== "undefined" && memory.buffer instanceof SharedArrayBuffer;
}

/** Malloc would take a larger number for a small one. */
const MOST_BYTES = 2 ** 32 - 1;

/** Bytes of the backend's memory, which may grow; 0 when there are not so many left. */
export function allocate({ wasm: { _malloc: malloc } }: WasmBackend, bytes: number): number {
  return bytes > MOST_BYTES ? 0 : malloc(bytes) >>> 0;
}

export function free({ wasm: { _free: give } }: WasmBackend, address: number): void {
  give(address);
}

/** The address of a tensor's first byte. */
export function addressOf(backend: WasmBackend, { dataId }: TensorInfo): number {
  return backend.dataIdMap.get(dataId).memoryOffset ?? 0;
}

/** Values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
