/** @file What differs between Node and a browser: files, streams and the unpacking of the platform. */
import { gzipSync, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { expect, it } from "vitest";
import { AppError } from "../core/index.ts";
import { countOf } from "../data/index.ts";
import { sameNetwork } from "./graph.ts";
import { exportNetwork, openFiles, zipFiles } from "./index.ts";
import { awkward, cifarBytes, file, join } from "./testing/samples.ts";

async function codeOf(files: readonly File[]): Promise<string> {
  try {
    await openFiles(files);
    return "accepted";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

const network = awkward();

it("opens our downloads, stored and deflated", async () => {
  for (const format of ["tfjs", "safetensors"] as const) {
    const { files } = await exportNetwork(network, format);
    const entries = Object.fromEntries(files.map(({ name, bytes }) => [name, bytes]));
    for (const zip of [zipFiles(files), zipSync(entries, { level: 6 })]) {
      const [opened] = await openFiles([file("net.zip", zip)]);
      expect(opened?.kind === "network" && sameNetwork(opened.network, network)).toBe(true);
    }
  }
});

it("opens the archive of images and refuses it damaged", async () => {
  const body = cifarBytes(300);
  const names = ["batches.meta.txt", "data_batch_1.bin", "test_batch.bin"];
  const tar = await packTar(
    names.map((name) => ({ header: { name, size: body.length, mtime: new Date(0) }, body })),
  );
  const gz = gzipSync(tar);
  const [images] = await openFiles([file("a.tar.gz", gz)]);
  expect(images?.kind === "images" && images.test && countOf(images.test)).toBe(300);
  const flipped = gz.slice();
  flipped[gz.length >> 1] = (flipped[gz.length >> 1] ?? 0) ^ 16;
  const wrongChecksum = gz.slice();
  wrongChecksum[gz.length - 6] = (wrongChecksum[gz.length - 6] ?? 0) ^ 1;
  const twoMembers = join(gz, gz);
  for (const broken of [
    gz.subarray(0, -20),
    gz.subarray(0, gz.length >> 1),
    flipped,
    wrongChecksum,
    twoMembers,
  ]) {
    expect(await codeOf([file("a.tar.gz", broken)])).toBe("files/checksum");
  }
});

it("stops when it is aborted", async () => {
  const controller = new AbortController();
  const opening = openFiles([file("test_batch.bin", cifarBytes(3000))], {
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done > 0) controller.abort();
    },
  });
  await expect(opening).rejects.toMatchObject({ name: "AbortError" });
});
