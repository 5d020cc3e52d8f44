/**
 * @file The CIFAR archive, streamed: of a tar only the binary shards are kept, everything else goes
 * by without being stored. Archives that hold CIFAR in another form are named and refused.
 */
import { createTarDecoder, type ParsedTarEntry } from "modern-tar";
import { AppError } from "../../core/index.ts";
import { at, baseName, showBytes, showCount } from "../bytes.ts";
import { LIMITS } from "../limits.ts";

/** A file of an archive, whole. */
export interface TarFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const SHARD = /^(?:data_batch_\d{1,3}|test_batch)\.bin$/;
const PICKLED_SHARD = /^(?:data_batch_\d{1,3}|test_batch|batches\.meta)$/;
const CIFAR100 = /(?:^|\/)cifar-100-|^(?:fine|coarse)_label_names\.txt$/;

/** First size of an entry's buffer; larger entries grow as their bytes really come. */
const FIRST_BUFFER = 32 * 1024 * 1024;

/**
 * The CIFAR-10 shards of a tar, in archive order.
 * @throws files/python-pickle, files/unsupported (CIFAR-100), files/wrong-kind when it holds none,
 *   files/truncated or files/checksum when it is damaged, files/over-limit
 */
export async function readTarShards(
  source: AsyncIterable<Uint8Array>,
  where: string,
): Promise<TarFile[]> {
  const decoder = createTarDecoder({ strict: true });
  const entries = decoder.readable.getReader();
  const writer = decoder.writable.getWriter();
  writer.closed.catch(() => undefined);
  let sourceError: unknown;
  const feeding = feed(source, writer).catch(async (error: unknown) => {
    sourceError ??= error;
    await writer.abort(error).catch(() => undefined);
  });
  try {
    const shards = await collect(entries, where);
    await feeding;
    if (sourceError !== undefined) throw damaged(sourceError, where);
    return shards;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw damaged(sourceError ?? error, where);
  } finally {
    await entries.cancel().catch(() => undefined);
    await writer.abort().catch(() => undefined);
  }
}

/** Refusals and aborts of the source pass through; the decoder's own words are translated. */
function damaged(error: unknown, where: string): unknown {
  if (error instanceof AppError || (error instanceof Error && error.name === "AbortError")) {
    return error;
  }
  const text = error instanceof Error ? error.message : "";
  if (/truncated/i.test(text)) return new AppError("files/truncated", { where });
  if (/maximum size|too large|too many/i.test(text)) {
    return new AppError("files/over-limit", { where: at(where, "tar header") });
  }
  return new AppError("files/checksum", {
    where: at(where, "tar header"),
    expected: "an undamaged header",
    found: "a damaged one",
  });
}

async function feed(
  source: AsyncIterable<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  for await (const chunk of source) await writer.write(chunk);
  await writer.close();
}

async function collect(
  entries: ReadableStreamDefaultReader<ParsedTarEntry>,
  where: string,
): Promise<TarFile[]> {
  const shards: TarFile[] = [];
  let [count, total] = [0, 0];
  for (;;) {
    const { done, value: entry } = await entries.read();
    if (done) break;
    if (++count > LIMITS.tarEntries) {
      throw new AppError("files/over-limit", {
        where,
        expected: `at most ${showCount(LIMITS.tarEntries)} files in the archive`,
        found: "more",
      });
    }
    const path = entry.header.name;
    refuseOtherForms(path, where);
    if (entry.header.type !== "file" || !SHARD.test(baseName(path))) {
      await entry.body.cancel();
      continue;
    }
    total += entry.header.size;
    if (total > LIMITS.imageBytes) {
      throw new AppError("files/over-limit", {
        where: at(where, path),
        expected: `at most ${showBytes(LIMITS.imageBytes)} of images`,
        found: showBytes(total),
      });
    }
    shards.push({ path, bytes: await readBody(entry) });
  }
  if (shards.length === 0) {
    throw new AppError("files/wrong-kind", {
      where,
      found: "an archive without data_batch_*.bin or test_batch.bin",
      hint: "drop the official cifar-10-binary.tar.gz",
    });
  }
  return shards;
}

function refuseOtherForms(path: string, where: string): void {
  const name = baseName(path);
  if (CIFAR100.test(path) || CIFAR100.test(name)) {
    throw new AppError("files/unsupported", {
      where: at(where, path),
      expected: "CIFAR-10",
      found: "CIFAR-100",
      hint: "drop the official cifar-10-binary.tar.gz",
    });
  }
  if (PICKLED_SHARD.test(name)) {
    throw new AppError("files/python-pickle", { where: at(where, path) });
  }
}

/** The decoder ends a body only when all of the header's size has come. */
async function readBody({ header, body }: ParsedTarEntry): Promise<Uint8Array> {
  let bytes = new Uint8Array(Math.min(header.size, FIRST_BUFFER));
  let filled = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, filled);
    if (filled + value.length > bytes.length) {
      const larger = new Uint8Array(Math.max(bytes.length * 2, filled + value.length));
      larger.set(bytes.subarray(0, filled));
      bytes = larger;
    }
    bytes.set(value, filled);
    filled += value.length;
  }
}
