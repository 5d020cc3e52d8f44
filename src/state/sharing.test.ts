/** @file A link opened elsewhere shows what was shared; one that cannot be followed changes nothing. */
import { expect, it, vi } from "vitest";
import { known } from "../core/index.ts";
import type { Engine } from "./engine.ts";
import { createFakeEngine, type FakeOptions } from "./testing/fake-engine.ts";
import { makeSparseNetwork } from "./testing/fake-network.ts";
import { createWorkbench } from "./workbench.ts";

interface Change extends FakeOptions {
  readonly engine?: Partial<Engine>;
}

async function opened(link = "", { engine = {}, ...options }: Change = {}) {
  const fake = createFakeEngine({ pace: 0, ...options });
  const bench = createWorkbench({ ...fake, ...engine });
  await bench.commands.start("auto", link);
  await noted();
  const { method, slider, page, sharing, commands } = bench;
  return {
    ...bench,
    methods: method,
    method: () => method.getState().method,
    asked: () => method.getState().asked,
    ratio: () => slider.getState().ratio,
    kept: () => [...(slider.getState().preview?.kept ?? [])],
    network: () => page.getState().session?.name,
    notice: () => sharing.getState().notice,
    link: () => known(commands.writeLink(), "link"),
  };
}

/** Steps are noted once everything that belongs to a change has happened. */
const noted = (): Promise<void> => Promise.resolve();

const DEMO = "vgg16:width=0.1875";

const own = makeSparseNetwork("vgg11:width=0.25");
const opens = {
  openFiles: async () => [{ kind: "network" as const, network: own, notes: [], readings: [] }],
} as unknown as Partial<Engine>;

it("shows the same network, step, method, locks and ratio where it is opened", async () => {
  const one = await opened();
  one.commands.changeMethod({ criterion: "l2", options: { scope: "layer" } }, "criterion");
  one.commands.toggleLock("conv3");
  one.commands.changeMethod(
    { manner: { kind: "mask", dead: "absorb" }, mode: "reference" },
    "more",
  );
  one.commands.setRatio(0.375);
  one.commands.goTo("prune");
  const two = await opened(one.link());
  expect(two.page.getState().step).toBe("prune");
  expect(two.ratio()).toBe(0.375);
  expect(two.method()).toEqual({ ...one.method(), allocation: two.method().allocation });
  expect(two.method().allocation).toMatchObject({ ratio: 0.375, mode: "reference" });
  expect(two.kept()).toEqual(one.kept());
  expect(two.notice()).toBeNull();
  expect(two.link()).toBe(one.link());
});

it("brings targets, widths by hand and what waits for curves", async () => {
  const one = await opened();
  one.commands.chooseMode("target");
  const target = await opened(one.link());
  expect(target.kept()).toEqual(one.kept());
  expect(target.method().allocation).toEqual({ kind: "target", of: "macs", share: 0.5 });

  one.commands.setRatio(0);
  one.commands.keepByHand("conv2", "7");
  const byHand = await opened(one.link());
  expect(byHand.method()).toMatchObject({ allocation: { ratio: 0 }, byHand: { conv2: 7 } });
  expect(byHand.kept()).toEqual(one.kept());
  expect(byHand.commands.giveBack("conv2")).toBeNull();
  expect(byHand.slider.getState().preview?.removed).toBe(0);

  one.commands.chooseMode("sensitivity");
  const waiting = await opened(one.link());
  expect(waiting.method).toBeDefined();
  expect(waiting.asked().allocation).toMatchObject({ kind: "sensitivity" });
});

it("waits for a criterion that looks at images, and then cuts at the link's ratio", async () => {
  const one = await opened();
  one.commands.setRatio(0.4);
  one.commands.changeMethod({ criterion: "taylor" }, "criterion");
  await vi.waitFor(() => expect(one.method().criterion).toBe("taylor"));
  const two = await opened(one.link());
  await vi.waitFor(() => expect(two.method().criterion).toBe("taylor"));
  expect(two.ratio()).toBe(0.4);
  expect(two.kept()).toEqual(one.kept());
});

