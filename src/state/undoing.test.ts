/**
 * @file That undo and redo take each thing that a person sets back and forth exactly, alone and in any order.
 * Every command of the page stands here once, so that a new one says what undo makes of it.
 */
import * as fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { expect, it, vi } from "vitest";
import type { Commands } from "./commands.ts";
import type { Method } from "./method.ts";
import { createFakeEngine } from "./testing/fake-engine.ts";
import { createWorkbench, type Workbench } from "./workbench.ts";

type Act = (bench: Workbench) => unknown;

/** What is done, and what must be there for it to change something. */
interface Change {
  readonly first?: Act;
  readonly act: Act;
}

/** It shows, measures, writes or waits, and sets nothing. */
const SHOWS = "shows";
/** Undo is about the network that is there: what is loaded, or known of its pixels, starts it over or stays. */
const LOADS = "loads";
/** A training under way; what is kept of it is `keepTraining`. */
const TRAINS = "trains";

const trained: Act = async ({ commands }) => {
  commands.editTraining("finetune", { seconds: "1" });
  await commands.startTraining("finetune");
};
const cut: Act = async ({ commands }) => {
  await commands.applyHere();
};
const measuredAt: Act = async ({ commands, measured }) => {
  commands.goTo("prune");
  for (const ratio of [0.02, 0.9]) {
    commands.setRatio(ratio);
    const before = measured.getState().evaluations.size;
    await vi.waitFor(() =>
      expect(measured.getState().evaluations.size).toBeGreaterThan(before === 0 ? 1 : before),
    );
  }
};
/** A link to another cut of this network. */
const linked = async (): Promise<string> => {
  const { commands } = await started();
  commands.changeMethod({ criterion: "l1", manner: { dead: "absorb" } }, "criterion");
  commands.keepChannels("conv4", 11);
  return commands.writeLink() ?? "";
};

const CHANGES: Readonly<
  Record<keyof Commands, readonly Change[] | typeof SHOWS | typeof LOADS | typeof TRAINS>
