import { gzipSync } from "fflate";
import { packTar } from "modern-tar";
import { describe, expect, it } from "vitest";
import { isAbort, type Progress } from "../core/index.ts";
import { countOf } from "../data/index.ts";
import { sameNetwork } from "./graph.ts";
import { exportNetwork, openFiles, zipFiles, type NamedBytes } from "./index.ts";
import type { TensorProto } from "./onnx/schema.ts";
import { model, node, value } from "./onnx/testing/models.ts";
import { architectureNames, costOf } from "../model/index.ts";
import { awkward, cifarBytes, file, join, tiny, zoo } from "./testing/samples.ts";

const asFiles = (files: readonly NamedBytes[]): File[] =>
  files.map(({ name, bytes }) => file(name, bytes));

/** A safetensors file whose header says nothing but the tensors. */
function withoutMetadata(bytes: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const { __metadata__: _, ...tensors } = JSON.parse(text) as Record<string, unknown>;
  const header = new TextEncoder().encode(JSON.stringify(tensors));
  const size = new Uint8Array(8);
  new DataView(size.buffer).setUint32(0, header.length, true);
  return Uint8Array.from(join(size, header, bytes.subarray(8 + length)));
}

const network = tiny();
const tfjs = (await exportNetwork(network, "tfjs")).files;
const safetensors = (await exportNetwork(network, "safetensors")).files;

/** A file that counts the bytes that are read of it. */
class CountingFile extends File {
  read = 0;
  override slice(start = 0, end = this.size): Blob {
    this.read += Math.min(end, this.size) - start;
    return super.slice(start, end);
  }
}

describe("openFiles: networks", () => {
  it("opens a model.json with its shards in any order", async () => {
    const large = zoo("vgg11:width=0.5");
    const files = asFiles((await exportNetwork(large, "tfjs")).files).toReversed();
    const [opened, ...others] = await openFiles(files);
    expect(others).toEqual([]);
    expect(opened?.kind === "network" && sameNetwork(opened.network, large)).toBe(true);
  });

  it("takes a shard for a shard, even when its bytes look like another file", async () => {
    const weights = new Map(network.weights);
    const [name = "", kernel] = [...weights][0] ?? [];
    if (kernel === undefined) throw new Error("no weights");
    const values = kernel.values.slice();
    // 0.533: the signature of gzip.
    new Uint8Array(values.buffer).set([0x1f, 0x8b, 8, 0x3f]);
    weights.set(name, { ...kernel, values });
    const changed = { ...network, weights };
    const [opened] = await openFiles(asFiles((await exportNetwork(changed, "tfjs")).files));
    expect(opened?.kind === "network" && sameNetwork(opened.network, changed)).toBe(true);
  });

  it("reads of what lies beside an ONNX model only the files that it names", async () => {
    const outside: TensorProto = {
      name: "fc",
      dims: [4, 2],
      dataType: 1,
      payload: { kind: "external", entries: new Map([["location", "net.data"]]) },
    };
    const input = value("x", "N", 4);
    const onnx = model({ nodes: [node("Gemm", ["x", "fc"], "y")], tensors: [outside], input });
    const data = file("net.data", new Uint8Array(32));
    const readme = new CountingFile([new Uint8Array(1e6).fill(97)], "readme.md");
    const images = new CountingFile([Uint8Array.from(cifarBytes(100))], "test_batch.bin");
    const opened = await openFiles([images, data, file("net.onnx", onnx), readme]);
    expect(opened.map(({ kind }) => kind)).toEqual(["network", "images"]);
    // Heads are looked at more than once.
    expect(readme.read).toBeLessThan(readme.size / 4);
    expect(images.read).toBeLessThan(1.5 * images.size);
  });

  it("opens safetensors under any name", async () => {
    const [opened] = await openFiles([file("weights.txt", safetensors[0]?.bytes ?? "")]);
    expect(opened?.kind === "network" && sameNetwork(opened.network, network)).toBe(true);
  });

  it("opens our own download, report and all", async () => {
    for (const files of [tfjs, safetensors]) {
      const report = { name: "report.json", bytes: new TextEncoder().encode('{"accuracy":0.9}') };
      const [opened] = await openFiles([file("net.zip", zipFiles([...files, report]))]);
      expect(opened?.kind === "network" && sameNetwork(opened.network, network)).toBe(true);
      expect(opened?.notes).toEqual(["report.json was left aside"]);
    }
  });

  it("opens our own PyTorch download, packed and unpacked", async () => {
    const vgg = zoo("vgg11:width=0.0625");
    const { files } = await exportNetwork(vgg, "torch");
    for (const given of [[file("vgg-torch.zip", zipFiles(files))], asFiles(files)]) {
      const [opened, ...others] = await openFiles(given);
      expect(others).toEqual([]);
      expect(opened).toMatchObject({ kind: "network", format: "torch", reading: "espalier-vgg" });
      if (opened?.kind !== "network") throw new Error("no network");
      expect(opened.network.nodes).toEqual(vgg.nodes);
      expect(opened.network.weights).toEqual(vgg.weights);
      expect(opened.notes.join()).toContain(".py was left aside");
    }
  });

  it("opens our weights when another program has put them away without their graph", async () => {
    for (const name of architectureNames()) {
      const known = zoo(`${name}:width=0.125`);
      const [whole] = (await exportNetwork(known, "safetensors")).files;
      const [opened] = await openFiles([file("bare.safetensors", withoutMetadata(whole?.bytes))]);
      if (opened?.kind !== "network") throw new Error("no network");
      expect(opened.format).toBe("safetensors");
      expect(opened.network.weights, name).toEqual(known.weights);
      expect(costOf(opened.network), name).toEqual(costOf(known));
    }
  });

  it("keeps two networks of one drop apart by their folders", async () => {
    const other = awkward();
    const pack = (folder: string, files: readonly NamedBytes[]): NamedBytes[] =>
      files.map(({ name, bytes }) => ({ name: `${folder}/${name}`, bytes }));
    const zip = zipFiles([
      ...pack("a", tfjs),
      ...pack("b", (await exportNetwork(other, "tfjs")).files),
    ]);
    const opened = await openFiles([file("both.zip", zip)]);
    expect(opened.map((o) => o.kind === "network" && o.network.name)).toEqual(["tiny", other.name]);
    expect(opened[1]?.kind === "network" && sameNetwork(opened[1].network, other)).toBe(true);
  });

  it("opens a network and images of one drop", async () => {
    const files = [...asFiles(tfjs), file("test_batch.bin", cifarBytes(3))];
    const opened = await openFiles(files);
    expect(opened.map(({ kind }) => kind)).toEqual(["network", "images"]);
  });
});

