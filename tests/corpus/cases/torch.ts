/** @file PyTorch checkpoints of both eras: pickles that lie, ask for code, or explode. */
import { nameForTorch } from "../../../src/files/families/name-for-torch.ts";
import { dictOf, recognize, SMALL_VGG } from "../../../src/files/families/testing/state-dicts.ts";
import type { TorchTensor } from "../../../src/files/torch/state-dict.ts";
import {
  dict,
  golden,
  int,
  legacyFile,
  SIX,
  tensor,
  text,
  tuple,
  uint32,
  zipFile,
} from "../../../src/files/torch/testing/files.ts";
import { writeTorch } from "../../../src/files/torch/write.ts";
import { type Cases, flipped, one, patched } from "./case.ts";

/** A pickle of protocol 2. */
const pickle = (body: string): string => `\x80\x02${body}.`;
const STATE = pickle(dict({ w: tensor() }));
const CODE = "cos\nsystem\n(X\x02\x00\x00\x00ls";

/** A network-slimming VGG with something about it changed. */
function vgg(edit: (tensors: Map<string, TorchTensor>) => void): File[] {
  const tensors = new Map(nameForTorch(recognize(dictOf(SMALL_VGG)).network).tensors);
  edit(tensors);
  return one("net.pth", writeTorch(tensors, "net.pth").bytes);
}

const spoil = (tensors: Map<string, TorchTensor>): void => {
  const own = tensors.get("classifier.weight");
  if (own !== undefined) {
    tensors.set("classifier.weight", { ...own, values: own.values.with(7, Number.NaN) });
  }
};

/** The beginning of a tensor, up to its storage. */
const STORAGE =
  `ctorch._utils\n_rebuild_tensor_v2\n((${text("storage")}ctorch\nFloatStorage\n` +
  `${text("0")}${text("cpu")}${int(6)}tQ`;

/** What both eras say in the same words, by its pickle. */
const PICKLES: Readonly<Record<string, string>> = {
  "asks-for-code": pickle(dict({ w: `${CODE}tR` })),
  "asks-for-code-by-stack": pickle(`${text("builtins")}${text("eval")}\x93`),
  "asks-for-a-class": pickle("cmodels.vgg\nNet\n)\x81"),
  "cut-in-the-pickle": pickle(dict({ w: tensor() })).slice(0, 60),
  "text-of-gigabytes": pickle(`X${uint32(0xfffffff0)}x`),
  "nested-too-deep": pickle(`${"]".repeat(2000)}${"a".repeat(1999)}`),
  "holds-itself": pickle("]q\x00h\x00a"),
  "memo-of-nothing": pickle("h\x07"),
  "empty-stack": pickle("R"),
  "storage-of-another-size": pickle(dict({ w: tensor({ count: 7, shape: [7], strides: [1] }) })),
  "window-outside": pickle(dict({ w: tensor({ offset: 3 }) })),
  "stride-outside": pickle(dict({ w: tensor({ strides: [3, 2 ** 30] }) })),
  "one-number-for-millions": pickle(
    dict({ w: tensor({ count: 1, shape: [2 ** 14, 2 ** 12], strides: [0, 0] }) }),
  ),
  // NaN as an offset, and infinity where a size belongs.
  "not-a-number": pickle(
    dict({ w: `${STORAGE}G\x7f\xf8\0\0\0\0\0\0${tuple(2)}${tuple(1)}\x89NtR` }),
  ),
  "infinite-size": pickle(
    dict({ w: `${STORAGE}${int(0)}(G\x7f\xf0\0\0\0\0\0\0t${tuple(1)}\x89NtR` }),
  ),
  "negative-shape": pickle(dict({ w: tensor({ shape: [-2, 3] }) })),
  "complex-numbers": pickle(dict({ w: tensor({ type: "ComplexFloatStorage" }) })),
  quantized: pickle(dict({ w: "ctorch._utils\n_rebuild_qtensor\n)R" })),
  "key-twice": pickle(`}(${text("w")}${tensor()}${text("w")}${tensor()}u`),
  "storage-missing": pickle(dict({ w: tensor({ key: "9" }) })),
  "bad-storage": pickle(dict({ w: `(${text("storage")}${int(1)}tQ` })),
  "no-tensors": pickle(dict({ epoch: int(3) })),
  "called-proto": pickle(dict(Object.fromEntries([["__proto__", tensor()]]))),
  "of-no-family": STATE,
};

const both = (era: string, file: (body: string) => Uint8Array): Cases =>
  Object.fromEntries(
    Object.entries(PICKLES).map(([name, body]) => [
      `${era}/${name}`,
      () => one("net.pth", file(body)),
    ]),
  );

export const TORCH: Cases = {
  ...both("torch-zip", (body) => zipFile(body)),
  ...both("torch-legacy", (body) => legacyFile(body)),
  "torch-zip/truncated": () => one("net.pth", zipFile(STATE).subarray(0, -40)),
  "torch-zip/flipped-weight": () => {
    const bytes = zipFile(STATE);
    // In the stored floats, which no other part of the file repeats.
    return one("net.pth", flipped(bytes, indexOf(bytes, SIX["0"] ?? new Uint8Array()) + 2));
  },
  "torch-zip/two-checkpoints": () =>
    one("net.pth", zipFile(STATE, SIX, { "b/data.pkl": new Uint8Array([0x80, 2, 0x7d, 0x2e]) })),
  "torch-zip/big-endian": () =>
    one("net.pth", zipFile(STATE, SIX, { "a/byteorder": new TextEncoder().encode("big") })),
  "torch-zip/torchscript": () => one("net.pt", golden("torchscript.pt")),
  "torch-zip/whole-model": () => one("net.pth", golden("whole-model.pth")),
  "torch-zip/another-shape": () => vgg((tensors) => tensors.set("classifier.bias", zerosOf([11]))),
  "torch-zip/missing-tensor": () => vgg((tensors) => tensors.delete("feature.1.bias")),
  "torch-zip/stray-tensor": () => vgg((tensors) => tensors.set("extra.weight", zerosOf([2]))),
  "torch-zip/nan-weights": () => vgg(spoil),
  "torch-legacy/truncated": () => one("net.pth", legacyFile(STATE).subarray(0, -4)),
  "torch-legacy/trailing-bytes": () =>
    one("net.pth", Uint8Array.from([...legacyFile(STATE), 0, 0, 0])),
  "torch-legacy/whole-model": () => one("net.pth", golden("whole-model-legacy.pth")),
  "torch-legacy/another-version": () => {
    const bytes = legacyFile(STATE);
    // 1001, behind the opcode for two bytes.
    return one("net.pth", patched(bytes, indexOf(bytes, Uint8Array.of(0x4d, 0xe9, 3)) + 1, [0xea]));
  },
};

function zerosOf(shape: readonly number[]): TorchTensor {
  return { shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)), dtype: "float32" };
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  return Buffer.from(bytes).indexOf(part);
}
