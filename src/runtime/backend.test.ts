/** @file Which backend one gets in Node, and what is said when it cannot be had. */
import { describe, expect, it } from "vitest";
import { explain } from "../core/index.ts";
import { refusal } from "../core/testing/refusal.ts";
import { compile, openBackend } from "./index.ts";
import { NODE_WASM_PATHS, openInNode } from "./testing/backends.ts";
import { tiny } from "./testing/networks.ts";

const OPTIONS = { wasmPaths: NODE_WASM_PATHS };

describe("opening a backend", () => {
  it("takes wasm where there is no GPU, and says why", async () => {
    const { kind, report } = await openBackend("auto", OPTIONS);
    expect(kind).toBe("wasm");
    expect(report.description).toBe("wasm, SIMD, 1 thread");
    expect(report.reason).not.toBe("");
    expect(report.limits).toEqual(["no-webgpu"]);
  });

  it("gives what was asked for without an excuse", async () => {
    expect((await openBackend("wasm", OPTIONS)).report.reason).toBe("");
    expect((await openBackend("cpu", OPTIONS)).report).toEqual({
      kind: "cpu",
      description: "cpu, plain JavaScript",
      reason: "",
      limits: [],
      threads: 1,
      wantedThreads: 1,
    });
  });

  it("runs wasm on our own kernels where they load, and on one machine for all", async () => {
    const first = await openInNode("wasm", { threads: 2 });
    expect(first.report.description).toMatch(/^wasm, own kernels, (fused )?SIMD, 2 threads$/);
    expect(first.machine).toMatchObject({ threads: 2 });
    expect(first.report).toMatchObject({ threads: 2, wantedThreads: 2, limits: [] });
    expect((await openInNode("wasm", { threads: 1 })).report.limits).toEqual(["one-core"]);
    expect((await openInNode("wasm", { threads: 2 })).machine).toBe(first.machine);
    expect((await openInNode("cpu", { threads: 2 })).machine).toBeNull();
  });

  it("does without them where they do not", async () => {
    const files = { load: () => Promise.reject(new Error("status 404")) };
    const { machine, report } = await openBackend("wasm", { ...OPTIONS, kernels: { files } });
    expect(machine).toBeNull();
    expect(report.description).toBe("wasm, SIMD, 1 thread");
    expect(report.limits).toEqual(["no-kernels"]);
  });

  it("refuses webgpu where there is none, and names the way out", async () => {
    const error = await refusal(() => openBackend("webgpu", OPTIONS));
    expect(error.code).toBe("runtime/backend-unavailable");
    expect(explain(error)).toMatch(/^webgpu: this backend is not available here.*use wasm/);
  });

  it("does not let a program of tensors run on another backend than its own", async () => {
    const program = compile(tiny(), { ...(await openInNode("wasm")), machine: null }, 1);
    await openInNode("cpu");
    await expect(program.forward(new Float32Array(192))).rejects.toThrow(/wasm is not current/);
    await openInNode("wasm");
    program.dispose();
  });
});
