/** @file `predict MODEL`: the output rows of the first test images. */
import { predict as predictRows } from "../../analyze/index.ts";
import { AppError, sizeOf } from "../../core/index.ts";
import { endsInSoftmax, endsOf, type Network } from "../../model/index.ts";
import { openInNode, evaluationBatch, withProgram } from "../backend.ts";
import { answer, COMMON, MODEL_OPTIONS, RUN_OPTIONS, type Command } from "../command.ts";
import { testImages } from "../images.ts";
import { openModel } from "../open-model.ts";
import { progressLine } from "../progress.ts";
import { table } from "../table.ts";

export const predict: Command = {
  name: "predict",
  summary: "the network's outputs on the first test images",
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
    const progress = progressLine(io, "predicting");
    const backend = await openInNode(args);
    const batch = await evaluationBatch(args, network, backend);
    const flat = await withProgram(network, backend, batch, (program) =>
      predictRows(program, images, { onProgress: progress.onProgress }),
    ).finally(() => progress.clear());
    const logits = toRows(flat, network);
    const output = endsInSoftmax(network) ? "probabilities" : "logits";
    answer(io, args, { output, logits }, () =>
      table(
        ["image", "label", "answer", output],
        logits.map((row, i) => [
          String(images.indices[i] ?? i),
          images.dataset.classes[images.dataset.labels[images.indices[i] ?? 0] ?? 0] ?? "",
          images.dataset.classes[row.indexOf(Math.max(...row))] ?? "",
          row.map((value) => value.toFixed(3)).join(" "),
        ]),
      ),
    );
    return undefined;
  },
};

/** @throws files/not-finite for outputs that JSON could not say */
function toRows(flat: Float32Array, network: Network): number[][] {
  const width = sizeOf(endsOf(network).output);
  const bad = flat.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new AppError("files/not-finite", {
      where: `${network.name} › output of image ${Math.floor(bad / width)}`,
      expected: "numbers that float32 can hold",
      found: String(flat[bad]),
    });
  }
  return Array.from({ length: flat.length / width }, (_, row) =>
    Array.from(flat.subarray(row * width, (row + 1) * width)),
  );
}
