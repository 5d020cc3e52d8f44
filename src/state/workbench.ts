/**
 * @file The whole page without React: the stores, and one command per thing that a person does. Made
 * once per visit around an engine; tests make it around a fake one.
 */
import type { StoreApi } from "zustand/vanilla";
import { explain, fromPlainError, known } from "../core/index.ts";
import { createAdopting } from "./adopting.ts";
import { createActivity, type Activity, type ActivityState } from "./activity.ts";
import { writeCommandLine, writeRecipe } from "./command-line.ts";
import type { Commands } from "./commands.ts";
import { createComparing, type ComparingState } from "./comparing.ts";
import { createExporting, type ExportsState } from "./exporting.ts";
import { createImages, type GalleryState } from "./gallery.ts";
import { createHistory, type HistoryState } from "./history.ts";
import { createKeeping, type KeepingState } from "./keeping.ts";
import {
  createMeasured,
  dotsOf,
  largestOf,
  ratioWithin,
  wholeName,
  type MeasuredStore,
} from "./measured.ts";
import { createInspecting, type InspectingState } from "./inspecting.ts";
import { createMeasuring } from "./measuring.ts";
import { BY_RATIO, cutLabel, DEFAULT_METHOD, isByRatio, methodText } from "./method.ts";
import { createMethodCommands } from "./method-commands.ts";
import { createMethods, safeMarks, type MethodState } from "./methods.ts";
import { createNormalizing, type NormalizingState } from "./normalizing.ts";
import { createOpening, SHIPPED_ORIGIN } from "./opening.ts";
import { addRun, baselineOf, createPage, isMasked, lineageOf, setProblem } from "./page.ts";
import type { PageStore, Step } from "./page.ts";
import { sentenceOf } from "./problem.ts";
import { imagesOf, writeDocument } from "./project-document.ts";
import { makeDocuments } from "./documents.ts";
import { createRemembered, type Remembered } from "./remembered.ts";
import { cutName, makeReport, type ReportParts, type ShownCut } from "./report.ts";
import type { RereadingState } from "./rereading.ts";
import { createRunCommands } from "./run-commands.ts";
import { createSensitivity, type SensitivityState } from "./sensitivity.ts";
import { makeSession, widthsOf, type Session } from "./session.ts";
import { createSharing, type SharingState } from "./sharing.ts";
import type { SizingState } from "./sizing.ts";
import { createSlider, parseRatio, type SliderStore } from "./slider.ts";
import { createTargets } from "./targets.ts";
import { createTraining, type TrainingState } from "./training.ts";
import type { BackendKind, DataReport, Engine, NetworkKey } from "./engine.ts";

export interface Workbench {
  readonly page: PageStore;
  readonly slider: SliderStore;
  readonly method: StoreApi<MethodState>;
  readonly measured: MeasuredStore;
  readonly activity: StoreApi<ActivityState>;
  readonly training: StoreApi<TrainingState>;
  readonly sensitivity: StoreApi<SensitivityState>;
  readonly gallery: StoreApi<GalleryState>;
  readonly inspecting: StoreApi<InspectingState>;
  readonly exports: StoreApi<ExportsState>;
  readonly normalizing: StoreApi<NormalizingState>;
  readonly sizing: StoreApi<SizingState>;
  readonly rereading: StoreApi<RereadingState>;
  readonly history: StoreApi<HistoryState>;
  readonly sharing: StoreApi<SharingState>;
  readonly comparing: StoreApi<ComparingState>;
  readonly keeping: StoreApi<KeepingState>;
  readonly commands: Commands;
}

