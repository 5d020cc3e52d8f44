/**
 * @file The L2 criterion: a filter matters as much as it is long.
 *
 * score[c] = √(Σ_{kh,kw,cin} W[kh, kw, cin, c]²)
 * He et al. 2018, "Soft Filter Pruning for Accelerating Deep Convolutional Neural Networks", eq. 2 with
 * p = 2; NNI's, Distiller's and PaddleSlim's L2 pruners.
 */
import { criterion, REDUCTION } from "./criterion.ts";
import { byKernel } from "./kernels.ts";
import { powerSums } from "./power-sums.ts";

export const l2 = criterion({
  title: "L2 norm",
  explanation: "the length of the filter as a vector",
  paper: "He et al. 2018, Soft Filter Pruning for Accelerating Deep Convolutional Neural Networks",
  options: REDUCTION,
  needs: () => undefined,
  normalisation: () => "mean",
  judge: (subject) => byKernel(subject, ({ tensor }) => powerSums(tensor, 2).map(Math.sqrt)),
});
