/** @file CIFAR in binary form, and folders of pictures. */
import { LIMITS } from "../../../src/files/index.ts";
import { cifarBytes, file } from "../../../src/files/testing/samples.ts";
import { type Cases, HTML, one, patched } from "./case.ts";

const [CIFAR10, CIFAR100] = [3073, 3074];
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Label bytes of the third image replaced. */
const mislabelled = (label: number): Uint8Array => patched(cifarBytes(5), 2 * CIFAR10, [label]);

/** A file as it lies in a folder that was dropped. */
function inFolder(path: string, content: Uint8Array): File {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return Object.defineProperty(file(name, content), "webkitRelativePath", { value: path });
}

export const CIFAR: Cases = {
  "cifar/no-whole-records": () => one("data_batch_1.bin", cifarBytes(5).subarray(0, 15_000)),
  "cifar/label-over-9": () => one("test_batch.bin", mislabelled(10)),
  "cifar/label-over-9-at-once": () => one("test_batch.bin", mislabelled(10).subarray(2 * CIFAR10)),
  "cifar/one-broken-among-good": () => [
    file("test_batch.bin", cifarBytes(2)),
    file("data_batch_3.bin", HTML),
  ],
  "cifar/shard-twice": () => [
    file("test_batch.bin", cifarBytes(2)),
    file("test_batch.bin", cifarBytes(2, 2)),
  ],
  "cifar/cifar-100-cut": () => one("train.bin", new Uint8Array(CIFAR100 * 4 - 1)),
  "cifar/cifar-100-label": () =>
    one("test.bin", patched(new Uint8Array(CIFAR100 * 2), CIFAR100 + 1, [100])),
  "cifar/both": () => [
    file("test_batch.bin", cifarBytes(1)),
    file("test.bin", new Uint8Array(CIFAR100 * 2)),
  ],
  "cifar/picture-among-shards": () => [file("test_batch.bin", cifarBytes(1)), file("cat.png", PNG)],
  "cifar/pickle": () => one("data_batch_1", Uint8Array.of(0x80, 2, 0x7d, 0x71, 1, 0x28, 0x55, 11)),
};

export const PICTURES: Cases = {
  "pictures/outside-of-folders": () => one("cat.png", PNG),
  "pictures/one-folder": () => [inFolder("pets/cat/1.png", PNG), inFolder("pets/cat/2.png", PNG)],
  "pictures/without-a-decoder": () => [inFolder("cat/1.png", PNG), inFolder("dog/2.png", PNG)],
  "pictures/too-many-classes": () =>
    Array.from({ length: LIMITS.pictureClasses + 1 }, (_, i) => inFolder(`${i}/1.png`, PNG)),
  "pictures/text-among-them": () => [
    inFolder("cat/1.png", PNG),
    inFolder("dog/2.png", PNG),
    inFolder("dog/3.png", new TextEncoder().encode("no picture at all")),
  ],
  "pictures/half-a-picture": () => [inFolder("cat/1.png", PNG), inFolder("dog/2.png", PNG)],
  "pictures/called-proto": () => [inFolder("__proto__/1.png", PNG), inFolder("dog/2.png", PNG)],
};
