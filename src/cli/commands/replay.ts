/** @file `replay MODEL CUT -o OUT`: does to MODEL what was done to CUT, or all but the last of it. */
import { costOf } from "../../model/index.ts";
import { undo } from "../../prune/index.ts";
import { openInNode } from "../backend.ts";
import { answer, BACKEND_OPTIONS, COMMON, MODEL_OPTIONS, type Command } from "../command.ts";
import { documentsOf } from "../documents.ts";
import { openModel } from "../open-model.ts";
import { OUT_HELP, outputAt, prepareOutput, showWritten, writeModel } from "../output.ts";
import { badArgument } from "../refusal.ts";
import { change } from "../table.ts";

export const replay: Command = {
  name: "replay",
  summary: "carry out on MODEL the plans that CUT remembers, in their order",
  notes: [
    "On the network that CUT was made from this gives CUT again, bit for bit, when nothing was trained",
    "in between; on fresh weights of its architecture it gives the network to train from scratch.",
    "--undo 1 leaves the last plan out, and so on. --size and --reading are about MODEL.",
  ],
  positionals: ["MODEL", "CUT"],
  options: {
    out: { value: "OUT", short: "o", help: OUT_HELP },
    undo: { value: "N", help: "how many of the last plans to leave out; 0" },
    ...BACKEND_OPTIONS,
    ...MODEL_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const output = await outputAt(args.text("out"));
    const model = await openModel(args, io);
    const cut = await openModel(args, io, { position: 1, flags: false });
    const history = cut.network.metadata.surgery?.history ?? [];
    const plans = history.filter((step) => "plan" in step).length;
    const undone = args.whole("undo", 0) ?? 0;
    if (plans === 0 || undone > plans) {
      throw badArgument(plans === 0 ? args.at(1) : "--undo", {
        expected: plans === 0 ? "a network with a history of plans" : "no more than its plans",
        found: plans === 0 ? "none" : `${undone} of ${plans}`,
      });
    }
    await prepareOutput(output, model);
    await prepareOutput(output, cut);
    const made = undo(model.network, cut.network, undone);
    const replayed = plans - undone;
    const [before, after] = [model.network, made].map((network) => {
      const { parameters, macs } = costOf(network);
      return { parameters, macs };
    }) as [{ parameters: number; macs: number }, { parameters: number; macs: number }];
    const written = await writeModel(made, output, io, {
      backend: await openInNode(args),
      documents: () => documentsOf(made, {}),
    });
    answer(io, args, { replayed, of: plans, before, after }, () => [
      `${replayed} of ${plans} plans carried out`,
      `parameters ${change(before.parameters, after.parameters)}`,
      `MACs ${change(before.macs, after.macs)}`,
      "",
      ...showWritten(output, written),
    ]);
    return undefined;
  },
};