it("opens an architecture by its name, without the demo before it", async () => {
  const one = await opened();
  await one.commands.buildArchitecture("vgg11:width=0.125");
  one.commands.setRatio(0.5);
  const loadShipped = vi.fn<Engine["loadShipped"]>();
  const two = await opened(one.link(), { engine: { loadShipped } });
  expect(two.network()).toBe("vgg11:width=0.125");
  expect(two.ratio()).toBe(0.5);
  expect(loadShipped).not.toHaveBeenCalled();
});

it("is one step to undo on a network that is there already", async () => {
  const one = await opened();
  one.commands.changeMethod({ criterion: "l1", options: { scope: "layer" } }, "criterion");
  one.commands.setRatio(0.5);
  const two = await opened();
  two.commands.setRatio(0.2);
  await noted();
  const runs = two.page.getState().runs.length;
  await two.commands.openLink(one.link());
  await noted();
  expect([two.ratio(), two.method().criterion]).toEqual([0.5, "l1"]);
  expect(two.page.getState().runs.length).toBe(runs);
  two.commands.undo();
  expect([two.ratio(), two.method().criterion]).toEqual([0.2, "bn-scale"]);
  two.commands.redo();
  expect([two.ratio(), two.method().criterion]).toEqual([0.5, "l1"]);
});

it("asks for a person's own network, knows it, and applies the method as one step", async () => {
  const one = await opened("", { engine: opens });
  await one.commands.openFiles([new File(["x"], "mine.onnx")]);
  one.commands.setRatio(0.5);
  const two = await opened(one.link(), { engine: opens });
  expect(two.notice()).toEqual({ kind: "wanted", name: "mine.onnx" });
  expect(two.network()).toBe(DEMO);
  expect(two.ratio()).toBe(0);
  await two.commands.openFiles([new File(["x"], "renamed.onnx")]);
  await noted();
  expect(two.notice()).toBeNull();
  expect(two.ratio()).toBe(0.5);
  two.commands.undo();
  expect(two.ratio()).toBe(0);
  expect(two.network()).toBe(own.name);
});

it("says when another network was brought, and applies the method to it only when told to", async () => {
  const one = await opened("", { engine: opens });
  await one.commands.openFiles([new File(["x"], "mine.onnx")]);
  one.commands.setRatio(0.5);
  const other = makeSparseNetwork("vgg11:width=0.125");
  const two = await opened(one.link(), {
    engine: {
      openFiles: async () => [{ kind: "network", network: other, notes: [], readings: [] }],
    } as unknown as Partial<Engine>,
  });
  await two.commands.openFiles([new File(["x"], "other.onnx")]);
  expect(two.notice()).toEqual({ kind: "other", name: "mine.onnx", brought: "other.onnx" });
  expect(two.ratio()).toBe(0);
  two.commands.applyLinkAnyway();
  expect(two.notice()).toBeNull();
  expect(two.ratio()).toBe(0.5);
});

it("goes on asking when something else is opened, until it is dismissed", async () => {
  const one = await opened("", { engine: opens });
  await one.commands.openFiles([new File(["x"], "mine.onnx")]);
  const two = await opened(one.link());
  await two.commands.buildArchitecture("vgg11:width=0.125");
  expect(two.notice()).toEqual({ kind: "wanted", name: "mine.onnx" });
  two.commands.dismissLink();
  expect(two.notice()).toBeNull();
});

