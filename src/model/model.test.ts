/** @file The Network value: what it refuses, what it costs, when two are the same. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explain, sizeOf } from "../core/index.ts";
import { refusal } from "../core/testing/refusal.ts";
import {
  architectureNames,
  buildArchitecture,
  costByNode,
  costOf,
  definitionOf,
  endsOf,
  factsOf,
  fingerprintGraph,
  fingerprintNetwork,
  GraphBuilder,
  initialize,
  OP_KINDS,
  parseArchitecture,
  readersOf,
  validateNetwork,
  weightSpecs,
  type Graph,
  type Network,
  type Node,
  type Op,
  type Tensor,
} from "./index.ts";

const INPUT: Node = { name: "input", op: { kind: "input", shape: [6, 6, 3] }, inputs: [] };
const relu = (name: string, ...inputs: string[]): Node => ({ name, op: { kind: "relu" }, inputs });

const graph = (nodes: readonly Node[], output = nodes.at(-1)?.name ?? ""): Graph => ({
  name: "net",
  nodes: [INPUT, ...nodes],
  output,
});

/** input → op, for refusals of one op. */
const single = (op: Op, shape: readonly number[] = [6, 6, 3]): Graph => ({
  name: "net",
  nodes: [
    { ...INPUT, op: { kind: "input", shape } },
    { name: "op", op, inputs: ["input"] },
  ],
  output: "op",
});

const window = { size: [3, 3], stride: [1, 1], padding: [1, 1, 1, 1] } as const;
const conv = { kind: "conv2d", filters: 4, groups: 1, bias: false, ...window } as const;

function small(): Network {
  const b = new GraphBuilder();
  const x = b.relu("relu", b.bn("bn", b.conv("conv", b.input([6, 6, 3]), { filters: 4 })));
  const y = b.add(
    "fc",
    { kind: "dense", units: 2, bias: true },
    b.add("gap", { kind: "globalAveragePool" }, x),
  );
  return initialize(b.finish("small", y), { seed: 3 });
}

const withWeight = (network: Network, name: string, tensor: Tensor | undefined): Network => {
  const weights = new Map(network.weights);
  if (tensor === undefined) weights.delete(name);
  else weights.set(name, tensor);
  return { ...network, weights };
};

describe("a broken graph", () => {
  const cases: readonly (readonly [string, Graph, code: string, sentence: string])[] = [
    [
      "a name that stands twice",
      graph([relu("a", "input"), relu("a", "a")]),
      "model/bad-graph",
      "net › a: the graph is broken (expected a name that no other node has, found a name that stands twice); export the network again.",
    ],
    [
      "an empty name",
      graph([relu("", "input")]),
      "model/bad-graph",
      "net › : the graph is broken (expected a name that no other node has, found an empty name); export the network again.",
    ],
    [
      "an input that is nowhere",
      graph([relu("a", "ghost")]),
      "model/bad-graph",
      "net › a › inputs: the graph is broken (expected nodes that stand before this one, found ghost); export the network again.",
    ],
    [
      "a cycle",
      graph([relu("a", "b"), relu("b", "a")]),
      "model/bad-graph",
      "net › a › inputs: the graph is broken (expected nodes that stand before this one, found b); export the network again.",
    ],
    [
      "a node that reads itself",
      graph([relu("a", "a")]),
      "model/bad-graph",
      "net › a › inputs: the graph is broken (expected nodes that stand before this one, found a); export the network again.",
    ],
    [
      "two inputs to a ReLU",
      graph([relu("a", "input", "input")]),
      "model/bad-graph",
      "net › a › inputs: the graph is broken (expected 1, found 2); export the network again.",
    ],
    [
      "an addition of one",
      graph([{ name: "sum", op: { kind: "add" }, inputs: ["input"] }]),
      "model/bad-graph",
      "net › sum › inputs: the graph is broken (expected 2 to 64, found 1); export the network again.",
    ],
    [
      "two input nodes",
      graph([{ ...INPUT, name: "other" }]),
      "model/bad-graph",
      "net: the graph is broken (expected one input node, standing first, found 2 input nodes); export the network again.",
    ],
    [
      "no node at all",
      { name: "net", nodes: [], output: "x" },
      "model/bad-graph",
      "net: the graph is broken (expected one input node, standing first, found 0 input nodes); export the network again.",
    ],
    [
      "an output that is no node",
      graph([relu("a", "input")], "ghost"),
      "model/bad-graph",
      "net: the graph is broken (expected an output that is one of the nodes, found ghost); export the network again.",
    ],
    [
      "maps of two sizes added",
      graph([
        { name: "conv", op: conv, inputs: ["input"] },
        { name: "sum", op: { kind: "add" }, inputs: ["input", "conv"] },
      ]),
      "model/shape-mismatch",
      "net › sum › inputs: the shapes disagree (expected [6,6,3], found [6,6,4]); export the network again.",
    ],
    [
      "maps of two sizes side by side",
      graph([
        { name: "conv", op: { ...conv, padding: [0, 0, 0, 0] }, inputs: ["input"] },
        { name: "join", op: { kind: "concat" }, inputs: ["input", "conv"] },
      ]),
      "model/shape-mismatch",
      "net › join › inputs: the shapes disagree (expected maps of [6,6], found [4,4,4]); export the network again.",
    ],
    [
      "a dense layer on a map",
      single({ kind: "dense", units: 2, bias: true }),
      "model/shape-mismatch",
      "net › op › input: the shapes disagree (expected [features], found [6,6,3]); export the network again.",
    ],
    [
      "a window larger than the map",
      single({ ...conv, size: [9, 9], padding: [0, 0, 0, 0] }),
      "model/shape-mismatch",
      "net › op › input: the shapes disagree (expected a map of at least [9,9], found [6,6,3]); export the network again.",
    ],
    [
      "channels that the groups do not divide",
      single({ ...conv, groups: 2 }),
      "model/shape-mismatch",
      "net › op › input: the shapes disagree (expected channels in multiples of 2, found [6,6,3]); export the network again.",
    ],
    [
      "a selection past the last channel",
      single({ kind: "channelSelect", indices: [0, 3] }),
      "model/shape-mismatch",
      "net › op › indices: the shapes disagree (expected below 3, found 3); export the network again.",
    ],
  ];

  it.each(cases)("%s is refused by name", async (_, broken, code, sentence) => {
    const error = await refusal(() => factsOf(broken));
    expect([error.code, explain(error)]).toEqual([code, sentence]);
  });
});

