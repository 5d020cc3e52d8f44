import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { permute } from "./onnx/permute.ts";
import { reverseAxes } from "./reversal.ts";

const sizes = fc.tuple(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 40 }),
);
const counted = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);

/** Value by value, as the definition reads. */
function plainly(values: Float32Array, shape: readonly number[], order: readonly number[]) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((x, y) => x * y, 1));
  const sizesOfResult = order.map((axis) => shape[axis] ?? 0);
  return values.map((_, to) => {
    let [rest, from] = [to, 0];
    for (let axis = order.length - 1; axis >= 0; axis--) {
      const size = sizesOfResult[axis] ?? 1;
      from += (rest % size) * (strides[order[axis] ?? 0] ?? 0);
      rest = Math.floor(rest / size);
    }
    return values[from] ?? -1;
  });
}

describe("reverseAxes", () => {
  it("puts three axes the other way round", () => {
    fc.assert(
      fc.property(sizes, ([a, b, c]) => {
        const values = counted(a * b * c);
        expect(reverseAxes(values, [a, b, c])).toEqual(plainly(values, [a, b, c], [2, 1, 0]));
      }),
    );
  });

  it("is undone by itself", () => {
    fc.assert(
      fc.property(sizes, ([a, b, c]) => {
        const values = counted(a * b * c);
        expect(reverseAxes(reverseAxes(values, [a, b, c]), [c, b, a])).toEqual(values);
      }),
    );
  });
});

describe("permute", () => {
  it("is the same in every order, whichever way it takes", () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
    const withOrder = shapes.chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
      ),
    );
    fc.assert(
      fc.property(withOrder, ([shape, order]) => {
        const values = counted(shape.reduce((x, y) => x * y, 1));
        expect(permute(values, shape, order)).toEqual(plainly(values, shape, order));
      }),
      {
        examples: [
          [
            [
              [7, 3, 2, 5],
              [2, 3, 1, 0],
            ],
          ],
          [
            [
              [2, 5, 3, 20],
              [3, 2, 0, 1],
            ],
          ],
          [
            [
              [17, 18],
              [1, 0],
            ],
          ],
        ],
      },
    );
  });
});
