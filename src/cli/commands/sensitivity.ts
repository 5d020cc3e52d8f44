/** @file `sensitivity MODEL`: accuracy against ratio, each group cut alone. */
import { sensitivity as measure, SENSITIVITY_RATIOS } from "../../analyze/index.ts";
import { AppError, known } from "../../core/index.ts";
import { networkFor, type GroupId } from "../../prune/index.ts";
import { toNumber, type Args } from "../args.ts";
import { openInNode, evaluationBatch } from "../backend.ts";
import {
  answer,
  COMMON,
  MODEL_OPTIONS,
  RUN_OPTIONS,
  SCORE_OPTIONS,
  type Command,
} from "../command.ts";
import { testImages } from "../images.ts";
import { openModel } from "../open-model.ts";
import { progressLine } from "../progress.ts";
import { criterionOf, prepare, streamsOf } from "../scoring.ts";
import { percent, table } from "../table.ts";

/** A point costs an evaluation; a thousand images tell accuracies 3 % apart. */
const USUAL_IMAGES = 1000;

export const sensitivity: Command = {
  name: "sensitivity",
  summary: "accuracy against ratio for every prunable group, each cut alone",
  positionals: ["MODEL"],
  options: {
    ratios: { value: "R,R,…", help: "the shares to remove; 0.1,0.2 … 0.9" },
    limit: { value: "N", help: "the first N test images, in file order; 1000" },
    ...SCORE_OPTIONS,
    ...RUN_OPTIONS,
    ...MODEL_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const ratios = ratiosOf(args);
    const chosen = criterionOf(args);
    const streams = streamsOf(args);
    const network = networkFor((await openModel(args, io)).network, streams);
    const { prepared } = await prepare(args, io, { network, chosen, options: { streams } });
    const images = await testImages(args, io, network, USUAL_IMAGES);
    const backend = await openInNode(args);
    const batch = await evaluationBatch(args, network, backend);
    const curves = new Map<GroupId, number[]>();
    const progress = progressLine(io, "measuring");
    const base = await measure(
      { network, prepared, ratios, images, batch },
      backend,
      {
        onPoint: ({ group, evaluation }) => {
          const curve = curves.get(group);
          if (curve === undefined) curves.set(group, [evaluation.accuracy]);
          else curve.push(evaluation.accuracy);
        },
      },
      { onProgress: progress.onProgress },
    ).finally(() => progress.clear());
    const groups = [...curves].map(([id, accuracy]) => ({
      name: known(prepared.table.byId.get(id), id).name,
      accuracy,
    }));
    answer(io, args, { base: base.accuracy, ratios, groups }, () => [
      `untouched: ${percent(base.accuracy)} of ${base.count} images`,
      "",
      ...table(
        ["group", ...ratios.map(String)],
        groups.map(({ name, accuracy }) => [name, ...accuracy.map((a) => percent(a))]),
      ),
    ]);
    return undefined;
  },
};

/** @throws prune/bad-ratio */
function ratiosOf(args: Args): readonly number[] {
  const text = args.text("ratios");
  if (text === undefined) return SENSITIVITY_RATIOS;
  const ratios = text.split(",").map((part) => {
    const ratio = toNumber(part);
    if (ratio >= 0 && ratio < 1) return ratio;
    throw new AppError("prune/bad-ratio", {
      where: "--ratios",
      expected: "numbers from 0 up to, but not including, 1",
      found: part,
    });
  });
  return ratios.toSorted((a, b) => a - b);
}
