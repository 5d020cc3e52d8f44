/**
 * @file The lines that the Export step shows, run as they stand on the files that it hands out. Those that
 * need a Python package which is not on this machine are compiled only. The bundle's lines run where its
 * code does, in `worker/deliver.test.ts`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { known } from "../core/index.ts";
import { endsOf } from "../model/index.ts";
import { distance } from "../runtime/testing/close.ts";
import type { NamedBytes } from "./containers/zip-write.ts";
import { logitsOf, tricky } from "./families/testing/state-dicts.ts";
import { channelsFirst, runTorch } from "./families/testing/torch.ts";
import { BUNDLE_PYTHON, snippetsFor } from "./snippets.ts";
import { compilePython, notRun, PYTHON, whyNoPython } from "./testing/python.ts";
import { image, zoo } from "./testing/samples.ts";
import { exportNetwork, type NetworkFormat } from "./write.ts";

const network = zoo("preresnet-20:width=0.25");
const images = Float32Array.of(...image(network, 1), ...image(network, 2));
const codeOf = (format: NetworkFormat): string =>
  known(snippetsFor(format, network)[0], format).code;

describe("the Export step's code", () => {
  it("names the files that are written", async () => {
    for (const format of ["onnx", "torch", "torch-safetensors", "safetensors"] as const) {
      const { files } = await exportNetwork(network, format);
      expect(codeOf(format), format).toContain(`"${known(files[0], format).name}"`);
    }
  });

  it("has Python, JavaScript and MNN for a bundle, and no settings for what is no picture", () => {
    const titles = snippetsFor("bundle", network).map(({ title }) => title);
    expect(titles).toEqual(["Python", "JavaScript", "MNN", "calibration.json"]);
    const numbers = snippetsFor("bundle", tricky()).map(({ title }) => title);
    expect(numbers).toEqual(titles.slice(0, 3));
  });

  it("opens the layers model in TensorFlow.js", async () => {
    const { files } = await exportNetwork(network, "tfjs");
    const { address, close } = await serve(files);
    const shown = codeOf("tfjs").replace('"model.json"', "address");
    const body = `${shown.replace(/^import .*$/m, "")}\nreturn logits;`;
    const input = tf.tensor(images, [2, ...endsOf(network).input]);
    try {
      await tf.setBackend("cpu");
      // oxlint-disable-next-line typescript/no-implied-eval -- the text is what is tested
      const run = new Function("tf", "images", "address", `return (async () => {${body}})()`) as (
        ...given: unknown[]
      ) => Promise<tf.Tensor>;
      const logits = await run(tf, input, address);
      expect(distance(await logits.data(), await logitsOf(network, images))).toBeLessThan(1e-4);
    } finally {
      close();
    }
  });

  const noPython = whyNoPython("json");
  it.skipIf(noPython)(`is Python where it says so${notRun(noPython)}`, () => {
    const formats = ["onnx", "torch", "torch-safetensors", "safetensors"] as const;
    compilePython([...formats.map(codeOf), BUNDLE_PYTHON]);
    expect(() => compilePython(["import = 1"])).toThrow(/SyntaxError/);
  });

  const noRuntime = whyNoPython("onnxruntime");
  it.skipIf(noRuntime)(`opens the ONNX file in onnxruntime${notRun(noRuntime)}`, async () => {
    const { files } = await exportNetwork(network, "onnx");
    const { values, shape } = channelsFirst(images, endsOf(network).input);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const logits = runCopied(
      `
import numpy
images = numpy.fromfile("images.bin", dtype="<f4").reshape(${shape.join(", ")})
${codeOf("onnx")}
logits.astype("<f4").tofile("logits.bin")
`,
      [...files, { name: "images.bin", bytes }],
      "logits.bin",
    );
    const found = new Float32Array(Uint8Array.from(logits).buffer);
    expect(distance(found, await logitsOf(network, images))).toBeLessThan(1e-4);
  });

  const noSafetensors = whyNoPython("safetensors");
  it.skipIf(noSafetensors)(
    `lists the weights with the safetensors package${notRun(noSafetensors)}`,
    async () => {
      const { files } = await exportNetwork(network, "safetensors");
      const code = `
import sys
sys.stdout = open("printed.txt", "w")
${codeOf("safetensors")}
sys.stdout.close()
`;
      const printed = new TextDecoder().decode(runCopied(code, files, "printed.txt"));
      const [[name, { shape }] = ["", { shape: [] }]] = network.weights;
      expect(printed.split("\n")).toContain(`${name} (${shape.join(", ")})`);
      expect(printed.trimEnd().split("\n")).toHaveLength(network.weights.size);
    },
  );

  const noTorch = whyNoPython("torch");
  it.skipIf(noTorch)(
    `opens both of PyTorch's files${notRun(noTorch)}`,
    { timeout: 60_000 },
    async () => {
      const files = [
        ...(await exportNetwork(network, "torch")).files,
        ...(await exportNetwork(network, "torch-safetensors")).files.slice(0, 1),
      ];
      const { tensors } = runTorch(
        `
images = read()["images"]
with torch.no_grad():
${indented(codeOf("torch"))}
${indented(codeOf("torch-safetensors"))}
    write({"checkpoint": logits, "safetensors": net(images)})
`,
        new Map([["images", channelsFirst(images, endsOf(network).input)]]),
        files,
      );
      const expected = await logitsOf(network, images);
      for (const name of ["checkpoint", "safetensors"]) {
        expect(distance(tensors.get(name)?.values ?? [], expected), name).toBeLessThan(1e-5);
      }
    },
  );
});

const indented = (code: string): string => code.replaceAll(/^(?=.)/gm, "    ");

/** Runs Python among files. @returns what it has left under a name */
function runCopied(code: string, files: readonly NamedBytes[], result: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "espalier-copied-"));
  try {
    for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
    writeFileSync(join(folder, "main.py"), code);
    execFileSync(PYTHON, ["main.py"], { cwd: folder, stdio: "pipe" });
    return readFileSync(join(folder, result));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The files on a port of this machine. */
async function serve(files: readonly NamedBytes[]) {
  const server = createServer((request, response) => {
    const file = files.find(({ name }) => request.url === `/${name}`);
    response.writeHead(file === undefined ? 404 : 200).end(file?.bytes);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/model.json`, close: () => server.close() };
}
