/**
 * @file The L1 criterion: a filter matters as much as its weights are large.
 *
 * score[c] = Σ_{kh,kw,cin} |W[kh, kw, cin, c]|
 * Li et al. 2017, "Pruning Filters for Efficient ConvNets", §3.1, by whole filters; without the kernels of
 * inputs that are gone it is an allocation's "greedy" scoring (`allocate/greedy.ts`).
 *
 * Deviates: where several kernels make one channel (a residual stream), they are reduced, unless the
 * shortcut's is told to decide as in the paper (`streams.ts`).
 */
import { criterion, REDUCTION } from "./criterion.ts";
import { byKernel } from "./kernels.ts";
import { powerSums } from "./power-sums.ts";

export const l1 = criterion({
  title: "L1 norm",
  explanation: "the sum of the sizes of the filter's weights",
  paper: "Li et al. 2017, Pruning Filters for Efficient ConvNets",
  options: REDUCTION,
  needs: () => undefined,
  // Sums over 27 and over 4608 weights have nothing in common.
  normalisation: () => "mean",
  judge: (subject) => byKernel(subject, ({ tensor }) => powerSums(tensor, 1)),
});
