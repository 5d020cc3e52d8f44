/**
 * @file FPGM: a filter matters as much as it is far from the others; those nearest to their geometric
 * median can be replaced by them.
 *
 * score[i] = Σ_j ‖w_i − w_j‖₂ over the filters of one kernel
 * He et al. 2019, "Filter Pruning via Geometric Median for Deep Convolutional Neural Networks
 * Acceleration", eq. 5 to 8; NNI's FPGM pruner.
 *
 * Deviates: the authors' own code removes small filters by norm first; Torch-Pruning squares the weights
 * before it takes distances. Neither is done here.
 */
import { criterion, REDUCTION } from "./criterion.ts";
import { distanceSums } from "./distances.ts";
import { byKernel } from "./kernels.ts";

export const fpgm = criterion({
  title: "FPGM",
  explanation:
    "how far the filter lies from all others of its layer; what others can replace goes first",
  paper:
    "He et al. 2019, Filter Pruning via Geometric Median for Deep Convolutional Neural Networks Acceleration",
  options: REDUCTION,
  needs: () => undefined,
  welcomes: "distances",
  normalisation: () => "mean",
  judge: (subject) => {
    const { evidence } = subject;
    const found = evidence?.kind === "distances" ? evidence.byKernel : undefined;
    return byKernel(subject, ({ name, tensor }) => found?.get(name) ?? distanceSums(tensor));
  },
});
