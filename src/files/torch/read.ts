/**
 * @file The two sorts of torch checkpoint behind one door, told by their first bytes. For a zip that is
 * open already, and for a file that was sniffed already, `read-zip.ts` and `read-legacy.ts` are used directly.
 */
import { AppError } from "../../core/index.ts";
import { startsWith } from "../bytes.ts";
import { readZip } from "../containers/zip-read.ts";
import { looksLikeTorchLegacy, readTorchLegacy } from "./read-legacy.ts";
import { isTorchZip, readTorchZip } from "./read-zip.ts";
import type { Checkpoint } from "./state-dict.ts";

const ZIP = [0x50, 0x4b, 3, 4];

/**
 * Reads a checkpoint, `.pth`, `.pt` or `.pth.tar`.
 * @param bytes — the whole file, borrowed; the weights are copies
 * @throws files/wrong-kind, and what the two readers throw
 */
export async function readTorch(bytes: Uint8Array, where: string): Promise<Checkpoint> {
  if (looksLikeTorchLegacy(bytes)) return readTorchLegacy(bytes, where);
  const entries = startsWith(bytes, ZIP) ? readZip(bytes, where) : [];
  if (isTorchZip(entries.map(({ path }) => path))) return readTorchZip(entries, where);
  throw new AppError("files/wrong-kind", {
    where,
    expected: "a PyTorch checkpoint",
    found: "another kind of file",
    hint: "save model.state_dict() with torch.save and drop that",
  });
}
