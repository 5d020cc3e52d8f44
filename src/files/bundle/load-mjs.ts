/** @file `load.mjs`: the bundle's network in plain TensorFlow.js, in Node and in a page alike. */
import { listed, quoted } from "../literals.ts";
import type { About } from "./about.ts";

// Apart from the text, so that no reader of this file takes its imports for ours.
const [TFJS, DISK] = ["@tensorflow/tfjs", "node:fs/promises"];

/** The module's text. It reads the folder `tfjs` beside itself and needs nothing but TensorFlow.js. */
export function loadMjs(about: About): string {
  const { name, input, classes, output, outputs, isAssumed } = about;
  const { mean, std } = about.normalization;
  const shape = `[n, ${input.join(", ")}]`;
  return `// ${quoted(name)} in plain TensorFlow.js, in Node or in a page: npm install ${TFJS}
import * as tf from "${TFJS}";
${classes === undefined ? "" : `\nexport const CLASSES = ${listed(classes)};`}
const INPUT = ${listed(input)};
${isAssumed ? "// How pixels were normalized is not known; this is assumed.\n" : ""}const MEAN = ${listed(mean)};
const STD = ${listed(std)};

/** The network, from the folder tfjs beside this file; predict() gives ${output}, [n, ${outputs}]. */
export async function load() {
  const json = JSON.parse(new TextDecoder().decode(await read("tfjs/model.json")));
  const shards = [];
  for (const { paths } of json.weightsManifest) {
    for (const path of paths) shards.push(await read(\`tfjs/\${path}\`));
  }
  const { modelTopology } = json;
  const weightSpecs = json.weightsManifest.flatMap(({ weights }) => weights);
  const weightData = await new Blob(shards).arrayBuffer();
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
}

/** Pixels as bytes, RGB, ${shape}, as the network wants them. */
export function toInput(pixels) {
  const n = pixels.length / INPUT.reduce((a, b) => a * b);
  const bytes = Float32Array.from(pixels);
  return tf.tidy(() => tf.tensor(bytes, [n, ...INPUT]).div(255).sub(MEAN).div(STD));
}

/** A file beside this one: from the disk in Node, from the server in a page. */
async function read(path) {
  const url = new URL(path, import.meta.url);
  if (url.protocol === "file:") return (await import("${DISK}")).readFile(url);
  return (await fetch(url)).arrayBuffer();
}
`;
}
