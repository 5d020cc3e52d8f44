/**
 * @file Where a network on the page comes from: files, what is shipped, an architecture. A network is on
 * the page whole or not at all: until it has been read and held, what was there stays as it was. What
 * its file leaves open is kept with the files, so that they can be read otherwise.
 */
import type { StoreApi } from "zustand/vanilla";
import type { Dropped } from "../files/index.ts";
import type { Activity } from "./activity.ts";
import type { DataReport, Engine, HandedProject, Network, NetworkKey } from "./engine.ts";
import type { Normalizing } from "./normalizing.ts";
import { openSession, type PageStore } from "./page.ts";
import { createRereading, type RereadingState, type Said } from "./rereading.ts";
import { makeSession, type Session } from "./session.ts";
import { DEMO, type Shipped } from "./shipped.ts";
import { createSizing, type SizingCommands, type SizingState } from "./sizing.ts";
import { createSketching, type SketchingCommands, type SketchingState } from "./sketching.ts";

export interface OpeningCommands extends SizingCommands, SketchingCommands {
  openFiles(files: readonly Dropped[]): Promise<void>;
  /** Opens the files of the network on the page as another of the networks that they fit. */
  readAs(reading: string): Promise<void>;
  /** Asks for which image size they are to be opened. */
  askSize(): void;
  /** Opens one of `SHIPPED`, the demo when none is named. */
  openShipped(which?: Shipped): Promise<void>;
  buildArchitecture(name: string): Promise<void>;
}

export interface Opening {
  readonly sizing: StoreApi<SizingState>;
  readonly rereading: StoreApi<RereadingState>;
  readonly sketching: StoreApi<SketchingState>;
  readonly commands: OpeningCommands;
  /** Opens the demo without asking whether something stands against it: nothing has happened yet. */
  openDemo(): Promise<void>;
}

export interface OpeningParts {
  readonly engine: Pick<Engine, "hold" | "openFiles" | "loadShipped" | "buildArchitecture">;
  readonly page: PageStore;
  readonly activity: Activity;
  readonly recall: Normalizing["recall"];
  /** Runs a command of the Load step, and says what went wrong there. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  /** The same, but what was said before stays. */
  readonly sayFailure: (work: () => Promise<void>) => Promise<void>;
  /** True when a training forbids it; says so. */
  readonly refuseFiles: () => boolean;
  /** True when another network would take a training or its result away; says so. */
  readonly refuse: () => boolean;
  /** Called when another network is on the page. */
  readonly onOpened: () => Promise<void>;
  /** Puts a project in the place of everything. @returns false when it was refused */
  readonly adopt: (project: HandedProject) => Promise<boolean>;
  readonly takeData: (data: DataReport, brought: readonly string[]) => Promise<void>;
  readonly release: (key: NetworkKey) => Promise<void>;
}

/** Where a session says that it came from, and a link is told by. */
export const SHIPPED_ORIGIN = "shipped with Espalier";
export const NEW_ORIGIN = "new, not trained yet";
/** What most networks here are made for. */
const USUAL_SIZE = { height: 32, width: 32 };

/** For people: what the files are called together. */
function originOf([first, ...others]: readonly Dropped[]): string {
  if (first === undefined || others.length > 0) return "files";
  return first instanceof File ? first.name : first.file.name;
}

