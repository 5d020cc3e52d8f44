/**
 * @file A few lines that open each export, in the language of whoever takes it, with the names that the
 * files really have. The bundle's own README has the same lines as the page, and tests run the very same;
 * those that need onnxruntime or the safetensors package run where a Python has it, and are compiled
 * elsewhere.
 */
import type { Network } from "../model/index.ts";
import { type About, aboutNetwork } from "./bundle/about.ts";
import { mnnCalibration, mnnConvert } from "./bundle/mnn.ts";
import { READ_SAFETENSORS } from "./families/python-for.ts";
import { quoted } from "./literals.ts";
import { fileName, moduleName } from "./names.ts";
import type { NetworkFormat } from "./write.ts";

/** Code to be copied. */
export interface Snippet {
  /** A tab's label: the language, or the file that it stands in. */
  readonly title: string;
  readonly code: string;
}

/** The lines that open a network in a format; more than one for a bundle. */
export function snippetsFor(
  format: NetworkFormat | "bundle",
  network: Network,
): readonly Snippet[] {
  const about = aboutNetwork(network);
  const [file, module] = [fileName(network.name), moduleName(network.name)];
  const python = (code: string): readonly Snippet[] => [{ title: "Python", code }];
  switch (format) {
    case "bundle":
      return bundleSnippets(about);
    case "tfjs":
      return [{ title: "JavaScript", code: tfjs(about) }];
    case "onnx":
      return python(onnx(about, `${file}.onnx`));
    case "torch":
      return python(torch(about, module));
    case "torch-safetensors":
      return python(torchSafetensors(module));
    case "safetensors":
      return python(safetensors(network, `${file}.safetensors`));
    default:
      return format satisfies never;
  }
}

function bundleSnippets(about: About): readonly Snippet[] {
  const calibration = mnnCalibration(about);
  return [
    { title: "Python", code: BUNDLE_PYTHON },
    { title: "JavaScript", code: BUNDLE_JAVASCRIPT },
    { title: "MNN", code: mnnConvert(about) },
    ...(calibration === undefined
      ? []
      : [{ title: "calibration.json", code: JSON.stringify(calibration, null, 2) }]),
  ];
}

/** Behind these imports the bundle's `load.py` does the rest. */
export const BUNDLE_PYTHON = `from load import load, to_input

net = load()
# pixels: bytes, RGB
outputs = net(to_input(pixels))`;

export const BUNDLE_JAVASCRIPT = `// npm install @tensorflow/tfjs
import { load, toInput } from "./load.mjs";

const model = await load();
// pixels: bytes, RGB
const outputs = model.predict(toInput(pixels));`;

/** `[n, h, w, c]`, or `[n, c, h, w]` for the others. */
const lastShape = ({ input }: About): string => `[n, ${input.join(", ")}]`;

function firstShape({ input }: About): string {
  const [h, w, c] = input;
  return `[n, ${(c === undefined ? input : [c, h, w]).join(", ")}]`;
}

function tfjs(about: About): string {
  return `import * as tf from "@tensorflow/tfjs";

const model = await tf.loadLayersModel("model.json");
// images: float32 ${lastShape(about)}
const ${about.output} = model.predict(images);`;
}

/** Also in the bundle's README. */
export function onnx(about: About, file: string): string {
  return `import onnxruntime

# images: float32 ${firstShape(about)}
session = onnxruntime.InferenceSession("${file}")
name = session.get_inputs()[0].name
(${about.output},) = session.run(None, {name: images})`;
}

function torch(about: About, module: string): string {
  return `# the .py of the download
import ${module} as network

net = network.load("${module}.pth")
# images: float32 ${firstShape(about)}
${about.output} = net(images)`;
}

function torchSafetensors(module: string): string {
  return `import json
import torch

${READ_SAFETENSORS}
# the .py of the download, or a module of yours
import ${module} as network

net = network.Net().eval()
net.load_state_dict(read_safetensors("${module}.safetensors"))`;
}

function safetensors({ weights }: Network, file: string): string {
  const [[name, { shape }] = ["conv1/kernel", { shape: [] }]] = weights;
  return `from safetensors.numpy import load_file

weights = load_file("${file}")
for name, value in weights.items():
    # such as ${quoted(name)} (${shape.join(", ")})
    print(name, value.shape)`;
}
