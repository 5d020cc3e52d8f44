/** @file `evaluate MODEL`: accuracy and loss on the test set, with how sure that is. */
import { evaluate as measure } from "../../analyze/index.ts";
import { openInNode, evaluationBatch, withProgram } from "../backend.ts";
import { answer, COMMON, MODEL_OPTIONS, RUN_OPTIONS, type Command } from "../command.ts";
import { testImages } from "../images.ts";
import { openModel } from "../open-model.ts";
import { progressLine } from "../progress.ts";
import { count, percent } from "../table.ts";

export const evaluate: Command = {
  name: "evaluate",
  summary: "accuracy and loss on the test set, with a 95 % interval",
  positionals: ["MODEL"],
  options: {
    limit: { value: "N", help: "the first N test images, in file order; all" },
    ...RUN_OPTIONS,
    ...MODEL_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const { network } = await openModel(args, io);
    const images = await testImages(args, io, network);
    const progress = progressLine(io, "evaluating");
    const backend = await openInNode(args);
    const batch = await evaluationBatch(args, network, backend);
    const start = io.now();
    const found = await withProgram(network, backend, batch, (program) =>
      measure(program, images, { onProgress: progress.onProgress }),
    ).finally(() => progress.clear());
    const seconds = Math.max(1e-6, (io.now() - start) / 1000);
    const { accuracy, loss, interval } = found;
    const imagesPerSecond = found.count / seconds;
    answer(io, args, { count: found.count, accuracy, loss, interval, imagesPerSecond }, () => [
      `accuracy ${percent(accuracy, 2)} (${interval.map((end) => percent(end, 2)).join(" to ")}, 95 % Wilson)`,
      `loss ${loss.toFixed(4)}`,
      `${count(found.count)} images of ${images.dataset.name}, ${count(imagesPerSecond)} a second on ${backend.report.description}`,
    ]);
    return undefined;
  },
};
