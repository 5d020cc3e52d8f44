/** @file Files that leave their images' size open: the page asks, and changes nothing meanwhile. */
import { expect, it, vi } from "vitest";
import type { OpenFilesOptions } from "../worker/protocol.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

async function asked(pace = 0) {
  const engine = createFakeEngine({ pace });
  const sizes: OpenFilesOptions["inputSize"][] = [];
  const bench = createWorkbench({
    ...engine,
    openFiles: (files, options) => {
      sizes.push(options?.inputSize);
      return engine.openFiles(files, options);
    },
  });
  await bench.commands.start();
  const before = bench.page.getState();
  await bench.commands.openFiles([new File(["{}"], "open-size.json")]);
  return { ...bench, before, sizes };
}

it("asks with the size of the network on the page, which stays", async () => {
  const { sizing, page, before } = await asked();
  expect(sizing.getState().question).toMatchObject({
    why: "open-size.json › input leaves height and width open: [N,3,height,width].",
    height: "32",
    width: "32",
    problem: null,
  });
  expect(page.getState()).toEqual(before);
});

it("opens the same files for the size that was typed", async () => {
  const { sizing, page, commands, sizes } = await asked();
  await commands.answerSize();
  expect(sizes).toEqual([undefined, { height: 32, width: 32 }]);
  expect(page.getState().session?.origin).toBe("open-size.json");
  expect(sizing.getState().question).toBeNull();
});

it("says in the form why an answer does not do, and takes another", async () => {
  const { sizing, page, commands, before, sizes } = await asked();
  commands.typeSize({ height: "28", width: "1e3" });
  await commands.answerSize();
  expect(sizes.at(-1)).toEqual({ height: 28, width: Number.NaN });
  expect(sizing.getState().question?.problem).toMatch(/^open-size\.json: a field has a bad value/);
  expect(page.getState()).toEqual(before);
  commands.typeSize({ height: "32" });
  expect(sizing.getState().question?.problem).toBeNull();
  await commands.answerSize();
  expect(page.getState().session?.origin).toBe("open-size.json");
});

it("keeps the question while a training forbids opening", async () => {
  const { sizing, commands, page, training, before } = await asked();
  void commands.startTraining("finetune");
  await vi.waitFor(() => expect(training.getState().status).toBe("running"));
  await commands.answerSize();
  expect(page.getState().session).toBe(before.session);
  expect(sizing.getState().question).not.toBeNull();
  commands.stopTraining();
});

it("opens nothing when the question is put aside while the files are read", async () => {
  const { sizing, commands, page, before } = await asked(0.01);
  const answer = commands.answerSize();
  commands.dismissSize();
  await answer;
  expect(page.getState().session).toBe(before.session);
  expect(sizing.getState().question).toBeNull();
});

it("forgets the question when it is put aside or other files are opened", async () => {
  const { sizing, commands, page, before } = await asked();
  commands.dismissSize();
  expect(sizing.getState().question).toBeNull();
  await commands.answerSize();
  expect(page.getState()).toEqual(before);
  await commands.openFiles([new File(["{}"], "open-size.json")]);
  await commands.openFiles([new File(["{}"], "other.json")]);
  expect(sizing.getState().question).toBeNull();
  expect(page.getState().session?.origin).toBe("other.json");
});
