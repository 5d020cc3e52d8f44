/**
 * @file How far a network's filters lie apart, for FPGM: large kernels are multiplied by the backend, small
 * ones here, and those whose filters have too much in common for single precision too.
 */
import { known } from "../core/index.ts";
import type { Network, Tensor, TensorName } from "../model/index.ts";
import {
  costOfDistances,
  distancesOf,
  distanceSums,
  findGroups,
  kernelsOf,
  type DistanceEvidence,
} from "../prune/index.ts";
import { columnProducts, type Backend } from "../runtime/index.ts";
import type { Watch } from "./evaluate.ts";

/** Multiplications from which on a kernel is handed over; below, the plain way takes a millisecond or so. */
const LARGE = 1e6;

/**
 * Measures the distances within every kernel that makes channels.
 * @param open — called when a kernel is large enough to be worth a backend
 * @throws AbortError before it begins, when the signal says so
 */
export async function measureDistances(
  network: Network,
  open: () => Promise<Backend>,
  { signal, onProgress }: Watch = {},
): Promise<DistanceEvidence> {
  signal?.throwIfAborted();
  const kernels = kernelsOf({ network, table: findGroups(network) });
  const large = kernels.filter(({ tensor }) => costOfDistances(tensor) >= LARGE);
  const found = new Map<TensorName, Float64Array>();
  const put = (name: TensorName, sums: Float64Array): void => {
    found.set(name, sums);
    onProgress?.({ done: found.size, total: kernels.length, unit: "layers" });
  };
  if (large.length > 0) {
    const matrices = large.map(({ tensor }) => matrixOf(tensor));
    await columnProducts(matrices, await open(), (products, index) => {
      const { name, tensor } = known(large[index], "kernel");
      put(name, distancesOf(products, tensor.shape.at(-1) ?? 1) ?? distanceSums(tensor));
    });
  }
  for (const { name, tensor } of kernels) {
    if (!found.has(name)) put(name, distanceSums(tensor));
  }
  return { kind: "distances", byKernel: found };
}

/** A filter is a column. */
function matrixOf({ shape, values }: Tensor) {
  const columns = shape.at(-1) ?? 1;
  return { rows: values.length / columns, columns, values };
}
