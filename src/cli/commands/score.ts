/** @file `score MODEL`: how much each channel of each group that can be cut matters. */
import { known } from "../../core/index.ts";
import { findGroups, prepareScores, scoreChannels, networkFor } from "../../prune/index.ts";
import {
  answer,
  COMMON,
  LOOK_OPTIONS,
  MODEL_OPTIONS,
  SCORE_OPTIONS,
  type Command,
} from "../command.ts";
import { criteriaHelp } from "../criteria-help.ts";
import { openModel } from "../open-model.ts";
import { criterionOf, evidenceBatch, measureFor, streamsOf } from "../scoring.ts";
import { count, table } from "../table.ts";

export const score: Command = {
  name: "score",
  summary: "a score for every channel that can be cut, as the criterion defines it",
  notes: [
    "Higher scores stay longer. Criteria that look at images (taylor, apoz, mean-activation) take the first",
    "K batches of B of the test set in file order; `prune` and `sensitivity` take training images.",
    "",
    ...criteriaHelp(),
  ],
  positionals: ["MODEL"],
  options: {
    ...SCORE_OPTIONS,
    ...LOOK_OPTIONS,
    ...MODEL_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const chosen = criterionOf(args);
    const streams = streamsOf(args);
    const network = networkFor((await openModel(args, io)).network, streams);
    const batch = evidenceBatch(args);
    const question = { network, chosen, batch, usual: "test" } as const;
    const { evidence, images } = await measureFor(args, io, question);
    const all = scoreChannels(network, chosen, "as-defined", evidence);
    const { text: criterion, options } = chosen;
    const groupTable = findGroups(network);
    const { scores } = prepareScores(groupTable, criterion, all, { streams });
    const groups = [...scores].map(([id, own]) => {
      const { name, layers } = known(groupTable.byId.get(id), id);
      return { name, layers, scores: Array.from(own) };
    });
    const looked = images === undefined ? {} : { images };
    answer(io, args, { criterion, options, ...looked, groups }, () => [
      `${chosen.criterion.title}: ${chosen.criterion.explanation}`,
      ...(images === undefined ? [] : [`on ${count(images.count)} ${images.set} images`]),
      "",
      ...table(
        ["group", "channels", "least", "median", "most"],
        groups.map(({ name, scores: own }) => {
          const sorted = own.toSorted((a, b) => a - b);
          const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
          return [name, String(own.length), ...[0, 0.5, 1].map((s) => at(s).toPrecision(4))];
        }),
      ),
    ]);
    return undefined;
  },
};
