/**
 * @file The BN-scale criterion: a channel matters as much as the batch norm behind it amplifies it.
 *
 * score[c] = |γ_b[j]|, j being c's place in the batch norm b that speaks for it (`norm-voters.ts`).
 * Liu et al. 2017, "Learning Efficient Convolutional Networks through Network Slimming", §3.
 *
 * Deviates: where several batch norms speak for a channel (residual streams after activation) the
 * reference has no rule; here they are reduced, by default to their mean. A group with a channel that
 * none speaks for is left out.
 */
import { known } from "../../core/index.ts";
import { tensorName } from "../../model/index.ts";
import { criterion, REDUCTION } from "./criterion.ts";
import { byNorm } from "./norm-voters.ts";

export const bnScale = criterion({
  title: "BN scale",
  explanation: "the size of the batch norm's factor behind the channel, |γ|",
  paper: "Liu et al. 2017, Learning Efficient Convolutional Networks through Network Slimming",
  options: REDUCTION,
  needs: () => undefined,
  normalisation: () => "none",
  judge: (subject) =>
    byNorm(subject, ({ name }) => {
      const gamma = known(subject.network.weights.get(tensorName(name, "gamma")), "gamma");
      return gamma.values.map(Math.abs);
    }),
});
