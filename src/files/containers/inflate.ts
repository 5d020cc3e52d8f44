/**
 * @file Unpacking through the platform's `DecompressionStream`, which refuses what JavaScript
 * libraries let pass: truncation, a wrong checksum, a wrong length. Output is counted while it
 * comes and stopped at a cap; no size that the file claims is believed.
 */
import { AppError } from "../../core/index.ts";
import { at, showBytes } from "../bytes.ts";

export interface InflateOptions {
  /** The file, for messages. */
  readonly where: string;
  /** Most bytes that may come out. */
  readonly limit: number;
}

/**
 * Unpacks chunk by chunk.
 * @throws files/checksum when the stream is damaged or cut short (the platform does not say which),
 *   files/over-limit past the cap, and whatever the source throws
 */
export async function* inflate(
  source: AsyncIterable<Uint8Array>,
  format: "gzip" | "deflate-raw",
  { where, limit }: InflateOptions,
): AsyncGenerator<Uint8Array> {
  const stream = new DecompressionStream(format);
  const writer = stream.writable.getWriter();
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.readable.getReader();
  // The writer's own promise rejects with every failure; the reader below reports it.
  writer.closed.catch(() => undefined);
  let sourceError: unknown;
  const feeding = feed(source, writer).catch(async (error: unknown) => {
    sourceError ??= error;
    await writer.abort(error).catch(() => undefined);
  });
  try {
    let total = 0;
    for (;;) {
      const { done, value } = await read(reader, where, () => sourceError);
      if (done) break;
      total += value.length;
      if (total > limit) {
        throw new AppError("files/over-limit", {
          where,
          expected: `at most ${showBytes(limit)} unpacked`,
          found: "more",
          hint: "unpack it yourself and drop what is inside",
        });
      }
      yield value;
    }
    await feeding;
  } finally {
    await reader.cancel().catch(() => undefined);
    await writer.abort().catch(() => undefined);
  }
}

/** A failure of the source itself, kept apart from what the platform throws about the bytes. */
class SourceFailure extends Error {
  constructor(override readonly cause: unknown) {
    super("source");
  }
}

async function feed(
  source: AsyncIterable<Uint8Array>,
  writer: WritableStreamDefaultWriter<BufferSource>,
): Promise<void> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw new SourceFailure(error);
      });
      if (next.done === true) break;
      await writer.ready;
      await writer.write(next.value as Uint8Array<ArrayBuffer>);
    }
    await writer.close();
  } finally {
    await chunks.return?.();
  }
}

async function read(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  where: string,
  sourceError: () => unknown,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch {
    const failure = sourceError();
    if (failure instanceof SourceFailure) throw failure.cause;
    throw new AppError("files/checksum", {
      where: at(where, "compressed data"),
      expected: "a whole, undamaged stream",
      found: "one that is damaged or cut short",
    });
  }
}

/** Some bytes as a source. */
export async function* chunksOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
