/** @file Projects of the pretended engine: really written, kept on a shelf in memory, and really read. */
import { openFiles } from "../../files/index.ts";
import type { Network } from "../../model/index.ts";
import { soundProject, type Shelf, type SoundProject } from "../../storage/index.ts";
import { eachOnce, handTraining, KeptProject, writeProjectOf } from "../../worker/projects.ts";
import type { Engine, HandedProject, Opened, TrainCheckpoint } from "../../worker/protocol.ts";

interface Projects extends Pick<
  Engine,
  "writeProject" | "saveProject" | "loadProject" | "forgetProject"
> {
  /** As the worker hears of a training's state. */
  tell(checkpoint: TrainCheckpoint): void;
}

export function fakeProjects(shelf: Shelf, networkOf: (key: string) => Network): Projects {
  const kept = new KeptProject({ shelf });
  return {
    writeProject: (document) => writeProjectOf(document, networkOf),
    saveProject: (document, training) => kept.save(document, training, networkOf),
    loadProject: async () => {
      const found = await kept.load();
      if (found === null) return null;
      return { ...handed(found), training: handTraining(found.training) };
    },
    forgetProject: () => kept.forget(),
    tell: (checkpoint) => kept.tell(checkpoint),
  };
}

/** A dropped project. */
export async function openFakeProject(file: File): Promise<Opened> {
  const [opened] = await openFiles([file]);
  if (opened?.kind !== "project") throw new Error(`${file.name} is no project`);
  return { kind: "project", project: handed(soundProject(opened)), notes: [] };
}

function handed({ document, networks }: SoundProject): HandedProject {
  return { document, networks: eachOnce(document, networks) };
}
