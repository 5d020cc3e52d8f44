/** @file A time box turned into steps by clocks of every kind, on a machine that only pretends to compute. */
import { expect, it } from "vitest";
import { randomImages } from "../data/testing/images.ts";
import { buildArchitecture } from "../model/index.ts";
import type { Program } from "../runtime/index.ts";
import { DEFAULT_SETTINGS } from "../train/index.ts";
import { fixLength, type LengthSetup } from "./fix-length.ts";
import { ImageStore } from "./image-store.ts";

/** A step takes `cost` ms, a look at held-back images a third of that; the clock moves by `grain`. */
function setUp(cost: number, grain: number) {
  const state = { ms: 0, steps: 0 };
  const network = buildArchitecture("vgg11:width=0.0625", 1);
  const images = new ImageStore();
  images.put({ training: randomImages(100, 32) });
  const controller = new AbortController();
  const program = {
    network,
    batch: 10,
    step: async () => {
      state.ms += cost;
      state.steps++;
      return await Promise.resolve({ loss: 1, correct: 1, finite: true });
    },
    forward: async (given: Float32Array) => {
      state.ms += cost / 3;
      return await Promise.resolve(new Float32Array((given.length / 3072) * 10));
    },
  } as Partial<Program> as Program;
  const setup: LengthSetup = {
    program,
    network,
    images,
    signal: controller.signal,
    now: () => (grain === Infinity ? 0 : grain * Math.floor(state.ms / grain)),
    request: {
      network: "",
      settings: { ...DEFAULT_SETTINGS, batchSize: 10, length: { seconds: 20 } },
      validationCount: 10,
    },
  };
  return { state, setup, controller };
}

it.each([
  [7, 0.1, 4],
  [7, 1, 4],
  [7, 100, 80],
  [0.9, 100, 600],
  [250, 100, 4],
])(
  "plans steps of %d ms by a clock that moves every %d ms, from at most %d of them",
  async (cost, grain, most) => {
    const { state, setup } = setUp(cost, grain);
    const { length, box } = await fixLength(setup);
    expect(box).not.toBeNull();
    expect(state.steps).toBeLessThanOrEqual(most);
    const fits = (20_000 - state.ms - cost / 3) / cost;
    const steps = "steps" in length ? length.steps : 0;
    expect(Math.abs(steps - fits) / fits).toBeLessThan(cost > 100 ? 0.25 : 0.08);
  },
);

it("refuses a time box where the clock stands still, and says what goes", async () => {
  const { setup } = setUp(7, Infinity);
  await expect(fixLength(setup)).rejects.toMatchObject({
    code: "runtime/clock-still",
    hint: "say in epochs how long to train",
  });
});

it("times nothing more once it is told to stop, whatever the clock", async () => {
  const { state, setup, controller } = setUp(7, Infinity);
  controller.abort();
  expect(await fixLength(setup)).toEqual({ length: { steps: 1 }, box: null });
  expect(state.steps).toBe(0);
});
