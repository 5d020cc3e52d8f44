/**
 * @file What every term on the page means, in a sentence or two, and the paper that it comes from: the one
 * table of explanations. What has figures of the moment in it is made in `meanings.ts`; what a criterion
 * scores is said where the criterion is, in `prune/criteria/`.
 */

export interface Meaning {
  readonly means: string;
  /** Author, year, title, section; absent where the term is this program's own. */
  readonly paper?: string;
}

const SLIMMING = "Liu et al. 2017, Network Slimming";
const LI = "Li et al. 2017, Pruning Filters for Efficient ConvNets";
const BATCH_NORM = "Ioffe & Szegedy 2015, Batch Normalization";
const RESNET = "He et al. 2016, Deep Residual Learning";
const NETADAPT =
  "Yang et al. 2018, NetAdapt: Platform-Aware Neural Network Adaptation for Mobile Applications";

/** What is measured and counted. */
const FIGURES = {
  accuracy: {
    means:
      "The share of test images that the network gets right. ± is half of the 95 % interval for n images. A hollow figure with ≈ was not measured here: it lies between two measured points.",
    paper:
      "Interval: Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference.",
  },
  parameters: {
    means:
      "The numbers that training sets: weights, biases, γ and β. Running means and variances are not among them, nor are the index lists of channel selections.",
    paper: `Counted as in ${LI}, table 1.`,
  },
  macs: {
    means:
      "Multiply-accumulates of convolutions and dense layers for one image; one of them is two FLOPs. Papers differ: VGG-19 has 398 M here, and 797 M FLOPs in Network Slimming.",
    paper: `Counted as in ${LI}, table 1.`,
  },
  latency: {
    means:
      "Time for an image on this machine and backend: the median of repeated batches, with its 95 % interval. A cut and the whole network take turns, and a change is said only where the ratios within the turns tell the two apart. Fewer MACs need not mean less time.",
    paper: `${NETADAPT}.`,
  },
  loss: {
    means:
      "The mean cross-entropy of a batch, in nats: 0 where the network is sure and right, 2.3 where it guesses among ten classes.",
  },
  trainingAccuracy: {
    means:
      "On the batches that are learned from, shifted and flipped, while the weights still move. What counts is the accuracy on images that were held back.",
  },
  flips: {
    means:
      "Test images of which the cut network says something else than the uncut one, right or wrong. They are ringed in amber: with a cross where it was right before, with a tick where it is right now.",
    paper: "Hooker et al. 2019, What Do Compressed Deep Neural Networks Forget?",
  },
} satisfies Record<string, Meaning>;

