/**
 * @file The whole page without React: the stores, and one command per thing that a person does. Made
 * once per visit around an engine; tests make it around a fake one.
 */
import { createActivity } from "./activity.ts";
import { createAdopting } from "./adopting.ts";
import { createAttempts } from "./attempts.ts";
import type { Commands } from "./commands.ts";
import { createComparing } from "./comparing.ts";
import { createCutting } from "./cutting.ts";
import { createDatasets } from "./datasets.ts";
import type { Engine } from "./engine.ts";
import { createScoring } from "./evidence.ts";
import { createExporting } from "./exporting.ts";
import { createFirstVisit } from "./first-visit.ts";
import { createImages } from "./gallery.ts";
import { createHistory } from "./history.ts";
import { createInspecting } from "./inspecting.ts";
import { createKeeping } from "./keeping.ts";
import { createKeptPage } from "./kept-page.ts";
import { createMeasured, forgetLatencies } from "./measured.ts";
import { createMeasuring } from "./measuring.ts";
import { DEFAULT_METHOD } from "./method.ts";
import { createMethods } from "./methods.ts";
import { createNormalizing } from "./normalizing.ts";
import { createOpening } from "./opening.ts";
import { createPage, setProblem, type Step } from "./page.ts";
import { followNoPaper, followPaper } from "./paper-training.ts";
import { createPassing } from "./passing.ts";
import { createReleasing } from "./releasing.ts";
import { createRemembered, type Remembered } from "./remembered.ts";
import { createReporting } from "./reporting.ts";
import { createRoom, type Room } from "./room.ts";
import { createRunCommands } from "./run-commands.ts";
import { createSensitivity } from "./sensitivity.ts";
import { createSetting } from "./setting.ts";
import { createSharing } from "./sharing.ts";
import { createShowing } from "./showing.ts";
import { createSlider } from "./slider.ts";
import { createStarting } from "./starting.ts";
import type { Stores } from "./stores.ts";
import { createTargets } from "./targets.ts";
import { createTraining } from "./training.ts";

export interface Workbench extends Stores {
  readonly commands: Commands;
}

/**
 * @param remembered — what this browser knows from before; by default only this visit counts
 * @param room — where it keeps projects; by default nothing is known of it
 */
