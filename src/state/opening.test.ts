/** @file A dropped file takes nobody away from what they do, unless another network came of it. */
import { expect, it } from "vitest";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench } from "./workbench.ts";

it("says a refusal and takes images where the person is, and shows an opened network under Load", async () => {
  const { commands, page } = createWorkbench(
    createFakeEngine({ pace: 0, architecture: "vgg11:width=0.125" }),
  );
  await commands.start();
  commands.goTo("export");
  const { session } = page.getState();
  await commands.openFiles([new File(["x"], "photo.heic")]);
  expect(page.getState()).toMatchObject({ step: "export", session });
  expect(page.getState().problems.load).toMatch(
    /^photo\.heic: this is something else, not .+; drop .+\.$/,
  );

  await commands.openFiles([new File(["x"], "test.bin")]);
  expect(page.getState()).toMatchObject({ step: "export", session, problems: {} });
  expect(page.getState().data?.test?.name).toBe("test.bin");

  await commands.openFiles([new File(["{}"], "model.json")]);
  expect(page.getState()).toMatchObject({ step: "load", problems: {} });
  expect(page.getState().session).not.toBe(session);
});