describe("openFiles: images", () => {
  const tar = (): Promise<Uint8Array> =>
    packTar(
      [
        "batches.meta.txt",
        "data_batch_1.bin",
        "data_batch_2.bin",
        "readme.html",
        "test_batch.bin",
      ].map((name, i) => ({
        header: { name: `cifar-10-batches-bin/${name}`, size: 3073 * 20, mtime: new Date(0) },
        body: cifarBytes(20, i),
      })),
    );

  it("opens the official archive, packed or unpacked by a server", async () => {
    const plain = await tar();
    for (const bytes of [plain, gzipSync(plain)]) {
      const [images] = await openFiles([file("cifar-10-binary.tar.gz", bytes)]);
      expect(images).toMatchObject({
        kind: "images",
        training: { name: "CIFAR-10 training (data_batch_1, data_batch_2)" },
      });
      if (images?.kind !== "images" || images.training === undefined) throw new Error("no images");
      expect(countOf(images.training)).toBe(40);
      expect(images.test?.labels).toHaveLength(20);
    }
  });

  it("opens the official folder with what lies in it", async () => {
    const [images] = await openFiles([
      file("test_batch.bin", cifarBytes(3)),
      file("readme.html", "<html></html>"),
      file("batches.meta.txt", "airplane\nautomobile\n"),
    ]);
    expect(images).toMatchObject({ kind: "images", test: { labels: { length: 3 } } });
  });
});

describe("openFiles: progress and abort", () => {
  it("counts every byte once and ends at the total", async () => {
    const reports: Progress[] = [];
    const files = [file("test_batch.bin", cifarBytes(3000)), ...asFiles(tfjs)];
    const total = files.reduce((sum, { size }) => sum + size, 0);
    await openFiles(files, { onProgress: (progress) => reports.push(progress) });
    expect(reports.at(-1)).toEqual({ done: total, total, unit: "bytes" });
    const steps = reports.map(({ done }) => done);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  it("stops between two pieces when it is aborted", async () => {
    const body = cifarBytes(4000);
    const header = { name: "test_batch.bin", size: body.length, mtime: new Date(0) };
    const tar = await packTar([{ header, body }]);
    for (const content of [body, tar, gzipSync(tar, { level: 0 })]) {
      const controller = new AbortController();
      const onProgress = ({ done }: Progress): void => {
        if (done > 0) controller.abort();
      };
      const opening = openFiles([file("x", content)], { signal: controller.signal, onProgress });
      const error: unknown = await opening.catch((reason: unknown) => reason);
      expect(isAbort(error)).toBe(true);
    }
  });
});