export function createWorkbench(
  engine: Engine,
  remembered: Remembered = createRemembered(() => undefined),
  room: Room = createRoom(() => undefined),
): Workbench {
  const page = createPage();
  const activity = createActivity();
  /** What nearly every part works with. */
  const visit = { engine, page, activity };
  const slider = createSlider();
  const measured = createMeasured();
  const comparing = createComparing();
  const firstVisit = createFirstVisit(remembered);
  const images = createImages(engine);
  const sensitivity = createSensitivity(engine, page, activity);

  const methods = createMethods({
    slider,
    sensitivity,
    measure: createScoring({ ...visit, fetchTraining: () => datasets.fetchTraining() }),
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

  const showing = createShowing({
    page,
    methods,
    images,
    editTraining: (purpose, patch) => training.commands.editTraining(purpose, patch),
    forms: () => training.store.getState().forms,
    passing: () => passing,
    ask: (method) => adopting.ask(method),
    trained: () => training.store.getState().fromRun,
    refuse: () => refuseWhileTraining(page.getState().step),
    onChange: () => measuring.request(),
  });
  /** A press of the person's has made a network: now there is something to keep. */
  const followMade = (): void => {
    showing.follow();
    void room.ask();
  };
  const history = createHistory({
    ...showing.moments,
    onTrimmed: (left) => runs.letGo(left),
  });
  for (const { subscribe } of [page, methods.store, slider.store]) subscribe(history.changed);

  const training = createTraining({
    ...visit,
    onSession: followMade,
    onData: (data) => datasets.take(data),
    release: (key) => release(key),
    onBusy: (busy) => {
      if (busy) measuring.halt();
      else measuring.request();
      inspecting.refresh();
    },
  });

  training.store.subscribe(({ forms }, before) => {
    if (forms !== before.forms) history.changed();
  });

  const inspecting = createInspecting({
    ...visit,
    methods,
    measured,
    gallery: images.store,
    imageSet,
    isBusy: () => training.isBusy(),
  });

  const { attempt, sayFailure, refuseWhileTraining, refuseOpening } = createAttempts({
    page,
    training,
  });
  const release = createReleasing({
    engine,
    page,
    training,
    isWriting: (key) => exporting.isWriting(key),
  });

  const cutting = createCutting({
    ...visit,
    slider,
    methods,
    measured,
    attempt: (work) => attempt(page.getState().step, work),
    refuse: () => refuseWhileTraining(page.getState().step),
    onSession: followMade,
    release,
  });
  const reporting = createReporting({
    page,
    methods,
    measured,
    imageSet,
    shown: cutting.shown,
    records: () => exporting.store.getState().records,
  });
  const exporting = createExporting({
    ...visit,
    release,
    shown: cutting.shown,
    documents: reporting.documents,
  });

  /** All that was found on the network, or on the images, that were there. */
  const forgetFound = (): void => {
    measuring.forget();
    exporting.forget();
    sensitivity.forget();
  };

  const normalizing = createNormalizing({
    ...visit,
    remembered,
    attempt: (work) => attempt("load", work),
    refuse: () => refuseWhileTraining("load"),
    onTaken: () => {
      forgetFound();
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
    forgetFound();
    methods.forgetEvidence();
    showing.follow();
    history.reset();
    await training.commands.discardTraining();
    sharing.opened();
  };

  /** What a project is made of. */
  const parts = { page, methods, slider, measured, sensitivity, imageSet };
  const adopting = createAdopting({
    engine,
    ...parts,
    refuse: refuseOpening,
    onOpened,
    onAdopted: () => {
      history.reset();
      measuring.request();
    },
    release,
  });

  const datasets = createDatasets({
    ...visit,
    methods,
    images,
    adopting,
    imageSet,
    attempt: (work) => attempt("load", work),
    forget: () => {
      forgetFound();
      images.reset();
      normalizing.reset();
    },
    onTaken: (isOther) => {
      measuring.request();
      if (isOther) inspecting.refresh();
    },
  });

  let timesGone = 0;
  const keeping = createKeeping({
    ...visit,
    adopting,
    timesGone: () => timesGone,
    ...createKeptPage({ ...parts, training, adopting }),
    isHeld: history.isHeld,
    look: room.look,
    attempt: (work) => attempt(page.getState().step, work),
    refuse: refuseOpening,
    openAfresh: async () => {
      const before = page.getState().session;
      await opening.commands.openShipped();
      if (page.getState().session === before) return false;
      methods.ask(DEFAULT_METHOD, "preset");
      followNoPaper(commands);
      history.reset();
      return true;
    },
  });
  for (const { subscribe } of [page, methods.store, slider.store, measured, sensitivity.store]) {
    subscribe(keeping.changed);
  }
  // Not with every step.
  training.store.subscribe(({ checkpoint }, before) => {
    if (checkpoint !== before.checkpoint) keeping.changed();
  });

  const opening = createOpening({
    ...visit,
    recall: normalizing.recall,
    attempt: (work) => attempt("load", work),
    sayFailure: (work) => sayFailure("load", work),
    refuseFiles: () => refuseWhileTraining("load"),
    refuse: refuseOpening,
    onOpened,
    takeData: datasets.take,
    adopt: (project) => adopting.adopt(project, "file"),
    release,
  });

  const setting = createSetting({
    page,
    slider,
    methods,
    measured,
    sensitivity,
    activity,
    imageSet,
    onChange: () => measuring.request(),
    onPreset: (recipe) => followPaper(recipe, commands),
  });

  const passing = createPassing({
    ...visit,
    methods,
    slider,
    training,
    refuse: () => refuseWhileTraining("prune"),
    cutting,
    computeCurves: setting.computeSensitivity,
  });
  passing.store.subscribe(history.changed);

  const goTo = (step: Step): void => {
    timesGone++;
    page.setState({ step });
    measuring.request();
  };

  const sharing = createSharing({
    page,
    methods,
    activity,
    opening: opening.commands,
    refuse: () => refuseWhileTraining(page.getState().step),
    show: showing.show,
    setRatio: setting.setRatio,
    goTo,
    onChange: () => measuring.request(),
  });

  const starting = createStarting({
    engine,
    page,
    keeping,
    opening,
    openLink: sharing.commands.openLink,
    fetchTestImages: () => datasets.fetch("test"),
    sayFailure: (work) => sayFailure("load", work),
    onOtherBackend: () => forgetLatencies(measured),
    underWay: training.underWay,
    onRestarted: () => measuring.request(),
  });

  const runs = createRunCommands({
    page,
    comparing,
    history,
    activity,
    trained: () => training.store.getState().fromRun,
    release,
    goTo,
    measuring,
  });

  const commands: Commands = {
    ...starting,
    ...sharing.commands,
    ...setting,
    ...runs.commands,
    ...showing.commands,
    ...history.commands,
    ...training.commands,
    ...cutting.commands,
    ...passing.commands,
    ...reporting.commands,
    ...datasets.commands,
    ...normalizing.commands,
    ...opening.commands,
    ...inspecting.commands,
    ...keeping.commands,
    ...firstVisit.commands,
    goTo,
    compareImages: images.compare,
    divideByClass: measuring.divide,
    exportFiles: (format, options = {}) => exporting.exportFiles(format, options),
    cancel: () => {
      passing.stop();
      if (training.isBusy()) training.commands.stopTraining();
      else activity.cancelNewest();
    },
    dismissProblem: (step) => setProblem(page, step, null),
  };

  return {
    page,
    slider: slider.store,
    method: methods.store,
    measured,
    activity: activity.store,
    training: training.store,
    passing: passing.store,
    sensitivity: sensitivity.store,
    gallery: images.store,
    inspecting: inspecting.store,
    exports: exporting.store,
    normalizing: normalizing.store,
    sizing: opening.sizing,
    sketching: opening.sketching,
    rereading: opening.rereading,
    history: history.store,
    sharing: sharing.store,
    comparing,
    keeping: keeping.store,
    firstVisit: firstVisit.store,
    room: room.store,
    commands,
  };
}
