/** @file The list of actions: found by a few letters, true to the page, and in step with the keys. */
import { describe, expect, it, vi } from "vitest";
import { createFakeEngine } from "../../state/testing/fake-engine.ts";
import { createWorkbench } from "../../state/index.ts";
import type { Reach } from "./action.ts";
import { filterActions } from "./filter-actions.ts";
import { isPressed, writeKey, type Press } from "./keys.ts";
import { KEYS, listActions } from "./list.ts";

const titles = (query: string, all: readonly string[]): readonly string[] =>
  filterActions(
    all.map((title) => ({ title })),
    query,
  ).map(({ title }) => title);

describe("finding an action", () => {
  it("puts a word's start before initials, those before the middle of a word, that before strewn letters", () => {
    const all = ["Misc ore", "Score channels", "Go to Core", "Core", "Copy recipe", "Close"];
    expect(titles("core", all)).toEqual([
      "Core",
      "Go to Core",
      "Score channels",
      "Misc ore",
      "Copy recipe",
    ]);
    expect(titles("cr", all)[0]).toBe("Copy recipe");
  });

  it("wants every word, in any order, and says nothing of capitals and accents", () => {
    const all = ["Download the cut: ONNX", "Download the network: ONNX", "Réseau"];
    expect(titles("onnx cut", all)).toEqual(["Download the cut: ONNX"]);
    expect(titles("RESEAU", all)).toEqual(["Réseau"]);
    expect(titles("onnx zebra", all)).toEqual([]);
  });

  it("keeps the list's order where nothing is better, and for no query", () => {
    expect(titles(" ", ["b", "a"])).toEqual(["b", "a"]);
    expect(titles("cut", ["Cut two", "Cut one"])).toEqual(["Cut two", "Cut one"]);
  });

  it("finds by further words, behind what the titles say", () => {
    const items = [{ title: "Theme: dark", also: "colour" }, { title: "Colour of layers" }];
    expect(filterActions(items, "colour").map(({ title }) => title)).toEqual([
      "Colour of layers",
      "Theme: dark",
    ]);
  });

  it("does not take letters strewn over a whole title for a likeness", () => {
    expect(titles("abc", ["a long way to be, then far on to c"])).toEqual([]);
  });
});

async function started() {
  const bench = createWorkbench(createFakeEngine({ pace: 0 }));
  const overlay = vi.fn<Reach["overlay"]>();
  const reach: Reach = { bench, overlay, setScheme: vi.fn(), share: vi.fn(async () => undefined) };
  const of = (id: string) => {
    const found = listActions(reach).find((one) => one.id === id);
    if (found === undefined) throw new Error(`no action ${id}`);
    return found;
  };
  return { bench, reach, of, overlay };
}

describe("the list of actions", () => {
  it("has an action for every key, and no name twice", async () => {
    const { bench, reach } = await started();
    const before = listActions(reach);
    expect(before.find(({ id }) => id === "apply")?.why).toBe("there is no network yet");
    await bench.commands.start();
    const all = listActions(reach);
    for (const field of ["id", "title"] as const) {
      const names = all.map((action) => action[field]);
      expect(new Set(names).size, field).toBe(names.length);
    }
    const ids = new Set(all.map(({ id }) => id));
    // A training is paused or resumed, by one key.
    expect(Object.keys(KEYS).filter((id) => !ids.has(id))).toEqual(["resume"]);
  });

  it("says why something cannot be done now, and does what can", async () => {
    const { bench, of, overlay } = await started();
    await bench.commands.start();
    expect(of("undo").why).toBe("nothing to undo");
    expect(of("copy-line").why).toBe("nothing is cut");
    expect(of("stop").why).toBe("no training is running");
    of("half-macs").run();
    await Promise.resolve();
    expect(bench.page.getState().step).toBe("prune");
    expect(bench.slider.getState().preview?.removed).toBeGreaterThan(0);
    expect([of("undo").why, of("copy-line").why]).toEqual([null, null]);
    of("uncut").run();
    expect(bench.slider.getState().isUncut).toBe(true);
    of("uncut").release?.();
    expect(bench.slider.getState().isUncut).toBe(false);
    of("criterion-l2").run();
    of("preset-network-slimming").run();
    expect(bench.method.getState().method.criterion).toBe("bn-scale");
    expect(bench.slider.getState().ratio).toBe(0.7);
    of("keys").run();
    expect(overlay).toHaveBeenCalledWith("keys");
  });
});

it("offers nothing that images which do not fit the network would spoil, and says why", async () => {
  const { bench, of } = await started();
  await bench.commands.start();
  const [measures, trains] = ["sensitivity", "start-finetune"] as const;
  expect([of(measures).why, of(trains).why]).toEqual([null, null]);
  const { data } = bench.page.getState();
  if (data === null || data.test === null) throw new Error("no test images");
  const test = { ...data.test, classes: Array.from({ length: 100 }, (_, i) => `class ${i}`) };
  bench.page.setState({ data: { ...data, test } });
  const { session } = bench.page.getState();
  const why = `these are images of 100 classes, not ${session?.classes}`;
  expect([of(measures).why, of(trains).why]).toEqual([why, why]);
  // By weights alone: that goes on.
  expect(of("half-macs").why).toBeNull();
  bench.page.setState({ data: { ...data, test: null } });
  expect(of(measures).why).toBe("there are no test images");
  expect(of(trains).why).toBeNull();
});

const press = (key: string, change: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  altGraph: false,
  ...change,
});

describe("a key", () => {
  it("is told from others by its modifiers", () => {
    const [undo] = KEYS["undo"] ?? [];
    const [redo] = KEYS["redo"] ?? [];
    if (undo === undefined || redo === undefined) throw new Error("no keys");
    expect(isPressed(undo, press("z", { ctrlKey: true }))).toBe(true);
    expect(isPressed(undo, press("z", { metaKey: true }))).toBe(true);
    expect(isPressed(undo, press("Z", { ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(isPressed(redo, press("Z", { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(isPressed(undo, press("z"))).toBe(false);
    expect(isPressed({ key: "b" }, press("b", { ctrlKey: true }))).toBe(false);
    expect(isPressed({ key: "?" }, press("?", { shiftKey: true }))).toBe(true);
    const german = press("[", { ctrlKey: true, altKey: true, altGraph: true });
    expect(isPressed({ key: "[" }, german)).toBe(true);
  });

  it("is written as it is on the keyboard", () => {
    expect(writeKey({ key: "z", mod: true, shift: true }, false)).toBe("Ctrl Shift Z");
    expect(writeKey({ key: "k", mod: true }, true)).toBe("⌘ K");
    expect([" ", "Escape", "?"].map((key) => writeKey({ key }, false))).toEqual([
      "Space",
      "Esc",
      "?",
    ]);
  });
});
