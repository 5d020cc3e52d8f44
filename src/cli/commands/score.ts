/** @file `score MODEL`: how much each channel of each prunable group matters. */
import { known } from "../../core/index.ts";
import { answer, COMMON, MODEL_OPTIONS, SCORE_OPTIONS, type Command } from "../command.ts";
import { openModel } from "../open-model.ts";
import { criterionOf, prepare, streamsOf, withSelections } from "../scoring.ts";
import { table } from "../table.ts";

export const score: Command = {
  name: "score",
  summary: "a score for every channel that can be pruned",
  positionals: ["MODEL"],
  options: {
    ...SCORE_OPTIONS,
    data: { value: "DIR", help: "images, for criteria that look at them" },
    batch: { value: "B", help: "how many images such criteria look at" },
    ...MODEL_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const criterion = criterionOf(args);
    args.whole("batch", 1);
    const streams = streamsOf(args);
    const network = withSelections((await openModel(args, io)).network, streams);
    const prepared = prepare(args, network);
    const groups = [...prepared.scores].map(([id, scores]) => {
      const { name, layers } = known(prepared.table.byId.get(id), id);
      return { name, layers, scores: Array.from(scores) };
    });
    answer(io, args, { criterion, groups }, () =>
      table(
        ["group", "channels", "least", "median", "most"],
        groups.map(({ name, scores }) => {
          const sorted = scores.toSorted((a, b) => a - b);
          const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
          return [name, String(scores.length), ...[0, 0.5, 1].map((s) => at(s).toPrecision(4))];
        }),
      ),
    );
    return undefined;
  },
};
