/**
 * @file APoZ, the average percentage of zeros: a channel matters as often as its activation lets
 * something through.
 *
 * score[c] = 1 − (exact zeros behind the ReLU) / (images · height · width)
 * Hu et al. 2016, "Network Trimming: A Data-Driven Neuron Pruning Approach towards Efficient Deep
 * Architectures", eq. 1, where the highest share of zeros goes. Scores rise with importance, so this is
 * the share of what is not zero, as NNI keeps it.
 *
 * Only ReLU and ReLU6 speak: other activations are zero at a single point. Where several do (a map that
 * many layers read behind ReLUs of their own), they are reduced.
 */
import { byActivation, cutsOff } from "./activations.ts";
import { criterion, REDUCTION } from "./criterion.ts";
import { evidenceOf } from "./evidence.ts";

export const apoz = criterion({
  title: "APoZ",
  explanation: "how often the channel's ReLU lets something through, 1 − the share of zeros",
  paper:
    "Hu et al. 2016, Network Trimming: A Data-Driven Neuron Pruning Approach towards Efficient Deep Architectures",
  options: REDUCTION,
  needs: () => "activations",
  normalisation: () => "none",
  judge: (subject) => {
    const { byNode } = evidenceOf(subject.evidence, "activations");
    return byActivation(subject, byNode, ({ zeros }) => zeros.map((share) => 1 - share), cutsOff);
  },
});
