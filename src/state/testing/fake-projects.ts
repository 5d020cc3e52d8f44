/** @file Projects of the pretended engine: really written, kept on a shelf in memory, and really read. */
import { openFiles } from "../../files/index.ts";
import type { Network } from "../../model/index.ts";
import {
  forgetProject,
  loadProject,
  saveProject,
  soundProject,
  type Shelf,
  type SoundProject,
} from "../../storage/index.ts";
import { eachOnce, writeProjectOf } from "../../worker/projects.ts";
import type { Engine, HandedProject, Opened } from "../../worker/protocol.ts";

type Projects = Pick<Engine, "writeProject" | "saveProject" | "loadProject" | "forgetProject">;

export function fakeProjects(shelf: Shelf, networkOf: (key: string) => Network): Projects {
  return {
    writeProject: (document) => writeProjectOf(document, networkOf),
    saveProject: async (document) => {
      await saveProject(shelf, document, networkOf);
      return "this tab";
    },
    loadProject: async () => {
      const found = await loadProject(shelf);
      return found === null ? null : handed(found);
    },
    forgetProject: async () => {
      await forgetProject(shelf);
      return "this tab";
    },
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
