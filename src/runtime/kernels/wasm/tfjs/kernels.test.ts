/**
 * @file Every kernel that is registered with TensorFlow.js against its cpu backend on random shapes:
 * gradients to 1e-4 of the largest value, everything else to 1e-5. Tensors are unaligned and stand
 * between guards; see `testing/guarded.ts`.
 */
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { known, makeRandom } from "../../../../core/index.ts";
import { openInNode } from "../../../testing/backends.ts";
import { distance } from "../../../testing/close.ts";
import { convolutionGeometry, poolGeometry, type ConvolutionAttributes } from "./geometry.ts";
import { runOnCpu, runOnWasm, type Given, type Inputs } from "./testing/guarded.ts";
import { suitsForward } from "./winograd.ts";

const [FORWARD, GRADIENT] = [1e-5, 1e-4];
const runs = { numRuns: 25 };

beforeAll(async () => {
  await openInNode("cpu");
  await openInNode("wasm");
});

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Random values of about 1; `stream` names them. */
function given(shape: readonly number[], stream: number): Given {
  const random = makeRandom(sizeOf(shape), stream);
  return { shape, values: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()) };
}

function compare(name: string, inputs: Inputs, attributes: object, tolerance: number): void {
  const { values } = runOnWasm(name, inputs, attributes);
  expect(distance(values, runOnCpu(name, inputs, attributes))).toBeLessThan(tolerance);
}

const between = (min: number, max: number) => fc.integer({ min, max });
const sides = fc.tuple(between(1, 9), between(1, 9));
const pads = fc.oneof(
  fc.constantFrom("same" as const, "valid" as const, 1, 2),
  fc
    .tuple(between(0, 3), between(0, 3), between(0, 3), between(0, 3))
    .map(([top, bottom, left, right]) => [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]),
) as fc.Arbitrary<ConvolutionAttributes["pad"]>;

/** A window and its step; mostly those that Winograd's algorithm takes. */
const windows = fc.oneof(
  fc.constant({ kernel: [3, 3], strides: [1, 1] }),
  fc.record({
    kernel: fc.tuple(between(1, 5), between(1, 5)),
    strides: fc.tuple(between(1, 3), between(1, 3)),
  }),
) as fc.Arbitrary<{ kernel: [number, number]; strides: [number, number] }>;

const isThere = (shape: readonly number[]): boolean => shape.every((side) => side > 0);

const convolutions = fc
  .record({ n: between(1, 2), hw: sides, cin: between(1, 40), cout: between(1, 40), pad: pads })
  .chain((shape) => windows.map((window) => ({ ...shape, ...window })))
  .map(({ n, hw, cin, cout, pad, kernel, strides }) => {
    const [x, w] = [
      [n, ...hw, cin],
      [...kernel, cin, cout],
    ];
    const attributes: ConvolutionAttributes = { strides, pad, dataFormat: "NHWC", dilations: 1 };
    const g = known(convolutionGeometry(x, w, attributes), "geometry");
    return { x, w, attributes, g, y: g.outShape };
  })
  .filter(({ y }) => isThere(y));

describe("convolution", () => {
  it("has the filter's gradient", () => {
    fc.assert(
      fc.property(convolutions, ({ x, w, y, attributes }) => {
        const inputs = { x: given(x, 1), dy: given(y, 2) };
        compare("Conv2DBackpropFilter", inputs, { ...attributes, filterShape: w }, GRADIENT);
      }),
      { numRuns: 40 },
    );
  });

  it("has the input's gradient", () => {
    fc.assert(
      fc.property(convolutions, ({ x, w, y, attributes }) => {
        const inputs = { dy: given(y, 1), filter: given(w, 2) };
        compare("Conv2DBackpropInput", inputs, { ...attributes, inputShape: x }, GRADIENT);
      }),
      { numRuns: 40 },
    );
  });

  it("runs forward, with bias and activation", () => {
    const activations = fc.constantFrom("linear", "relu", "relu6");
    const ours = convolutions.filter(({ g }) => suitsForward(g));
    fc.assert(
      fc.property(ours, activations, fc.boolean(), (c, activation, hasBias) => {
        const inputs = { x: given(c.x, 1), filter: given(c.w, 2) };
        compare("Conv2D", inputs, c.attributes, FORWARD);
        const bias = hasBias ? given(c.w.slice(3), 3) : undefined;
        compare("FusedConv2D", { ...inputs, bias }, { ...c.attributes, activation }, FORWARD);
      }),
      runs,
    );
  });
});

