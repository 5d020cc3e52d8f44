/** @file The HDF5 library is loaded when the first file comes, which may be when it cannot be had. */
import { afterAll, expect, it, vi } from "vitest";
import { AppError, explain } from "../../core/index.ts";
import { readKerasH5 } from "./h5.ts";

let isOffline = true;
vi.mock("h5wasm", async (importOriginal) => {
  if (isOffline) throw new Error("Failed to fetch dynamically imported module");
  return await importOriginal();
});
afterAll(() => vi.doUnmock("h5wasm"));

/** A superblock, and nothing of what it should point at. */
function shell(): Uint8Array {
  const bytes = new Uint8Array(96);
  bytes.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
  bytes[13] = 8;
  bytes[40] = bytes.length;
  return bytes;
}

async function refusal(): Promise<string> {
  try {
    await readKerasH5(shell(), "net.h5");
    return "opened";
  } catch (error) {
    if (error instanceof AppError) return `${error.code} | ${explain(error)}`;
    throw error;
  }
}

it("says that the library is missing, not that the file is damaged, and tries again", async () => {
  const missing =
    "files/reader-missing | net.h5: the part of Espalier that reads such files could not be loaded; check the connection, then reload the page and open the file again.";
  expect(await refusal()).toBe(missing);
  expect(await refusal()).toBe(missing);
  isOffline = false;
  expect(await refusal()).toMatch(/^files\/bad-field .* a damaged one/);
});
