/**
 * @file Runs one kernel of a backend by its name, apart from TensorFlow.js' engine. On wasm every tensor
 * stands at an address that is a multiple of 4 and of nothing more, between guards that no kernel may
 * write and whose value, NaN, none may make use of.
 */
import * as tf from "@tensorflow/tfjs-core";
import { addressOf, allocate, free, memoryOf, type WasmBackend } from "../heap.ts";

export interface Given {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly dtype?: "float32" | "int32" | "bool";
}

const GUARD_BYTES = 64;
/** A NaN, and what a byte of it is. */
const GUARD_BYTE = 0xff;

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array };

const typed = (values: ArrayLike<number>, dtype: keyof typeof ARRAYS = "float32") =>
  ARRAYS[dtype].from(values);

export type Inputs = Readonly<Record<string, Given | undefined>>;

function configOf(name: string, kind: string): tf.KernelConfig {
  const config = tf.getKernel(name, kind) as tf.KernelConfig | undefined;
  if (config === undefined) throw new Error(`no ${name} on ${kind}`);
  return config;
}

/** The answer of the cpu backend, its tensors given back. */
export function runOnCpu(name: string, inputs: Inputs, attributes: object): number[] {
  const backend = tf.findBackend("cpu");
  const tensors = mapped(inputs, ({ shape, values, dtype = "float32" }): tf.TensorInfo => {
    const dataId = backend.write(typed(values, dtype), [...shape], dtype);
    return { dataId, shape: [...shape], dtype };
  });
  const attrs = attributes as tf.NamedAttrMap;
  const output = single(configOf(name, "cpu").kernelFunc({ inputs: tensors, backend, attrs }));
  const values = Array.from(backend.readSync(output.dataId) as Float32Array);
  for (const tensor of [...Object.values(tensors), output]) {
    if (tensor !== undefined) backend.disposeData(tensor.dataId, true);
  }
  return values;
}

/** The answer of the wasm backend. @throws when a guard has been written to */
export function runOnWasm(
  name: string,
  inputs: Inputs,
  attributes: object,
): { readonly values: number[]; readonly shape: readonly number[] } {
  const backend = tf.findBackend("wasm") as tf.KernelBackend & WasmBackend;
  const guards = new Guards(backend);
  try {
    const tensors = mapped(inputs, ({ shape, values, dtype = "float32" }) => {
      const tensor = guards.tensor([...shape], dtype);
      guards.viewOf(tensor).set(typed(values, dtype));
      return tensor;
    });
    const attrs = attributes as tf.NamedAttrMap;
    const output = single(
      guards.around(() => configOf(name, "wasm").kernelFunc({ inputs: tensors, backend, attrs })),
    );
    guards.check();
    return { values: Array.from(guards.viewOf(output)), shape: output.shape };
  } finally {
    guards.release();
  }
}

function single(output: tf.TensorInfo | tf.TensorInfo[]): tf.TensorInfo {
  if (!Array.isArray(output)) return output;
  throw new Error("this kernel has several outputs");
}

function mapped(inputs: Inputs, make: (given: Given) => tf.TensorInfo): tf.NamedTensorInfoMap {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([key, given]) => (given ? [[key, make(given)]] : [])),
  );
}

/** Makes tensors between guards while it is around. */
class Guards {
  readonly #backend: WasmBackend;
  readonly #blocks: { readonly block: number; readonly start: number; readonly end: number }[] = [];
  readonly #make: WasmBackend["makeOutput"];
  readonly #tensors: tf.TensorInfo[] = [];

  constructor(backend: WasmBackend) {
    this.#backend = backend;
    this.#make = backend.makeOutput.bind(backend);
  }

  tensor(shape: number[], dtype: tf.DataType): tf.TensorInfo {
    const size = shape.reduce((a, b) => a * b, 1) * tf.util.bytesPerElement(dtype);
    const block = allocate(this.#backend, size + 2 * GUARD_BYTES + 16);
    const start = Math.ceil((block + GUARD_BYTES) / 16) * 16 + 4;
    this.#bytes().fill(GUARD_BYTE, block, block + size + 2 * GUARD_BYTES + 16);
    this.#blocks.push({ block, start, end: start + size });
    const make = this.#make as (...args: unknown[]) => tf.TensorInfo;
    const tensor = make(shape, dtype, start);
    this.#tensors.push(tensor);
    return tensor;
  }

  /** Malloc must never be given an address between guards: what is disposed of stays until the end. */
  around<T>(body: () => T): T {
    const backend = this.#backend as Pick<WasmBackend, "makeOutput" | "disposeData">;
    const dispose = this.#backend.disposeData.bind(backend);
    backend.makeOutput = (shape, dtype) => this.tensor(shape, dtype);
    backend.disposeData = (dataId) =>
      this.#tensors.some((tensor) => tensor.dataId === dataId) || dispose(dataId);
    try {
      return body();
    } finally {
      backend.makeOutput = this.#make;
      backend.disposeData = dispose;
    }
  }

  viewOf(tensor: tf.TensorInfo) {
    const size = tensor.shape.reduce((a, b) => a * b, 1);
    const { buffer } = this.#bytes();
    const at = addressOf(this.#backend, tensor);
    if (tensor.dtype === "bool") return new Uint8Array(buffer, at, size);
    const view = tensor.dtype === "int32" ? Int32Array : Float32Array;
    return new view(buffer, at, size);
  }

  check(): void {
    const bytes = this.#bytes();
    for (const { block, start, end } of this.#blocks) {
      const around = [...bytes.subarray(block, start), ...bytes.subarray(end, end + GUARD_BYTES)];
      if (around.some((byte) => byte !== GUARD_BYTE)) throw new Error("a guard was written to");
    }
  }

  release(): void {
    const map = this.#backend.dataIdMap as unknown as { delete(dataId: object): void };
    for (const { dataId } of this.#tensors) map.delete(dataId);
    for (const { block } of this.#blocks) free(this.#backend, block);
  }

  #bytes() {
    const memory = memoryOf(this.#backend);
    if (typeof memory === "string") throw new Error(memory);
    return new Uint8Array(memory.buffer);
  }
}
