/** @file `README.md`: the bundle in words, for whoever unpacks it without having made it. */
import { printable } from "../../core/index.ts";
import { costOf, type Network } from "../../model/index.ts";
import { showCount } from "../bytes.ts";
import { BUNDLE_JAVASCRIPT, BUNDLE_PYTHON, onnx } from "../snippets.ts";
import { type About, aboutNetwork } from "./about.ts";

export interface ReadmeParts {
  readonly network: Network;
  /** Names of the bundle's other files. */
  readonly files: readonly string[];
  /** What was done and how well the network does, a sentence each. */
  readonly summary: readonly string[];
  /** How the files were checked, and what they say in other words, a sentence each. */
  readonly checks: readonly string[];
}

/** What each file is, in the order of the table. */
const FILES: readonly (readonly [name: string, what: string])[] = [
  ["tfjs/model.json", "the network for TensorFlow.js, with its weights beside it"],
  ["network.safetensors", "the network for Espalier"],
  ["network.pth", "its PyTorch `state_dict`; `torch.load(…, weights_only=True)` opens it"],
  ["network.py", "the PyTorch module that takes it"],
  ["network.onnx", "the network in ONNX, opset 13, for onnxruntime, MNN, TensorRT and others"],
  ["load.mjs", "opens it in JavaScript"],
  ["load.py", "opens it in Python"],
  ["mnn/convert.sh", "makes an MNN model of `network.onnx`, and int8 of that"],
  ["mnn/calibration.json", "the settings for int8"],
  ["recipe.json", "the experiment: how it was trained, pruned and repaired"],
  ["plan.json", "which channels of each group were kept"],
  ["report.json", "what was done and measured, with the SHA-256 of each network file"],
  ["bundle.json", "the SHA-256 of every file; Espalier opens the archive by it"],
];

export function readme({ network, files, summary, checks }: ReadmeParts): string {
  const about = aboutNetwork(network);
  const { parameters, macs } = costOf(network);
  const has = (name: string): boolean => files.includes(name);
  const list = (sentences: readonly string[]): string[] =>
    sentences.map((sentence) => `- ${plain(sentence)}`);
  return [
    `# ${plain(about.name)}`,
    "",
    `${showCount(parameters)} parameters, ${showCount(macs)} MACs; input ${about.input.join(" × ")}, ${about.outputs} ${about.output}. Written by Espalier.`,
    "",
    ...(summary.length === 0 ? [] : [...list(summary), ""]),
    "| file | what it is |",
    "|---|---|",
    ...FILES.filter(([name]) => has(name)).map(([name, what]) => `| \`${name}\` | ${what} |`),
    "",
    pixels(about),
    ...(has("load.py") ? section("Python", "python", BUNDLE_PYTHON) : []),
    ...(has("load.mjs") ? section("JavaScript", "js", BUNDLE_JAVASCRIPT) : []),
    ...(has("network.onnx") ? section("onnxruntime", "python", onnx(about, "network.onnx")) : []),
    ...(has("network.onnx") ? section("MNN", "sh", "sh mnn/convert.sh") : []),
    ...(has("network.onnx") ? ["", has("mnn/calibration.json") ? MNN_INT8 : noInt8(about)] : []),
    "",
    "## How it was checked",
    "",
    ...list(checks),
    "",
  ].join("\n");
}

function pixels({ normalization: { mean, std }, isAssumed }: About): string {
  const lead = isAssumed ? "How pixels were normalized is not known. Assumed: pixels" : "Pixels";
  return `${lead} are RGB, divided by 255, then \`(x - mean) / std\` with mean ${mean.join(", ")} and std ${std.join(", ")}.`;
}

const section = (title: string, language: string, code: string): string[] => [
  "",
  `## ${title}`,
  "",
  `\`\`\`${language}`,
  code,
  "```",
];

const MNN_INT8 =
  "For int8 put 100 to 1000 training images as pictures into `mnn/calibration/` first. `mnn/calibration.json` has this network's own mean and `normal = 1 / (255 · std)`, in RGB order.";

const noInt8 = ({ input }: About): string =>
  `There are no settings for int8 (\`mnn/calibration.json\`): MNN calibrates on pictures of one or three channels, and the input here is ${input.join(" × ")}.`;

/** Text that may be a stranger's, as one line of Markdown without markup of its own. */
function plain(text: string): string {
  return printable(text, 400).replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`);
}