describe("a bad attribute", () => {
  const cases: [field: string, found: string, op: Op, shape?: number[]][] = [
    ["filters", "0", { ...conv, filters: 0 }],
    ["filters", "2.5", { ...conv, filters: 2.5 }],
    ["filters", "4", { ...conv, groups: 3 }],
    ["groups", "-1", { ...conv, groups: -1 }],
    ["size", "[0,3]", { ...conv, size: [0, 3] }],
    ["stride", "[1,NaN]", { ...conv, stride: [1, NaN] }],
    ["padding", "[3,0,0,0]", { ...conv, padding: [3, 0, 0, 0] }],
    ["padding", "[0,0,-1,0]", { ...conv, padding: [0, 0, -1, 0] }],
    ["stride", "[0,1]", { kind: "maxPool", ...window, stride: [0, 1] }],
    ["units", "0", { kind: "dense", units: 0, bias: false }, [4]],
    ["epsilon", "0", { kind: "batchNorm", epsilon: 0, momentum: 0.1 }],
    ["epsilon", "NaN", { kind: "batchNorm", epsilon: NaN, momentum: 0.1 }],
    ["momentum", "1.5", { kind: "batchNorm", epsilon: 1e-5, momentum: 1.5 }],
    ["indices", "none", { kind: "channelSelect", indices: [] }],
    ["indices", "-2", { kind: "channelSelect", indices: [0, -2] }],
    ["indices", "0.5", { kind: "channelSelect", indices: [0.5] }],
  ];

  it.each(cases)("%s = %s is refused", async (...one) => {
    const [field, found, op, shape] = one;
    const error = await refusal(() => factsOf(single(op, shape)));
    expect([error.code, error.where, error.found]).toEqual([
      "model/bad-attribute",
      `net › op › ${field}`,
      found,
    ]);
    expect(explain(error)).toMatch(/^net › op › \w+: a setting has a bad value \(expected .*\); /);
  });

  it("of the input's shape is refused", async () => {
    for (const shape of [[], [3, 3], [0, 3, 3], [3, 3, 1.5], [2, 2, 2, 2]]) {
      const error = await refusal(() => factsOf(single({ kind: "relu" }, shape)));
      expect([error.code, error.where]).toEqual(["model/bad-attribute", "net › input › shape"]);
    }
  });
});

