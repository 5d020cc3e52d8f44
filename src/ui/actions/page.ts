/** @file Actions of the page itself: undo, sharing, theme, and its steps. */
import { STEPS } from "../../state/index.ts";
import { STEP_TITLES } from "../step-titles.ts";
import { seekStructure } from "../structure/structure-view.ts";
import { reasons, type Action, type Reach, type Scheme } from "./action.ts";

export function pageActions(reach: Reach): readonly Action[] {
  const { bench, overlay, setScheme, share } = reach;
  const { undo, redo, cancel, showRuns, measureAll } = bench.commands;
  const { runs } = bench.page.getState();
  const { canUndo, canRedo } = bench.history.getState();
  const { tasks } = bench.activity.getState();
  const group = "Page";
  const scheme = (to: Scheme, words: string): Action => ({
    id: `scheme-${to}`,
    title: `Theme: ${words}`,
    also: "colour dark light mode",
    group,
    why: null,
    run: () => setScheme(to),
  });
  return [
    { id: "undo", title: "Undo", group, why: canUndo ? null : "nothing to undo", run: undo },
    { id: "redo", title: "Redo", group, why: canRedo ? null : "nothing to redo", run: redo },
    {
      id: "compare-runs",
      title: "Compare all runs",
      also: "table chart front",
      group,
      why: reasons(reach).network,
      run: showRuns,
    },
    {
      id: "measure-runs",
      title: "Measure all runs",
      also: "accuracy latency",
      group,
      why: runs.length > 1 ? null : "there is one run alone",
      run: measureAll,
    },
    {
      id: "share",
      title: "Share: copy a link",
      also: "url address",
      group,
      why: reasons(reach).network,
      run: () => void share(),
    },
    {
      id: "cancel",
      title: "Cancel what is running",
      also: "stop abort",
      group,
      why: tasks.length > 0 ? null : "nothing is running",
      run: cancel,
    },
    scheme("auto", "as the system"),
    scheme("light", "light"),
    scheme("dark", "dark"),
    {
      id: "keys",
      title: "Keys",
      also: "shortcuts help",
      group,
      why: null,
      run: () => overlay("keys"),
    },
    { id: "palette", title: "All commands", group, why: null, run: () => overlay("palette") },
  ];
}

export function stepActions(reach: Reach): readonly Action[] {
  const { goTo } = reach.bench.commands;
  const see = (view: "list" | "graph"): Action => ({
    id: view,
    title: `See the layers as a ${view}`,
    also: "structure network",
    group: "Steps",
    why: reasons(reach).network,
    run: () => {
      seekStructure(view);
      goTo("load");
    },
  });
  return [
    ...STEPS.map((step) => ({
      id: `step-${step}`,
      title: `Go to ${STEP_TITLES[step]}`,
      group: "Steps",
      why: null,
      run: () => goTo(step),
    })),
    see("graph"),
    see("list"),
  ];
}
