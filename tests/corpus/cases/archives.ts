/** @file Archives: zip, tar and gzip, damaged, lying and exploding. */
import { deflateRawSync, constants } from "node:zlib";
import { gzipSync, strToU8, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { cifarBytes, join } from "../../../src/files/testing/samples.ts";
import { type Cases, flipped, one, patched, retold } from "./case.ts";
import { MODEL_JSON, SHARD, SHARD_BYTES } from "./tfjs.ts";

const [RECORD, MEGABYTE] = [3073, 2 ** 20];
const stored = (entries: Record<string, Uint8Array>): Uint8Array =>
  zipSync(entries, { level: 0, mtime: new Date(1980, 0, 2) });
const network = stored({ "model.json": MODEL_JSON, [SHARD]: SHARD_BYTES });

/** Where a zip's records begin: the first entry, its line in the directory, the end. */
function recordsOf(zip: Uint8Array) {
  const end = zip.length - 22;
  const directory = new DataView(zip.buffer, zip.byteOffset).getUint32(end + 16, true);
  return { entry: 0, directory, end };
}

/** A field of the first entry changed in the directory, and where it stands there too in the archive. */
function entryEdited(
  zip: Uint8Array,
  inDirectory: number,
  values: readonly number[],
  inEntry?: number,
): File[] {
  const changed = patched(zip, recordsOf(zip).directory + inDirectory, values);
  return one("x.zip", inEntry === undefined ? changed : patched(changed, inEntry, values));
}

async function tarOf(names: readonly string[], body = cifarBytes(1)): Promise<Uint8Array> {
  return packTar(
    names.map((name) => ({ header: { name, size: body.length, mtime: new Date(0) }, body })),
  );
}

/** A tar header with another size and a checksum that fits it. */
function resized(tar: Uint8Array, octal: string): Uint8Array {
  const changed = patched(tar, 124, strToU8(octal));
  let sum = 0;
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 0x20 : (changed[i] ?? 0);
  return patched(changed, 148, strToU8(`${sum.toString(8).padStart(6, "0")}\0 `));
}

/** A sound tar, and behind its end so many megabytes of nothing, packed a thousand times smaller. */
async function gzipBomb(megabytes: number): Promise<Uint8Array> {
  const flush = { finishFlush: constants.Z_FULL_FLUSH };
  const zeros = new Uint8Array(deflateRawSync(new Uint8Array(MEGABYTE), flush));
  return join(
    Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3),
    new Uint8Array(deflateRawSync(await tarOf(["test_batch.bin"]), flush)),
    ...Array.from({ length: megabytes }, () => zeros),
    // The last block, a checksum and a length that nobody will come to.
    Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  );
}

/** Two megabytes of zeros that say they are a thousand bytes. */
function zipBomb(): File[] {
  const zip = zipSync({ "model.json": new Uint8Array(2 * MEGABYTE) }, { level: 9 });
  return entryEdited(zip, 24, [0xe8, 3, 0, 0], 22);
}

/** Both entries begin at the first one's place. */
function overlapping(): File[] {
  const zip = stored({ "a.json": MODEL_JSON, "b.json": MODEL_JSON });
  const { directory } = recordsOf(zip);
  const second = directory + 46 + "a.json".length;
  return one("x.zip", patched(zip, second + 42, [0, 0, 0, 0]));
}