describe("a network", () => {
  const zeros = (...shape: number[]): Tensor => ({
    shape,
    values: new Float32Array(sizeOf(shape)),
  });

  it("that is whole passes", () => {
    validateNetwork(small());
    expect(endsOf(small())).toEqual({ input: [6, 6, 3], output: [2] });
  });

  it("without one of its weights is refused", async () => {
    const error = await refusal(() => validateNetwork(withWeight(small(), "bn/mean", undefined)));
    expect(explain(error)).toBe("small › bn/mean: a weight is missing; export the network again.");
    expect(error.code).toBe("model/missing-weight");
  });

  it("with a weight of another shape is refused, also when the count fits", async () => {
    for (const tensor of [
      zeros(3, 3, 4, 3),
      zeros(108),
      { ...zeros(3, 3, 3, 4), values: new Float32Array(107) },
    ]) {
      const error = await refusal(() =>
        validateNetwork(withWeight(small(), "conv/kernel", tensor)),
      );
      expect([error.code, error.where]).toEqual(["model/shape-mismatch", "small › conv/kernel"]);
      expect(error.expected).toBe("[3,3,3,4]");
    }
  });

  it.each([NaN, Infinity, -Infinity])("with a weight of %d is refused", async (bad) => {
    const spoiled = zeros(4);
    spoiled.values[2] = bad;
    const error = await refusal(() => validateNetwork(withWeight(small(), "bn/gamma", spoiled)));
    expect(error.code).toBe("files/not-finite");
    expect(explain(error)).toMatch(/^small › bn\/gamma: .*found 1 of 4 values/);
  });

  it("with a weight that belongs to nothing is refused", async () => {
    const error = await refusal(() =>
      validateNetwork(withWeight(small(), "ghost/kernel", zeros(1))),
    );
    expect(error.code).toBe("model/bad-graph");
    expect(explain(error)).toContain(
      "small › ghost/kernel: the graph is broken (expected a weight of some node",
    );
  });

  it("can be posted to a worker and is the same there", () => {
    const network = small();
    const there = structuredClone(network);
    validateNetwork(there);
    expect(fingerprintNetwork(there)).toBe(fingerprintNetwork(network));
  });

  it("knows who reads whom", () => {
    const readers = readersOf(graph([relu("a", "input"), relu("b", "input"), relu("c", "b")]));
    expect([...readers].map(([name, nodes]) => [name, nodes.map((node) => node.name)])).toEqual([
      ["input", ["a", "b"]],
      ["a", []],
      ["b", ["c"]],
      ["c", []],
    ]);
  });
});

describe("fresh weights", () => {
  it("are the same for a seed, others for another, and of the right spread", () => {
    const build = (seed: number) => buildArchitecture("vgg11:width=0.25", seed);
    expect(fingerprintNetwork(build(1))).toBe(fingerprintNetwork(build(1)));
    expect(fingerprintNetwork(build(1))).not.toBe(fingerprintNetwork(build(2)));
    const { weights } = build(1);
    const values = weights.get("conv4/kernel")?.values ?? new Float32Array();
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    // N(0, √(2 / (3·3·64))): 36 864 values give the deviation within half a per cent.
    expect(deviation / Math.sqrt(2 / (9 * 64))).toBeCloseTo(1, 1.8);
    expect(new Set(weights.get("bn4/gamma")?.values)).toEqual(new Set([0.5]));
    expect(new Set(weights.get("bn4/variance")?.values)).toEqual(new Set([1]));
    for (const name of ["bn4/beta", "bn4/mean", "fc/bias"]) {
      expect(new Set(weights.get(name)?.values)).toEqual(new Set([0]));
    }
  });

  it("are one network for ever: a published seed must stay reproducible", () => {
    expect(fingerprintNetwork(buildArchitecture("vgg11:width=0.0625", 1))).toMatchInlineSnapshot(
      `"b942aab2215349d7dd14e7958409c360238d8903a9e842bff6fcf84f00aa327d"`,
    );
  });
});

