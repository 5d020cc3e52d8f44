/** @file What a file leaves open about the network on the page, and reading it otherwise. */
import { expect, it } from "vitest";
import { AppError } from "../core/index.ts";
import type { Opened } from "./engine.ts";
import type { Said } from "./rereading.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { makeSparseNetwork } from "./testing/fake-network.ts";
import { createWorkbench } from "./workbench.ts";

const READINGS = [
  { key: "vgg", title: "VGG" },
  { key: "vgg-average-pools", title: "VGG, average pools" },
];
const weights = new File(["?"], "weights.pth");

/** A page with an engine whose files hold weights that fit two networks and any size. */
async function opened() {
  const asked: Said[] = [];
  const bench = createWorkbench({
    ...createFakeEngine({ pace: 0 }),
    openFiles: async (_, { inputSize, reading = "vgg" } = {}): Promise<readonly Opened[]> => {
      asked.push({ inputSize, reading });
      if (inputSize?.height === 1) throw new AppError("model/shape-mismatch", { where: "pool5" });
      const seed = READINGS.findIndex(({ key }) => key === reading) + 11;
      const network = { ...makeSparseNetwork(undefined, seed), metadata: {} };
      const about = { format: "torch", readings: READINGS, reading, fitsAnySize: true } as const;
      return await Promise.resolve([{ kind: "network", network, ...about, notes: ["a remark"] }]);
    },
  });
  await bench.commands.start();
  await bench.commands.openFiles([weights]);
  return { ...bench, asked };
}

it("says what the weights may be, and what was assumed", async () => {
  const { rereading, activity } = await opened();
  expect(rereading.getState()).toEqual({
    readings: READINGS,
    reading: "vgg",
    size: "assumed",
    notes: ["a remark"],
  });
  expect(activity.getState().message).toBe("Opened weights.pth: a remark.");
});

it("opens the same files as another of them, and keeps what was said before", async () => {
  const { rereading, commands, sizing, page, asked } = await opened();
  const before = page.getState().session?.key;
  commands.askSize();
  expect(sizing.getState().question?.why).toBe("weights.pth fits images of any size.");
  commands.typeSize({ height: "48", width: "48" });
  await commands.answerSize();
  await commands.readAs("vgg-average-pools");
  const inputSize = { height: 48, width: 48 };
  expect(asked).toEqual([
    { inputSize: undefined, reading: "vgg" },
    { inputSize, reading: "vgg" },
    { inputSize, reading: "vgg-average-pools" },
  ]);
  expect(rereading.getState()).toMatchObject({ reading: "vgg-average-pools", size: "said" });
  expect(page.getState().session?.key).not.toBe(before);
  expect(page.getState().runs).toHaveLength(1);
});

it("leaves the network alone when it cannot be read that way", async () => {
  const { commands, page, sizing, rereading } = await opened();
  const before = page.getState();
  commands.askSize();
  commands.typeSize({ height: "1" });
  await commands.answerSize();
  expect(sizing.getState().question?.problem).toMatch(/^pool5: the shapes disagree/);
  expect(page.getState()).toEqual(before);
  expect(rereading.getState().size).toBe("assumed");
});

it("forgets the files when a network comes from elsewhere", async () => {
  const { commands, rereading, page, asked } = await opened();
  await commands.buildArchitecture("vgg11:width=0.0625");
  expect(rereading.getState().readings).toEqual([]);
  const before = page.getState().session;
  await commands.readAs("vgg");
  commands.askSize();
  expect(page.getState().session).toBe(before);
  expect(asked).toHaveLength(1);
});