/** How a cut is decided. */
const METHOD = {
  regularizer: {
    means:
      "What pushes unimportant parts towards zero while the network trains: nothing, or L1 on the BN scales γ. It is set under Sparse train.",
    paper: `${SLIMMING}, section 3.`,
  },
  criterion: {
    means:
      "How important a channel is: the score by which channels are ranked. Those from images take a while, and training images.",
    paper:
      "Several, side by side: Molchanov et al. 2017, Pruning Convolutional Neural Networks for Resource Efficient Inference, section 2.2.",
  },
  scope: {
    means:
      "Whose scores are ranked against whose. Scores of unlike layers may have nothing in common; then layers alike, or each layer, have a ranking of their own.",
    paper: `All layers: ${SLIMMING}, section 3. Each layer: ${LI}, section 3.1. Layers alike: Fang et al. 2024, Isomorphic Pruning for Vision Models.`,
  },
  allocation: {
    means:
      "What says how many channels go, and where: a ratio of all, the same share of each layer, a target of cost, the layers’ sensitivity, or your own numbers.",
    paper: `By ratio: ${SLIMMING}, section 3. By sensitivity and by hand: ${LI}, sections 3.2 and 4.`,
  },
  repair: {
    means:
      "How what the cut has cost is made good: by training the cut network on, which is set under Fine-tune.",
    paper: `${LI}, section 3.4. Whether it is worth it: Liu et al. 2019, Rethinking the Value of Network Pruning.`,
  },
  schedule: {
    means:
      "When it happens: one-shot, or iteratively in passes. A pass cuts and then fine-tunes what the last one left. The number of passes is set here.",
    paper: `In passes: ${SLIMMING}, section 3.`,
  },
  ratio: {
    means:
      "The share that goes of all channels that can go. Counted are those of every layer that takes part, each once, however many layers it runs through.",
    paper: `${SLIMMING}, section 3.`,
  },
  gamma: {
    means:
      "The factor γ by which a batch norm scales its channel. Near 0 the channel says the same of every image, whatever its filter does, and can go.",
    paper: `γ: ${BATCH_NORM}, algorithm 1. As a score: ${SLIMMING}, section 3.`,
  },
  sensitivity: {
    means:
      "Accuracy when this layer alone is cut, ratio by ratio, with no training after it. Steep: cut little here. Beside it stands how much can go within one point, which is no more certain than the accuracy on as many images.",
    paper: `${LI}, section 3.2.`,
  },
  together: {
    means:
      "All layers cut at once, as the slider stands. It is mostly worse than the single curves let hope, since what each layer loses adds up.",
    paper: `Across layers: ${LI}, section 3.3.`,
  },
  group: {
    means:
      "Channels that must go together, in however many layers: where one writes and another adds or scales, both lose the same channel, and every reader loses that input.",
    paper: "Fang et al. 2023, DepGraph: Towards Any Structural Pruning.",
  },
  selection: {
    means:
      "A list of the channels of a sum that its reader takes, before the reader’s batch norm. The sum itself stays whole, so that the other readers lose nothing.",
    paper: `${SLIMMING}, section 3.`,
  },
  streams: {
    means:
      "What becomes of channels that additions run through. They can stay whole, be left out by their readers alone, or be cut from all layers that write them at once.",
    paper: `Readers alone: ${SLIMMING}, section 3. As one: ${LI}, section 3.3. The additions: ${RESNET}.`,
  },
  decider: {
    means:
      "Who scores a stream: all layers that write it, or only its shortcut, as in the paper, whose choice the others then copy.",
    paper: `${LI}, section 3.3.`,
  },
  rounding: {
    means:
      "Widths that are kept. Odd ones can be slower than wider ones that fill the machine’s vectors.",
    paper: `Widths by what was measured, and not by MACs: ${NETADAPT}.`,
  },
  leastShare: {
    means:
      "What a guard leaves in every layer at any ratio: one channel at least, so that no layer ever empties, or this share of it.",
    paper: `Network Slimming in passes takes at most half of a layer: ${SLIMMING}, section 4.5.`,
  },
  counting: {
    means:
      "Exactly as many channels as the ratio says, or as the authors’ Python scripts: everything up to the score at the ratio, which is one channel more, and ties.",
    paper: `${SLIMMING}; its Lua code counts exactly.`,
  },
  scoring: {
    means:
      "Independently: each filter whole. Greedily: without the inputs that earlier layers have lost by then.",
    paper: `${LI}, section 3.3.`,
  },
  dead: {
    means:
      "A channel with γ at 0 still says its β everywhere. Dropping it drops that too; absorbed, its readers take it into their own bias, exact but for padded borders.",
    paper:
      "Ye et al. 2018, Rethinking the Smaller-Norm-Less-Informative Assumption in Channel Pruning.",
  },
  mask: {
    means:
      "Cut out: the layers get smaller. Only masked: zeros are written, every shape stays, and fine-tuning holds the zeros; file and time stay as they were.",
    paper: `Both give equal outputs. Masks: Han et al. 2015, Learning both Weights and Connections.`,
  },
  locks: {
    means:
      "A locked layer stays whole, whatever the ratio: press L on its row, or the lock beside its number.",
    paper: `Li et al. leave sensitive layers whole so: ${LI}, section 4.2.`,
  },
} satisfies Record<string, Meaning>;

