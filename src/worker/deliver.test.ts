/**
 * @file What leaves the app is what was on the page: every format is proved, the bundle opens again,
 * and its loading code answers as the network does, in plain TensorFlow.js and in PyTorch.
 */
import { describe, expect, it } from "vitest";
import { known, sha256Of } from "../core/index.ts";
import { CIFAR10_NORMALIZATION, makeBatch } from "../data/index.ts";
import { firstIndices, randomImages } from "../data/testing/images.ts";
import { entriesOf, runLoadMjs, runLoadPy, runPython } from "../files/bundle/testing/run-code.ts";
import { logitsOf } from "../files/families/testing/state-dicts.ts";
import { sameNetwork } from "../files/graph.ts";
import { openFiles } from "../files/index.ts";
import { notRun, whyNoPython } from "../files/testing/python.ts";
import { tiny, zoo } from "../files/testing/samples.ts";
import { GraphBuilder, initialize, type Network } from "../model/index.ts";
import { applyPlan, findGroups, planAt, preparePruning } from "../prune/index.ts";
import { foldNetwork } from "../quantize/index.ts";
import { openInNode } from "../runtime/testing/backends.ts";
import { distance } from "../runtime/testing/close.ts";
import { deliver, recordOf } from "./deliver.ts";
import { Proof } from "./proof.ts";
import type { ExportFormat } from "./protocol.ts";

const FORMATS = ["tfjs", "onnx", "torch", "torch-safetensors", "safetensors"] as const;
const DOCUMENTS = {
  recipe: { version: 1 },
  plan: { groups: [] },
  report: { format: "espalier-report/1" },
  summary: ["Baseline, then | Cut *at* 50 %"],
};

const order = async (network: Network, format: ExportFormat) =>
  deliver(network, { format, documents: DOCUMENTS }, await openInNode("wasm"));

async function bundleOf(network: Network) {
  const { files, proof } = await order(network, "bundle");
  const [zip] = files;
  return { zip: known(zip, "zip"), proof, entries: entriesOf(known(zip, "zip").bytes) };
}

const textOf = (entries: ReadonlyMap<string, Uint8Array>, name: string): string =>
  new TextDecoder().decode(known(entries.get(name), name));

async function open(name: string, bytes: Uint8Array): Promise<Network> {
  const opened = await openFiles([new File([bytes as Uint8Array<ArrayBuffer>], name)]);
  expect(opened.length).toBe(1);
  const [first] = opened;
  if (first?.kind !== "network") throw new Error(`${name} is no network`);
  return first.network;
}

/** Bytes of 16 images, and what the network answers to them. */
async function sixteen(network: Network) {
  const images = randomImages(16, 32);
  const batch = makeBatch(images, firstIndices(16), CIFAR10_NORMALIZATION);
  return { pixels: images.pixels, expected: await logitsOf(network, batch.images) };
}

