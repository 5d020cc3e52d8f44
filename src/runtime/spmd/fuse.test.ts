/** @file What runs together, and where results come to lie. */
import { describe, expect, it } from "vitest";
import { known } from "../../core/index.ts";
import {
  buildArchitecture,
  factsOf,
  GraphBuilder,
  initialize,
  type Network,
  type NodeName,
} from "../../model/index.ts";
import { fuse } from "./fuse.ts";
import type { Unit } from "./units.ts";
import { assertSound, placeValues } from "./values.ts";

const fused = (network: Network, training: boolean): readonly Unit[] =>
  fuse(network, network.output, training).units;

function valuesOf(network: Network) {
  const facts = factsOf(network);
  const units = fused(network, true);
  const values = placeValues(units, (name) => known(facts.get(name), name).shape);
  assertSound(values);
  return { units, of: (name: NodeName) => known(values.get(name), name) };
}

const kinds = (units: readonly Unit[]): string => units.map(({ kind }) => kind).join(" ");

function built(build: (b: GraphBuilder, image: NodeName) => NodeName): Network {
  const b = new GraphBuilder();
  const y = build(b, b.input([8, 8, 3]));
  return initialize(b.finish("test", y), { seed: 1 });
}

describe("while training", () => {
  it("batch norm takes activation and pooling along", () => {
    const network = buildArchitecture("vgg11:width=0.0625", 1);
    const units = fused(network, true);
    expect(kinds(units)).toBe(
      `input${" convolution norm".repeat(8)} averagePool flatten convolution`,
    );
    const pools = units.filter((unit) => unit.kind === "norm" && unit.pool);
    expect(pools).toHaveLength(4);
  });

  it("a selection goes along, one of everything disappears", () => {
    const network = (indices: number[]): Network =>
      built((b, x) => {
        const y = b.add("select", { kind: "channelSelect", indices }, b.bn("bn", x));
        return b.relu("relu", y);
      });
    const [some] = fused(network([2, -1]), true).slice(1);
    expect(some).toMatchObject({ kind: "norm", name: "relu", selection: [2, -1] });
    const [all] = fused(network([0, 1, 2]), true).slice(1);
    expect(all).toMatchObject({ kind: "norm", name: "relu", selection: undefined });
    expect(kinds(fused(network([1, 1]), true))).toBe("input norm select activation");
  });

  it("an activation that bends is nobody's to take along", () => {
    const network = built((b, x) => {
      const y = b.add("swish", { kind: "swish" }, b.bn("bn", b.conv("conv", x, { filters: 4 })));
      return b.add("tanh", { kind: "tanh" }, b.add("sum", { kind: "add" }, y, y));
    });
    expect(kinds(fused(network, true))).toBe("input convolution norm curve add curve");
    expect(kinds(fused(network, false))).toBe("input convolution curve add curve");
  });

  it("nothing is taken along that somebody else reads, or that is the output", () => {
    const network = built((b, x) => {
      const y = b.bn("bn", x);
      return b.add("sum", { kind: "add" }, b.relu("relu", y), y);
    });
    expect(kinds(fused(network, true))).toBe("input norm activation add");
    expect(kinds(fuse(network, "bn", true).units)).toBe("input norm");
  });
});

describe("in inference", () => {
  it("a convolution takes batch norm and activation along", () => {
    const units = fused(buildArchitecture("vgg11:width=0.0625", 1), false);
    expect(units.some(({ kind }) => kind === "norm" || kind === "activation")).toBe(false);
  });

  it("but leaves the batch norm to a selection behind it", () => {
    const network = built((b, x) => {
      const y = b.bn("bn", b.conv("conv", x, { filters: 4 }));
      return b.relu("relu", b.add("select", { kind: "channelSelect", indices: [3, 0] }, y));
    });
    expect(kinds(fused(network, false))).toBe("input convolution norm");
  });
});

describe("where results lie", () => {
  it("nested concats share one buffer, and nothing is copied", () => {
    const { units, of } = valuesOf(buildArchitecture("densenet-13:growth=3", 1));
    const concats = units.filter(({ kind }) => kind === "concat");
    for (const { name, inputs } of concats) {
      for (const input of inputs) expect(of(input).root, input).toBe(of(name).root);
    }
    const inner = of("dense1.0.concat");
    expect(inner.root.name).toBe("dense1.2.concat");
    // 6 channels of the stem in 8 floats, then 3 in 4 of each layer.
    expect(inner.root.stride).toBe(8 + 3 * 4);
    expect(inner.layout.map).toEqual([0, 1, 2, 3, 4, 5, 8, 9, 10]);
    expect(of("dense1.1.conv1")).toMatchObject({ offset: 12, span: 4 });
  });

  it("what is in two concats lies in the later one", () => {
    const { of } = valuesOf(
      built((b, x) => {
        const [p, q] = [b.conv("p", x, { filters: 4 }), b.conv("q", x, { filters: 4 })];
        const first = b.relu("act", b.add("first", { kind: "concat" }, p, q));
        return b.add("second", { kind: "concat" }, first, q);
      }),
    );
    expect(of("q").root.name).toBe("second");
    expect(of("q").offset).toBe(8);
    expect(of("p").root.name).toBe("first");
  });

  it("flatten is another view, unless its pixels have others between them", () => {
    const { of } = valuesOf(
      built((b, x) => {
        const [p, q] = [b.conv("p", x, { filters: 3 }), b.conv("q", x, { filters: 3 })];
        const flat = b.add("flat", { kind: "flatten" }, p);
        const join = b.add("join", { kind: "concat" }, p, q);
        const other = b.add("other", { kind: "flatten" }, join);
        const dense = b.add("dense", { kind: "dense", units: 192, bias: false }, flat);
        const head = b.add("head", { kind: "dense", units: 192, bias: false }, other);
        return b.add("sum", { kind: "add" }, dense, head);
      }),
    );
    expect(of("other").root).toBe(of("join").root);
    expect(of("other").layout.physical).toBe(64 * 8);
    expect(of("flat").root.name).toBe("flat");
  });
});
