/**
 * @file The channel that a person looks into: what of it has to be asked of the engine, and has come so
 * far. Every choice aborts what the last one asked; what has not come is null and stands as a dash. The
 * cost of removing it alone is measured on a first few images, then on more, each time beside the whole
 * network on the same images.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { isAbort } from "../core/index.ts";
import type { Activity } from "./activity.ts";
import { costOfTwin, nearestFilter, networkFor } from "./engine.ts";
import type { Cut, Engine, FeatureMaps, ImageSet, MeasuredEvaluation, Twin } from "./engine.ts";
import type { GalleryState } from "./gallery.ts";
import { remember, wholeName, type MeasuredStore } from "./measured.ts";
import type { Methods } from "./methods.ts";
import type { PageStore } from "./page.ts";
import type { Preview } from "./planning.ts";
import { sentenceOf } from "./problem.ts";

/** A channel of a group, by what survives another order of the rows. */
export interface Chosen {
  /** The group's name. */
  readonly layer: string;
  /** Of the group, as in `Layer.own`. */
  readonly channel: number;
}

/** What the network loses when one channel goes, on the same images. */
export interface RemovalCost {
  readonly whole: MeasuredEvaluation;
  readonly without: MeasuredEvaluation;
  readonly set: ImageSet;
}

export interface InspectingState {
  readonly chosen: Chosen | null;
  /** Which of the gallery's images is shown to the network. */
  readonly image: number;
  /** Null where there is none, or none is known yet. */
  readonly twin: Twin | null;
  readonly maps: FeatureMaps | null;
  /** The plan that takes this channel alone, with its cost; null where a layer would be empty. */
  readonly alone: Preview | null;
  readonly cost: RemovalCost | null;
  /** Why the cost is not measured, in a sentence. */
  readonly problem: string | null;
}

export interface InspectingCommands {
  /** Looks into a channel of a row, by its rank there. */
  inspect(layer: number, rank: number): void;
  /** The channel with the next smaller score of the same layer, or with the next larger one. */
  inspectNext(step: 1 | -1): void;
  /** Shows the network another of the gallery's images. */
  inspectOn(image: number): void;
  closeInspector(): void;
}

export interface Inspecting {
  readonly store: StoreApi<InspectingState>;
  readonly commands: InspectingCommands;
  /** What was measured counts no more, or could not be until now: asks again. */
  refresh(): void;
}

export interface InspectingParts {
  readonly engine: Pick<Engine, "evaluate" | "featureMaps" | "nearestFilter">;
  readonly activity: Activity;
  readonly page: PageStore;
  readonly methods: Methods;
  readonly measured: MeasuredStore;
  readonly gallery: StoreApi<GalleryState>;
  readonly imageSet: () => ImageSet;
  readonly isBusy: () => boolean;
}

/** Before anything is evaluated: who steps from channel to channel asks for none of it, ms. */
const TRAILING = 200;
/** Images, first look to last. */
const LEVELS = [256, 2_000] as const;
/** Above this many MACs an image the first look takes 64 images. */
const HEAVY = 100e6;
/** A second look that would take longer than this is not taken, ms. */
const PATIENCE = 10_000;
/** Weights of a layer up to which its twins are found without asking the worker. */
const TWIN_HERE = 50_000;

const CLOSED: InspectingState = {
  chosen: null,
  image: 0,
  twin: null,
  maps: null,
  alone: null,
  cost: null,
  problem: null,
};

