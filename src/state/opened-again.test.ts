/**
 * @file What a person has set comes to another page as it was: by a link, and in a project's file. In any order in
 * which it was set.
 */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Commands } from "./commands.ts";
import { known } from "../core/index.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench, type Workbench } from "./workbench.ts";

type Act = (commands: Commands) => unknown;

/** Each sets something of the cut that a link has. */
const SETS: Readonly<Record<string, Act>> = {
  slider: ({ setRatio }) => setRatio(0.45),
  typed: ({ typeRatio }) => typeRatio("12.5"),
  uniform: ({ typeSetting }) => typeSetting("share", "33.3 %"),
  target: ({ typeSetting }) => typeSetting("goal", "40 %"),
  parameters: ({ chooseGoal }) => chooseGoal("parameters"),
  list: ({ chooseMode }) => chooseMode("list"),
  curves: ({ chooseMode }) => chooseMode("sensitivity"),
  points: ({ typeSetting }) => typeSetting("points", "2.5"),
  hand: ({ keepChannels }) => keepChannels("conv2", 7),
  back: ({ giveBack }) => giveBack("conv2"),
  lock: ({ toggleLock }) => toggleLock("conv3"),
  criterion: ({ changeMethod }) => changeMethod({ criterion: "l1" }, "criterion"),
  option: ({ changeMethod }) => changeMethod({ criterion: "lp:p=3" }, "criterion"),
  scope: ({ changeMethod }) => changeMethod({ options: { scope: "layer" } }, "scope"),
  rounded: ({ changeMethod }) => changeMethod({ options: { rounding: { to: 4 } } }, "more"),
  mask: ({ changeMethod }) => changeMethod({ manner: { kind: "mask" } }, "more"),
  absorb: ({ changeMethod }) => changeMethod({ manner: { dead: "absorb" } }, "more"),
  counted: ({ changeMethod }) => changeMethod({ mode: "reference" }, "allocation"),
  slimming: ({ choosePreset }) => choosePreset("network-slimming-multi-pass"),
  li: ({ choosePreset }) => choosePreset("li-2017"),
};

const sequences = fc.array(fc.constantFrom(...Object.keys(SETS)), { minLength: 1, maxLength: 8 });

async function started(): Promise<Workbench> {
  const bench = createWorkbench(createFakeEngine({ pace: 0, architecture: "vgg11:width=0.125" }));
  await bench.commands.start();
  return bench;
}

async function after(names: readonly string[]): Promise<Workbench> {
  const bench = await started();
  for (const name of names) {
    known(SETS[name], name)(bench.commands);
    bench.commands.dismissRefusal();
  }
  return bench;
}

/** The cut; how its loss was typed stays with whoever typed it. */
function cutOn({ page, method, slider }: Workbench) {
  const { asked, text, needsCurves, refusal } = method.getState();
  const { points: _, allocation, ...rest } = asked;
  const { ratio, preview } = slider.getState();
  const isBySlider = allocation.kind === "global-threshold";
  return {
    key: page.getState().session?.key,
    asked: { ...rest, allocation: isBySlider ? { ...allocation, ratio } : allocation },
    // What is there while curves are missing was there before.
    ...(needsCurves ? {} : { text, ratio, kept: preview?.kept, cost: preview?.cost }),
    needsCurves,
    refusal,
  };
}

it("is the same cut on the page to which a link was brought", async () => {
  await fc.assert(
    fc.asyncProperty(sequences, sequences, async (names, others) => {
      const bench = await after(names);
      const there = await after(others);
      await there.commands.openLink(bench.commands.writeLink() ?? "");
      expect(cutOn(there)).toEqual(cutOn(bench));
    }),
    { numRuns: 15 },
  );
});

it("is the same page in which a project's file was opened", async () => {
  await fc.assert(
    fc.asyncProperty(sequences, sequences, fc.boolean(), async (names, others, isCut) => {
      const bench = await after(names);
      if (isCut) {
        await bench.commands.applyHere();
        bench.commands.setRatio(0.2);
      }
      bench.commands.renameRun(1, "mine");
      const file = known((await bench.commands.writeProject()) ?? undefined, "project");
      const there = await after(others);
      const bytes = Uint8Array.from(file.bytes);
      await there.commands.openFiles([new File([bytes], file.name)]);
      expect(cutOn(there)).toEqual(cutOn(bench));
      const runsOf = ({ page }: Workbench) =>
        page.getState().runs.map(({ session, making, ...run }) => ({
          ...run,
          key: session.key,
          kind: making.kind,
        }));
      expect(runsOf(there)).toEqual(runsOf(bench));
      expect(there.page.getState().runId).toBe(bench.page.getState().runId);
    }),
    { numRuns: 10 },
  );
});