export const ZIP: Cases = {
  "zip/pytorch": () => one("net.pt", zipSync({ "net/data.pkl": Uint8Array.of(0x80, 2) })),
  "zip/keras": () => one("net.keras", zipSync({ "model.weights.h5": strToU8("x") })),
  "zip/numpy": () => one("weights.npz", stored({ "arr_0.npy": strToU8("x") })),
  "zip/office": () => one("net.docx", stored({ "[Content_Types].xml": strToU8("<x/>") })),
  "zip/nothing-inside": () => one("x.zip", zipSync({})),
  "zip/archive-in-archive": () => one("x.zip", zipSync({ "y.zip": zipSync({}) })),
  "zip/truncated": () => one("x.zip", zipSync({ "model.json": MODEL_JSON }).subarray(0, -30)),
  "zip/flipped-byte": () => one("x.zip", flipped(network, 200)),
  "zip/missing-shard": () => one("x.zip", zipSync({ "model.json": MODEL_JSON })),
  "zip/entry-outside": () => entryEdited(network, 42, [0xff, 0xff, 0xff, 0x7f]),
  "zip/size-outside": () => entryEdited(network, 20, [0xff, 0xff, 0, 0, 0xff, 0xff, 0, 0]),
  "zip/directory-outside": () =>
    one("x.zip", patched(network, recordsOf(network).end + 16, [0xff, 0xff, 0, 0])),
  "zip/overlap": overlapping,
  "zip/name-twice": () =>
    one(
      "x.zip",
      retold(stored({ "a.json": MODEL_JSON, "b.json": MODEL_JSON }), "b.json", "a.json"),
    ),
  "zip/two-names": () => one("x.zip", patched(network, 30, strToU8("nodel"))),
  "zip/claims-gigabytes": () => entryEdited(network, 20, Array(8).fill(0xfe)),
  "zip/bomb": zipBomb,
  "zip/encrypted": () => entryEdited(network, 8, [1, 0], 6),
  "zip/another-compression": () => entryEdited(network, 10, [12, 0], 8),
  "zip/split": () => one("x.zip", patched(network, recordsOf(network).end + 4, [1])),
  "zip/zip64": () =>
    one("x.zip", patched(network, recordsOf(network).end + 8, [255, 255, 255, 255])),
};

export const TAR: Cases = {
  "tar/truncated": async () => one("x.tar", (await tarOf(["test_batch.bin"])).subarray(0, 2000)),
  "tar/damaged-header": async () => one("x.tar", flipped(await tarOf(["test_batch.bin"]), 3)),
  "tar/claims-gigabytes": async () =>
    one("x.tar", resized(await tarOf(["test_batch.bin"]), "07777777777")),
  "tar/shard-twice": async () =>
    one("x.tar", await tarOf(["a/test_batch.bin", "b/test_batch.bin"])),
  "tar/bad-label": async () =>
    one("x.tar", await tarOf(["test_batch.bin"], patched(cifarBytes(3), 2 * RECORD, [10]))),
  "tar/other-archive": async () => one("x.tar", await tarOf(["holiday.jpg"])),
  "tar/pickles": async () => one("x.tar", await tarOf(["cifar-10-batches-py/data_batch_1"])),

  "gzip/pickles": async () =>
    one(
      "cifar-10-python.tar.gz",
      gzipSync(
        await tarOf(["cifar-10-batches-py/data_batch_4", "cifar-10-batches-py/readme.html"]),
      ),
    ),
  "gzip/cifar-100-pickles": async () =>
    one("cifar-100-python.tar.gz", gzipSync(await tarOf(["cifar-100-python/train"]))),
  "gzip/other-archive": async () => one("x.tar.gz", gzipSync(await tarOf(["holiday.jpg"]))),
  "gzip/half-an-archive": async () =>
    one(
      "cifar-10-binary.tar.gz",
      gzipSync(await tarOf(["a/test_batch.bin"]), { mtime: 0 }).subarray(0, 200),
    ),
  "gzip/of-something-else": () => one("x.gz", gzipSync(cifarBytes(1), { mtime: 0 })),
  "gzip/wrong-checksum": async () => {
    const bytes = gzipSync(await tarOf(["test_batch.bin"]), { mtime: 0 });
    return one("x.tar.gz", flipped(bytes, bytes.length - 6));
  },
  "gzip/wrong-length": async () => {
    const bytes = gzipSync(await tarOf(["test_batch.bin"]), { mtime: 0 });
    return one("x.tar.gz", flipped(bytes, bytes.length - 2));
  },
  "gzip/claims-gigabytes": async () =>
    one("x.tar.gz", gzipSync(resized(await tarOf(["test_batch.bin"]), "07777777777"))),
  "gzip/bomb": async () => one("x.tar.gz", await gzipBomb(300)),
};
