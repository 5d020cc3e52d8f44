/** @file Names in front of people: a shipped network keeps its title through a cut, any other has its own. */
import { expect, it, vi } from "vitest";
import { networkTitle } from "./naming.ts";
import { DEMO } from "./shipped.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

it("calls a shipped network by its title, after a cut too, and another by its own name", async () => {
  const { commands, page } = createWorkbench(
    createFakeEngine({ pace: 0, architecture: "vgg11:width=0.125" }),
  );
  expect(networkTitle(page.getState())).toBeNull();
  await commands.start();
  expect(networkTitle(page.getState())).toBe(DEMO.title);
  commands.setRatio(0.5);
  await commands.apply();
  await vi.waitFor(() => expect(page.getState().runs).toHaveLength(2));
  expect(networkTitle(page.getState())).toBe(DEMO.title);
  await commands.buildArchitecture("vgg11:width=0.25");
  expect(networkTitle(page.getState())).toBe("vgg11:width=0.25");
});
