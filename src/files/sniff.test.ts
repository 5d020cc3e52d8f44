import { gzipSync, strToU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { sniff } from "./sniff.ts";
import { cifarBytes, tiny } from "./testing/samples.ts";
import { writeSafetensors } from "./safetensors/write.ts";
import { zipFiles } from "./containers/zip-write.ts";

const told = (bytes: Uint8Array): string => {
  const { kind, words } = sniff(bytes.subarray(0, 16 * 1024), bytes.length);
  return kind === "impostor" ? words : kind;
};

describe("sniff", () => {
  it("tells files by their bytes", () => {
    const tar = new Uint8Array(1024);
    tar.set(strToU8("ustar"), 257);
    const cifar100 = new Uint8Array(3074 * 2);
    cifar100[1] = 99;
    cifar100[3074] = 19;
    const cases: [string, Uint8Array][] = [
      ["empty", new Uint8Array()],
      ["an HTML page", strToU8("\n <!DOCTYPE html><title>404</title>")],
      ["an HTML page", strToU8("<html>")],
      ["an XML document", strToU8('<?xml version="1.0"?>')],
      ["json", strToU8('{"format":"layers-model"')],
      ["json", strToU8("{}")],
      ["json", strToU8('\ufeff{\n  "a": 1}')],
      ["json", strToU8("[1, 2]")],
      ["safetensors", writeSafetensors(tiny(), "x").bytes],
      ["gzip", gzipSync(strToU8("x"))],
      ["tar", tar],
      ["zip", zipFiles([{ name: "a", bytes: strToU8("a") }])],
      ["cifar10", cifarBytes(7)],
      ["cifar100", cifar100],
      ["pickle", Uint8Array.of(0x80, 2, 0x7d, 0x71, 1)],
      ["pickle", strToU8("(dp1\nS'data'\np2\n")],
      ["picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
      ["picture", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)],
      ["hdf5", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)],
      ["onnx", Uint8Array.of(8, 7, 0x12, 7, ...strToU8("pytorch"))],
      [
        "a Git LFS pointer",
        strToU8("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 12\n"),
      ],
      ["a text file", strToU8("hello, this is a letter")],
      ["unknown", Uint8Array.of(200, 1, 2, 3, 4, 5, 6, 7, 8, 9)],
    ];
    expect(cases.map(([, bytes]) => told(bytes))).toEqual(cases.map(([kind]) => kind));
  });

  it("does not take a black picture with label 8 for anything but CIFAR", () => {
    const bytes = new Uint8Array(3073);
    bytes.set([8, 7, 0x12, 7]);
    expect(told(bytes)).toBe("cifar10");
  });
});