describe("a delivery", () => {
  it("proves weights and logits in every format, and gives each file its hash", async () => {
    for (const format of FORMATS) {
      const { files, proof } = await order(tiny(), format);
      expect(proof).toMatchObject({
        format,
        readBack: { weights: "bit-identical", logits: "bit-identical", images: 16 },
        folded: null,
        contains: [],
      });
      expect(proof.readBack.backend).toMatch(/^wasm/);
      const record = recordOf(files, proof);
      expect(record.files).toEqual(
        files.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256Of(bytes) })),
      );
    }
  });

  it.each(["vgg11:width=0.0625", "resnet-20:width=0.25", "densenet-40:growth=2"])(
    "proves it whole and cut, whatever runs through the network: %s",
    async (name) => {
      const whole = zoo(name);
      const prepared = preparePruning(whole, "bn-scale", { streams: "prune" });
      for (const ratio of [0, 0.3, 0.6]) {
        const network = applyPlan(whole, findGroups(whole), planAt(prepared, { ratio }));
        for (const format of FORMATS) {
          const { proof } = await order(network, format);
          expect(proof.readBack.logits, `${format} at ${ratio}`).toBe("bit-identical");
        }
      }
    },
  );

  it("folds on demand, and says how far that moves the logits", async () => {
    const network = zoo("preresnet-20:width=0.25");
    const backend = await openInNode("wasm");
    const fold = { columns: true };
    const { files, proof } = await deliver(network, { format: "onnx", fold }, backend);
    const [file] = files;
    const back = await open("net.onnx", known(file, "file").bytes);
    expect(sameNetwork(back, foldNetwork(network, fold).network)).toBe(true);
    expect(proof.folded).toMatchObject({ batchNorms: { of: 19 }, selections: { of: 7, left: [] } });
    expect(proof.folded?.batchNorms.left).toContain("layer1.0.bn1");
    expect(proof.notes[0]).toBe(
      "12 of 19 batch norms were folded into the layers in front of them",
    );
    const { pixels: _, expected } = await sixteen(network);
    const scale = Math.max(...expected.map(Math.abs));
    expect((proof.folded?.largestDifference ?? NaN) / scale).toBeLessThan(1e-4);
  });

  it("refuses logits that differ in one bit, and folding that moves them", async () => {
    const network = tiny();
    const proof = new Proof(network, await openInNode("wasm"), {}, 1);
    const weights = new Map(network.weights);
    const { shape, values } = known(weights.get("fc/bias"), "bias");
    weights.set("fc/bias", { shape, values: values.map((v, i) => (i === 0 ? v + 1e-3 : v)) });
    await expect(proof.compare({ ...network, weights }, network)).rejects.toMatchObject({
      code: "runtime/not-repeatable",
    });
    const answer = await proof.compare(network, network);
    const folded = foldNetwork(network);
    expect((await proof.distance(folded, answer)).largestDifference).toBe(0);
    const moved = answer.map((value) => value + 1);
    await expect(proof.distance(folded, moved)).rejects.toMatchObject({ code: "quantize/inexact" });
    const broken = answer.map((value, i) => (i === 3 ? NaN : value));
    await expect(proof.distance(folded, broken)).rejects.toMatchObject({
      code: "quantize/inexact",
    });
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    controller.abort();
    const backend = await openInNode("wasm");
    await expect(
      deliver(tiny(), { format: "tfjs" }, backend, { signal: controller.signal }),
    ).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
  });
});

