/**
 * @file Whatever a person has set comes back by every way out of the page: a link, a project, the recipe, the
 * command line. Each must cut the very same channels.
 */
import * as fc from "fast-check";
import { expect, it, vi } from "vitest";
import { allocationOf } from "../cli/allocation.ts";
import { readArgs } from "../cli/args.ts";
import { prune } from "../cli/commands/prune.ts";
import { known } from "../core/index.ts";
import { filterSums, networkFor, planAllocation, preparePruning } from "../prune/index.ts";
import { readRecipe, type RecipeAllocation } from "../recipe/index.ts";
import { readDocument } from "../storage/read.ts";
import { DEFAULT_METHOD, methodText } from "./method.ts";
import { readAccuracies, readMethod, writeDocument } from "./project-document.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench, type Workbench } from "./workbench.ts";

/** The text of a ratio with no layer by hand. */
const PLAIN = methodText(DEFAULT_METHOD);

async function started(link = ""): Promise<Workbench> {
  const bench = createWorkbench(
    createFakeEngine({ pace: 0, architecture: "resnet-20:width=0.25" }),
  );
  await bench.commands.start("auto", link);
  bench.commands.goTo("load");
  return bench;
}

/** Something that a person does; whatever is refused changes nothing. */
type Act = (bench: Workbench) => void;

const row = fc.nat(30);
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.integer({ min: 0, max: 190 }).map((step): Act => ({ commands }) => {
    commands.setRatio(step / 200);
  }),
  fc.tuple(row, fc.nat(40)).map(([at, width]): Act => ({ commands, method }) => {
    const { pruning } = method.getState();
    const index = at % (pruning?.layers.length ?? 1);
    const widths = pruning?.widthsOf(index) ?? [];
    const keep = widths[width % Math.max(1, widths.length)];
    if (keep !== undefined) commands.keepChannels(pruning?.layers[index]?.name ?? "", keep);
  }),
  row.map((at): Act => ({ commands, method }) => {
    const { layers = [] } = method.getState().pruning ?? {};
    commands.toggleLock(known(layers[at % layers.length], "layer").name);
  }),
  fc
    .constantFrom(
      "global-threshold" as const,
      "uniform" as const,
      "list" as const,
      "target" as const,
    )
    .map((mode): Act => ({ commands }) => {
      commands.chooseMode(mode);
    }),
  fc
    .constantFrom(
      { options: { scope: "layer" as const } },
      { options: { rounding: { to: 4 } } },
      { options: { minimumShare: 0.3 } },
      { options: { streams: "prune" as const } },
      { options: { scoring: "greedy" as const }, criterion: "l1" },
      { mode: "reference" as const },
      { criterion: "l2" },
    )
    .map((change): Act => ({ commands }) => {
      commands.changeMethod(change, "more");
    }),
);

/** The channels that stay by what the command line is told. */
async function byLine({ page, commands }: Workbench) {
  const network = known(page.getState().session, "session").network;
  const recipe = readRecipe(JSON.parse(commands.writeCut("recipe") ?? ""), "recipe");
  const words = (commands.writeCut("command line") ?? "").split(" ").slice(6);
  const args = readArgs(words, prune);
  const given = args.has("recipe") ? recipe.allocation : undefined;
  const { allocation } = known(await allocationOf(args, given), "allocation");
  const criterion = args.text("criterion") ?? recipe.criterion.name;
  const keptBy = (how: RecipeAllocation, scored: string) => {
    const ready = networkFor(network, how.streams);
    const prepared = preparePruning(ready, scored, how);
    return planAllocation(prepared, how, { scoreOf: filterSums(ready) }).kept;
  };
  return [keptBy(allocation, criterion), keptBy(recipe.allocation, recipe.criterion.name)];
}

it("brings back whatever was set: by a link, a project, a recipe and a line for the shell", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 1, maxLength: 8 }), async (list) => {
      const one = await started();
      for (const act of list) act(one);
      const method = one.method.getState().method;
      const line = one.commands.writeCut("command line");
      const plan = known(one.slider.getState().preview, "preview").plan;

      const two = await started(known(one.commands.writeLink(), "link"));
      two.commands.writeCut("command line");
      expect(two.sharing.getState().notice).toBeNull();
      expect(methodText(two.method.getState().method)).toBe(methodText(method));
      expect(two.slider.getState().ratio).toBe(one.slider.getState().ratio);
      expect(two.slider.getState().preview?.plan.kept).toEqual(plan.kept);

      const document = writeDocument({
        page: one.page.getState(),
        method,
        measured: one.measured.getState(),
        curves: new Map(),
        images: null,
        saved: "2026-11-28T14:02:11.000Z",
      });
      const read = readDocument(JSON.parse(JSON.stringify(document)), "project");
      expect(methodText(readMethod(read))).toBe(methodText(method));
      expect(read.format).toBe(`espalier-project/${method.byHand === undefined ? 1 : 2}`);

      if (line === null) return;
      for (const kept of await byLine(one)) expect(kept).toEqual(plan.kept);
    }),
    { numRuns: 40 },
  );
});

it("keeps what was measured of layers by hand, at ratio 0 too", async () => {
  const { commands, measured, method, page } = await started();
  commands.goTo("prune");
  commands.keepChannels(method.getState().pruning?.layers[2]?.name ?? "", 2);
  const atZero = (): string | undefined =>
    [...measured.getState().evaluations.keys()].find((name) => name.endsWith("}]|0.000"));
  await vi.waitFor(() => expect(atZero()).toBeDefined());
  const document = writeDocument({
    page: page.getState(),
    method: method.getState().method,
    measured: measured.getState(),
    curves: new Map(),
    images: { set: "test", name: "CIFAR-10 test", count: 10_000, training: null },
    saved: "2026-11-28T14:02:11.000Z",
  });
  const read = readDocument(JSON.parse(JSON.stringify(document)), "project");
  expect([...readAccuracies(read).keys()]).toContain(atZero());
  // Without layers by hand there is no cut at 0.
  const accuracies = read.accuracies.map((one) => ({ ...one, ratio: 0, method: PLAIN }));
  expect(() => readDocument({ ...read, accuracies }, "project")).toThrow(
    expect.objectContaining({ code: "files/bad-field" }),
  );
});
