/** @file The lines that the Export step shows, run as they stand on the files that it hands out. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, it } from "vitest";
import { known } from "../core/index.ts";
import { endsOf } from "../model/index.ts";
import { distance } from "../runtime/testing/close.ts";
import type { NamedBytes } from "./containers/zip-write.ts";
import { logitsOf, tricky } from "./families/testing/state-dicts.ts";
import { channelsFirst, NO_TORCH, runTorch } from "./families/testing/torch.ts";
import { snippetsFor } from "./snippets.ts";
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

  it.skipIf(NO_TORCH)(
    `opens both of PyTorch's files${NO_TORCH === undefined ? "" : ` (not run: ${NO_TORCH})`}`,
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
