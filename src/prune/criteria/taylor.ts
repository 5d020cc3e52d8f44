/**
 * @file First-order Taylor: a channel matters as much as the loss would change without it, by its
 * gradient g at the weights w. Papers and tools mean different sums by that name, which put channels in
 * different orders; each is a variant here under a name of its own. Sums go over one filter, means over
 * the steps (batches) that were measured.
 *
 * absolute               Σ|w·g|          Torch-Pruning's default
 * squared                Σ(w·g)²         NNI
 * multivariable          |Σ w·g|         Torch-Pruning with `multivariable`
 * multivariable-squared  (Σ w·g)²        Molchanov et al. 2019, eq. 8, a filter taken as one parameter
 * gate                   (γ·∂L/∂γ + β·∂L/∂β)²   Molchanov et al. 2019, §3.2, at the batch norm
 * activation             mean over images of |mean over places of a·∂L/∂a|   Molchanov et al. 2017, eq. 8
 *
 * Gradients are those of the mean cross-entropy in inference mode: batch norms use their running
 * statistics and stay as they are (NNI's are taken while training). `activation` takes each image's
 * own loss.
 *
 * Example: w = [[1, 2], [3, −1]], g = [[.5, −.25], [.1, .2]] → squared .5, .13; absolute 1, .5;
 * multivariable 0, .1: the order turns round.
 */
import { known } from "../../core/index.ts";
import { byActivation } from "./activations.ts";
import { criterion, REDUCTION, type Opinion, type Subject } from "./criterion.ts";
import { evidenceOf, type KernelFigures } from "./evidence.ts";
import { byKernel } from "./kernels.ts";
import { byNorm } from "./norm-voters.ts";

const OF_KERNELS = {
  absolute: "absolute",
  squared: "squared",
  multivariable: "multivariable",
  "multivariable-squared": "multivariableSquared",
} as const satisfies Record<string, keyof KernelFigures>;

export const taylor = criterion({
  title: "Taylor",
  explanation: "how much the loss would change without the channel, to first order",
  paper: "Molchanov et al. 2019, Importance Estimation for Neural Network Pruning",
  options: {
    variant: {
      kind: "choice",
      choices: [
        "absolute",
        "squared",
        "multivariable",
        "multivariable-squared",
        "gate",
        "activation",
      ],
      usual: "absolute",
      says: "which sum: Σ|w·g|, Σ(w·g)², |Σw·g|, (Σw·g)², at the batch norm, or at the activation",
    },
    ...REDUCTION,
  },
  needs: ({ variant }) => (variant === "activation" ? "responses" : "gradients"),
  // The loss means the same everywhere; the paper of 2017 divides each layer by its length.
  normalisation: ({ variant }) => (variant === "activation" ? "l2" : "none"),
  judge: (subject, { variant }) => {
    if (variant === "activation") {
      const { byNode } = evidenceOf(subject.evidence, "responses");
      return byActivation(subject, byNode, (values) => values);
    }
    return variant === "gate" ? ofNorms(subject) : ofKernels(subject, OF_KERNELS[variant]);
  },
});

function ofNorms(subject: Subject): Iterable<Opinion> {
  const { byNorm: figures } = evidenceOf(subject.evidence, "gradients");
  return byNorm(subject, ({ name }) => known(figures.get(name), name));
}

function ofKernels(subject: Subject, sum: keyof KernelFigures): Iterable<Opinion> {
  const { byKernel: figures } = evidenceOf(subject.evidence, "gradients");
  return byKernel(subject, ({ name }) => figures.get(name)?.[sum]);
}
