/**
 * @file The engine on a shared memory, which TensorFlow.js has where it runs on threads. Its threaded
 * build does not start in Node, so a memory with a malloc that only counts up stands in for it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { Engine } from "./engine.ts";
import { isShared, type WasmBackend } from "./heap.ts";
import { product } from "./product.ts";
import { sumOver } from "./reductions.ts";

const BUILT = join(import.meta.dirname, "..", "built");

/** What the engine takes for tfjs-backend-wasm. */
class SharedBackend implements WasmBackend {
  readonly memory = new WebAssembly.Memory({ initial: 16, maximum: 65_536, shared: true });
  readonly #offsets = new Map<object, number>();
  #end = 1024;

  readonly wasm = {
    wasmMemory: this.memory,
    HEAPU8: new Uint8Array(this.memory.buffer),
    _malloc: (bytes: number): number => {
      const at = this.#end;
      this.#end += Math.ceil(bytes / 16) * 16;
      return at;
    },
    _free: (): void => undefined,
  };

  readonly dataIdMap = {
    get: (dataId: object) => ({ memoryOffset: this.#offsets.get(dataId) ?? null }),
  };

  makeOutput(shape: number[], dtype: DataType): TensorInfo {
    const { _malloc: malloc } = this.wasm;
    const dataId = {};
    this.#offsets.set(dataId, malloc(shape.reduce((a, b) => a * b, 4)));
    return { dataId, shape, dtype };
  }

  /** The same at the very end of memory. */
  makeLast(shape: number[]): TensorInfo {
    const tensor = { dataId: {}, shape, dtype: "float32" as const };
    const bytes = shape.reduce((a, b) => a * b, 4);
    this.#offsets.set(tensor.dataId, this.memory.buffer.byteLength - bytes);
    return tensor;
  }

  disposeData(dataId: object): boolean {
    return this.#offsets.delete(dataId);
  }
}

function openOn(backend: SharedBackend): Engine {
  const module = new WebAssembly.Module(readFileSync(join(BUILT, "simd.wasm")));
  const engine = Engine.open(backend, module);
  if (typeof engine === "string") throw new Error(engine);
  return engine;
}

describe("the engine", () => {
  it("runs the builds for threads over a shared memory, on one", () => {
    const backend = new SharedBackend();
    expect(isShared(backend.memory)).toBe(true);
    const engine = openOn(backend);
    const x = engine.output([1821, 9]);
    engine.values(x).forEach((_, i, values) => {
      values[i] = i % 9;
    });
    const sums = sumOver(engine, x, { axis: 0 }, () => 1);
    if (sums === undefined) throw new Error("not taken");
    expect([...engine.values(sums)]).toEqual(Array.from({ length: 9 }, (_, c) => c * 1821));
  });

  it("reads vectors of a tensor that ends where memory ends", () => {
    const backend = new SharedBackend();
    const engine = openOn(backend);
    const [a, b] = [backend.makeOutput([300, 8], "float32"), backend.makeLast([300, 5])];
    for (const tensor of [a, b]) engine.values(tensor).fill(1);
    const sums = product(engine, a, b, { transposeA: true, transposeB: false });
    if (sums === undefined) throw new Error("not taken");
    expect([...engine.values(sums)]).toEqual(Array.from({ length: 40 }, () => 300));
  });
});