const depthwise = fc
  .record({ n: between(1, 3), hw: sides, cin: between(1, 40), times: between(1, 3), pad: pads })
  .chain((shape) => windows.map((window) => ({ ...shape, ...window })))
  .map(({ n, hw, cin, times, pad, kernel, strides }) => {
    const [x, w] = [
      [n, ...hw, cin],
      [...kernel, cin, times],
    ];
    const attributes: ConvolutionAttributes = { strides, pad, dilations: [1, 1] };
    return { x, w, attributes, y: convolutionGeometry(x, w, attributes, true)?.outShape ?? [] };
  })
  .filter(({ y }) => isThere(y));

describe("depthwise convolution", () => {
  it("has the filter's gradient", () => {
    fc.assert(
      fc.property(depthwise, ({ x, w, y, attributes }) => {
        const inputs = { x: given(x, 1), dy: given(y, 2) };
        const all = { ...attributes, filterShape: w };
        compare("DepthwiseConv2dNativeBackpropFilter", inputs, all, GRADIENT);
      }),
      runs,
    );
  });

  it("has the input's gradient", () => {
    fc.assert(
      fc.property(depthwise, ({ x, w, y, attributes }) => {
        const inputs = { dy: given(y, 1), filter: given(w, 2) };
        const all = { ...attributes, inputShape: x };
        compare("DepthwiseConv2dNativeBackpropInput", inputs, all, GRADIENT);
      }),
      runs,
    );
  });
});

const pools = fc
  .record({ n: between(1, 3), hw: sides, channels: between(1, 40), pad: pads })
  .chain((shape) => windows.map((window) => ({ ...shape, ...window })))
  .map(({ n, hw, channels, pad, kernel: filterSize, strides }) => {
    const attributes = { filterSize, strides, pad };
    const shape = [n, ...hw, channels];
    return { shape, attributes };
  })
  .map((c) => ({ ...c, g: poolGeometry(c.shape, c.attributes) }))
  .filter(({ g }) => isThere(g.outShape));

describe("pooling", () => {
  it("has the maximum's gradient, also where values are equal", () => {
    fc.assert(
      fc.property(pools, fc.boolean(), ({ shape, attributes, g }, hasTies) => {
        const { values, ...input } = given(shape, 1);
        const rounded = Array.from(values, (value) => (hasTies ? Math.round(value) : value));
        const inputs = { dy: given(g.outShape, 2), input: { ...input, values: rounded } };
        compare("MaxPoolGrad", { ...inputs, output: given(g.outShape, 3) }, attributes, GRADIENT);
      }),
      runs,
    );
  });

  // The cpu backend divides by the whole window, also where a part of it is padding that its forward
  // pass left out; so the definition stands here instead.
  it("has the average's gradient", () => {
    fc.assert(
      fc.property(pools, ({ shape, attributes, g }) => {
        const [dy, input] = [given(g.outShape, 1), given(shape, 2)];
        const { values } = runOnWasm("AvgPoolGrad", { dy, input }, attributes);
        const expected = new Float32Array(sizeOf(shape));
        for (let window = 0; window < sizeOf(g.outShape) / g.inChannels; window++) {
          const column = window % g.outWidth;
          const row = Math.floor(window / g.outWidth) % g.outHeight;
          const image = Math.floor(window / g.outWidth / g.outHeight);
          const pixels: number[] = [];
          for (let ky = 0; ky < g.filterHeight; ky++) {
            for (let kx = 0; kx < g.filterWidth; kx++) {
              const y = row * g.strideHeight - g.padInfo.top + ky;
              const px = column * g.strideWidth - g.padInfo.left + kx;
              if (y < 0 || px < 0 || y >= g.inHeight || px >= g.inWidth) continue;
              pixels.push((image * g.inHeight + y) * g.inWidth + px);
            }
          }
          for (const pixel of pixels) {
            for (let c = 0; c < g.inChannels; c++) {
              const at = pixel * g.inChannels + c;
              const share = (dy.values[window * g.inChannels + c] ?? NaN) / pixels.length;
              expected[at] = (expected[at] ?? NaN) + share;
            }
          }
        }
        expect(distance(values, expected)).toBeLessThan(GRADIENT);
      }),
      runs,
    );
  });

  it("agrees with cpu on the average where there is no padding", () => {
    const unpadded = pools.filter(({ g: { padInfo: p } }) =>
      [p.top, p.bottom, p.left, p.right].every((pad) => pad === 0),
    );
    fc.assert(
      fc.property(unpadded, ({ shape, attributes, g }) => {
        const inputs = { dy: given(g.outShape, 1), input: given(shape, 2) };
        compare("AvgPoolGrad", inputs, attributes, GRADIENT);
      }),
      { numRuns: 10 },
    );
  });
});

