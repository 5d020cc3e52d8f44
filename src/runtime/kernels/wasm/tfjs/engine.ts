/**
 * @file Runs programs of the kernels on the memory of one tfjs-backend-wasm: on its tensors where they
 * lie, on one thread. What else a program needs stands in one block of that memory, allocated like a
 * tensor, kept for the next program and replaced by a larger one when need be. The memory may grow
 * at any allocation, so no view of it outlives a call.
 *
 * The kernels' control block stands at fixed addresses below 256. Emscripten leaves the first 1024
 * bytes of a memory alone, because static data begins behind them; {@link Engine.open} looks whether
 * they are zero, and every run leaves them so.
 */
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { CONTROL, CONTROL_BYTES } from "../../../spmd/instructions.ts";
import { addressOf, allocate, free, memoryOf, sizeOf, type WasmBackend } from "./heap.ts";
import type { Program } from "./program.ts";

type Run = (program: number, thread: number, threads: number) => void;

/** The first control word; what is below is nobody's. */
const FIRST_CONTROL = CONTROL.images;
/** What kernels may read behind the end of a tensor. */
const SLACK_BYTES = 32;
const LINE = 64;

/** Programs differ in size from layer to layer: some more than is needed spares replacing the block. */
const SPARE = 1.25;

interface Workspace {
  /** As malloc gave it. */
  readonly at: number;
  readonly bytes: number;
  /** How many bytes from its first line on hold zeros. */
  readonly zeroBytes: number;
}

export class Engine {
  readonly #backend: WasmBackend;
  readonly #memory: WebAssembly.Memory;
  readonly #run: Run;
  #workspace: Workspace | undefined;

  private constructor(backend: WasmBackend, memory: WebAssembly.Memory, run: Run) {
    this.#backend = backend;
    this.#memory = memory;
    this.#run = run;
  }

  /**
   * Puts the kernels over a backend's memory.
   * @param module — a build for memory of its kind, shared or not
   * @returns in words why not, when that would be unsound
   */
  static open(backend: object, module: WebAssembly.Module): Engine | string {
    const memory = memoryOf(backend);
    if (typeof memory === "string") return memory;
    const control = new Int32Array(memory.buffer, 0, CONTROL_BYTES / 4).subarray(FIRST_CONTROL);
    if (control.some((word) => word !== 0)) return "the lowest addresses of its memory are in use";
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    return new Engine(backend as WasmBackend, memory, exports["run"] as Run);
  }

  addressOf(tensor: TensorInfo): number {
    return addressOf(this.#backend, tensor);
  }

  /**
   * A tensor that holds anything.
   * @throws when there is no memory for it
   */
  output(shape: readonly number[], dtype: DataType = "float32"): TensorInfo {
    const tensor = this.#backend.makeOutput([...shape], dtype);
    if (sizeOf(shape) > 0 && this.addressOf(tensor) === 0) {
      this.#backend.disposeData(tensor.dataId);
      throw noMemory(sizeOf(shape) * 4, `a tensor of [${shape.join(", ")}]`);
    }
    return tensor;
  }

  /**
   * A new tensor of floats, written by a program.
   * @param program — makes it for the tensor's address
   * @param after — looks at what the program has left, with the address of its blocks
   * @throws when there is no memory for it
   */
  write(
    shape: readonly number[],
    program: (address: number) => Program,
    after?: (output: TensorInfo, base: number) => void,
  ): TensorInfo {
    const output = this.output(shape);
    try {
      const base = this.#execute(program(this.addressOf(output)));
      after?.(output, base);
    } catch (error) {
      this.#backend.disposeData(output.dataId);
      throw error;
    }
    return output;
  }

  /** The bytes of the memory as they are until the next allocation. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }

  /** A tensor's values until the next allocation; as whole numbers when it has those. */
  values(tensor: TensorInfo): Float32Array | Int32Array {
    const [at, size] = [this.addressOf(tensor), sizeOf(tensor.shape)];
    const { buffer } = this.#memory;
    return tensor.dtype === "int32"
      ? new Int32Array(buffer, at, size)
      : new Float32Array(buffer, at, size);
  }

  /** Doubles that a program has left in a block. */
  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, count);
  }

  /** Whether kernels may read a little behind this address: not at the very end of memory. */
  isReadableBehind(end: number): boolean {
    return end + SLACK_BYTES <= this.#memory.buffer.byteLength;
  }

  /** Runs a program to its end. Answers the address of its blocks. */
  #execute(program: Program): number {
    const { blockBytes, scratchBytes, zeroBytes } = program.needs;
    const { at, zeroBytes: zeros } = this.#reserve(zeroBytes, scratchBytes + blockBytes);
    const first = Math.ceil(at / LINE) * LINE;
    const base = first + zeros + scratchBytes;
    const words = new Int32Array(this.#memory.buffer);
    const start = program.write(words, base);
    const control = words.subarray(FIRST_CONTROL, CONTROL_BYTES / 4);
    words[CONTROL.images] = program.images;
    words[CONTROL.zeros] = first;
    words[CONTROL.scratch] = first + zeros;
    words[CONTROL.scratchBytes] = scratchBytes;
    try {
      this.#run(start, 0, 1);
    } finally {
      control.fill(0);
    }
    return base;
  }

  /** Gives the workspace back; the next program takes a new one. */
  release(): void {
    if (this.#workspace !== undefined) free(this.#backend, this.#workspace.at);
    this.#workspace = undefined;
  }

  /** A workspace with so many zeros, so many bytes, and what aligning them takes. */
  #reserve(zeroBytes: number, otherBytes: number): Workspace {
    const before = this.#workspace;
    const zeros = Math.max(zeroBytes, before?.zeroBytes ?? 0);
    const bytes = LINE + zeros + otherBytes;
    if (before !== undefined && before.bytes >= bytes) {
      if (zeros === before.zeroBytes) return before;
      return this.#keep({ ...before, zeroBytes: zeros });
    }
    this.release();
    const spare = Math.ceil(bytes * SPARE);
    for (const size of [spare, bytes]) {
      const at = allocate(this.#backend, size);
      if (at !== 0) return this.#keep({ at, bytes: size, zeroBytes: zeros });
    }
    throw noMemory(bytes, "a kernel's workspace");
  }

  #keep(workspace: Workspace): Workspace {
    const first = Math.ceil(workspace.at / LINE) * LINE;
    this.bytes().fill(0, first, first + workspace.zeroBytes);
    this.#workspace = workspace;
    return workspace;
  }
}

function noMemory(bytes: number, what: string): Error {
  const megabytes = Math.ceil(bytes / 2 ** 20);
  return new Error(
    `TensorFlow.js' wasm memory has no ${megabytes} MB left for ${what}: ` +
      `dispose tensors or take a smaller batch`,
  );
}
