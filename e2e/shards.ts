/** @file Small parts of the official CIFAR-10 shards, for what does not depend on their number. */
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
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

/** Serves only the first images of each shard of the kind; the files that lie there stay whole. */
export async function serveFew(
  page: Page,
  kind: "data_batch_" | "test_batch",
  images: number,
): Promise<void> {
  await page.route(`**/data/cifar-10/${kind}*.bin`, async (route) => {
    const shard = route.request().url().split("/").at(-1) ?? "";
    await route.fulfill({ body: Buffer.from(await firstRecords(images, shard)) });
  });
}