describe("the rest", () => {
  it("adds rows up by segment, and drops ids outside", () => {
    const shapes = fc.record({
      ids: fc.array(between(-1, 6), { minLength: 1, maxLength: 9 }),
      rest: fc.array(between(1, 4), { maxLength: 2 }),
      numSegments: between(1, 6),
    });
    fc.assert(
      fc.property(shapes, ({ ids, rest, numSegments }) => {
        const x = given([ids.length, ...rest], 1);
        const segmentIds = { shape: [ids.length], values: ids, dtype: "int32" as const };
        compare("UnsortedSegmentSum", { x, segmentIds }, { numSegments }, 1e-6);
      }),
      runs,
    );
  });

  it.each(["Sum", "Mean"])("has %s over pixels, by channel and by image", (name) => {
    const shapes = fc.record({
      channels: between(1, 40),
      axis: fc.constantFrom([0, 1, 2], [1, 2], [0], [1], [2], [3], [0, 2], [0, 1, 2, 3]),
      keepDims: fc.boolean(),
      n: between(1, 5),
    });
    fc.assert(
      fc.property(shapes, ({ n, channels, axis, keepDims }) => {
        // As many pixels as it takes for ours to be chosen, and no multiple of 4.
        const width = Math.ceil(16_384 / (7 * n * channels)) | 1;
        const { shape: all, values: signed } = given([n, 7, width, channels], 1);
        // Of one sign: what is left of sums that cancel is rounding.
        const inputs = { x: { shape: all, values: Array.from(signed, Math.abs) } };
        const { values, shape } = runOnWasm(name, inputs, { axis, keepDims });
        const expected = runOnCpu(name, inputs, { axis, keepDims });
        expect(distance(values, expected)).toBeLessThan(FORWARD);
        expect(shape.length).toBe(keepDims ? 4 : 4 - axis.length);
      }),
      runs,
    );
  });

  it("tiles values of every kind", () => {
    const shapes = fc
      .array(fc.tuple(between(1, 4), between(1, 4)), { minLength: 1, maxLength: 4 })
      .map((all) => ({ shape: all.map(([side]) => side), reps: all.map(([, times]) => times) }));
    const kinds = fc.constantFrom("float32" as const, "int32" as const, "bool" as const);
    fc.assert(
      fc.property(shapes, kinds, ({ shape, reps }, dtype) => {
        const values = Array.from({ length: sizeOf(shape) }, (_, i) =>
          dtype === "bool" ? i % 2 : i,
        );
        const inputs = { x: { shape, values, dtype } };
        expect(runOnWasm("Tile", inputs, { reps }).values).toEqual(
          runOnCpu("Tile", inputs, { reps }),
        );
      }),
      runs,
    );
  });

  it("multiplies with one matrix transposed", () => {
    const shapes = fc.record({
      rows: between(1, 70),
      inner: between(1, 70),
      columns: between(1, 70),
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      isStack: fc.boolean(),
    });
    fc.assert(
      fc.property(shapes, ({ rows, inner, columns, transposeA, transposeB, isStack }) => {
        const outer = isStack ? [1] : [];
        const a = given([...outer, ...(transposeA ? [inner, rows] : [rows, inner])], 1);
        const b = given([...outer, ...(transposeB ? [columns, inner] : [inner, columns])], 2);
        compare("BatchMatMul", { a, b }, { transposeA, transposeB }, FORWARD);
      }),
      runs,
    );
  });

  it("normalizes batches", () => {
    const shapes = fc.record({
      channels: between(1, 40),
      hasOffset: fc.boolean(),
      hasScale: fc.boolean(),
    });
    fc.assert(
      fc.property(shapes, ({ channels, hasOffset, hasScale }) => {
        const pixels = Math.ceil(4096 / channels) + 1;
        const { values } = given([channels], 3);
        const inputs = {
          x: given([1, 1, pixels, channels], 1),
          mean: given([channels], 2),
          variance: { shape: [channels], values: Array.from(values, Math.abs) },
          offset: hasOffset ? given([channels], 4) : undefined,
          scale: hasScale ? given([channels], 5) : undefined,
        };
        compare("FusedBatchNorm", inputs, { varianceEpsilon: 1e-3 }, FORWARD);
      }),
      runs,
    );
  });
});
