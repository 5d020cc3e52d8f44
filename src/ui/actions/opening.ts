/** @file Actions that bring another network or images to the page. */
import { architectureNames, SHIPPED } from "../../state/index.ts";
import { pickFiles } from "../parts/pick-files.ts";
import { reasons, type Action, type Reach } from "./action.ts";

export function openingActions(reach: Reach): readonly Action[] {
  const { page, commands } = reach.bench;
  const { data } = page.getState();
  const { training } = reasons(reach);
  const { openFiles, openShipped, buildArchitecture, loadData, restore } = commands;
  const group = "Open";
  const { runs, runId } = page.getState();
  return [
    {
      id: "open",
      title: "Open files…",
      also: "load drop network images",
      group,
      why: training,
      run: () => pickFiles((files) => void openFiles(files)),
    },
    ...SHIPPED.map((one) => ({
      id: `open-${one.name}`,
      title: `Open ${one.title}`,
      also: `shipped demo ${one.text}`,
      group,
      why: training,
      run: () => void openShipped(one),
    })),
    ...architectureNames().map((name) => ({
      id: `build-${name}`,
      title: `Build ${name} at ¼ width`,
      also: "architecture new",
      group,
      why: training,
      run: () => void buildArchitecture(`${name}:width=0.25`),
    })),
    ...(["test", "training"] as const).map((which) => ({
      id: `images-load-${which}`,
      title: `Load ${which} images`,
      group,
      why: (data?.[which] ?? null) === null ? null : "they are there",
      run: () => void loadData(which),
    })),
    ...runs.map(({ id, label }) => ({
      id: `run-${id}`,
      title: `Bring back #${id} ${label.toLowerCase()}`,
      also: "run network",
      group: "Runs",
      why: training ?? (id === runId ? "it is on the page" : null),
      run: () => restore(id),
    })),
  ];
}
