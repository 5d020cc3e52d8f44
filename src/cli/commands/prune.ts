/** @file `prune MODEL -o OUT`: cuts the channels that a recipe says, writes the smaller network. */
import { AppError } from "../../core/index.ts";
import { costOf, fingerprintNetwork, type Network } from "../../model/index.ts";
import {
  filterSums,
  listKept,
  planAllocation,
  safeRatios,
  type Plan,
  type PreparedPruning,
  networkFor,
} from "../../prune/index.ts";
import { recordRecipe, type Recipe } from "../../recipe/index.ts";
import { ALLOCATION_OPTIONS, allocationOf } from "../allocation.ts";
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
import { presetLines, recipeOf, RECIPE_OPTIONS } from "../recipe-file.ts";
import { badArgument } from "../refusal.ts";
import { criterionOf, evidenceBatch, prepare } from "../scoring.ts";
import { operate, showAbsorbed, SURGERY_OPTIONS } from "../surgery.ts";
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
    const choice = await allocationOf(args, recipe?.allocation);
    if (choice === undefined) {
      throw badArgument("--preset NAME", {
        expected: "a preset, a recipe or an allocation",
        found: "none of them",
        hint: "add --preset network-slimming, --recipe FILE, or an allocation such as --target-macs 0.5",
      });
    }
    const { allocation, curves } = choice;
    const chosen = criterionOf(args, recipe?.criterion.name);
    const output = await outputAt(args.text("out"));
    const model = await openModel(args, io);
    const from = fingerprintNetwork(model.network);
    if (curves !== undefined) {
      const subject = { name: model.network.name, fingerprint: from };
      checkCurves(curves, { network: subject, criterion: chosen.text, options: allocation });
    }
    const network = networkFor(model.network, allocation.streams);
    const task = { network, chosen, options: allocation, batch: evidenceBatch(args) };
    const { prepared, images } = await prepare(args, io, task);
    const scoreOf = allocation.scoring === "greedy" ? filterSums(network) : undefined;
    const knowledge = { curves: curves?.curves, scoreOf };
    const plan = planFor(recipe, () => planAllocation(prepared, allocation, knowledge));
    await prepareOutput(output, model);
    const surgery = operate(args, recipe, network, plan);
    const { network: cut, absorbed } = surgery;
    const found = {
      ...figures(prepared, plan, network, cut),
      ...(absorbed.length > 0 ? { absorbed } : {}),
    };
    if (found.guarded.length > 0) {
      say(io, `a guard kept the last channel of ${found.guarded.join(", ")}`);
    }
    const made = signed(cut, plan, from, found);
    const done = recordRecipe(model.network.name, { plan });
    const what = { criterion: done.criterion, allocation: done.allocation };
    const report = {
      format: "espalier-prune-report/1",
      recipe: recipe === undefined ? done : { ...recipe, ...what },
      criterion: plan.criterion,
      ...(images === undefined ? {} : { images }),
      mode: plan.mode,
      from: { name: model.network.name, fingerprint: from },
      to: { name: made.name, fingerprint: fingerprintNetwork(made) },
      ...found,
    };
    const written = await writeModel(made, output, io, {
      backend: await openInNode(args),
      documents: () => documentsOf(made, report),
      beside: (record) => [jsonFile(reportName(output), { ...report, exports: [record] })],
    });
    answer(io, args, found, () => [
      `${percent(plan.achieved)} of the channels removed, ${percent(plan.requested)} asked for`,
      `parameters ${change(found.before.parameters, found.after.parameters)}`,
      `MACs ${change(found.before.macs, found.after.macs)}`,
      showSafe(found.safe, prepared.gap !== undefined),
      "",
      ...table(
        ["group", "kept", "of"],
        found.groups.map(({ name, of, kept }) => [name, String(kept.length), String(of)]),
      ),
      "",
      ...showAbsorbed(surgery),
      ...showWritten(output, written),
    ]);
    return undefined;
  },
};

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

/** What docs/command-line.md lists: the cut, where a guard held, how far one can go without harm. */
function figures(prepared: PreparedPruning, plan: Plan, before: Network, after: Network) {
  const { free, guard } = safeRatios(prepared, plan.mode === "reference" ? "reference" : "exact");
  const count = (network: Network) => {
    const { parameters, macs } = costOf(network);
    return { parameters, macs };
  };
  return {
    requested: plan.requested,
    achieved: plan.achieved,
    threshold: plan.threshold,
    groups: listKept(plan),
    before: count(before),
    after: count(after),
    guarded: plan.guarded,
    safe: { free: free ?? null, most: guard ?? null },
  };
}

function showSafe({ free, most }: ReturnType<typeof figures>["safe"], hasGap: boolean): string {
  const none = hasGap ? "every ratio crosses the gap in the scores" : "no clear gap in the scores";
  const gap = free === null ? none : `a gap in the scores at ${percent(free)}`;
  return `${gap}; a guard holds ${most === null ? "at any ratio" : `above ${percent(most)}`}`;
}

/** Notes in the network what was done to it. */
function signed(
  network: Network,
  plan: Plan,
  from: string,
  { before, after }: ReturnType<typeof figures>,
): Network {
  const { criterion, mode, requested, achieved, threshold } = plan;
  const limit = threshold === undefined ? {} : { threshold };
  const pruned = { from, criterion, mode, requested, achieved, ...limit, before, after };
  const provenance = { ...network.metadata.provenance, pruned };
  return { ...network, metadata: { ...network.metadata, provenance } };
}
