/** @file Whether a network and a set of images belong together. */
import { AppError, sizeOf } from "../core/index.ts";
import type { Dataset } from "../data/index.ts";
import { endsOf, type Network } from "../model/index.ts";

/**
 * Refuses images of another size or another number of classes than the network's: every figure would
 * be wrong, and some would not even fail.
 * @throws data/shape-mismatch
 */
export function checkFit(network: Network, dataset: Dataset): void {
  const { input, output } = endsOf(network);
  const fits = input.join() === dataset.shape.join() && sizeOf(output) === dataset.classes.length;
  if (fits) return;
  const show = (shape: readonly number[], classes: number) =>
    `${shape.join(" × ")} images of ${classes} classes`;
  throw new AppError("data/shape-mismatch", {
    where: network.name,
    expected: show(input, sizeOf(output)),
    found: `${dataset.name} with ${show(dataset.shape, dataset.classes.length)}`,
  });
}
