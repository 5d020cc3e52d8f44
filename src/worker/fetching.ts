/** @file Fetches what is served beside the app, with progress in bytes, and names what is not there. */
import { AppError, type OnProgress } from "../core/index.ts";

export interface FetchOptions {
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** What a file that is not served means: its images are missing, unless said otherwise. */
  readonly refusal?: Pick<AppError, "code"> & {
    readonly expected?: string;
    readonly hint?: string;
  };
}

/**
 * Fetches one file as a `File`, so that it goes through the same door as one that was dropped.
 * @param before — bytes fetched before this one, of `total`, when it is one of several
 * @throws data/missing, or what `refusal` says, when it is not served; AbortError
 */
export async function fetchFile(
  url: string,
  { signal, onProgress, refusal = { code: "data/missing" } }: FetchOptions,
  before = 0,
  total?: number,
): Promise<File> {
  const name = url.split("/").at(-1) ?? url;
  const { code, ...facts } = refusal;
  const missing = (found: string, cause?: unknown): AppError =>
    new AppError(code, { ...facts, where: name, found, cause });
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw missing("no answer from the server", cause);
  });
  if (!response.ok || response.body === null) throw missing(`status ${response.status}`);
  const size = Number(response.headers.get("content-length") ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let done = before;
  const reader = response.body.getReader();
  for (;;) {
    const { done: ended, value } = await reader.read().catch((cause: unknown) => {
      signal.throwIfAborted();
      const found = "the connection was lost half-way";
      throw new AppError("data/missing", { where: name, found, cause, hint: "try again" });
    });
    if (ended) break;
    parts.push(value);
    done += value.length;
    onProgress({ done, total: Math.max(done, total ?? before + size), unit: "bytes" });
  }
  return new File(parts, name);
}
