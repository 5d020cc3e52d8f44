/** @file `convert MODEL OUT`: the same network in another format, or everything about it in one bundle. */
import { withNormalization } from "../../model/index.ts";
import type { FoldOptions } from "../../quantize/index.ts";
import type { Args } from "../args.ts";
import { openInNode } from "../backend.ts";
import {
  answer,
  BACKEND_OPTIONS,
  COMMON,
  MODEL_OPTIONS,
  NORMALIZE_OPTIONS,
  type Command,
} from "../command.ts";
import { documentsBeside } from "../documents.ts";
import { normalizationFor } from "../images.ts";
import { openModel } from "../open-model.ts";
import { outputAt, prepareOutput, showWritten, writeModel } from "../output.ts";
import { count } from "../table.ts";

export const convert: Command = {
  name: "convert",
  summary: "write the network in the format that OUT's name says",
  notes: [
    "OUT is a folder or NAME.json (TensorFlow.js layers model), NAME.zip (the same, packed), NAME.onnx,",
    "NAME.pth (PyTorch, with the module that loads it), NAME.torch.safetensors (PyTorch's names, with",
    "the same module), NAME.safetensors (ours), or NAME.bundle.zip: tfjs, folded ONNX and PyTorch with",
    "recipe, plan, report and loading code. What is written is read back first: weights and logits",
    "have to be the same bits. With --fold the network is another one, of nearly the same logits. With",
    "--normalize the file says from then on how its pixels are normalized.",
  ],
  positionals: ["MODEL", "OUT"],
  options: {
    fold: { help: "fold batch norms into the layers in front of them, for deployment" },
    "no-gather": { help: "turn channel selections into zero columns of their readers; more MACs" },
    ...NORMALIZE_OPTIONS,
    ...BACKEND_OPTIONS,
    ...MODEL_OPTIONS,
    ...COMMON,
  },
  run: async (args, io) => {
    const output = await outputAt(args.at(1));
    const model = await openModel(args, io);
    await prepareOutput(output, model);
    const network = args.has("normalize")
      ? withNormalization(model.network, normalizationFor(args, model.network, io))
      : model.network;
    const written = await writeModel(network, output, io, {
      backend: await openInNode(args),
      fold: foldOf(args),
      documents: () => documentsBeside({ ...model, network }, io),
    });
    answer(io, args, written, () => [
      ...showWritten(output, written),
      `${written.format}, ${count(written.files.reduce((sum, { bytes }) => sum + bytes, 0))} bytes`,
    ]);
    return undefined;
  },
};

function foldOf(args: Args): FoldOptions | undefined {
  const [batchNorms, columns] = [args.has("fold"), args.has("no-gather")];
  return batchNorms || columns ? { batchNorms, columns } : undefined;
}
