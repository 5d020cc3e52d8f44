/**
 * @file Convolutions of random geometry on wasm against plain loops in double precision, forward and
 * both gradients. float32 sums of at most 7·7·6 products differ from the loops by about
 * √300 · 6e-8 ≈ 1e-6 of the largest value: 1e-5 forward, 1e-4 for gradients, which sum over the
 * batch and the map as well.
 */
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { makeRandom, sizeOf } from "../core/index.ts";
import { endsOf, GraphBuilder, type Conv2d, type Network, type Tensor } from "../model/index.ts";
import { compile, type Backend } from "./index.ts";
import { openInNode } from "./testing/backends.ts";
import { distance } from "./testing/close.ts";
import { gradientsOf } from "./testing/conformance.ts";
import { addHolder, corners, heldBy } from "./testing/holder.ts";
import { withLeakCheck } from "./testing/leaks.ts";

interface Problem {
  readonly n: number;
  readonly h: number;
  readonly w: number;
  readonly cin: number;
  readonly op: Conv2d;
  readonly seed: number;
}

const side = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 3 }))
  .chain(([size, stride]) =>
    fc
      .tuple(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 0, max: size - 1 }))
      .chain(([before, after]) =>
        fc
          .integer({ min: Math.max(1, size - before - after), max: 9 })
          .map((pixels) => ({ size, stride, before, after, pixels })),
      ),
  );

/** Groups with channels a group, in and out; `[c, 1, m]` is depthwise. */
const widths = fc.oneof(
  fc.tuple(fc.constant(1), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 })),
  fc.tuple(
    fc.integer({ min: 2, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
  ),
);

const problem: fc.Arbitrary<Problem> = fc
  .record({ y: side, x: side, widths, n: fc.integer({ min: 1, max: 3 }), seed: fc.nat(1e6) })
  .map(({ y, x, widths: [groups, inEach, outEach], n, seed }) => ({
    n,
    h: y.pixels,
    w: x.pixels,
    cin: groups * inEach,
    seed,
    op: {
      kind: "conv2d",
      filters: groups * outEach,
      groups,
      bias: seed % 2 === 0,
      size: [y.size, x.size],
      stride: [y.stride, x.stride],
      padding: [y.before, y.after, x.before, x.after],
    },
  }));

/** Input → holder → convolution → flatten: the flat map is the logits, so its gradient is known. */
function networkOf({ n, h, w, cin, op, seed }: Problem): Network {
  const b = new GraphBuilder();
  const x = addHolder(b, "x", [h, w, cin], b.input([h, w, n]));
  const y = b.add("flat", { kind: "flatten" }, b.add("conv", op, x));
  const random = makeRandom(seed);
  const tensor = (...shape: number[]): Tensor => ({
    shape,
    values: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
  });
  const weights = new Map<string, Tensor>([
    ["x/kernel", tensor(h, w, n, cin)],
    ["conv/kernel", tensor(...op.size, cin / op.groups, op.filters)],
  ]);
  if (op.bias) weights.set("conv/bias", tensor(op.filters));
  return { ...b.finish("random convolution", y), weights, metadata: {} };
}

/** Calls `visit` for every product of a convolution, with indices into x, kernel and y. */
function eachProduct(
  { n, h, w, cin, op }: Problem,
  [ho = 0, wo = 0]: readonly number[],
  visit: (x: number, k: number, y: number) => void,
): void {
  const [inEach, outEach] = [cin / op.groups, op.filters / op.groups];
  for (let i = 0; i < n; i++) {
    for (let oy = 0; oy < ho; oy++) {
      for (let ox = 0; ox < wo; ox++) {
        for (let o = 0; o < op.filters; o++) {
          for (let ky = 0; ky < op.size[0]; ky++) {
            for (let kx = 0; kx < op.size[1]; kx++) {
              const y = oy * op.stride[0] + ky - op.padding[0];
              const x = ox * op.stride[1] + kx - op.padding[2];
              if (y < 0 || y >= h || x < 0 || x >= w) continue;
              for (let c = 0; c < inEach; c++) {
                const channel = Math.floor(o / outEach) * inEach + c;
                visit(
                  ((i * h + y) * w + x) * cin + channel,
                  ((ky * op.size[1] + kx) * inEach + c) * op.filters + o,
                  ((i * ho + oy) * wo + ox) * op.filters + o,
                );
              }
            }
          }
        }
      }
    }
  }
}

/** softmax(z) − onehot(0), over the batch: the gradient of the mean cross-entropy by the logits. */
function logitsGradient(logits: Float64Array, n: number): Float64Array {
  const classes = logits.length / n;
  const gradient = new Float64Array(logits.length);
  for (let i = 0; i < n; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const top = Math.max(...row);
    const total = row.reduce((sum, z) => sum + Math.exp(z - top), 0);
    row.forEach((z, c) => {
      gradient[i * classes + c] = (Math.exp(z - top) / total - (c === 0 ? 1 : 0)) / n;
    });
  }
  return gradient;
}

const add = (to: Float64Array, at: number, value: number): void => {
  to[at] = (to[at] as number) + value;
};

describe("convolutions of random geometry on wasm", () => {
  let wasm: Backend;
  beforeAll(async () => {
    wasm = await openInNode("wasm");
  });

  it("give the loops' maps, and the loops' gradients by kernel, bias and input", async () => {
    await fc.assert(
      fc.asyncProperty(problem, async (one) => {
        const network = networkOf(one);
        const shape = endsOf({ ...network, output: "conv" }).output;
        const of = (name: string): Float32Array =>
          network.weights.get(name)?.values ?? new Float32Array(one.op.filters);
        const [x, kernel, bias] = [
          heldBy(of("x/kernel"), one.n, [one.h, one.w, one.cin]),
          of("conv/kernel"),
          of("conv/bias"),
        ];
        const y = Float64Array.from(
          { length: one.n * sizeOf(shape) },
          (_, i) => bias[i % one.op.filters] as number,
        );
        eachProduct(one, shape, (xi, ki, yi) => {
          add(y, yi, (x[xi] as number) * (kernel[ki] as number));
        });
        const dy = logitsGradient(y, one.n);
        const [dx, dk, db] = [x, kernel, bias].map((values) => new Float64Array(values.length)) as [
          Float64Array,
          Float64Array,
          Float64Array,
        ];
        eachProduct(one, shape, (xi, ki, yi) => {
          add(dx, xi, (kernel[ki] as number) * (dy[yi] as number));
          add(dk, ki, (x[xi] as number) * (dy[yi] as number));
        });
        dy.forEach((value, i) => add(db, i % one.op.filters, value));

        await withLeakCheck(async () => {
          const program = compile(network, wasm, one.n);
          const images = corners(one.n, [one.h, one.w]);
          expect(distance(await program.forward(images), y)).toBeLessThan(1e-5);
          const labels = new Int32Array(one.n);
          const { gradients } = await gradientsOf(program, { images, labels });
          program.dispose();
          const found = (name: string): Float32Array =>
            gradients.get(name)?.values ?? new Float32Array();
          const held = heldBy(found("x/kernel"), one.n, [one.h, one.w, one.cin]);
          expect(distance(held, dx)).toBeLessThan(1e-4);
          expect(distance(found("conv/kernel"), dk)).toBeLessThan(1e-4);
          if (one.op.bias) expect(distance(found("conv/bias"), db)).toBeLessThan(1e-4);
        });
      }),
      { numRuns: 150 },
    );
  });
});
