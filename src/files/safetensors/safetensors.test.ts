import { describe, expect, it } from "vitest";
import { AppError, explain } from "../../core/index.ts";
import { validateNetwork } from "../../model/index.ts";
import { sameNetwork } from "../graph.ts";
import { awkward, join, tiny, zoo } from "../testing/samples.ts";
import { toFloat32 } from "./dtypes.ts";
import { readHeader } from "./header.ts";
import { readSafetensors } from "./read.ts";
import { writeSafetensors } from "./write.ts";

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** A file of a header and as many bytes of data, whatever the two say to each other. */
function build(header: unknown, dataBytes: number): Uint8Array {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  return join(length, text, new Uint8Array(dataBytes));
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = "F32"): Entry => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

function headerCode(header: unknown, dataBytes: number): string {
  try {
    readHeader(build(header, dataBytes), "x");
    return "accepted";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe("safetensors header", () => {
  it("accepts what the format allows, in any order of names", () => {
    expect(headerCode({}, 0)).toBe("accepted");
    expect(headerCode({ b: entry(8, 16), a: entry(0, 8) }, 16)).toBe("accepted");
    expect(headerCode({ scalar: entry(0, 4, []), none: entry(4, 4, [0, 3]) }, 4)).toBe("accepted");
    expect(headerCode({ __proto__x: entry(0, 4) }, 4)).toBe("accepted");
  });

  it("refuses what the format's own library refuses", () => {
    expect(headerCode({ a: entry(0, 8), b: entry(4, 12) }, 12)).toBe("files/overlap");
    expect(headerCode({ a: entry(0, 8), b: entry(12, 16) }, 16)).toBe("files/out-of-range");
    expect(headerCode({ a: entry(4, 8) }, 8)).toBe("files/out-of-range");
    expect(headerCode({ a: entry(0, 8) }, 4)).toBe("files/truncated");
    expect(headerCode({ a: entry(0, 8) }, 9)).toBe("files/trailing-bytes");
    expect(headerCode({ a: entry(0, 8, [3]) }, 8)).toBe("files/shape-mismatch");
    expect(headerCode({ a: entry(8, 0, [2]) }, 8)).toBe("files/shape-mismatch");
    expect(headerCode({ a: entry(0, 8, [2 ** 40, 2 ** 40]) }, 8)).toBe("files/shape-mismatch");
    expect(headerCode({ a: entry(0, 8, [-2]) }, 8)).toBe("files/bad-field");
    expect(headerCode({ a: entry(0, 8, [2.5]) }, 8)).toBe("files/bad-field");
    expect(headerCode({ a: entry(0, 8, [2], "Q4") }, 8)).toBe("files/dtype-unsupported");
    expect(headerCode({ a: { ...entry(0, 8), extra: 1 } }, 8)).toBe("files/bad-field");
    expect(headerCode({ __metadata__: { a: 1 } }, 0)).toBe("files/bad-field");
    expect(headerCode(' {"a":1}', 0)).toBe("files/bad-json");
    expect(headerCode("[]", 0)).toBe("files/bad-json");
    expect(headerCode('{"a":{},"\\u0061":{}}', 0)).toBe("files/duplicate-name");
    expect(headerCode(`{"a":${"[".repeat(20_000)}`, 0)).toBe("files/over-limit");
    expect(headerCode(`{"a":${"[".repeat(3)}`, 0)).toBe("files/truncated");
    const huge = new Uint8Array(16).fill(0xff);
    expect(() => readHeader(huge, "x")).toThrow(
      expect.objectContaining({ code: "files/over-limit" }),
    );
    const long = build({}, 0);
    long[3] = 1;
    expect(() => readHeader(long, "x")).toThrow(
      expect.objectContaining({ code: "files/truncated" }),
    );
  });

  it("is not led astray by names that mean something to JavaScript", () => {
    const text = `{"__proto__":${JSON.stringify(entry(0, 4))},"constructor":${JSON.stringify(entry(4, 8))}}`;
    const { tensors } = readHeader(build(text, 8), "x");
    expect(tensors.map(({ name }) => name)).toEqual(["__proto__", "constructor"]);
  });
});

describe("safetensors round trip", () => {
  for (const network of [tiny(), awkward(), zoo("densenet-40:growth=2")]) {
    it(`${network.name} comes back bit for bit`, () => {
      const { bytes } = writeSafetensors(network, "x.safetensors");
      const back = readSafetensors(bytes, "x.safetensors");
      validateNetwork(back.network);
      expect(sameNetwork(back.network, network)).toBe(true);
      expect(back.notes).toEqual([]);
      expect(writeSafetensors(back.network, "x").bytes).toEqual(bytes);
      expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
    });
  }
});

describe("safetensors refusals", () => {
  const { bytes } = writeSafetensors(tiny(), "n.safetensors");
  const headerLength = new DataView(bytes.buffer).getUint32(0, true);
  const header = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)),
  ) as Record<string, Entry>;
  const dataBytes = bytes.length - 8 - headerLength;

  function refusal(file: Uint8Array): string {
    try {
      return readSafetensors(file, "n.safetensors").notes.join() || "accepted";
    } catch (error) {
      if (error instanceof AppError) return `${error.code} | ${explain(error)}`;
      throw error;
    }
  }

  it("names what is wrong", () => {
    const { __metadata__: own, ...weights } = header;
    const nan = bytes.slice();
    const at = 8 + headerLength + (weights["bn1/gamma"] as Entry).data_offsets[0];
    new DataView(nan.buffer).setFloat32(at, NaN, true);
    new DataView(nan.buffer).setFloat32(at + 8, -Infinity, true);
    const swapped = {
      ...header,
      "conv1/kernel": { ...header["conv1/kernel"], shape: [3, 3, 8, 3] },
    };
    const renamed = JSON.parse(
      JSON.stringify(header).replace('"fc/bias"', '"fc/offset"'),
    ) as unknown;
    const ints = JSON.parse(JSON.stringify(header).replaceAll('"F32"', '"I32"')) as unknown;
    const halves = JSON.parse(
      JSON.stringify(header).replace('"dtype":"F32"', '"dtype":"BF16"'),
    ) as unknown;
    expect({
      "not finite": refusal(nan),
      "weights alone": refusal(build(weights, dataBytes)),
      shape: refusal(build(swapped, dataBytes)),
      missing: refusal(build(renamed, dataBytes)),
      integers: refusal(build(ints, dataBytes)),
      "half of the bytes": refusal(build(halves, dataBytes)),
      "newer version": refusal(
        build({ ...header, __metadata__: { ...own, version: "2" } }, dataBytes),
      ),
    }).toMatchInlineSnapshot(`
      {
        "half of the bytes": "files/shape-mismatch | n.safetensors › conv1/kernel: the shape disagrees (expected 432 bytes for [3,3,3,8] BF16, found 864 bytes); export the network and its weights together.",
        "integers": "files/dtype-unsupported | n.safetensors › conv1/kernel: the number type is not supported (expected F32, found I32); export the weights as float32.",
        "missing": "files/missing-part | n.safetensors › fc/bias: a part is missing (expected [4] float32, found nothing); export the network again.",
        "newer version": "files/unsupported | n.safetensors › __metadata__ › version: this is not supported (expected format version 1, found 2); open it with a newer Espalier.",
        "not finite": "files/not-finite | n.safetensors › bn1/gamma: the weights hold numbers that are not finite (found 2 of 284, here first); use a checkpoint from before the training diverged.",
        "shape": "files/shape-mismatch | n.safetensors › conv1/kernel: the shape disagrees (expected [3,3,3,8], found [3,3,8,3]); export the network and its weights together.",
        "weights alone": "files/unsupported | n.safetensors: this is not supported (expected a network graph beside the weights, found weights alone, such as conv1/kernel); drop a safetensors file that Espalier wrote, or a tfjs model.json with its shards.",
      }
    `);
  });
});

describe("toFloat32", () => {
  it("widens halves exactly, subnormals and infinities included", () => {
    const halves = new Uint16Array([
      0x3c00, 0xc000, 0x0001, 0x03ff, 0x8000, 0x7bff, 0x7c00, 0x3555,
    ]);
    const values = toFloat32(new Uint8Array(halves.buffer), "F16");
    expect([...(values ?? [])]).toEqual([
      1,
      -2,
      2 ** -24,
      1023 * 2 ** -24,
      -0,
      65504,
      Infinity,
      0.333251953125,
    ]);
    expect(toFloat32(new Uint8Array([0x80, 0x3f]), "BF16")).toEqual(Float32Array.of(1));
    expect(toFloat32(new Uint8Array(Float64Array.of(0.1).buffer), "F64")).toEqual(
      Float32Array.of(0.1),
    );
    expect(toFloat32(new Uint8Array(4), "I32")).toBeUndefined();
  });
});
