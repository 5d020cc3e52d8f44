/** @file Small parts of the official CIFAR-10 shards. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./command-line.ts";

const RECORD = 3073;

/** The first images of a shard, with their labels. */
export async function firstRecords(
  images: number,
  shard = "test_batch.bin",
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(join(ROOT, "data", "cifar-10", shard));
  try {
    const bytes = new Uint8Array(images * RECORD);
    await file.read(bytes, 0, bytes.length, 0);
    return bytes;
  } finally {
    await file.close();
  }
}
