import { gzipSync, strToU8, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { crc32 as nodeCrc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { AppError } from "../../core/index.ts";
import { cifarBytes, join } from "../testing/samples.ts";
import { crc32 } from "./crc32.ts";
import { chunksOf, inflate } from "./inflate.ts";
import { readTarShards } from "./tar.ts";
import { readZip } from "./zip-read.ts";
import { zipFiles } from "./zip-write.ts";

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return "accepted";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

async function gunzip(bytes: Uint8Array, limit = 1e6): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const options = { where: "x.gz", limit };
  for await (const part of inflate(chunksOf(bytes), "gzip", options)) parts.push(part);
  return join(...parts);
}

describe("crc32", () => {
  it("agrees with zlib at every length and place", () => {
    const bytes = cifarBytes(1);
    for (let n = 0; n < 70; n++) {
      for (const start of [0, 1, 2, 3]) {
        const part = bytes.subarray(start, start + n);
        expect(crc32(part)).toBe(nodeCrc32(part));
      }
    }
    expect(crc32(bytes)).toBe(nodeCrc32(bytes));
    expect(crc32(strToU8("123456789"))).toBe(0xcbf43926);
  });
});

describe("inflate", () => {
  const packed = gzipSync(strToU8("espalier ".repeat(1000)));

  it("unpacks", async () => {
    expect(new TextDecoder().decode(await gunzip(packed))).toBe("espalier ".repeat(1000));
  });

  it("refuses what is cut short, damaged or too much", async () => {
    const flipped = packed.slice();
    flipped[packed.length - 6] = (flipped[packed.length - 6] ?? 0) ^ 1;
    expect(await codeOf(() => gunzip(packed.subarray(0, -9)))).toBe("files/checksum");
    expect(await codeOf(() => gunzip(flipped))).toBe("files/checksum");
    expect(await codeOf(() => gunzip(strToU8("no gzip at all")))).toBe("files/checksum");
    expect(await codeOf(() => gunzip(packed, 8999))).toBe("files/over-limit");
    expect(await codeOf(() => gunzip(packed, 9000))).toBe("accepted");
  });

  it("lets the source's own failure through", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield packed.subarray(0, 20);
      throw new AppError("files/read-failed", { where: "disk" });
    }
    const drain = async (): Promise<void> => {
      for await (const part of inflate(failing(), "gzip", { where: "x", limit: 1e6 })) void part;
    };
    expect(await codeOf(drain)).toBe("files/read-failed");
  });
});

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

describe("readTarShards", () => {
  const tar = (names: readonly string[], body: Uint8Array): Promise<Uint8Array> =>
    packTar(
      names.map((name) => ({ header: { name, size: body.length, mtime: new Date(0) }, body })),
    );

  it("keeps only the shards", async () => {
    const body = cifarBytes(2);
    const bytes = await tar(
      ["c/batches.meta.txt", "c/data_batch_1.bin", "c/readme.html", "c/test_batch.bin"],
      body,
    );
    // In pieces of awkward size, as a stream brings them.
    const pieces = Array.from({ length: Math.ceil(bytes.length / 777) }, (_, i) =>
      bytes.subarray(i * 777, (i + 1) * 777),
    );
    const shards = await all(readTarShards(chunksOf(...pieces), "x.tar"));
    expect(shards.map(({ path }) => path)).toEqual(["c/data_batch_1.bin", "c/test_batch.bin"]);
    expect(shards[1]?.bytes).toEqual(body);
  });

  it("refuses CIFAR in another form, and what is damaged", async () => {
    const body = cifarBytes(1);
    const code = async (names: readonly string[], edit = (b: Uint8Array): Uint8Array => b) => {
      const bytes = edit(await tar(names, body));
      return codeOf(() => all(readTarShards(chunksOf(bytes), "x.tar")));
    };
    expect(await code(["cifar-10-batches-py/data_batch_4"])).toBe("files/python-pickle");
    expect(await code(["cifar-10-batches-py/batches.meta"])).toBe("files/python-pickle");
    expect(await code(["cifar-100-python/train"])).toBe("files/python-pickle");
    expect(await code(["holiday.jpg"])).toBe("files/wrong-kind");
    expect(await code(["test_batch.bin"], (b) => b.subarray(0, 2000))).toBe("files/truncated");
    expect(await code(["test_batch.bin"], (b) => b.subarray(0, 300))).toBe("files/truncated");
    const claim = (b: Uint8Array): Uint8Array => {
      b.set(strToU8("77777777777"), 124);
      return b;
    };
    expect(await code(["test_batch.bin"], claim)).toBe("files/checksum");
  });
});

