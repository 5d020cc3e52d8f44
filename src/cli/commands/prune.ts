/** @file `prune MODEL -o OUT`: cuts the channels that a recipe says, writes the smaller network. */
import { AppError, known } from "../../core/index.ts";
import { costOf, fingerprintNetwork, type Network } from "../../model/index.ts";
import { applyPlan, planAt, type Plan, type PreparedPruning } from "../../prune/index.ts";
import type { Recipe } from "../../recipe/index.ts";
import { toNumber, type Args } from "../args.ts";
import { answer, COMMON, MODEL_OPTIONS, SCORE_OPTIONS, type Command } from "../command.ts";
import { say } from "../io.ts";
import { openModel } from "../open-model.ts";
import { outputAt, prepareOutput, reportName, showWritten, writeModel } from "../output.ts";
import { recipeOf, RECIPE_OPTIONS } from "../recipe-file.ts";
import { badArgument } from "../refusal.ts";
import { criterionOf, prepare } from "../scoring.ts";
import { change, percent, table } from "../table.ts";

type Mode = Recipe["allocation"]["mode"];

export const prune: Command = {
  name: "prune",
  summary: "remove channels as a recipe says and write the smaller network",
  notes: [
    "Beside the network a report is written, with the plan and the counts. A report and a network of",
    "that name are replaced; nothing else in the folder is touched.",
  ],
  positionals: ["MODEL"],
  options: {
    ...RECIPE_OPTIONS,
    ratio: { value: "P", help: "share of the channels to remove, from 0 up to 1; the recipe's" },
    exact: { help: "remove exactly the share that was asked for" },
    reference: { help: "remove as the papers' own code does: one more, and all that tie" },
    out: { value: "OUT", short: "o", help: "a folder, or NAME.{safetensors,onnx,pth,zip,json}" },
    ...SCORE_OPTIONS,
    ...MODEL_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const recipe = await recipeOf(args);
    if (recipe === undefined) {
      throw badArgument("--preset NAME", {
        expected: "a preset or a recipe",
        found: "neither",
        hint: "add --preset network-slimming, or --recipe FILE",
      });
    }
    const ratio = ratioOf(args) ?? recipe.allocation.ratio;
    const mode = modeOf(args) ?? recipe.allocation.mode;
    criterionOf(args, recipe.criterion.name);
    const output = await outputAt(args.text("out"));
    const model = await openModel(args, io);
    const prepared = prepare(args, model.network, recipe.criterion.name);
    const plan = planAt(prepared, { ratio, mode });
    await prepareOutput(output, model);
    const cut = applyPlan(model.network, prepared.table, plan);
    const found = figures(prepared, plan, model.network, cut);
    if (found.guarded.length > 0) {
      say(io, `a guard kept the last channel of ${found.guarded.join(", ")}`);
    }
    const from = fingerprintNetwork(model.network);
    const made = signed(cut, plan, from, found);
    const report = {
      format: "espalier-prune-report/1",
      recipe,
      criterion: plan.criterion,
      mode,
      from: { name: model.network.name, fingerprint: from },
      to: { name: made.name, fingerprint: fingerprintNetwork(made) },
      ...found,
    };
    const bytes = new TextEncoder().encode(`${JSON.stringify(report, null, 1)}\n`);
    const written = await writeModel(made, output, io, [{ name: reportName(output), bytes }]);
    answer(io, args, found, () => [
      `${percent(plan.achieved)} of the channels removed, ${percent(ratio)} asked for`,
      `parameters ${change(found.before.parameters, found.after.parameters)}`,
      `MACs ${change(found.before.macs, found.after.macs)}`,
      "",
      ...table(
        ["group", "kept", "of"],
        found.groups.map(({ name, of, kept }) => [name, String(kept.length), String(of)]),
      ),
      "",
      showWritten(output, written),
    ]);
    return undefined;
  },
};

/** @throws prune/bad-ratio */
function ratioOf(args: Args): number | undefined {
  const text = args.text("ratio");
  if (text === undefined) return undefined;
  const ratio = toNumber(text);
  if (ratio >= 0 && ratio < 1) return ratio;
  throw new AppError("prune/bad-ratio", {
    where: "--ratio",
    expected: "a number from 0 up to, but not including, 1",
    found: text === "" ? "nothing" : text,
  });
}

function modeOf(args: Args): Mode | undefined {
  const [exact, reference] = [args.has("exact"), args.has("reference")];
  if (exact && reference) {
    throw badArgument("--reference", { expected: "one of --exact and --reference", found: "both" });
  }
  return exact ? "exact" : reference ? "reference" : undefined;
}

/** The answer: what DESIGN §6 lists, and where a guard held. */
function figures({ table: groups }: PreparedPruning, plan: Plan, before: Network, after: Network) {
  const nameOf = (id: string): string => known(groups.byId.get(id), id).name;
  const count = (network: Network) => {
    const { parameters, macs } = costOf(network);
    return { parameters, macs };
  };
  return {
    requested: plan.requested,
    achieved: plan.achieved,
    threshold: plan.threshold,
    groups: [...plan.kept].map(([id, kept]) => ({
      name: nameOf(id),
      of: known(plan.sizes.get(id), id),
      kept: Array.from(kept),
    })),
    before: count(before),
    after: count(after),
    guarded: plan.guarded.map(nameOf),
  };
}

/** Notes in the network what was done to it. */
function signed(
  network: Network,
  plan: Plan,
  from: string,
  { before, after }: ReturnType<typeof figures>,
): Network {
  const { criterion, mode, requested, achieved, threshold } = plan;
  const pruned = { from, criterion, mode, requested, achieved, threshold, before, after };
  const provenance = { ...network.metadata.provenance, pruned };
  return { ...network, metadata: { ...network.metadata, provenance } };
}
