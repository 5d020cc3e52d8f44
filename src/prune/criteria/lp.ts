/**
 * @file The Lp criterion: the norms of which L1 and L2 are two.
 *
 * form norm:  score[c] = (Σ|w|^p)^(1/p), the norm itself (NNI, Distiller, PaddleSlim)
 * form power: score[c] = Σ|w|^p without the root, as Torch-Pruning has it: the same order within a
 * layer, another one across layers.
 */
import { criterion, REDUCTION } from "./criterion.ts";
import { byKernel } from "./kernels.ts";
import { powerSums } from "./power-sums.ts";

export const lp = criterion({
  title: "Lp norm",
  explanation: "the filter's norm of any order p",
  options: {
    p: {
      kind: "number",
      least: 0.1,
      most: 16,
      whole: false,
      usual: 2,
      says: "order of the norm",
    },
    form: {
      kind: "choice",
      choices: ["norm", "power"],
      usual: "norm",
      says: "with the root, or without it as in Torch-Pruning",
    },
    ...REDUCTION,
  },
  needs: () => undefined,
  normalisation: () => "mean",
  judge: (subject, { p, form }) =>
    byKernel(subject, ({ tensor }) => {
      const sums = powerSums(tensor, p);
      return form === "power" ? sums : sums.map((sum) => sum ** (1 / p));
    }),
});