it("says what is wrong with a link and leaves the page as it was", async () => {
  const { commands, notice, page, ratio, link, history } = await opened();
  commands.setRatio(0.3);
  await noted();
  const before = page.getState();
  for (const [bad, sentence] of [
    ["#v9=anything", /^#v9: this link was made by a newer Espalier/],
    [link().slice(0, -4), /^#v1: this link is damaged/],
  ] as const) {
    await commands.openLink(bad);
    expect(notice()).toMatchObject({ kind: "refused", text: expect.stringMatching(sentence) });
  }
  expect(page.getState()).toEqual(before);
  expect(ratio()).toBe(0.3);
  commands.undo();
  expect(history.getState().canUndo).toBe(false);
  commands.dismissLink();
  await commands.openLink("#step-panel");
  expect(notice()).toBeNull();
});

it("starts with the demo when the link is damaged, and says so", async () => {
  const { network, notice } = await opened("#v1=AAAA");
  expect(network()).toBe(DEMO);
  expect(notice()?.kind).toBe("refused");
});

it("keeps the method on the page when the link's does not fit it", async () => {
  const one = await opened("", { engine: opens });
  await one.commands.openFiles([new File(["x"], "mine.onnx")]);
  one.commands.keepByHand("conv8", "30");
  const two = await opened(one.link());
  await two.commands.buildArchitecture("resnet-20:width=0.25");
  two.commands.changeMethod({ criterion: "l2" }, "criterion");
  two.commands.setRatio(0.25);
  // Anyone may try; what the network has no layers for is refused.
  two.commands.applyLinkAnyway();
  expect(two.notice()).toMatchObject({
    kind: "refused",
    text: expect.stringMatching(
      /^The link was made for another network than this: resnet-20\S* › conv8: /,
    ),
  });
  expect([two.method().criterion, two.method().allocation.kind, two.ratio()]).toEqual([
    "l2",
    "global-threshold",
    0.25,
  ]);
});

it("waits for a training to end rather than take its network away", async () => {
  const one = await opened();
  one.commands.setRatio(0.5);
  const { commands, ratio, training, page } = await opened("", { pace: 0.01 });
  void commands.startTraining("finetune");
  await vi.waitFor(() => expect(training.getState().status).toBe("running"));
  await commands.openLink(one.link());
  expect(ratio()).toBe(0);
  expect(Object.values(page.getState().problems).join(" ")).toMatch(/A training is running/);
  commands.stopTraining();
  await vi.waitFor(() => expect(training.getState().status).toMatch(/^(idle|ended)$/));
});

it("calls a network that was made here its maker's own, and says that the link needs it", async () => {
  const { commands, link, activity, page } = await opened();
  commands.sayShared(true);
  expect(activity.getState().message).toBe("The link is on the clipboard.");
  commands.setRatio(0.5);
  await commands.apply();
  expect(page.getState().session?.place).toBeNull();
  commands.sayShared(true);
  expect(activity.getState().message).toBe(
    "The link is on the clipboard. The network is not in it: export it, and send the file along.",
  );
  const two = await opened(link());
  expect(two.notice()).toMatchObject({ kind: "wanted" });
});

it("follows a link that is pasted, and says of another address that nothing is fetched from there", async () => {
  const one = await opened();
  one.commands.setRatio(0.5);
  one.commands.keepChannels("conv9", 80);
  const two = await opened();
  await two.commands.openPasted(`https://elsewhere.example/${one.link()}`);
  expect(two.kept()).toEqual(one.kept());
  expect(two.method()).toMatchObject({ byHand: { conv9: 80 } });
  await two.commands.openPasted("https://models.example/net.onnx");
  expect(two.notice()).toMatchObject({
    kind: "refused",
    text: expect.stringContaining("save net.onnx from models.example to a file"),
  });
  expect(two.kept()).toEqual(one.kept());
  two.commands.dismissLink();
  await two.commands.openPasted("only words");
  expect(two.notice()).toBeNull();
});

it("says that settings are too long for a link, and changes nothing", async () => {
  const one = await opened();
  // More locks than any page has, each a name of its own.
  const locked = Array.from({ length: 9000 }, (_, i) => `${i}-${Math.imul(i, 2654435761) >>> 0}`);
  one.commands.setRatio(0.5);
  const before = one.kept();
  one.methods.setState({ method: { ...one.method(), options: { locked } } });
  expect(one.commands.writeLink()).toBeNull();
  expect(one.notice()).toMatchObject({
    kind: "refused",
    text: expect.stringMatching(/too long for a link .*; save the project to a file/),
  });
  expect(one.kept()).toEqual(before);
});
