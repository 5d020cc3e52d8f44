/**
 * @file Mean activation: a channel matters as much as it says on average.
 *
 * score[c] = mean over images and places of what comes out of the activation
 * Molchanov et al. 2017, "Pruning Convolutional Neural Networks for Resource Efficient Inference", §2.2
 * ("Activation"). The lowest goes; Distiller's pruner of that name keeps the lowest, which is a mistake.
 */
import { byActivation } from "./activations.ts";
import { criterion, REDUCTION } from "./criterion.ts";
import { evidenceOf } from "./evidence.ts";

export const meanActivation = criterion({
  title: "Mean activation",
  explanation: "what comes out of the channel's activation on average",
  paper:
    "Molchanov et al. 2017, Pruning Convolutional Neural Networks for Resource Efficient Inference",
  options: REDUCTION,
  needs: () => "activations",
  normalisation: () => "mean",
  judge: (subject) => {
    const { byNode } = evidenceOf(subject.evidence, "activations");
    return byActivation(subject, byNode, ({ mean }) => mean);
  },
});