describe("a bundle", () => {
  it("opens again as the network, by its bytes and whatever it is called", async () => {
    const network = zoo("preresnet-20:width=0.25");
    const { zip, proof } = await bundleOf(network);
    expect(zip.name).toBe("preresnet-20-width-0.25.bundle.zip");
    expect(sameNetwork(await open("something.bin", zip.bytes), network)).toBe(true);
    expect(proof.contains.map(({ format }) => format)).toEqual(["tfjs", "onnx", "torch"]);
    expect(proof.contains[1]?.folded?.batchNorms.of).toBe(19);
  });

  it("lists the hash of every file, and reports those of the networks", async () => {
    const { entries, proof } = await bundleOf(zoo("vgg11:width=0.125"));
    const manifest = JSON.parse(textOf(entries, "bundle.json")) as {
      files: { name: string; sha256: string }[];
    };
    expect(manifest.files.map(({ name }) => name).toSorted()).toEqual(
      [...entries.keys()].filter((name) => name !== "bundle.json").toSorted(),
    );
    for (const { name, sha256 } of manifest.files) {
      expect(sha256Of(known(entries.get(name), name)), name).toBe(sha256);
    }
    const report = JSON.parse(textOf(entries, "report.json")) as { exports: unknown };
    expect(report.exports).toEqual(JSON.parse(JSON.stringify(proof.contains)));
    expect(JSON.parse(textOf(entries, "recipe.json"))).toEqual(DOCUMENTS.recipe);
    expect(JSON.parse(textOf(entries, "plan.json"))).toEqual(DOCUMENTS.plan);
  });

  it("tells a person what is in it, strangers' text without its markup", async () => {
    const { entries } = await bundleOf({ ...zoo("vgg11:width=0.125"), name: "<b>`net`\nx" });
    const page = textOf(entries, "README.md");
    expect(page.split("\n")[0]).toBe(String.raw`# \<b\>\`net\`\\u000ax`);
    expect(page).toContain(String.raw`- Baseline, then \| Cut \*at\* 50 %`);
    for (const name of entries.keys()) {
      if (!/README|shard/.test(name)) expect(page).toContain(`\`${name}\``);
    }
    expect(page).toMatch(/tfjs\/model\.json was read back|model\.json was read back/);
  });

  it("has MNN's settings from the network's own normalization, for pixels of 0 to 255", async () => {
    const { entries } = await bundleOf(zoo("vgg11:width=0.125"));
    expect(textOf(entries, "mnn/convert.sh")).toContain(
      "MNNConvert -f ONNX --modelFile ../network.onnx \\\n  --MNNModel network.mnn --bizCode espalier\n",
    );
    const settings = JSON.parse(textOf(entries, "mnn/calibration.json")) as {
      mean: number[];
      normal: number[];
    };
    expect(settings).toMatchObject({
      format: "RGB",
      mean: [125.307, 122.961, 113.8575],
      width: 32,
      height: 32,
      path: "calibration/",
      used_image_num: 500,
      feature_quantize_method: "KL",
      weight_quantize_method: "MAX_ABS",
    });
    expect(settings.normal.map((n) => n.toFixed(5))).toEqual(["0.01938", "0.01967", "0.01951"]);
  });

  it("says what is assumed, and what is missing: no layers of that kind in TensorFlow.js", async () => {
    const b = new GraphBuilder();
    const conv = b.conv("c", b.input([8, 8, 3]), { filters: 4, bias: true });
    const curve = b.add("elu", { kind: "elu", alpha: 0.5 }, conv);
    const mean = b.add("mean", { kind: "globalAveragePool" }, curve);
    const network = initialize(b.finish("half", mean), { seed: 1 });
    const { zip, entries, proof } = await bundleOf(network);
    expect([...entries.keys()]).toEqual([
      "bundle.json",
      "README.md",
      "load.py",
      "mnn/convert.sh",
      "mnn/calibration.json",
      "recipe.json",
      "plan.json",
      "report.json",
      "network.safetensors",
      "network.onnx",
      "network.pth",
      "network.py",
    ]);
    expect(proof.notes).toEqual([expect.stringMatching(/^no tfjs file, since half › elu/)]);
    for (const name of ["load.py", "mnn/convert.sh", "README.md", "network.py"]) {
      expect(textOf(entries, name), name).toMatch(/assume/i);
    }
    expect(sameNetwork(await open("half.zip", zip.bytes), network)).toBe(true);
  });
});

/** Says in a test's own name why it is skipped. */

const ZOO = ["vgg11:width=0.125", "preresnet-20:width=0.25"];

describe("a bundle's loading code", () => {
  it.each(ZOO)("load.mjs answers in plain TensorFlow.js as the network does: %s", async (name) => {
    const network = zoo(name);
    const { zip } = await bundleOf(network);
    const { pixels, expected } = await sixteen(network);
    const found = await runLoadMjs(zip.bytes, pixels);
    expect(found.length).toBe(160);
    expect(distance(found, expected)).toBeLessThan(1e-4);
  });

  const noTorch = whyNoPython("torch");
  it.skipIf(noTorch)(
    `load.py answers in PyTorch as the network does${notRun(noTorch)}`,
    { timeout: 60_000 },
    async () => {
      const network = zoo("preresnet-20:width=0.25");
      const { zip } = await bundleOf(network);
      const { pixels, expected } = await sixteen(network);
      const found = await runLoadPy(zip.bytes, pixels, [32, 32, 3]);
      expect(found.length).toBe(160);
      expect(distance(found, expected)).toBeLessThan(1e-4);
    },
  );

  const noOnnx = whyNoPython("onnx");
  it.skipIf(noOnnx)(`network.onnx passes ONNX' own checker${notRun(noOnnx)}`, async () => {
    const { zip } = await bundleOf(zoo("preresnet-20:width=0.25"));
    await runPython(
      zip.bytes,
      `
import onnx
model = onnx.load("network.onnx")
onnx.checker.check_model(model, full_check=True)
assert model.opset_import[0].version >= 13
`,
    );
  });
});
