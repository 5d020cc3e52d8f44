/** @file Who writes a gradient and who adds to it, by the instructions that come of it. */
import { describe, expect, it } from "vitest";
import { known } from "../../core/index.ts";
import { GraphBuilder, initialize, type Network, type NodeName } from "../../model/index.ts";
import type { Place } from "./blocks.ts";
import type { PlacedInstruction } from "./listing.ts";
import { lowerTraining } from "./lower-training.ts";

/** The instructions of a network that ends in what `build` makes, from the loss's gradient on. */
function backwardOf(
  build: (b: GraphBuilder, image: NodeName) => NodeName,
): readonly PlacedInstruction[] {
  const b = new GraphBuilder();
  const y = build(b, b.input([4, 4, 4]));
  const mean = b.add("mean", { kind: "globalAveragePool" }, y);
  const logits = b.add("fc", { kind: "dense", units: 3, bias: false }, mean);
  const network: Network = initialize(b.finish("test", logits), { seed: 1 });
  const { instructions } = lowerTraining(network, 2, 2).listing;
  const start = instructions.findIndex(({ name }) => name === "crossEntropyGradient");
  return instructions.slice(start);
}

const conv = (b: GraphBuilder, name: NodeName, from: NodeName, filters: number): NodeName =>
  b.conv(name, from, { filters, size: 1 });

/** What an instruction writes its gradient to. */
const target = ({ words }: PlacedInstruction) => words["dx"] ?? words["y"];

describe("the gradient of a result", () => {
  it("is written by the first of its readers' gradients, and added to by the others", () => {
    const back = backwardOf((b, x) => {
      const y = b.relu("act", b.bn("bn", conv(b, "shared", x, 4)));
      return b.add("join", { kind: "concat" }, conv(b, "p", y, 4), conv(b, "q", y, 4));
    });
    const inputs = back.filter(({ name, words }) => name === "convGemm" && words["partials"] === 0);
    // dense, q, p; the image's gradient is not asked for.
    expect(inputs.map(({ words }) => words["accumulate"])).toEqual([0, 0, 1]);
    expect(inputs[2] && target(inputs[2])).toEqual(inputs[1] && target(inputs[1]));
    expect(back.some(({ name }) => name === "zero")).toBe(false);
  });

  it("gets zeros where only a slice of it has been written, once somebody wants to add", () => {
    const back = backwardOf((b, x) => {
      const [p, q] = [conv(b, "p", x, 4), conv(b, "q", x, 8)];
      const join = b.bn("bn", b.add("join", { kind: "concat" }, p, q));
      // It reads one slice, behind the whole.
      const late = b.bn("late", b.relu("act", q));
      return b.add("all", { kind: "concat" }, join, late);
    });
    const zeros = back.filter(({ name }) => name === "zero");
    expect(zeros.map(({ words }) => words["channels"])).toEqual([4]);
    const norms = back.filter(({ name }) => name === "affineGradient");
    expect(norms.map(({ words }) => words["accumulate"])).toEqual([0, 1]);
  });

  it("lies where the sum's does when that is all there is to it", () => {
    const back = backwardOf((b, x) => {
      const stream = conv(b, "stream", x, 4);
      const branch = conv(b, "last", b.relu("act", b.bn("bn", stream)), 4);
      return b.add("sum", { kind: "add" }, branch, stream);
    });
    // No copy: the branch reads the sum's gradient, then its own is added to it for the stream.
    expect(back.some(({ name }) => name === "activateGradient")).toBe(false);
    const norm = back.find(({ name }) => name === "affineGradient");
    const pool = back.find(({ name }) => name === "averagePoolGradient");
    expect(norm?.words["accumulate"]).toBe(1);
    expect(norm && target(norm)).toEqual(pool && target(pool));
  });

  it("is written over by a curve in front of it, which is told where it bends", () => {
    for (const op of [{ kind: "tanh" }, { kind: "swish" }] as const) {
      const back = backwardOf((b, x) => {
        const y = b.add("curve", op, conv(b, "below", x, 4));
        return conv(b, "above", y, 8);
      });
      const { words } = known(
        back.find(({ name }) => name === "curveGradient"),
        op.kind,
      );
      expect(words["dx"]).toEqual(words["dy"]);
      expect(words["accumulate"]).toBe(0);
      const z = words["z"] as Place;
      expect(z.block.name).toBe(op.kind === "swish" ? "map below" : "map curve");
    }
  });

  it("is copied when the stream would change it before the branch has read it", () => {
    const back = backwardOf((b, x) => {
      const branch = conv(b, "branch", x, 4);
      const stream = conv(b, "stream", x, 4);
      const other = b.relu("act", b.bn("bn", stream));
      const sum = b.add("sum", { kind: "add" }, branch, stream);
      return b.add("all", { kind: "concat" }, sum, other);
    });
    const copies = back.filter(({ name }) => name === "activateGradient");
    expect(copies.map(({ words }) => words["accumulate"])).toEqual([0]);
  });
});