describe("a fingerprint", () => {
  it("ignores the order of attributes and weights, and names for people", () => {
    const network = small();
    const turned: Network = {
      ...network,
      name: "another name",
      metadata: { provenance: { by: "someone" } },
      nodes: network.nodes.map(({ name, op, inputs }) => ({
        inputs,
        op: Object.fromEntries(Object.entries(op).toReversed()) as unknown as Op,
        name,
      })),
      weights: new Map([...network.weights].toReversed()),
    };
    expect(fingerprintNetwork(turned)).toBe(fingerprintNetwork(network));
  });

  it("changes with a single bit of any weight", () => {
    const network = small();
    const before = fingerprintNetwork(network);
    for (const [name, tensor] of network.weights) {
      const values = tensor.values.slice();
      const bits = new Uint32Array(values.buffer);
      bits[bits.length - 1] = (bits.at(-1) ?? 0) ^ 1;
      const other = withWeight(network, name, { ...tensor, values });
      expect(fingerprintNetwork(other), name).not.toBe(before);
    }
  });

  it("changes with an attribute, an edge, a node's name and the output", () => {
    const base = graph([relu("a", "input"), relu("b", "a")]);
    const others: Graph[] = [
      graph([relu("a", "input"), relu("b", "input")]),
      graph([relu("a", "input"), relu("c", "a")]),
      graph([relu("a", "input"), relu("b", "a")], "a"),
      graph([relu("a", "input"), { ...relu("b", "a"), op: { kind: "relu6" } }]),
    ];
    const all = [base, ...others].map(fingerprintGraph);
    expect(new Set(all).size).toBe(5);
    const eps = (epsilon: number) =>
      fingerprintGraph(single({ kind: "batchNorm", epsilon, momentum: 0.1 }));
    expect(eps(1e-5)).not.toBe(eps(1e-3));
  });
});

describe("what a network costs", () => {
  it("is what its nodes cost together", () => {
    for (const name of architectureNames().filter((one) => !/110|164|100/.test(one))) {
      const built = parseArchitecture(name)?.graph;
      expect.assert(built !== undefined);
      const nodes = [...costByNode(built).values()];
      const total = (pick: (cost: (typeof nodes)[number]) => number): number =>
        nodes.reduce((sum, cost) => sum + pick(cost), 0);
      expect(costOf(built)).toEqual({
        parameters: total((cost) => cost.parameters),
        macs: total((cost) => cost.macs),
        bytes: total((cost) => cost.bytes),
      });
    }
  });

  it("counts stored bytes with running statistics, parameters without", () => {
    const network = small();
    const stored = [...network.weights.values()].reduce(
      (sum, { values }) => sum + values.byteLength,
      0,
    );
    const { parameters, bytes } = costOf(network);
    expect(bytes).toBe(stored);
    expect(parameters).toBe(108 + 2 * 4 + 4 * 2 + 2);
    expect(bytes / 4 - parameters).toBe(2 * 4);
  });

  it.each([
    ["plain", { filters: 8 }, 3 * 3 * 6 * 8, 5 * 5 * 8 * 9 * 6],
    ["in 2 groups", { filters: 8, groups: 2 }, 3 * 3 * 3 * 8, 5 * 5 * 8 * 9 * 3],
    ["depthwise", { filters: 6, groups: 6 }, 3 * 3 * 6, 5 * 5 * 6 * 9],
    ["depthwise, doubled", { filters: 12, groups: 6 }, 3 * 3 * 12, 5 * 5 * 12 * 9],
    ["with bias", { filters: 8, bias: true }, 3 * 3 * 6 * 8 + 8, 5 * 5 * 8 * 9 * 6],
  ])("of a convolution, %s, is counted by hand", (_, setting, parameters, macs) => {
    const cost = costOf(single({ ...conv, ...setting }, [5, 5, 6]));
    expect([cost.parameters, cost.macs]).toEqual([parameters, macs]);
  });
});

describe("a window", () => {
  it("fits as often as it can be laid down", () => {
    const side = fc.record({
      pixels: fc.integer({ min: 1, max: 40 }),
      size: fc.integer({ min: 1, max: 9 }),
      stride: fc.integer({ min: 1, max: 5 }),
      before: fc.nat(8),
      after: fc.nat(8),
    });
    fc.assert(
      fc.property(side, side, fc.constantFrom("conv2d", "maxPool", "averagePool"), (y, x, kind) => {
        fc.pre([y, x].every(({ before, after, size }) => before < size && after < size));
        const count = ({ pixels, size, stride, before, after }: typeof y): number => {
          let n = 0;
          for (let at = -before; at + size <= pixels + after; at += stride) n++;
          return n;
        };
        const geometry = {
          size: [y.size, x.size],
          stride: [y.stride, x.stride],
          padding: [y.before, y.after, x.before, x.after],
        } as const;
        const op = (
          kind === "conv2d" ? { ...conv, filters: 3, ...geometry } : { kind, ...geometry }
        ) as Op;
        const found = definitionOf(op).inferShape(op, [[y.pixels, x.pixels, 3]]);
        const expected = [count(y), count(x)];
        if (expected.includes(0)) expect(found).toMatchObject({ field: "input" });
        else expect(found).toEqual([...expected, 3]);
      }),
      { numRuns: 400 },
    );
  });
});

