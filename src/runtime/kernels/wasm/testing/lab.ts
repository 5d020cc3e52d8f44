/** @file A memory to try single instructions in: put values, run, take values out. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CONTROL, CONTROL_BYTES, encode, type Instruction } from "../../../spmd/instructions.ts";

const BUILT = join(import.meta.dirname, "..", "built");
const modules = new Map<string, WebAssembly.Module>();

/** Bytes of scratch memory a thread. */
const SCRATCH = 4 << 20;
/** Behind every block: what kernels may read beyond its end. */
const SLACK = 64;

type Run = (program: number, thread: number, threads: number) => void;

/** The unshared build, in which threads are played one after the other. */
export class Lab {
  readonly #memory: WebAssembly.Memory;
  readonly #run: Run;
  #end = CONTROL_BYTES;

  constructor(images: number, threads = 1, megabytes = 64) {
    this.#memory = new WebAssembly.Memory({ initial: megabytes * 16 });
    const file = join(BUILT, "single.wasm");
    const module = modules.get(file) ?? new WebAssembly.Module(readFileSync(file));
    modules.set(file, module);
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#run = instance.exports["run"] as Run;
    this.set(CONTROL.images, images);
    this.set(CONTROL.zeros, this.allocate(1 << 16));
    this.set(CONTROL.scratch, this.allocate(SCRATCH * threads));
    this.set(CONTROL.scratchBytes, SCRATCH);
  }

  /** Sets a control word. */
  set(word: number, value: number): void {
    new Int32Array(this.#memory.buffer)[word] = value;
  }

  setFloat(word: number, value: number): void {
    new Float32Array(this.#memory.buffer)[word] = value;
  }

  control(word: number): number {
    return new Int32Array(this.#memory.buffer)[word] ?? 0;
  }

  allocate(bytes: number): number {
    const at = this.#end;
    this.#end = (at + bytes + SLACK + 63) & ~63;
    if (this.#end > this.#memory.buffer.byteLength) throw new Error("the lab is too small");
    return at;
  }

  floats(values: ArrayLike<number>): number {
    const at = this.allocate(values.length * 4);
    new Float32Array(this.#memory.buffer).set(values, at / 4);
    return at;
  }

  ints(values: ArrayLike<number>): number {
    const at = this.allocate(values.length * 4);
    new Int32Array(this.#memory.buffer).set(values, at / 4);
    return at;
  }

  read(at: number, count: number): Float32Array {
    return new Float32Array(this.#memory.buffer).slice(at / 4, at / 4 + count);
  }

  readDoubles(at: number, count: number): Float64Array {
    return new Float64Array(this.#memory.buffer).slice(at / 8, at / 8 + count);
  }

  /** Runs one instruction after the other, each on all threads in turn. */
  run(instructions: readonly Instruction[], threads = 1): void {
    for (const instruction of instructions) {
      const program = this.ints(encode([instruction]));
      for (let thread = 0; thread < threads; thread++) this.#run(program, thread, threads);
    }
  }
}

/** Channels padded to a multiple of 4. */
export const padded = (channels: number): number => (channels + 3) & ~3;

/** [pixels][channels] → [pixels][stride] with zeros behind. */
export function spread(values: ArrayLike<number>, channels: number, stride: number): Float32Array {
  const pixels = values.length / channels;
  const out = new Float32Array(pixels * stride);
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < channels; c++) out[p * stride + c] = values[p * channels + c] ?? 0;
  }
  return out;
}

/** The opposite of {@link spread}. */
export function gathered(
  values: ArrayLike<number>,
  channels: number,
  stride: number,
): Float32Array {
  const pixels = values.length / stride;
  const out = new Float32Array(pixels * channels);
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < channels; c++) out[p * channels + c] = values[p * stride + c] ?? 0;
  }
  return out;
}
