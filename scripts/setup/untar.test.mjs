/**
 * @file The tar reader, with chunks that respect no boundary.
 */

import { describe, expect, it } from "vitest";
import { encodeTar, inChunks } from "./archives.fixture.mjs";
import { TarError, tarFiles } from "./untar.mjs";

const files = {
  "package/empty": Buffer.alloc(0),
  "package/one": Buffer.from([7]),
  "package/block": Buffer.alloc(512, 3),
  "package/long": Buffer.alloc(1300, 5),
};

/** @param {AsyncIterable<{ name: string, bytes: Buffer }>} entries */
async function collect(entries) {
  /** @type {Record<string, Buffer>} */
  const found = {};
  for await (const { name, bytes } of entries) found[name] = Buffer.from(bytes);
  return found;
}

describe("tarFiles", () => {
  it.each([1, 100, 512, 513, 100_000])(
    "gives every file whole, from chunks of %i",
    async (size) => {
      expect(await collect(tarFiles(inChunks(encodeTar(files), size)))).toEqual(files);
    },
  );

  it("passes over folders", async () => {
    const tar = encodeTar({ "package/": Buffer.alloc(0), ...files });
    expect(Object.keys(await collect(tarFiles(inChunks(tar, 999))))).toEqual(Object.keys(files));
  });

  it("refuses an archive that ends inside a file", async () => {
    const cut = encodeTar(files).subarray(0, 512 + 512 + 512 + 512 + 100);
    await expect(collect(tarFiles(inChunks(cut, 300)))).rejects.toThrow(
      "package/block is cut short",
    );
  });

  it("refuses a damaged header", async () => {
    const tar = encodeTar(files);
    tar[3] ^= 1;
    await expect(collect(tarFiles(inChunks(tar, 300)))).rejects.toThrow(TarError);
  });

  it("refuses a size that no file of the dataset has", async () => {
    const tar = encodeTar({ huge: Buffer.alloc(1) });
    tar.write("77777777777", 124, "latin1");
    const sum = tar
      .subarray(0, 512)
      .reduce((all, byte, i) => all + (i < 148 || i > 155 ? byte : 32), 0);
    tar.write(sum.toString(8).padStart(6, "0"), 148, "latin1");
    await expect(collect(tarFiles(inChunks(tar, 300)))).rejects.toThrow(
      "a file of 8589934591 bytes",
    );
  });
});
