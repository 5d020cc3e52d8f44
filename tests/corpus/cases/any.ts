/** @file What is no network and no image, or too much of it. */
import { strToU8 } from "fflate";
import { LIMITS } from "../../../src/files/index.ts";
import { file, join } from "../../../src/files/testing/samples.ts";
import { type Cases, HTML, one } from "./case.ts";

const lfs = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2145\nsize 12345\n";

/** A file that says it has so many bytes. */
function claiming(size: number): File {
  return Object.defineProperty(file("net.onnx", "x"), "size", { value: size });
}

export const ANY: Cases = {
  "any/nothing": () => [],
  "any/empty": () => one("model.json", ""),
  "any/html-instead-of-model": () => one("model.json", HTML),
  "any/html-instead-of-safetensors": () => one("net.safetensors", HTML),
  "any/git-lfs-pointer": () => one("net.safetensors", lfs),
  "any/onnx": () => one("net.onnx", join(Uint8Array.of(8, 7, 0x12, 7), strToU8("pytorch:"))),
  "any/hdf5": () => one("net.h5", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)),
  "any/other-json": () => one("package.json", '{"name":"x"}'),
  "any/text": () => one("notes.txt", "remember the milk"),
  "any/unknown": () => one("data.raw", Uint8Array.of(200, 1, 2, 3, 4, 5, 6, 7)),
  "any/hostile-name": () => one("a\u202e\u0007<b>.txt", "some text here"),
  "any/python-alone": () => one("net.py", "import torch\n"),
  "any/numpy": () => one("w.npy", Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0)),
  "any/tensorflow-lite": () => one("net.tflite", "\u001c\u0000\u0000\u0000TFL3\u0014"),
  "any/too-large": () => [claiming(LIMITS.fileBytes + 1)],
  "any/too-many": () => Array<File>(LIMITS.pictures + 1).fill(file("x", "")),
  "any/vanished": () => [claiming(4000)],
};