> = {
  setRatio: [
    { act: ({ commands }) => commands.setRatio(0.35) },
    // Away from what said how many go.
    {
      first: ({ commands }) => commands.chooseMode("uniform"),
      act: ({ commands }) => commands.setRatio(0.7),
    },
  ],
  typeRatio: [{ act: ({ commands }) => commands.typeRatio("62,5 %") }],
  setThreshold: [{ act: ({ commands }) => commands.setThreshold(0.02) }],
  goToGap: [{ act: ({ commands }) => commands.goToGap() }],
  goToHalfMacs: [{ act: ({ commands }) => commands.goToHalfMacs() }],
  goToSafe: [{ first: measuredAt, act: ({ commands }) => commands.goToSafe() }],
  goToMost: [{ first: measuredAt, act: ({ commands }) => commands.goToMost() }],
  goToDot: [{ first: measuredAt, act: ({ commands }) => commands.goToDot("previous") }],
  keepChannels: [{ act: ({ commands }) => commands.keepChannels("conv2", 7) }],
  keepByHand: [{ act: ({ commands }) => commands.keepByHand("conv5", "9") }],
  keepAsMeasured: [{ act: ({ commands }) => commands.keepAsMeasured("conv4", 0.5) }],
  giveBack: [
    {
      first: ({ commands }) => commands.keepChannels("conv2", 7),
      act: ({ commands }) => commands.giveBack("conv2"),
    },
  ],
  giveAllBack: [
    {
      first: ({ commands }) => commands.keepChannels("conv3", 5),
      act: ({ commands }) => commands.giveAllBack(),
    },
  ],
  changeMethod: [
    { act: ({ commands }) => commands.changeMethod({ criterion: "l2" }, "criterion") },
    {
      act: ({ commands }) =>
        commands.changeMethod({ options: { scope: "layer", rounding: { to: 4 } } }, "scope"),
    },
    { act: ({ commands }) => commands.changeMethod({ manner: { kind: "mask" } }, "more") },
    { act: ({ commands }) => commands.changeMethod({ manner: { dead: "absorb" } }, "more") },
    { act: ({ commands }) => commands.changeMethod({ mode: "reference" }, "allocation") },
    {
      // It looks at images first.
      act: ({ commands }) => commands.changeMethod({ criterion: "taylor" }, "criterion"),
    },
  ],
  setCriterionOption: [
    {
      first: ({ commands }) => commands.changeMethod({ criterion: "lp" }, "criterion"),
      act: ({ commands }) => commands.setCriterionOption("p", "3"),
    },
  ],
  chooseMode: [
    { act: ({ commands }) => commands.chooseMode("uniform") },
    { act: ({ commands }) => commands.chooseMode("target") },
    { act: ({ commands }) => commands.chooseMode("list") },
    {
      first: ({ commands }) => commands.computeSensitivity(),
      act: ({ commands }) => commands.chooseMode("sensitivity"),
    },
    // It waits for the curves.
    { act: ({ commands }) => commands.chooseMode("sensitivity") },
  ],
  chooseGoal: [{ act: ({ commands }) => commands.chooseGoal("parameters") }],
  typeSetting: [
    { act: ({ commands }) => commands.typeSetting("share", "25 %") },
    { act: ({ commands }) => commands.typeSetting("goal", "40 %") },
    { act: ({ commands }) => commands.typeSetting("minimumShare", "30") },
    {
      first: async ({ commands }) => {
        await commands.computeSensitivity();
        commands.typeSetting("points", "2");
      },
      act: ({ commands }) => commands.typeSetting("points", "4"),
    },
  ],
  toggleLock: [{ act: ({ commands }) => commands.toggleLock("conv3") }],
  unlockAll: [
    {
      first: ({ commands }) => commands.toggleLock("conv6"),
      act: ({ commands }) => commands.unlockAll(),
    },
  ],
  choosePreset: [
    { act: ({ commands }) => commands.choosePreset("network-slimming-multi-pass") },
    { act: ({ commands }) => commands.choosePreset("li-2017") },
    {
      first: ({ commands }) => commands.choosePreset("network-slimming-multi-pass"),
      act: ({ commands }) => commands.choosePreset("network-slimming"),
    },
  ],
  choosePasses: [{ act: ({ commands }) => commands.choosePasses(3) }],
  editTraining: [
    { act: ({ commands }) => commands.editTraining("sparse", { strength: "0.01" }) },
    {
      first: ({ commands }) => commands.editTraining("finetune", { schedule: "step" }),
      act: ({ commands }) => commands.editTraining("finetune", { schedule: "constant" }),
    },
    {
      first: ({ commands }) => commands.editTraining("finetune", { flip: false }),
      act: ({ commands }) => commands.editTraining("finetune", { flip: true }),
    },
  ],
  apply: [
    {
      first: ({ commands }) => commands.setRatio(0.5),
      act: async ({ commands }) => await commands.apply(),
    },
  ],
  applyHere: [{ act: cut }],
  keepTraining: [{ first: trained, act: ({ commands }) => commands.keepTraining() }],
  restore: [{ first: cut, act: ({ commands }) => commands.restore(1) }],
  renameRun: [{ act: ({ commands }) => commands.renameRun(1, "mine") }],
  pinRun: [{ act: ({ commands }) => commands.pinRun(1, true) }],
  removeRun: [
    {
      first: async (bench) => {
        await cut(bench);
        bench.commands.restore(1);
      },
      act: ({ commands, page }) =>
        commands.removeRun(page.getState().runs.find(({ id }) => id > 1)?.id ?? 0),
    },
  ],
  openLink: [{ act: async ({ commands }) => await commands.openLink(await linked()) }],
  openPasted: [
    {
      act: async ({ commands }) =>
        await commands.openPasted(`https://espalier.example/${await linked()}`),
    },
  ],

  // As many steps as it leaves runs behind, each of which stands above.
  runPasses: TRAINS,
  startTraining: TRAINS,
  goOnTraining: TRAINS,
  endTraining: TRAINS,
  pauseTraining: TRAINS,
  stopTraining: TRAINS,
  discardTraining: TRAINS,

  start: LOADS,
  openFiles: LOADS,
  readAs: LOADS,
  openShipped: LOADS,
  buildArchitecture: LOADS,
  answerSize: LOADS,
  startAfresh: LOADS,
  loadData: LOADS,
  takeNormalization: LOADS,
  // To the network that was loaded in place of the link's.
  applyLinkAnyway: LOADS,

  undo: SHOWS,
  redo: SHOWS,
  holdHistory: SHOWS,
  releaseHistory: SHOWS,
  dismissRestart: SHOWS,
  writeLink: SHOWS,
  sayShared: SHOWS,
  dismissLink: SHOWS,
  dismissRefusal: SHOWS,
  hover: SHOWS,
  showUncut: SHOWS,
  // What waited for the curves was asked for before.
  computeSensitivity: SHOWS,
  cancelSensitivity: SHOWS,
  compare: SHOWS,
  showRuns: SHOWS,
  measureAll: SHOWS,
  leaveCutOut: SHOWS,
  writeCut: SHOWS,
  sayCopied: SHOWS,
  report: SHOWS,
  openNormalization: SHOWS,
  reachNormalization: SHOWS,
  closeNormalization: SHOWS,
  pickNormalization: SHOWS,
  typeNormalization: SHOWS,
  typeSize: SHOWS,
  dismissSize: SHOWS,
  dismissSketch: SHOWS,
  askSize: SHOWS,
  inspect: SHOWS,
  inspectNext: SHOWS,
  inspectOn: SHOWS,
  closeInspector: SHOWS,
  writeProject: SHOWS,
  keepNow: SHOWS,
  keepAgain: SHOWS,
  lookAtRoom: SHOWS,
  noticeMove: SHOWS,
  goTo: SHOWS,
  compareImages: SHOWS,
  divideByClass: SHOWS,
  exportFiles: SHOWS,
  cancel: SHOWS,
  dismissProblem: SHOWS,
};

