/** @file `prune MODEL -o OUT`: cuts the channels that a recipe says, writes the smaller network. */
import { AppError } from "../../core/index.ts";
import { fingerprintNetwork } from "../../model/index.ts";
import { filterSums, networkFor, operate, planAllocation, type Plan } from "../../prune/index.ts";
import type { Recipe } from "../../recipe/index.ts";
import { ALLOCATION_OPTIONS, allocationOf, type Choice } from "../allocation.ts";
import type { Args } from "../args.ts";
import { openInNode } from "../backend.ts";
import {
  answer,
  COMMON,
  LOOK_OPTIONS,
  MODEL_OPTIONS,
  SCORE_OPTIONS,
  type Command,
} from "../command.ts";
import { checkCurves } from "../curves.ts";
import { documentsOf, jsonFile } from "../documents.ts";
import { say } from "../io.ts";
import { openModel } from "../open-model.ts";
import {
  OUT_HELP,
  outputAt,
  prepareOutput,
  reportName,
  showWritten,
  writeModel,
} from "../output.ts";
import {
  figuresOf,
  recipeDone,
  showGuards,
  showSafe,
  signed,
  type PruneFigures,
} from "../prune-report.ts";
import { presetLines, recipeOf, RECIPE_OPTIONS } from "../recipe-file.ts";
import { badArgument } from "../refusal.ts";
import { criterionOf, evidenceBatch, prepare } from "../scoring.ts";
import { mannerOf, showAbsorbed, SURGERY_OPTIONS } from "../surgery.ts";
import { change, percent, table } from "../table.ts";

export const prune: Command = {
  name: "prune",
  summary: "remove channels as a recipe says and write the smaller network",
  notes: [
    "Beside the network a report is written, with the plan and the counts. A report and a network of",
    "that name are replaced; nothing else in the folder is touched.",
    "",
    "Presets:",
    ...presetLines(),
  ],
  positionals: ["MODEL"],
  options: {
    ...RECIPE_OPTIONS,
    ...ALLOCATION_OPTIONS,
    out: { value: "OUT", short: "o", help: OUT_HELP },
    ...SCORE_OPTIONS,
    ...SURGERY_OPTIONS,
    ...LOOK_OPTIONS,
    ...MODEL_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const recipe = await recipeOf(args);
    const { allocation, curves } = await choiceOf(args, recipe);
    const chosen = criterionOf(args, recipe?.criterion.name);
    const manner = mannerOf(args, recipe);
    const output = await outputAt(args.text("out"));
    const model = await openModel(args, io);
    const { name } = model.network;
    const from = { name, fingerprint: fingerprintNetwork(model.network) };
    if (curves !== undefined) {
      checkCurves(curves, { network: from, criterion: chosen.text, options: allocation });
    }
    const network = networkFor(model.network, allocation.streams);
    const task = { network, chosen, options: allocation, batch: evidenceBatch(args) };
    const { prepared, images } = await prepare(args, io, task);
    const scoreOf = allocation.scoring === "greedy" ? filterSums(network) : undefined;
    const knowledge = { curves: curves?.curves, scoreOf };
    const plan = planFor(recipe, () => planAllocation(prepared, allocation, knowledge));
    await prepareOutput(output, model);
    const surgery = operate(network, plan, manner);
    const { absorbed } = surgery;
    const figures = figuresOf(prepared, plan, network, surgery.network);
    const found = { ...figures, ...(absorbed.length > 0 ? { absorbed } : {}) };
    const guards = showGuards(found);
    if (guards !== undefined) say(io, guards);
    const made = signed(surgery.network, plan, from.fingerprint, found);
    const report = {
      format: "espalier-prune-report/1",
      recipe: recipeDone(recipe, name, plan, manner),
      criterion: plan.criterion,
      ...(images === undefined ? {} : { images }),
      ...(curves === undefined ? {} : { curves: curves.json }),
      mode: plan.mode,
      manner,
      from,
      to: { name: made.name, fingerprint: fingerprintNetwork(made) },
      ...found,
    };
    const written = await writeModel(made, output, io, {
      backend: await openInNode(args),
      documents: () => documentsOf(made, report),
      beside: (record) => [jsonFile(reportName(output), { ...report, exports: [record] })],
    });
    answer(io, args, found, () => [
      ...showFigures(found, prepared.gap !== undefined),
      "",
      ...showAbsorbed(surgery),
      ...showWritten(output, written),
    ]);
    return undefined;
  },
};

/** @throws cli/bad-argument when nothing says how many go, and as `allocationOf` does */
async function choiceOf(args: Args, recipe: Recipe | undefined): Promise<Choice> {
  const choice = await allocationOf(args, recipe?.allocation);
  if (choice !== undefined) return choice;
  throw badArgument("--preset NAME", {
    expected: "a preset, a recipe or an allocation",
    found: "none of them",
    hint: "add --preset network-slimming, --recipe FILE, or an allocation such as --target-macs 0.5",
  });
}

function showFigures(
  { achieved, requested, before, after, safe, groups }: PruneFigures,
  hasGap: boolean,
): string[] {
  return [
    `${percent(achieved)} of the channels removed, ${percent(requested)} asked for`,
    `parameters ${change(before.parameters, after.parameters)}`,
    `MACs ${change(before.macs, after.macs)}`,
    showSafe(safe, hasGap),
    "",
    ...table(
      ["group", "kept", "of"],
      groups.map(({ name, of, kept }) => [name, String(kept.length), String(of)]),
    ),
  ];
}

/** A list that does not fit the network is more often the wrong network than the wrong list. */
function planFor(recipe: Recipe | undefined, plan: () => Plan): Plan {
  const architecture = recipe?.architecture;
  try {
    return plan();
  } catch (error) {
    if (!(error instanceof AppError) || architecture === undefined) throw error;
    const { code, where, expected = "", found = "" } = error;
    if (code !== "prune/unknown-group" && code !== "prune/out-of-reach") throw error;
    const hint = `this preset is for ${architecture}`;
    throw new AppError(code, { where, expected, found, hint });
  }
}
