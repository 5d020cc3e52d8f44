/**
 * @file How a visit begins: with the backend, with the first network and with the test images. The network
 * is what a link is about, else what was kept, else the demo, so that the page is never blank. A worker
 * that had to be replaced begins anew as well, which the page says.
 */
import { AppError, explain, fromPlainError, type PlainError } from "../core/index.ts";
import type { BackendKind, BackendReport, Engine } from "./engine.ts";
import type { Keeping } from "./keeping.ts";
import type { Opening } from "./opening.ts";
import type { PageStore } from "./page.ts";
import type { SharingCommands } from "./sharing.ts";

export interface StartingCommands {
  /**
   * Opens the backend, the link's network, or what was kept, or else the shipped one, and the test images;
   * called once. A backend that was asked for and cannot be had is said, and the automatic choice runs instead.
   */
  start(backend?: BackendKind | "auto", link?: string): Promise<void>;
  dismissRestart(): void;
}

export interface StartingParts {
  readonly engine: Pick<Engine, "openBackend" | "onRestart" | "onDeviceLost">;
  readonly page: PageStore;
  readonly keeping: Pick<Keeping, "resume" | "standAside">;
  readonly opening: Pick<Opening, "openDemo">;
  readonly openLink: SharingCommands["openLink"];
  readonly fetchTestImages: () => Promise<void>;
  /** Runs what nobody has asked for, and says under Load what went wrong. */
  readonly sayFailure: (work: () => Promise<void>) => Promise<void>;
  /** Called when another backend computes from now on. */
  readonly onOtherBackend: () => void;
  /** While a training runs, which a crash takes along: whether its state was kept. Null while none runs. */
  readonly underWay: () => "kept" | "not kept" | null;
  /** Called when a crashed worker was replaced. */
  readonly onRestarted: () => void;
}

/** What became of a training, or of nothing. */
const CUT_OFF = {
  kept: "the training was cut off, and its step says how it goes on",
  "not kept": "the training was cut off before any of it was kept, and is to be started again",
} as const;

/** What happened, what runs now, and the way back. */
function lostWords({ description }: BackendReport, error: PlainError): string {
  const hint = `the page goes on with ${description}, and what was under way is to be started again, or goes on from where it was kept; reload the page to try the graphics card again`;
  return explain(new AppError(error.code, { ...error, hint }));
}

export function createStarting(parts: StartingParts): StartingCommands {
  const { engine, page, keeping, sayFailure } = parts;

  const openFirst = async (link: string): Promise<void> => {
    if (link !== "") await parts.openLink(link);
    if (page.getState().session !== null) {
      await keeping.standAside();
      return;
    }
    const isThere = await keeping.resume();
    // What the link asked for may have been among it.
    if (isThere && link !== "") await parts.openLink(link);
    // Whoever was quicker to open a network of their own keeps it.
    if (!isThere && page.getState().session === null) await parts.opening.openDemo();
  };

  const openBackend = async (preference: BackendKind | "auto"): Promise<void> => {
    await sayFailure(async () => {
      page.setState({ backend: await engine.openBackend(preference) });
    });
    if (page.getState().backend === null && preference !== "auto") await openBackend("auto");
  };

  const sayOnce = (restarted: string, error: PlainError): void => {
    const restartDetails = explain(fromPlainError(error));
    const { problems } = page.getState();
    // Whoever heard of it first may have said so on a step.
    const others = Object.entries(problems).filter(([, text]) => text !== restartDetails);
    page.setState({ restarted, restartDetails, problems: Object.fromEntries(others) });
  };

  engine.onRestart((error) => {
    const underWay = parts.underWay();
    const lost = underWay === null ? "nothing is lost" : CUT_OFF[underWay];
    sayOnce(`The engine crashed and was restarted; ${lost}.`, error);
    parts.onRestarted();
  });
  engine.onDeviceLost((backend, error) => {
    parts.onOtherBackend();
    page.setState({ backend });
    sayOnce(lostWords(backend, error), error);
    parts.onRestarted();
  });

  return {
    start: async (preference = "auto", link = "") => {
      await Promise.all([openFirst(link), openBackend(preference)]);
      page.setState({ starting: false });
      // A network or a backend that could not be had is still worth reading about.
      await sayFailure(parts.fetchTestImages);
      page.setState({ awaitsImages: false });
    },
    dismissRestart: () => {
      page.setState({ restarted: null, restartDetails: null });
    },
  };
}
