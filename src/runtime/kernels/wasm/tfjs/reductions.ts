/**
 * @file Sums and means over axes that have others behind them, as batch norms and biases need: over
 * the pixels, by channel. TensorFlow.js transposes such a tensor first. Summed in double precision
 * after every few hundred values.
 */
import { backend_util, util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { Engine } from "./engine.ts";
import { sizeOf } from "./heap.ts";
import { Program, type Block } from "./program.ts";

export interface ReductionAttributes {
  readonly axis?: number | number[];
  readonly keepDims?: boolean;
}

/** `[groups][rows][row]`, to be summed over the rows. */
interface Rows {
  readonly groups: number;
  readonly rows: number;
  readonly row: number;
}

/** Below this many values there is nothing to gain. */
const FEWEST_VALUES = 16_384;
/** Each is an instruction of its own. */
const MOST_GROUPS = 256;

/** @returns nothing when other axes are in front of, between or behind the summed ones */
function rowsOf(shape: readonly number[], axes: readonly number[]): Rows | undefined {
  const sides = shape
    .map((side, axis) => ({ side, isSummed: axes.includes(axis) }))
    .filter(({ side }) => side !== 1);
  const first = sides.findIndex(({ isSummed }) => isSummed);
  const last = sides.findLastIndex(({ isSummed }) => isSummed);
  const summed = sides.slice(first, last + 1);
  if (first === -1 || summed.some(({ isSummed }) => !isSummed)) return undefined;
  const product = (from: number, to?: number): number =>
    sizeOf(sides.slice(from, to).map(({ side }) => side));
  return { groups: product(0, first), rows: product(first, last + 1), row: product(last + 1) };
}

/**
 * Sums x over `axis`, times `scale` of the number of summed values.
 * @returns nothing for a tensor that TensorFlow.js sums as fast
 */
export function sumOver(
  engine: Engine,
  x: TensorInfo,
  { axis, keepDims = false }: ReductionAttributes,
  scale: (count: number) => number,
): TensorInfo | undefined {
  const axes = util.parseAxisParam(axis ?? [...x.shape.keys()], x.shape);
  const layout = rowsOf(x.shape, axes);
  if (layout === undefined || layout.row === 1 || layout.groups > MOST_GROUPS) return undefined;
  if (sizeOf(x.shape) < FEWEST_VALUES) return undefined;
  const [shape] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const outShape = keepDims ? backend_util.expandShapeToKeepDim(shape, axes) : shape;
  return sumRows(engine, x, layout, outShape, scale(layout.rows));
}

/** Kernels take channels by fours: four rows in a line are one of four times the length. */
function sumRows(
  engine: Engine,
  x: TensorInfo,
  { groups, rows, row }: Rows,
  shape: readonly number[],
  factor: number,
): TensorInfo {
  const together = row % 4 === 0 ? 1 : 4;
  const channels = row * together;
  const pixels = Math.floor(rows / together);
  const partials: Block[] = [];
  const program = (): Program => {
    const adding = new Program(1);
    for (let group = 0; group < groups; group++) {
      const block = adding.floats(channels * 4);
      partials.push(block);
      const at = engine.addressOf(x) + group * rows * row * 4;
      adding.emit("sums", { x: at, xStride: channels, pixels, channels, partials: block });
    }
    return adding;
  };
  return engine.write(shape, program, (output, base) => {
    const [values, sums] = [engine.values(x), engine.values(output)];
    for (const [group, { offset }] of partials.entries()) {
      const doubles = engine.doubles(base + offset, channels);
      for (let c = 0; c < row; c++) {
        let sum = 0;
        for (let k = c; k < channels; k += row) sum += doubles[k] as number;
        // The rows that no four are left of.
        for (let r = pixels * together; r < rows; r++) {
          sum += values[(group * rows + r) * row + c] as number;
        }
        sums[group * row + c] = sum * factor;
      }
    }
  });
}
