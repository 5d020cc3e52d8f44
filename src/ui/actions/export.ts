/** @file Actions that hand something out: files of the cut and of the network, the report, texts to copy. */
import { copyText } from "../parts/copy-text.ts";
import { download } from "../parts/download.ts";
import { reasons, type Action, type Reach } from "./action.ts";

const FORMATS = [
  ["bundle", "bundle of all, .zip"],
  ["tfjs", "TensorFlow.js, .zip"],
  ["onnx", "ONNX, .onnx"],
  ["torch", "PyTorch, .pth with its .py"],
  ["torch-safetensors", "PyTorch, .safetensors with its .py"],
  ["safetensors", "weights, .safetensors"],
] as const;

export function exportActions(reach: Reach): readonly Action[] {
  const { exportFiles, report, writeCut, sayCopied } = reach.bench.commands;
  const { network, cut } = reasons(reach);
  const group = "Download";
  const save = async (format: (typeof FORMATS)[number][0], isCut: boolean): Promise<void> => {
    const delivered = await exportFiles(format, { isCut });
    for (const file of delivered?.files ?? []) download(file);
  };
  const copy = async (as: "command line" | "recipe"): Promise<void> => {
    const text = writeCut(as);
    if (text !== null) sayCopied(as, await copyText(text));
  };
  return [
    ...FORMATS.flatMap(([format, words]) => [
      {
        id: `cut-${format}`,
        title: `Download the cut: ${words}`,
        also: "export save",
        group,
        why: cut,
        run: () => void save(format, true),
      },
      {
        id: `export-${format}`,
        title: `Download the network: ${words}`,
        also: "export save",
        group,
        why: network,
        run: () => void save(format, false),
      },
    ]),
    {
      id: "report",
      title: "Download the report, .json",
      also: "export save",
      group,
      why: network,
      run: () => download(report(cut === null)),
    },
    {
      id: "copy-line",
      title: "Copy the cut as command line",
      group,
      why: cut,
      run: () => void copy("command line"),
    },
    {
      id: "copy-recipe",
      title: "Copy the cut as recipe, JSON",
      group,
      why: cut,
      run: () => void copy("recipe"),
    },
  ];
}
