/** @file `convert MODEL OUT`: the same network in another format. */
import { answer, COMMON, MODEL_OPTIONS, type Command } from "../command.ts";
import { openModel } from "../open-model.ts";
import { outputAt, prepareOutput, showWritten, writeModel } from "../output.ts";
import { count } from "../table.ts";

export const convert: Command = {
  name: "convert",
  summary: "write the network in the format that OUT's name says",
  notes: [
    "OUT is a folder or NAME.json (TensorFlow.js layers model), NAME.onnx, NAME.pth (PyTorch, with the",
    "NAME.py that loads it), NAME.safetensors, or NAME.zip",
    "(the layers model packed). The weights stay the same to the last bit.",
  ],
  positionals: ["MODEL", "OUT"],
  options: { ...MODEL_OPTIONS, ...COMMON },
  run: async (args, io) => {
    const output = await outputAt(args.at(1));
    const model = await openModel(args, io);
    await prepareOutput(output, model);
    const written = await writeModel(model.network, output, io);
    answer(io, args, written, () => [
      showWritten(output, written),
      `${written.format}, ${count(written.files.reduce((sum, { bytes }) => sum + bytes, 0))} bytes`,
    ]);
    return undefined;
  },
};
