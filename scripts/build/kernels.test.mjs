/**
 * @file What the built kernels bring and what they must not bring.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "../setup/paths.mjs";
import { assertHarmless, ensureKernels } from "./kernels.mjs";

const BUILT = join(ROOT, "src/runtime/kernels/wasm/built");

beforeAll(() => ensureKernels(() => undefined));

describe("the built kernels", () => {
  it.each(["fma", "simd", "single"])("%s: run over a memory that is given", (name) => {
    const text = readFileSync(join(BUILT, `${name}.wat`), "utf8");
    expect(() => assertHarmless(text, name)).not.toThrow();
    const imports = [...text.matchAll(/\(import .*/g)].map(([line]) => line);
    const limits = name === "single" ? "0" : "0 65536 shared";
    expect(imports).toEqual([`(import "env" "memory" (memory $0 ${limits}))`]);
    expect(text.match(/\(export "run" \(func/g)).toHaveLength(1);
    // Only the build with fused multiply-add needs an engine that knows relaxed SIMD.
    expect(text.includes("relaxed")).toBe(name === "fma");
  });

  it.each(["simd", "single"])("%s is understood wherever Espalier runs", async (name) => {
    const module = await WebAssembly.compile(readFileSync(join(BUILT, `${name}.wasm`)));
    expect(WebAssembly.Module.exports(module)).toContainEqual({ name: "run", kind: "function" });
    expect(WebAssembly.Module.imports(module)).toEqual([
      { module: "env", name: "memory", kind: "memory" },
    ]);
  });
});

describe("assertHarmless", () => {
  it.each([
    ["data", '(module\n (import "env" "memory" (memory $0 0))\n (data (i32.const 1024) "x")\n)'],
    ["start", "(module\n (func $0)\n (start $0)\n)"],
  ])("refuses a %s section", (section, text) => {
    expect(() => assertHarmless(text, "bad")).toThrow(`bad.wasm has a ${section} section`);
  });

  it("takes functions of such a name", () => {
    expect(() => assertHarmless("(module\n (func $data)\n (func $start)\n)", "good")).not.toThrow();
  });
});
