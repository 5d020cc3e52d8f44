/** @file A network that can only be looked at: the page shows it, and keeps everything that it had. */
import { expect, it } from "vitest";
import { AppError, known } from "../core/index.ts";
import type { Engine, Sketch } from "./engine.ts";
import { sumOf } from "./sketching.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

const layer = { name: "a", op: "Conv", shape: [4, 4, 8], parameters: 10, macs: 160, problem: null };
const sketch: Sketch = {
  name: "theirs",
  layers: [
    layer,
    {
      ...layer,
      op: "Magic",
      shape: null,
      parameters: 3,
      macs: null,
      problem: "Espalier has no Magic",
    },
    { ...layer, shape: null, parameters: null, macs: null },
  ],
  scales: new Float32Array(),
};

it("says what was counted, and where it could not be", () => {
  expect(sumOf(sketch)).toMatchObject({
    parameters: 13,
    macs: 160,
    uncountedParameters: 1,
    uncountedMacs: 2,
    problems: [{ op: "Magic" }],
  });
});

it("shows it under Load beside the network on the page, until another one is opened", async () => {
  const engine = createFakeEngine({ pace: 0, architecture: "vgg11:width=0.125" });
  const refusal = { code: "files/unsupported", where: "theirs.onnx", found: "Magic (a)" } as const;
  const { commands, page, sketching, slider } = createWorkbench({
    ...engine,
    openFiles: async () =>
      await Promise.resolve([{ kind: "sketch" as const, sketch, refusal, notes: [] }]),
  });
  await commands.start();
  commands.goTo("prune");
  commands.setRatio(0.5);
  const { session, runs } = page.getState();
  await commands.openFiles([new File(["x"], "theirs.onnx")]);
  expect(sketching.getState()).toEqual({
    sketch,
    why: "theirs.onnx: this is not supported (found Magic (a)); simplify the network and export it again.",
  });
  expect(page.getState()).toMatchObject({ step: "load", session, runs, problems: {} });
  expect(slider.getState().ratio).toBe(0.5);
  commands.dismissSketch();
  expect(sketching.getState().sketch).toBeNull();

  await commands.openFiles([new File(["x"], "theirs.onnx")]);
  await commands.buildArchitecture("vgg11:width=0.125");
  expect(sketching.getState().sketch).toBeNull();
});

it("keeps it while images or broken files are dropped, until a project is opened", async () => {
  const engine = createFakeEngine({ pace: 0, architecture: "vgg11:width=0.125" });
  const refusal = { code: "files/unsupported", where: "theirs.onnx", found: "Magic (a)" } as const;
  let answer: Engine["openFiles"] = async () =>
    await Promise.resolve([{ kind: "sketch" as const, sketch, refusal, notes: [] }]);
  const { commands, page, sketching } = createWorkbench({
    ...engine,
    openFiles: (...given) => answer(...given),
  });
  await commands.start();
  const project = known(await commands.writeProject(), "project");
  const drop = (name: string): Promise<void> => commands.openFiles([new File(["x"], name)]);
  await drop("theirs.onnx");

  commands.goTo("prune");
  const { data, session } = page.getState();
  const images = known(data, "images");
  answer = async () =>
    await Promise.resolve([
      { kind: "images" as const, data: images, brought: ["test"], notes: [] },
    ]);
  await drop("test_batch.bin");
  expect(sketching.getState().sketch).toBe(sketch);
  // Nothing new stands under Load.
  expect(page.getState()).toMatchObject({ step: "prune", session });

  answer = () => Promise.reject(new AppError("files/truncated", { where: "half.onnx" }));
  await drop("half.onnx");
  expect(page.getState().problems.load).toMatch(/half\.onnx/);
  expect(sketching.getState().sketch).toBe(sketch);

  answer = engine.openFiles;
  await commands.openFiles([new File([project.bytes as BlobPart], project.name)]);
  expect(page.getState().problems).toEqual({});
  expect(sketching.getState().sketch).toBeNull();
});
