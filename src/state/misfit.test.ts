/** @file Images that do not belong to the network: nothing is measured on them, and nothing else is lost. */
import { expect, it, vi } from "vitest";
import { misfitMeasured, misfitOf, misfitTrained, takesCifar10 } from "./misfit.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

const cifar10 = {
  name: "CIFAR-10 test",
  count: 100,
  classes: Array.from({ length: 10 }, (_, i) => `class ${i}`),
  shape: [32, 32, 3],
};
const cifar100 = {
  ...cifar10,
  name: "CIFAR-100 test",
  classes: Array.from({ length: 100 }, (_, i) => `class ${i}`),
};
const network = { name: "net", classes: 10, input: [32, 32, 3] };

it("tells images that fit from those of other classes and of another size", () => {
  expect(misfitOf(network, null)).toBeNull();
  expect(misfitOf(network, cifar10)).toBeNull();
  expect(misfitOf(network, cifar100)).toMatchObject({
    about: "classes",
    network: { classes: 10 },
    images: { classes: 100, name: "CIFAR-100 test" },
  });
  // The size is the coarser difference.
  const small = { ...network, input: [28, 28, 1], classes: 100 };
  const misfit = misfitOf(small, cifar10);
  expect(misfit?.about).toBe("size");
  expect(misfit && takesCifar10(misfit)).toBe(false);
});

it("measures no accuracy on them, but how long the network takes, and goes on with images that fit", async () => {
  const engine = createFakeEngine({ pace: 0 });
  const evaluate = vi.fn(engine.evaluate);
  const gallery = vi.fn(engine.gallery);
  const { commands, page, measured, method, slider } = createWorkbench({
    ...engine,
    evaluate,
    gallery,
    openFiles: async () => {
      const data = { test: cifar100, training: null, validation: null };
      return await Promise.resolve([{ kind: "images", data, brought: ["test"], notes: [] }]);
    },
  });
  await commands.start();
  await vi.waitFor(() => expect(measured.getState().latencies.size).toBeGreaterThan(0));
  await commands.openFiles([new File(["x"], "test.bin")]);
  evaluate.mockClear();
  expect(misfitMeasured(page.getState())?.about).toBe("classes");
  expect(misfitTrained(page.getState())?.about).toBe("classes");
  expect(measured.getState().evaluations.size).toBe(0);

  commands.setRatio(0.5);
  commands.goTo("prune");
  const timed = measured.getState().latencies.size;
  await vi.waitFor(() => expect(measured.getState().latencies.size).toBeGreaterThan(timed));
  expect(evaluate).not.toHaveBeenCalled();
  expect(measured.getState().problem).toBeNull();
  expect(method.getState().pruning).not.toBeNull();
  expect(slider.getState().preview?.removed).toBeGreaterThan(0);

  const shown = gallery.mock.calls.length;
  await commands.loadData("test");
  // Other images are looked at now, too.
  expect(gallery.mock.calls.length).toBe(shown + 1);
  expect(misfitMeasured(page.getState())).toBeNull();
  await vi.waitFor(() => expect(measured.getState().evaluations.size).toBeGreaterThan(0));
});