describe("an architecture's name", () => {
  it.each(architectureNames())("%s is understood, and its network is whole", (name) => {
    const built = parseArchitecture(name)?.graph;
    expect.assert(built !== undefined);
    expect(endsOf(built)).toEqual({ input: [32, 32, 3], output: [10] });
    expect(weightSpecs(built).size).toBeGreaterThan(10);
  });

  it("may be written in capitals, with or without the dash", () => {
    const fingerprints = ["vgg16", "VGG-16", " vgg16 ", "vgg16:"].map((text) => {
      const built = parseArchitecture(text)?.graph;
      return built === undefined ? text : fingerprintGraph(built);
    });
    expect(new Set(fingerprints).size).toBe(1);
  });

  it("takes classes, width, growth and stem", () => {
    const ends = (text: string) => endsOf(parseArchitecture(text)?.graph ?? graph([])).output;
    expect(ends("resnet-20:classes=100")).toEqual([100]);
    const dense = parseArchitecture("densenet-40:growth=8,stem=10")?.graph;
    expect(dense?.nodes[1]?.op).toMatchObject({ filters: 10 });
    const half = parseArchitecture("vgg11:width=0.5")?.graph;
    expect(half?.nodes[1]?.op).toMatchObject({ filters: 32 });
  });

  it.each(["", "model.json", "a b", "vgg", "vgg16.onnx", "16vgg"])(
    "%j is not even an architecture's name",
    (text) => {
      expect(parseArchitecture(text)).toBeUndefined();
    },
  );

  it.each([
    ["vgg12", "model/unknown-architecture", "vgg12", "vgg with depth 11, 13, 16, 19"],
    ["resnet-21", "model/unknown-architecture", "resnet-21", "resnet with depth 6n+2"],
    [
      "preresnet-20:width=0",
      "model/bad-attribute",
      "preresnet-20:width=0 › width",
      "a number from 0.015625 to 8",
    ],
    ["resnet-2", "model/unknown-architecture", "resnet-2", "resnet with depth 6n+2"],
    [
      "alexnet-8",
      "model/unknown-architecture",
      "alexnet-8",
      "one of vgg, preresnet, resnet, densenet, densenet-bc",
    ],
    ["vgg16:width", "model/bad-attribute", "vgg16:width › width", "a number from 0.015625 to 8"],
    [
      "vgg16:width=wide",
      "model/bad-attribute",
      "vgg16:width=wide › width",
      "a number from 0.015625 to 8",
    ],
    [
      "vgg16:depth=3",
      "model/bad-attribute",
      "vgg16:depth=3 › depth",
      "one of width, classes, growth, stem, head",
    ],
    [
      "vgg16:classes=1",
      "model/bad-attribute",
      "vgg16:classes=1 › classes",
      "a whole number from 2 to 10000",
    ],
    [
      "vgg16:classes=2.5",
      "model/bad-attribute",
      "vgg16:classes=2.5 › classes",
      "a whole number from 2 to 10000",
    ],
    [
      "vgg16:constructor=1",
      "model/bad-attribute",
      "vgg16:constructor=1 › constructor",
      "one of width, classes, growth, stem, head",
    ],
    [
      "constructor-16",
      "model/unknown-architecture",
      "constructor-16",
      "one of vgg, preresnet, resnet, densenet, densenet-bc",
    ],
  ])("%s is refused with what there is instead", async (text, code, where, expected) => {
    const error = await refusal(() => parseArchitecture(text));
    expect([error.code, error.where, error.expected]).toEqual([code, where, expected]);
  });

  it("that is none is refused when a network is to be built", async () => {
    expect((await refusal(() => buildArchitecture("my model", 1))).code).toBe(
      "model/unknown-architecture",
    );
  });

  it("covers every kind of op somewhere, so that none is declared in vain", () => {
    const used = new Set<string>(["relu6", "elu", "leakyRelu", "swish", "tanh", "softmax"]);
    for (const name of ["vgg11", "resnet-20", "preresnet-20", "densenet-40"]) {
      for (const { op } of parseArchitecture(name)?.graph.nodes ?? []) used.add(op.kind);
    }
    expect(OP_KINDS.filter((kind) => !used.has(kind))).toEqual([]);
  });
});