/** How a network trains. */
const TRAINING = {
  strength: {
    means:
      "How strongly each step pushes the scales to 0: s · Σ|γ| is added to the loss. Too small, and there is one hump; too large, and accuracy sinks while no more scales die. Papers use 1e-4 to 1e-5 over 160 epochs; a short run needs more.",
    paper: `${SLIMMING}, section 3, equation 1.`,
  },
  l1Step: {
    means:
      "Subgradient: s times the sign of γ is added to its gradient, and dead scales hover near learning rate × s. Proximal: after the step γ shrinks by that much, and stops at a true 0.",
    paper: `Subgradient: ${SLIMMING}, section 3. Proximal: Parikh & Boyd 2014, Proximal Algorithms.`,
  },
  deadShare: {
    means:
      "Scales with |γ| below 0.01. Sparse training has done its work when they stand apart as a hump of their own, and their share no longer grows.",
    paper: `Scales gather near 0: ${SLIMMING}, section 5. The 0.01 is ours.`,
  },
  ridge: {
    means:
      "A histogram of |γ| at one step behind that of the next, the first at the back. Sparse training shows as one hump that becomes two.",
    paper: `${SLIMMING}, section 5, figure 4, shows such histograms by strength.`,
  },
  learningRate: {
    means:
      "The length of a step along the gradient, at the start. A network that has been trained before wants a smaller one than a fresh one.",
  },
  rateSchedule: {
    means:
      "How the learning rate falls during the run: along half a cosine to 0, by ten at the half and at three quarters, or not at all.",
    paper: `Cosine: Loshchilov & Hutter 2017, SGDR. Steps: ${SLIMMING}, section 4.3.`,
  },
  batchSize: { means: "Images a step: the gradient is the mean over them." },
  seed: {
    means:
      "Where order, shifts and flips come from. The same seed, settings and images give the same bits on one backend.",
  },
  momentum: {
    means: "How much of the last step goes on: v ← momentum · v + gradient, w ← w − rate · v.",
    paper: "Polyak 1964; written as PyTorch has it.",
  },
  weightDecay: {
    means: "This times each weight is added to its gradient, γ and β included.",
    paper: "Krogh & Hertz 1992, A Simple Weight Decay Can Improve Generalization.",
  },
  augmentation: {
    means:
      "Each image is shifted by up to so many pixels, and flipped half of the time, so that none is seen twice in the same place.",
    paper: `${RESNET}, section 4.2.`,
  },
  freezeZeros: {
    means: "Weights that are 0 at the start stay 0, so that a masked network stays masked.",
    paper: "Han et al. 2015, Learning both Weights and Connections.",
  },
} satisfies Record<string, Meaning>;

/** One channel looked into, runs held against each other, files. */
const LOOKING = {
  norm: { means: "The sum of the sizes of the filter’s weights.", paper: `${LI}, section 3.1.` },
  scaleAndShift: {
    means: "What the batch norm makes of the channel: γ times the normalized value, plus β.",
    paper: `${BATCH_NORM}, algorithm 1.`,
  },
  runningStatistics: {
    means: "What the batch norm takes the channel’s values to be like, learned in training.",
    paper: `${BATCH_NORM}, section 3.1.`,
  },
  twin: {
    means:
      "The filter of the same layer at the least distance. A channel with a near twin can be spared more easily.",
    paper: "He et al. 2019, Filter Pruning via Geometric Median.",
  },
  featureMap: {
    means: "What the channel says of the image, place by place, behind its activation.",
    paper: "Zeiler & Fergus 2014, Visualizing and Understanding Convolutional Networks.",
  },
  ablation: {
    means:
      "What the network loses when this channel alone goes: measured, and not scored. Criteria only guess at it.",
    paper:
      "Molchanov et al. 2017, Pruning Convolutional Neural Networks for Resource Efficient Inference: the oracle.",
  },
  baseline: {
    means:
      "The run that others are held against: the one that was opened, or the last sparse-trained one before them. Changes of accuracy are on the same images.",
  },
  front: {
    means:
      "The Pareto front: what no other point beats in accuracy without costing more. A point below the line has a better one for its price.",
    paper: "Blalock et al. 2020, What is the State of Neural Network Pruning?, on such curves.",
  },
  proof: {
    means:
      "Each file is opened again before it is handed out. Its weights are the same bits, and so are the logits of both networks on the same images.",
  },
  hash: {
    means:
      "The SHA-256 of the file: whoever has the same figure has the same file. It stands in the report, too.",
    paper: "NIST 2015, FIPS 180-4.",
  },
  folding: {
    means:
      "In inference a batch norm is a factor and a shift, which the layer in front can take up. Do it last: a folded network has no γ to prune by, and none to train.",
    paper:
      "Jacob et al. 2018, Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, section 3.2.",
  },
} satisfies Record<string, Meaning>;

const ALL = { ...FIGURES, ...METHOD, ...TRAINING, ...LOOKING };

export type TermName = keyof typeof ALL;

export const TERMS: Readonly<Record<TermName, Meaning>> = ALL;
