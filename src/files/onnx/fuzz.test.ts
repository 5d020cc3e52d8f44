/**
 * @file Thousands of damaged models: each opens or is refused with an `AppError`, in words without
 * `undefined` or `NaN`. The seed is fixed and printed on failure; `ESPALIER_FUZZ` sets the number.
 */
import { describe, expect, it } from "vitest";
import { AppError, explain, makeRandom } from "../../core/index.ts";
import { validateNetwork } from "../../model/index.ts";
import { awkward, mutate, tiny } from "../testing/samples.ts";
import { readOnnx } from "./read.ts";
import { decodeModel, encodeModel } from "./schema.ts";
import { floats, ints, model, node, value, weights } from "./testing/models.ts";
import { writeOnnx } from "./write.ts";

const MUTANTS = Number(process.env["ESPALIER_FUZZ"] ?? 5000);
const SEED = 20_261;

const own = (network: ReturnType<typeof tiny>): Uint8Array => writeOnnx(network, "net.onnx").bytes;
const stripped = (bytes: Uint8Array): Uint8Array =>
  encodeModel({ ...decodeModel(bytes, "net.onnx"), metadata: new Map() });

/** Most ops, few weights: most damage hits structure. */
const foreign = (): Uint8Array =>
  model({
    input: value("x", "N", 6, 6, 2),
    nodes: [
      node("Transpose", ["x"], "a", { perm: [0, 3, 1, 2] }),
      node("Pad", ["a", "pads"], "b"),
      node("Conv", ["b", "w"], "c", { strides: [1, 1], group: 1 }),
      node("Mul", ["c", "k"], "d"),
      node("Clip", ["d", "zero", "six"], "e"),
      node("MaxPool", ["e"], "f", {
        kernel_shape: [2, 2],
        strides: [2, 2],
        auto_pad: "SAME_UPPER",
      }),
      node("Gather", ["f", "i"], "g", { axis: 1 }),
      node("Concat", ["f", "g"], "h", { axis: 1 }),
      node("Shape", ["h"], "s"),
      node("Slice", ["s", "from", "to"], "n"),
      node("Concat", ["n", "rest"], "shape", { axis: 0 }),
      node("Reshape", ["h", "shape"], "r"),
      node("Gemm", ["r", "fc"], "t", { alpha: 0.5 }),
      node("Add", ["t", "t"], "u"),
      node("Softmax", ["u"], "y"),
    ],
    tensors: [
      ints("pads", 0, 0, 1, 1, 0, 0, 1, 1),
      weights("w", 3, 2, 3, 3),
      floats("k", [3, 1, 1], [1, 2, 3]),
      floats("zero", [], [0]),
      floats("six", [], [6]),
      ints("i", 2, 0),
      ints("from", 0),
      ints("to", 1),
      ints("rest", -1),
      weights("fc", 45, 4),
    ],
  });

const SEEDS: Readonly<Record<string, () => Uint8Array>> = {
  ours: () => own(tiny()),
  "ours without metadata": () => stripped(own(tiny())),
  "everything that ours can say": () => stripped(own(awkward())),
  "a foreign graph": foreign,
};

describe("damaged ONNX files", () => {
  for (const [kind, makeSeed] of Object.entries(SEEDS)) {
    it(
      `${kind}: ${MUTANTS} mutants open or are refused in words`,
      { timeout: 30_000 + 20 * MUTANTS },
      () => {
        const original = makeSeed();
        const random = makeRandom(SEED);
        const codes = new Map<string, number>();
        for (let i = 0; i < MUTANTS; i++) {
          let mutant = mutate(original, random);
          if (random.integer(3) === 0 && mutant.length > 0) mutant = mutate(mutant, random);
          const code = outcome(mutant, `seed ${SEED}, mutant ${i}`);
          codes.set(code, (codes.get(code) ?? 0) + 1);
        }
        expect(codes.size).toBeGreaterThan(5);
      },
    );
  }
});

function outcome(bytes: Uint8Array, label: string): string {
  try {
    validateNetwork(readOnnx(bytes, "net.onnx").network);
    return "opened";
  } catch (error) {
    if (!(error instanceof AppError)) throw new Error(label, { cause: error });
    expect(explain(error), label).not.toMatch(/undefined|NaN|null|\[object/);
    return error.code;
  }
}