async function started(): Promise<Workbench> {
  const bench = createWorkbench(createFakeEngine({ pace: 0, architecture: "vgg11:width=0.125" }));
  await bench.commands.start();
  bench.commands.setRatio(0.25);
  await noted();
  return bench;
}

/** Steps are noted once everything that belongs to a change has happened. */
const noted = (): Promise<void> => Promise.resolve();

const perform = async (bench: Workbench, act: Act | undefined): Promise<void> => {
  await act?.(bench);
  // A network that is made is scored anew.
  await vi.waitFor(() => expect(bench.method.getState().isScoring).toBe(false));
  await noted();
};

/** All that a person has set, as it is on the page. */
function setOn({ page, method, training, passing, slider }: Workbench) {
  const { runId, runs, session } = page.getState();
  const { asked, method: taken, text, needsCurves, isScoring, refusal } = method.getState();
  const { ratio, preview } = slider.getState();
  return structuredClone({
    runId,
    key: session?.key,
    runs: runs.map(({ id, name, isPinned = false }) => ({ id, name, isPinned })),
    asked: withoutRatio(asked),
    taken: withoutRatio(taken),
    text,
    state: { needsCurves, isScoring, refusal },
    ratio,
    kept: preview?.kept,
    cost: preview?.cost,
    forms: training.getState().forms,
    passes: passing.getState().passes,
  });
}

/** The slider has it. */
function withoutRatio(method: Method): Method {
  const isBySlider = method.allocation.kind === "global-threshold";
  return isBySlider ? { ...method, allocation: { ...method.allocation, ratio: 0 } } : method;
}

const ONE_BY_ONE = Object.entries(CHANGES).flatMap(([name, changes]) =>
  typeof changes === "string" ? [] : changes.map((change, i) => [name, i + 1, change] as const),
);

it("knows every command of the page", async () => {
  const { commands } = await started();
  expect(Object.keys(commands).toSorted()).toEqual(Object.keys(CHANGES).toSorted());
});

it.for(ONE_BY_ONE)("takes %s, way %s, back and forth in one step", async ([, , change]) => {
  const bench = await started();
  await perform(bench, change.first);
  const before = setOn(bench);
  await perform(bench, change.act);
  const after = setOn(bench);
  expect(after).not.toEqual(before);
  bench.commands.undo();
  await noted();
  expect(withoutRuns(setOn(bench), before)).toEqual(before);
  bench.commands.redo();
  await noted();
  expect(setOn(bench)).toEqual(after);
  expect(bench.history.getState().canRedo).toBe(false);
});

/** Runs that were made stay, unless a person removes them. */
function withoutRuns(now: ReturnType<typeof setOn>, before: ReturnType<typeof setOn>) {
  const ids = new Set(before.runs.map(({ id }) => id));
  return { ...now, runs: now.runs.filter(({ id }) => ids.has(id)) };
}

it("comes back through any sequence of changes, and forth again", { timeout: 30_000 }, async () => {
  const acts = ONE_BY_ONE.map(([name, way, { act }]) => ({ name: `${name} ${way}`, act }));
  const sequences = fc.array(fc.constantFrom(...acts), { minLength: 3, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const bench = await started();
      const { commands, history } = bench;
      const seen = [setOn(bench)];
      for (const { act } of sequence) {
        await perform(bench, act);
        await perform(bench, () => commands.dismissRefusal());
        const now = setOn(bench);
        const [last, before] = [seen.at(-1), seen.at(-2)];
        // What was waited for and then let be leaves nothing to take back; and some change nothing there.
        const isWaited = last?.state.needsCurves ?? false;
        if (isWaited && isDeepStrictEqual(now, before)) seen.pop();
        else if (!isDeepStrictEqual(now, last)) seen.push(now);
      }
      for (const then of seen.slice(0, -1).toReversed()) {
        await perform(bench, () => commands.undo());
        expect(withoutRuns(setOn(bench), then)).toEqual(then);
      }
      for (const then of seen.slice(1)) {
        await perform(bench, () => commands.redo());
        expect(withoutRuns(setOn(bench), then)).toEqual(then);
      }
      expect(history.getState().canRedo).toBe(false);
    }),
    { numRuns: 12 },
  );
});
