/**
 * @file The learning curve of quarter-width VGG-16 on all 50 000 training images beside PyTorch's
 * (tests/goldens/curve-vgg16-quarter): eight epochs at rate 0.1 and one at 0.01. Batches and
 * weights are drawn differently, so the losses agree in kind and not in digits: the test accuracy of a
 * single epoch at rate 0.1 swings by many points in both. Takes about ten minutes on two cores.
 * `--epochs N` stops earlier.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { evaluate, type Images } from "../src/analyze/index.ts";
import { readArgs } from "../src/cli/args.ts";
import { openInNode } from "../src/cli/backend.ts";
import { openImages } from "../src/cli/images.ts";
import { projectFolder } from "../src/cli/project.ts";
import { CIFAR10_NORMALIZATION, countOf, type Dataset } from "../src/data/index.ts";
import { buildArchitecture } from "../src/model/index.ts";
import { compile } from "../src/runtime/index.ts";
import { DEFAULT_SETTINGS, startState, stepsPerEpoch, train } from "../src/train/index.ts";
import { io } from "./io.ts";
import { sayWhere } from "./machine.ts";

interface Epoch {
  readonly train_loss: number;
  readonly train_accuracy: number;
  readonly test_accuracy: number;
}

const BATCH = 128;
const golden = join(projectFolder(), "tests/goldens/curve-vgg16-quarter/expected.json");
const { epochs: known } = JSON.parse(readFileSync(golden, "utf8")) as {
  readonly epochs: readonly Epoch[];
};
const SETTINGS = {
  ...DEFAULT_SETTINGS,
  batchSize: BATCH,
  length: { epochs: known.length },
  schedule: { kind: "step", at: [(known.length - 1) / known.length], factor: 0.1 },
} as const;

const args = readArgs(process.argv.slice(2), {
  positionals: [],
  options: {
    data: { value: "DIR", help: "CIFAR-10" },
    threads: { value: "N", help: "threads" },
    epochs: { value: "N", help: "stop after so many" },
  },
});
const all = (dataset: Dataset): Images => ({
  dataset,
  indices: Uint32Array.from({ length: countOf(dataset) }, (_, i) => i),
  normalization: CIFAR10_NORMALIZATION,
});

sayWhere("curve");
const training = all(await openImages(args, io, "training"));
const test = all(await openImages(args, io, "test"));
const backend = await openInNode(args);
const state = startState(buildArchitecture("vgg16:width=0.25", SETTINGS.seed));
const program = compile(state.network, backend, BATCH);
const last = args.whole("epochs", 1) ?? known.length;
const perEpoch = stepsPerEpoch(training.indices.length, BATCH);
const stop = new AbortController();
let [images, loss, correct, since] = [0, 0, 0, io.now()];

/** "1.568 (1.566)": ours, and PyTorch's in brackets. */
const beside = (ours: number, theirs: number, digits: number): string =>
  `${ours.toFixed(digits)} (${theirs.toFixed(digits)})`.padEnd(18);

console.log(`${backend.report.description}; in brackets PyTorch 1.13, one seed`);
console.log("epoch  training loss     accuracy, %       test accuracy, %  seconds");
await train(program, state, training, SETTINGS, {
  signal: stop.signal,
  onStep: async (report) => {
    images += report.images;
    loss += report.loss * report.images;
    correct += report.correct;
    if (report.step % perEpoch !== 0) return;
    const seconds = (io.now() - since) / 1000;
    const { accuracy } = await evaluate(program, test);
    const peer = known[report.epoch];
    if (peer === undefined) return;
    console.log(
      String(report.epoch + 1).padEnd(7) +
        beside(loss / images, peer.train_loss, 3) +
        beside((100 * correct) / images, 100 * peer.train_accuracy, 1) +
        beside(100 * accuracy, 100 * peer.test_accuracy, 1) +
        seconds.toFixed(0),
    );
    [images, loss, correct, since] = [0, 0, 0, io.now()];
    if (report.epoch + 1 === last) stop.abort();
  },
});
program.dispose();
