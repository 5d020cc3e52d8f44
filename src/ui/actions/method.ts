/** @file Actions on the method: a paper's, and each choice of its controls. They show the Prune step. */
import { CRITERION_NAMES, PRESETS } from "../../state/index.ts";
import { criterionTitle, MODES, presetTitle, SCOPES } from "../prune/method-words.ts";
import { reasons, type Action, type Reach } from "./action.ts";

export function methodActions(reach: Reach): readonly Action[] {
  const { bench } = reach;
  const { changeMethod, chooseMode, choosePreset, unlockAll } = bench.commands;
  const why = reasons(reach).network;
  const { asked } = bench.method.getState();
  const isLocked = (asked.options.locked ?? []).length > 0;
  const group = "Method";
  const actions: readonly Action[] = [
    ...Object.values(PRESETS).map(({ name, paper = "", architecture }) => ({
      id: `preset-${name}`,
      title: `As in ${presetTitle(name)}`,
      also: `paper preset ${paper} ${architecture ?? ""}`,
      group,
      why,
      run: () => choosePreset(name),
    })),
    ...CRITERION_NAMES.map((name) => ({
      id: `criterion-${name}`,
      title: `Score channels by ${criterionTitle(name)}`,
      also: `criterion ${name}`,
      group,
      why,
      run: () => changeMethod({ criterion: name }, "criterion"),
    })),
    ...SCOPES.map(({ value, label, means }) => ({
      id: `scope-${value}`,
      title: `Compare across ${label.toLowerCase()}`,
      also: `scope ${means}`,
      group,
      why,
      run: () => changeMethod({ options: { scope: value } }, "scope"),
    })),
    ...MODES.map(({ value, label }) => ({
      id: `mode-${value}`,
      title: `Remove ${label}`,
      also: "allocation",
      group,
      why: why ?? (asked.allocation.kind === value ? "that is how it is" : null),
      run: () => chooseMode(value),
    })),
    {
      id: "unlock",
      title: "Unlock all layers",
      group,
      why: why ?? (isLocked ? null : "no layer is locked"),
      run: unlockAll,
    },
  ];
  const show = (): void => {
    if (bench.page.getState().step !== "prune") bench.commands.goTo("prune");
  };
  return actions.map(({ run, ...action }) => ({
    ...action,
    run: () => {
      show();
      run();
    },
  }));
}