export function createInspecting(parts: InspectingParts): Inspecting {
  const { engine, activity, page, methods, measured } = parts;
  const store = createStore<InspectingState>(() => CLOSED);
  let asked = new AbortController();
  /** Of what `maps` are. */
  let mapsOf = "";

  const rowOf = (chosen: Chosen) => {
    const { pruning } = methods.store.getState();
    const index = pruning?.layers.findIndex(({ name }) => name === chosen.layer) ?? -1;
    const layer = pruning?.layers[index];
    if (pruning === null || layer === undefined || chosen.channel >= layer.of) return null;
    return { pruning, layer, index };
  };

  /** Runs what may fail or be overtaken; `take` only hears of the newest question. */
  const answer = async <T>(
    question: Promise<T>,
    { signal }: AbortController,
    take: (found: T) => void,
  ): Promise<void> => {
    try {
      const found = await question;
      if (!signal.aborted) take(found);
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) store.setState({ problem: sentenceOf(error) });
    }
  };

  const askTwin = (chosen: Chosen, mine: AbortController): void => {
    const [row, { session }] = [rowOf(chosen), page.getState()];
    const place = row?.pruning.placesOf(row.index, chosen.channel)[0];
    const channel = place?.channels[0];
    if (row === null || session === null || place === undefined || channel === undefined) return;
    const { streams } = row.pruning.options;
    const network = networkFor(session.network, streams);
    if (costOfTwin(network, place.layer) <= TWIN_HERE) {
      store.setState({ twin: nearestFilter(network, place.layer, channel) });
      return;
    }
    const request = { network: session.key, streams, node: place.layer, channel };
    const question = engine.nearestFilter(request, { signal: mine.signal });
    void answer(question, mine, (twin) => store.setState({ twin }));
  };

  const askMaps = (chosen: Chosen, mine: AbortController): void => {
    const [row, { session }] = [rowOf(chosen), page.getState()];
    const place = row?.pruning.placesOf(row.index, chosen.channel)[0];
    const image = parts.gallery.getState().gallery?.indices[store.getState().image];
    if (row === null || session === null || place === undefined || image === undefined) return;
    const { streams } = row.pruning.options;
    const node = row.pruning.anatomyOf(place.layer, place.channels[0] ?? 0).seenAt;
    const name = `${session.key} ${streams ?? ""} ${node} ${image}`;
    // All channels of a layer come at once.
    if (mapsOf === name && store.getState().maps !== null) return;
    mapsOf = name;
    store.setState({ maps: null });
    const request = { network: session.key, streams, node, image };
    const question = engine.featureMaps(request, { signal: mine.signal });
    void answer(question, mine, (maps) => store.setState({ maps }));
  };

  const evaluate = async (cut: Cut | null, count: number, signal: AbortSignal) => {
    const { session } = page.getState();
    const request = { network: session?.key ?? "", set: parts.imageSet(), count };
    return activity.run(
      "Measuring one channel",
      (call) => engine.evaluate(cut === null ? request : { ...request, cut }, call),
      { quiet: true, signal },
    );
  };

  /** The whole network on so many images: as it was measured, or measured now. */
  const evaluateWhole = async (count: number, signal: AbortSignal) => {
    const name = wholeName(page.getState().session?.key ?? "");
    const known = measured
      .getState()
      .evaluations.get(name)
      ?.find((one) => one.count === count);
    if (known !== undefined) return known;
    const found = await evaluate(null, count, signal);
    if (!signal.aborted) remember(measured, name, found);
    return found;
  };

  const measureCost = async (cut: Cut, macs: number, signal: AbortSignal): Promise<void> => {
    const set = parts.imageSet();
    const { data } = page.getState();
    const available = (set === "test" ? data?.test : data?.validation)?.count ?? 0;
    for (const level of LEVELS) {
      const count = Math.min(available, level === LEVELS[0] && macs > HEAVY ? 64 : level);
      const before = store.getState().cost?.without;
      if (count === 0 || before?.count === count) return;
      if (before !== undefined && (before.milliseconds / before.count) * count > PATIENCE) return;
      const without = await evaluate(cut, count, signal);
      // A set may turn out smaller than it was said to be.
      const whole = await evaluateWhole(without.count, signal);
      if (signal.aborted) return;
      store.setState({ cost: { whole, without, set } });
    }
  };

  const askCost = (chosen: Chosen, mine: AbortController): void => {
    const [row, { session }] = [rowOf(chosen), page.getState()];
    if (row === null || session === null) return;
    try {
      const alone = row.pruning.without(row.index, chosen.channel);
      store.setState({ alone });
      if (parts.isBusy()) {
        store.setState({ problem: "It is measured when the training has ended." });
        return;
      }
      const { dead } = methods.current().manner;
      setTimeout(() => {
        if (mine.signal.aborted) return;
        const cut = { plan: alone.plan, dead };
        const question = measureCost(cut, session.cost.macs, mine.signal);
        void answer(question, mine, () => undefined);
      }, TRAILING);
    } catch (error) {
      store.setState({ alone: null, problem: sentenceOf(error) });
    }
  };

  const restart = (): AbortController => {
    asked.abort(new DOMException("Another channel", "AbortError"));
    asked = new AbortController();
    return asked;
  };

  const choose = (chosen: Chosen): void => {
    const mine = restart();
    store.setState({ chosen, twin: null, alone: null, cost: null, problem: null });
    askMaps(chosen, mine);
    askTwin(chosen, mine);
    askCost(chosen, mine);
  };

  const close = (): void => {
    restart();
    mapsOf = "";
    store.setState(CLOSED);
  };

  page.subscribe(({ session }, before) => {
    if (session !== before.session && store.getState().chosen !== null) close();
  });
  parts.gallery.subscribe(({ gallery }, before) => {
    if (gallery === before.gallery) return;
    mapsOf = "";
    store.setState({ image: 0, maps: null });
    const { chosen } = store.getState();
    if (chosen !== null) askMaps(chosen, asked);
  });
  methods.store.subscribe(({ pruning }, before) => {
    const { chosen } = store.getState();
    if (chosen === null || pruning === before.pruning) return;
    // The same channel by other scores; its layer may take no part any more.
    if (rowOf(chosen) === null) close();
    else choose(chosen);
  });

  return {
    store,
    refresh: () => {
      const { chosen } = store.getState();
      if (chosen !== null) choose(chosen);
    },
    commands: {
      inspect: (index, rank) => {
        const layer = methods.store.getState().pruning?.layers[index];
        const channel = layer?.order[rank];
        if (layer !== undefined && channel !== undefined) choose({ layer: layer.name, channel });
      },
      inspectNext: (step) => {
        const { chosen } = store.getState();
        const row = chosen === null ? null : rowOf(chosen);
        if (chosen === null || row === null) return;
        const channel = row.layer.order[row.layer.order.indexOf(chosen.channel) + step];
        if (channel !== undefined) choose({ layer: chosen.layer, channel });
      },
      inspectOn: (image) => {
        store.setState({ image });
        const { chosen } = store.getState();
        if (chosen !== null) askMaps(chosen, asked);
      },
      closeInspector: close,
    },
  };
}