/** @param remembered — what this browser knows from before; by default only this visit counts */
export function createWorkbench(
  engine: Engine,
  remembered: Remembered = createRemembered(() => undefined),
): Workbench {
  const page = createPage();
  const activity: Activity = createActivity();
  const slider = createSlider();
  const measured = createMeasured();
  const comparing = createComparing();
  const images = createImages(engine);
  const sensitivity = createSensitivity(engine, page, activity);

  const methods = createMethods({
    slider,
    sensitivity,
    measure: async ({ key }, { criterion, options: { streams } }, { title, needsImages }) => {
      const isThere = (page.getState().data?.training ?? null) !== null;
      if (needsImages && !isThere) await fetchTraining();
      return await activity.run(`Scoring by ${title}`, (call) =>
        engine.evidence({ network: key, criterion, streams }, call),
      );
    },
    onTaken: () => measuring.request(),
  });
  const { imageSet, target } = createTargets({
    page,
    slider,
    methods,
    isBusy: () => training.isBusy(),
  });

  const measuring = createMeasuring({
    engine,
    activity,
    store: measured,
    target,
    onSettled: async (shown, signal) => {
      const { position, cut, baseline } = shown;
      await images.predict(baseline.key, position.key, cut);
      await normalizing.measure(shown, signal);
    },
  });

  const history = createHistory({
    capture: () => {
      const { session, runId } = page.getState();
      const { isScoring, needsCurves, pruning } = methods.store.getState();
      if (session === null || pruning === null || isScoring || needsCurves) return null;
      return { runId, method: methods.current() };
    },
    restore: ({ runId, method }) => {
      if (refuseWhileTraining(page.getState().step)) return false;
      if (!page.getState().runs.some(({ id }) => id === runId)) return false;
      if (runId !== page.getState().runId) show(runId);
      methods.ask(method, "allocation");
      measuring.request();
      return true;
    },
  });
  for (const { subscribe } of [page, methods.store, slider.store]) subscribe(history.changed);

  /** Brings a run's network to the page. */
  const show = (runId: number): void => {
    const run = page.getState().runs.find(({ id }) => id === runId);
    if (run === undefined) return;
    page.setState({ session: run.session, runId });
    onSession();
  };

  const onSession = (): void => {
    const { session, runs, runId } = page.getState();
    methods.fit(session);
    const run = runs.find(({ id }) => id === runId);
    training.edit("finetune", { freezeZeros: isMasked(runs, run) });
    images.reset();
    measuring.request();
  };

  const training = createTraining({
    engine,
    page,
    activity,
    onSession,
    onData: (data) => takeData(data),
    release: (key) => releaseUnlessUsed(key),
    onBusy: (busy) => {
      if (busy) measuring.halt();
      else measuring.request();
      inspecting.refresh();
    },
  });

  const inspecting = createInspecting({
    engine,
    activity,
    page,
    methods,
    measured,
    gallery: images.store,
    imageSet,
    isBusy: () => training.isBusy(),
  });

  const isUsed = (key: NetworkKey): boolean => {
    const { from, outcome } = training.store.getState();
    const { runs, session } = page.getState();
    return (
      runs.some((run) => run.session.key === key) ||
      exporting.isWriting(key) ||
      [session?.key, from?.key, outcome?.key].includes(key)
    );
  };

  /** What nothing needs any more need not stay in the worker; a crashed one holds nothing anyway. */
  const releaseUnlessUsed = async (key: NetworkKey): Promise<void> => {
    if (!isUsed(key)) await Promise.allSettled([engine.release(key)]);
  };

  /** The cut that the page shows; null where nothing goes. */
  const shownCut = (): ShownCut | null => {
    const plan = slider.settle();
    const { preview, ratio } = slider.store.getState();
    if (plan === null || preview === null || preview.removed === 0) return null;
    const method = methods.current();
    return {
      plan,
      cost: preview.cost,
      ratio,
      label: cutLabel(method, ratio),
      manner: method.manner,
      method: methodText(method),
    };
  };

  const reportParts = (shown: ShownCut | null): ReportParts => {
    const state = page.getState();
    const session = known(state.session, "session");
    return {
      session,
      shown,
      whole: methods.store.getState().pruning?.at(0).plan ?? null,
      lineage: lineageOf(
        state.runs,
        state.runs.find(({ id }) => id === state.runId),
      ),
      baseline: baselineOf(state),
      runs: state.runs,
      measured: measured.getState(),
      set: imageSet(),
      backend: state.backend,
      data: state.data,
      exports: exporting.store.getState().records.get(cutName(session.key, shown)) ?? [],
      written: new Date().toISOString(),
    };
  };

  const exporting = createExporting({
    engine,
    page,
    activity,
    release: releaseUnlessUsed,
    shown: shownCut,
    documents: (cut) => makeDocuments(reportParts(cut)),
  });

  /** Runs a command of a step: its sentence goes to that step, an abort goes nowhere. */
  const attempt = (step: Step, work: () => Promise<void>): Promise<void> => {
    setProblem(page, step, null);
    return sayFailure(step, work);
  };

  /** The same, but what was said before stays: for work that nobody has asked for. */
  const sayFailure = async (step: Step, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const sentence = sentenceOf(error);
      if (sentence !== null) setProblem(page, step, sentence);
    }
  };

  /** True when a run under way forbids another network; says so. */
  const refuseWhileTraining = (step: Step): boolean => {
    if (!training.isBusy()) return false;
    setProblem(page, step, "A training is running; stop it first, then change the network.");
    return true;
  };

  /** True when another network would take a training or its result away; says so. */
  const refuseOpening = (): boolean => {
    if (refuseWhileTraining("load")) return true;
    if (!training.hasUnkept()) return false;
    const { purpose } = training.store.getState();
    const where = purpose === "sparse" ? "Sparse train" : "Fine-tune";
    setProblem(
      page,
      "load",
      `The training's result is neither kept nor discarded; choose one under ${where}, then open another network.`,
    );
    return true;
  };

  const normalizing = createNormalizing({
    engine,
    page,
    activity,
    remembered,
    attempt: (work) => attempt("load", work),
    refuse: () => refuseWhileTraining("load"),
    onTaken: () => {
      measuring.forget();
      exporting.forget();
      sensitivity.forget();
      images.reset();
      if (methods.forgetEvidence()) methods.fit(page.getState().session);
      measuring.request();
      inspecting.refresh();
    },
    onOpened: () => measuring.request(),
  });

  /** Everything that was known of the last network; equal weights may be fed otherwise now. */
  const onOpened = async (): Promise<void> => {
    adopting.reset();
    keeping.opened();
    normalizing.reset();
    measuring.forget();
    exporting.forget();
    sensitivity.forget();
    methods.forgetEvidence();
    onSession();
    history.reset();
    await training.discard();
    sharing.opened();
  };

  const takeData = async (data: DataReport, brought: readonly string[] = []): Promise<void> => {
    const before = imageSet();
    page.setState({ data });
    const set = imageSet();
    if (brought.includes("training") && methods.forgetEvidence()) {
      methods.fit(page.getState().session);
    }
    // Training images are looked at too: what was cut by other ones is another cut.
    const isOther = set !== before || brought.length > 0 || adopting.isOtherTraining(data);
    if (isOther) {
      measuring.forget();
      exporting.forget();
      sensitivity.forget();
      images.reset();
      normalizing.reset();
    }
    adopting.settle();
    const isLacking = isOther || images.store.getState().gallery === null;
    if (data.test !== null && isLacking) await images.load(data.test.classes);
    measuring.request();
    if (isOther) inspecting.refresh();
  };

  const adopting = createAdopting({
    engine,
    page,
    methods,
    slider,
    measured,
    sensitivity,
    imageSet,
    refuse: refuseOpening,
    onOpened,
    onAdopted: () => {
      history.reset();
      measuring.request();
    },
    release: releaseUnlessUsed,
  });

  const keeping = createKeeping({
    engine,
    page,
    activity,
    adopting,
    document: () => {
      const { isScoring, needsCurves } = methods.store.getState();
      return writeDocument({
        page: page.getState(),
        // What is on its way is what is meant.
        method: isScoring || needsCurves ? methods.asked() : methods.current(),
        measured: measured.getState(),
        curves: sensitivity.all(),
        images: imagesOf(page.getState().data, imageSet()),
        saved: new Date().toISOString(),
        waiting: adopting.waiting(),
      });
    },
    origins: () => {
      const { runs, runId, step } = page.getState();
      const { evaluations, latencies } = measured.getState();
      const { method, asked } = methods.store.getState();
      const { ratio } = slider.store.getState();
      const { curves } = sensitivity.store.getState();
      return [runs, runId, step, evaluations, latencies, method, asked, ratio, curves];
    },
    isUntouched: () => {
      const { runs, session } = page.getState();
      if (session === null) return true;
      const isFresh = runs.length === 1 && session.origin === SHIPPED_ORIGIN;
      const method = methods.asked();
      const isUsual = methodText(method) === methodText(DEFAULT_METHOD);
      const hasCurves = sensitivity.store.getState().curves.size > 0;
      const isCut = slider.store.getState().ratio > 0 || method.manner.kind === "mask";
      return isFresh && isUsual && !isCut && !hasCurves && session.normalization.source === "said";
    },
    isHeld: history.isHeld,
    attempt: (work) => attempt(page.getState().step, work),
    refuse: refuseOpening,
    openAfresh: async () => {
      const before = page.getState().session;
      await opening.commands.openShipped();
      if (page.getState().session === before) return false;
      methods.ask(DEFAULT_METHOD, "preset");
      history.reset();
      return true;
    },
  });
  for (const { subscribe } of [page, methods.store, slider.store, measured, sensitivity.store]) {
    subscribe(keeping.changed);
  }

  const opening = createOpening({
    engine,
    page,
    activity,
    recall: normalizing.recall,
    attempt: (work) => attempt("load", work),
    sayFailure: (work) => sayFailure("load", work),
    refuseFiles: () => refuseWhileTraining("load"),
    refuse: refuseOpening,
    onOpened,
    takeData,
    adopt: (project) => adopting.adopt(project, "file"),
    release: releaseUnlessUsed,
  });

  const fetchData = async (which: "test" | "training"): Promise<void> => {
    const label = which === "test" ? "Loading test images" : "Loading training images";
    await takeData(await activity.run(label, (call) => engine.loadData(which, call)));
  };

  /** Once, however many criteria want to look at them. */
  let coming: Promise<void> | null = null;
  const fetchTraining = (): Promise<void> => {
    coming ??= fetchData("training").finally(() => {
      coming = null;
    });
    return coming;
  };

  /** What a link is about, else what was kept, else the demo, so that the page is never blank. */
  const openFirst = async (link: string): Promise<void> => {
    if (link !== "") await sharing.commands.openLink(link);
    if (page.getState().session !== null) {
      await keeping.standAside();
      return;
    }
    const isThere = await keeping.resume();
    // What the link asked for may have been among it.
    if (isThere && link !== "") await sharing.commands.openLink(link);
    // Whoever was quicker to open a network of their own keeps it.
    if (!isThere && page.getState().session === null) await opening.openDemo();
  };

  const openBackend = async (preference: BackendKind | "auto"): Promise<void> => {
    await sayFailure("load", async () => {
      page.setState({ backend: await engine.openBackend(preference) });
    });
    if (page.getState().backend === null && preference !== "auto") await openBackend("auto");
  };

  engine.onRestart((error) => {
    page.setState({ restarted: explain(fromPlainError(error)) });
    measuring.request();
  });

  const setRatio = (ratio: number): void => {
    const { method, asked, isScoring } = methods.store.getState();
    // A criterion that is still looking at the network is waited for wherever the slider goes.
    if (!isByRatio(method) || (method !== asked && !isScoring)) {
      methods.ask({ ...method, allocation: { ...BY_RATIO, ratio } }, "allocation");
      measuring.request();
      return;
    }
    const before = slider.store.getState().ratio;
    slider.setRatio(ratio);
    if (slider.store.getState().ratio !== before) measuring.request();
  };

  const methodCommands = createMethodCommands({
    methods,
    slider,
    activity,
    session: () => page.getState().session,
    base: () => {
      const key = page.getState().session?.key ?? "";
      const whole = largestOf(measured.getState(), wholeName(key))?.accuracy;
      return sensitivity.store.getState().base ?? whole ?? 1;
    },
    onChange: () => measuring.request(),
  });

  const sharing = createSharing({
    page,
    methods,
    activity,
    opening: opening.commands,
    refuse: () => refuseWhileTraining(page.getState().step),
    show,
    setRatio,
    goTo: (step) => commands.goTo(step),
    onChange: () => measuring.request(),
  });

  const runCommands = createRunCommands({
    page,
    comparing,
    history,
    activity,
    trained: () => training.store.getState().fromRun,
    release: releaseUnlessUsed,
  });

  const commands: Commands = {
    ...sharing.commands,
    ...methodCommands,
    ...runCommands,
    ...normalizing.commands,
    ...opening.commands,
    ...inspecting.commands,
    ...keeping.commands,
    start: async (preference = "auto", link = "") => {
      await Promise.all([openFirst(link), openBackend(preference)]);
      page.setState({ starting: false });
      // A network or a backend that could not be had is still worth reading about.
      await sayFailure("load", () => fetchData("test"));
    },
    goTo: (step) => {
      page.setState({ step });
      measuring.request();
    },
    loadData: (which) => attempt("load", () => fetchData(which)),
    setRatio,
    typeRatio: (text) => {
      try {
        setRatio(parseRatio(text));
        return null;
      } catch (error) {
        return sentenceOf(error);
      }
    },
    setThreshold: (value) => {
      const ratio = slider.ratioForThreshold(value);
      if (ratio !== null) setRatio(ratio);
    },
    goToGap: () => {
      const gap = safeMarks(methods.store.getState())?.gap ?? null;
      // Down to a whole step, so that nothing above the gap goes.
      if (gap !== null) setRatio(Math.floor(gap * 200 + 1e-9) / 200);
    },
    goToHalfMacs: () => {
      const ratio = slider.ratioForMacs(0.5);
      if (ratio !== null) setRatio(ratio);
    },
    goToWithin: (drop) => {
      const { session } = page.getState();
      if (session === null) return;
      const { method } = methods.store.getState();
      const position = {
        key: session.key,
        method: methodText(isByRatio(method) ? method : { ...method, allocation: BY_RATIO }),
      };
      const best = ratioWithin(measured.getState(), position, drop);
      if (best !== null) setRatio(best);
    },
    goToDot: (way) => {
      const { session } = page.getState();
      const { method } = methods.store.getState();
      if (session === null) return;
      const text = methodText(isByRatio(method) ? method : { ...method, allocation: BY_RATIO });
      const ratios = dotsOf(measured.getState(), session.key, text).map((dot) => dot.ratio);
      const { ratio } = slider.store.getState();
      const next =
        way === "next" ? ratios.find((one) => one > ratio) : ratios.findLast((one) => one < ratio);
      if (next !== undefined) setRatio(next);
    },
    hover: slider.hover,
    showUncut: slider.showUncut,
    compareImages: images.compare,
    apply: () =>
      attempt("prune", async () => {
        const { session } = page.getState();
        if (session === null || refuseWhileTraining("prune")) return;
        const shown = shownCut();
        if (shown !== null) {
          const { plan, manner, label } = shown;
          const { runId } = page.getState();
          const after = await activity.run(manner.kind === "cut" ? "Cutting" : "Masking", () =>
            engine.apply(session.key, plan, manner),
          );
          if (page.getState().session !== session || refuseWhileTraining("prune")) {
            await releaseUnlessUsed(after.key);
            return;
          }
          const made = makeSession(after.network, after.key, session.origin, widthsOf(session));
          const next = { ...made, normalization: session.normalization };
          // The same network, measured by its plan, need not be measured again.
          inherit(session.key, shown, next);
          addRun(page, next, { making: { kind: "pruned", plan, manner }, parent: runId, label });
          onSession();
        }
        page.setState({ step: "finetune" });
      }),
    restore: (runId) => {
      if (!refuseWhileTraining(page.getState().step)) show(runId);
    },
    undo: history.undo,
    redo: history.redo,
    holdHistory: history.hold,
    releaseHistory: history.release,
    computeSensitivity: async () => {
      const isWhole = await sensitivity.computeAll(imageSet());
      const { asked, points } = methods.store.getState();
      if (!isWhole || asked.allocation.kind !== "sensitivity") return;
      // Points are of the accuracy that is known now.
      if ("loss" in asked.allocation && points !== null) {
        commands.typeSetting("points", String(points));
      } else commands.changeMethod({}, "allocation");
    },
    cancelSensitivity: sensitivity.cancel,
    editTraining: training.edit,
    startTraining: training.start,
    pauseTraining: training.pause,
    stopTraining: training.stop,
    keepTraining: training.keep,
    discardTraining: training.discard,
    exportFiles: (format, options = {}) => exporting.exportFiles(format, options),
    writeCut: (as) => {
      const { session } = page.getState();
      const plan = shownCut()?.plan;
      if (session === null || plan === undefined) return null;
      const parts = { ...session, method: methods.current(), plan };
      return as === "recipe" ? writeRecipe(parts) : writeCommandLine(parts);
    },
    sayCopied: (what, isThere) => {
      activity.say(
        isThere
          ? `The ${what} is on the clipboard.`
          : `The browser keeps its clipboard to itself, so the ${what} was not copied.`,
      );
    },
    report: (isCut = false) => {
      const report = makeReport(reportParts(isCut ? shownCut() : null));
      const text = `${JSON.stringify(report, null, 2)}\n`;
      return { name: "report.json", bytes: new TextEncoder().encode(text) };
    },
    cancel: () => {
      const { status } = training.store.getState();
      if (status === "running" || status === "paused") training.stop();
      else activity.cancelNewest();
    },
    dismissProblem: (step) => {
      setProblem(page, step, null);
    },
    dismissRestart: () => {
      page.setState({ restarted: null });
    },
  };

  const inherit = (key: NetworkKey, shown: ShownCut, to: Session): void => {
    const name = cutName(key, shown);
    const { evaluations, latencies, timedBeside } = measured.getState();
    const samples = evaluations.get(name);
    const latency = latencies.get(name);
    if (samples !== undefined) {
      measured.setState({ evaluations: new Map(evaluations).set(wholeName(to.key), samples) });
    }
    if (latency === undefined || shown.manner.kind !== "cut") return;
    measured.setState({ latencies: new Map(latencies).set(wholeName(to.key), latency) });
    const beside = timedBeside.get(name);
    if (beside !== undefined) {
      measured.setState({ timedBeside: new Map(timedBeside).set(wholeName(to.key), beside) });
    }
  };

  return {
    page,
    slider: slider.store,
    method: methods.store,
    measured,
    activity: activity.store,
    training: training.store,
    sensitivity: sensitivity.store,
    gallery: images.store,
    inspecting: inspecting.store,
    exports: exporting.store,
    normalizing: normalizing.store,
    sizing: opening.sizing,
    rereading: opening.rereading,
    history: history.store,
    sharing: sharing.store,
    comparing,
    keeping: keeping.store,
    commands,
  };
}
