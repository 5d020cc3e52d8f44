/**
 * @file The images that the engine has: fetched, or brought by a person. Whatever was measured, cut or
 * chosen by other images counts no more, and is dropped before anything is measured on the new ones.
 */
import type { Activity } from "./activity.ts";
import type { Adopting } from "./adopting.ts";
import type { DataReport, Engine, ImageSet } from "./engine.ts";
import type { Images } from "./gallery.ts";
import type { Methods } from "./methods.ts";
import type { PageStore } from "./page.ts";

export interface DatasetsCommands {
  loadData(which: "test" | "training"): Promise<void>;
}

export interface DatasetsParts {
  readonly engine: Pick<Engine, "loadData">;
  readonly page: PageStore;
  readonly activity: Activity;
  readonly methods: Methods;
  readonly images: Images;
  readonly adopting: Pick<Adopting, "isOtherTraining" | "settle">;
  readonly imageSet: () => ImageSet;
  /** Runs a command of the Load step, and says what went wrong there. */
  readonly attempt: (work: () => Promise<void>) => Promise<void>;
  /** Drops all that was found on other images. */
  readonly forget: () => void;
  /** Called when images were taken. @param isOther — they are not those that were there */
  readonly onTaken: (isOther: boolean) => void;
}

export interface Datasets {
  readonly commands: DatasetsCommands;
  /** The engine has these images now. @param brought — the sets that came in the place of others */
  take(data: DataReport, brought?: readonly string[]): Promise<void>;
  fetch(which: "test" | "training"): Promise<void>;
  /** Fetches the training images once, however many criteria want to look at them. */
  fetchTraining(): Promise<void>;
}

export function createDatasets(parts: DatasetsParts): Datasets {
  const { engine, page, activity, methods, images, adopting, imageSet } = parts;
  /** The training images that are on their way. */
  let coming: Promise<void> | null = null;

  const take: Datasets["take"] = async (data, brought = []) => {
    const before = imageSet();
    page.setState({ data });
    const set = imageSet();
    if (brought.includes("training") && methods.forgetEvidence()) {
      methods.fit(page.getState().session);
    }
    // Training images are looked at too: what was cut by other ones is another cut.
    const isOther = set !== before || brought.length > 0 || adopting.isOtherTraining(data);
    if (isOther) parts.forget();
    adopting.settle();
    const isLacking = isOther || images.store.getState().gallery === null;
    if (data.test !== null && isLacking) await images.load(data.test.classes);
    parts.onTaken(isOther);
  };

  const fetch = async (which: "test" | "training"): Promise<void> => {
    const label = which === "test" ? "Loading test images" : "Loading training images";
    const data = await activity.run(label, (call) => engine.loadData(which, call));
    // Looked at now: others may have been brought while these were on their way.
    const before = page.getState().data?.[which]?.name;
    // In the place of what a person has brought, they are as new as if they had been brought themselves.
    const isReplaced = before !== undefined && before !== data[which]?.name;
    await take(data, isReplaced ? [which] : []);
  };

  return {
    take,
    fetch,
    fetchTraining: () => {
      coming ??= fetch("training").finally(() => {
        coming = null;
      });
      return coming;
    },
    commands: { loadData: (which) => parts.attempt(() => fetch(which)) },
  };
}