/** The file that the command line is to be given: of several, the one that names the others. */
function placeOf(files: readonly Dropped[]): string {
  const names = files.map((one) => (one instanceof File ? one.name : one.file.name));
  return names.find((name) => name.endsWith(".json")) ?? names[0] ?? "MODEL";
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** A session whose network was given what was chosen for it in an earlier visit. */
function remind(session: Session): Session {
  const { value } = session.normalization;
  return { ...session, normalization: { value, source: "remembered", isSaid: false } };
}

export function createOpening(parts: OpeningParts): Opening {
  const { engine, page, activity, attempt, release } = parts;
  const rereading = createRereading();
  const sketching = createSketching();
  const sizing = createSizing(() => {
    const [height, width, channels] = page.getState().session?.input ?? [];
    const isImage = height !== undefined && width !== undefined && channels !== undefined;
    return isImage ? { height, width } : USUAL_SIZE;
  });

  /**
   * @param isBrought — a file's, whose facts and open questions stand under Load
   * @returns false when it was refused
   */
  const open = async (
    given: Network,
    origin: string,
    place: string,
    isBrought = false,
  ): Promise<boolean> => {
    const key = await engine.hold(given);
    const recalled = parts.recall(given, key);
    if (recalled !== null) await engine.hold(recalled);
    const { runs } = page.getState();
    // A training may have been started, or have ended, while the network was on its way.
    if (parts.refuse()) {
      // Equal weights have equal keys: what the page has under this one is held again as it was.
      const own = runs.find(({ session }) => session.key === key);
      await (own === undefined ? release(key) : engine.hold(own.session.network));
      return false;
    }
    const made = { ...makeSession(recalled ?? given, key, origin), place };
    openSession(page, recalled === null ? made : remind(made));
    if (isBrought) page.setState({ step: "load" });
    sketching.commands.dismissSketch();
    rereading.reset();
    await parts.onOpened();
    const old = new Set(runs.map(({ session }) => session.key));
    await Promise.all([...old].map(release));
    return true;
  };

  /** @returns false when something of it was refused */
  const openDropped = async (
    files: readonly Dropped[],
    said: Said,
    signal?: AbortSignal,
  ): Promise<boolean> => {
    if (files.length === 0 || parts.refuseFiles()) return false;
    const opened = await activity.run(
      "Reading files",
      (call) => engine.openFiles(files, { ...call, ...said }),
      signal && { signal },
    );
    let isWhole = true;
    for (const one of opened) {
      if (one.kind === "images") await parts.takeData(one.data, one.brought);
      else if (one.kind === "sketch") sketching.show(one.sketch, one.refusal);
      else if (one.kind === "project") {
        isWhole = await parts.adopt(one.project);
        if (isWhole) sketching.commands.dismissSketch();
      } else if (await open(one.network, originOf(files), placeOf(files), true))
        rereading.took(files, said, one);
      else isWhole = false;
    }
    const notes = opened.flatMap(({ notes: remarks }) => remarks);
    if (notes.length > 0) activity.say(`Opened ${originOf(files)}: ${notes.join("; ")}.`);
    return isWhole;
  };

  const openShipped = async ({ path }: Shipped): Promise<void> => {
    const before = page.getState().session;
    const network = await activity.run("Loading the shipped network", (call) =>
      engine.loadShipped(path, call),
    );
    // Whoever was quicker to open a network of their own keeps it.
    if (page.getState().session === before)
      await open(network, SHIPPED_ORIGIN, `public/${folderOf(path)}`);
  };

  return {
    sizing: sizing.store,
    rereading: rereading.store,
    sketching: sketching.store,
    // What else could not be had by then is still to be read.
    openDemo: () => parts.sayFailure(() => openShipped(DEMO)),
    commands: {
      ...sizing.commands,
      ...sketching.commands,
      openFiles: async (files) => {
        const before = sketching.store.getState();
        await attempt(() =>
          sizing.asking(files, (inputSize, signal) => openDropped(files, { inputSize }, signal)),
        );
        // What is asked about files stands there, and what can only be looked at; a refusal is said anywhere.
        const isAsked = sizing.store.getState().question !== null;
        const now = sketching.store.getState();
        const isDrawn = now !== before && now.sketch !== null;
        if (isAsked || isDrawn) page.setState({ step: "load" });
      },
      readAs: (reading) =>
        attempt(async () => {
          const source = rereading.source();
          if (source !== null) await openDropped(source.files, { ...source.said, reading });
        }),
      askSize: () => {
        const source = rereading.source();
        if (source === null) return;
        const { files, said } = source;
        const why = `${originOf(files)} fits images of any size.`;
        sizing.ask(files, why, (inputSize, signal) =>
          openDropped(files, { ...said, inputSize }, signal),
        );
      },
      openShipped: async (which = DEMO) => {
        if (!parts.refuse()) await attempt(() => openShipped(which));
      },
      buildArchitecture: (name) =>
        attempt(async () => {
          if (parts.refuse()) return;
          const network = await activity.run("Building the network", () =>
            engine.buildArchitecture(name, 1),
          );
          await open(network, NEW_ORIGIN, name);
        }),
    },
  };
}