describe("zip", () => {
  const files = [
    { name: "model.json", bytes: strToU8("{}") },
    { name: "a/b.bin", bytes: cifarBytes(1) },
  ];

  it("reads back what it writes, and writes the same bytes every time", async () => {
    const bytes = zipFiles(files);
    expect(zipFiles(files)).toEqual(bytes);
    const entries = readZip(bytes, "x.zip");
    expect(entries.map(({ path }) => path)).toEqual(["model.json", "a/b.bin"]);
    expect(await entries[1]?.read()).toEqual(files[1]?.bytes);
  });

  it("reads deflated entries and leaves folders out", async () => {
    const bytes = zipSync({ dir: { "t.txt": strToU8("text ".repeat(99)) } }, { level: 9 });
    const entries = readZip(bytes, "x.zip");
    expect(entries.map(({ path }) => path)).toEqual(["dir/t.txt"]);
    expect(new TextDecoder().decode(await entries[0]?.read())).toBe("text ".repeat(99));
  });

  it("treats __proto__ as a name like any other", () => {
    const bytes = zipFiles([{ name: "__prxto__", bytes: strToU8("x") }]);
    for (let i = 0; i < bytes.length; i++)
      if (bytes[i] === 0x78 && bytes[i - 1] === 0x72) bytes[i] = 0x6f;
    expect(readZip(bytes, "x.zip").map(({ path }) => path)).toEqual(["__proto__"]);
  });

  it("refuses what is damaged or means harm", async () => {
    const bytes = zipFiles(files);
    const edit = (change: (view: DataView, end: number, directory: number) => void) => {
      const copy = bytes.slice();
      const view = new DataView(copy.buffer);
      const end = copy.length - 22;
      change(view, end, view.getUint32(end + 16, true));
      return codeOf(async () => {
        for (const entry of readZip(copy, "x.zip")) await entry.read();
      });
    };
    expect(await edit(() => undefined)).toBe("accepted");
    expect(await edit((view) => view.setUint8(100, view.getUint8(100) ^ 8))).toBe("files/checksum");
    expect(await edit((view, _, d) => view.setUint16(d + 8, 1, true))).toBe("files/unsupported");
    expect(await edit((view, _, d) => view.setUint16(d + 10, 14, true))).toBe("files/unsupported");
    expect(await edit((view, _, d) => view.setUint32(d + 24, 3, true))).toBe("files/out-of-range");
    expect(await edit((view, _, d) => view.setUint32(d + 42, 5, true))).toBe("files/out-of-range");
    expect(await edit((view, end) => view.setUint16(end + 10, 9, true))).toBe("files/unsupported");
    expect(await edit((view, end) => view.setUint32(end + 16, 0, true))).toBe("files/out-of-range");
    expect(await edit((view, end) => view.setUint32(end, 0, true))).toBe("files/truncated");
    expect(await codeOf(() => readZip(bytes.subarray(0, -1), "x.zip"))).toBe("files/truncated");
    // The same entry claimed twice: the start of every overlapping bomb.
    const overlap = await edit((view, _, d) => {
      const second = d + 46 + "model.json".length;
      view.setUint32(second + 42, 0, true);
    });
    expect(overlap).toBe("files/overlap");
  });

  it("stops a bomb at its claimed size and at the cap", async () => {
    const bomb = zipSync({ b: new Uint8Array(3e6) }, { level: 9 });
    const view = new DataView(bomb.buffer);
    const directory = view.getUint32(bomb.length - 6, true);
    view.setUint32(directory + 24, 1000, true);
    const entries = readZip(bomb, "x.zip");
    expect(await codeOf(() => entries[0]?.read())).toBe("files/over-limit");
    view.setUint32(directory + 24, 0xf0000000, true);
    expect(await codeOf(() => readZip(bomb, "x.zip"))).toBe("files/over-limit");
  });
});
