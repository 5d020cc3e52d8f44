/**
 * @file The sentence a person reads for each error code: what is wrong, then what can be done.
 * A new code without a text does not compile. Page and command line share this table.
 */
import type { AppError, ErrorCode } from "./errors.ts";

interface ErrorText {
  /** What is wrong, without the place in front and without a full stop. */
  readonly says: (error: AppError) => string;
  /** The next step, unless the error carries a better one. */
  readonly next: string;
}

const expectedFound = (error: AppError): string =>
  [
    error.expected === undefined ? "" : `expected ${error.expected}`,
    error.found === undefined ? "" : `found ${error.found}`,
  ]
    .filter((part) => part !== "")
    .join(", ");

/** `lead`, then "expected …, found …" as far as they are known. */
const fact =
  (lead: string) =>
  (error: AppError): string => {
    const detail = expectedFound(error);
    return detail === "" ? lead : `${lead} (${detail})`;
  };

/** The place has the name of what is missing, so a schema's word for it adds nothing. */
const badField = (error: AppError): string => {
  const { expected = "", found } = error;
  if (found !== "nothing") return fact("a field has a bad value")(error);
  const isNamed = expected === "" || expected === "Object" || expected.startsWith('"');
  return `this part is missing${isNamed ? "" : ` (expected ${expected})`}, so the file is not whole`;
};

const TEXTS = {
  "files/empty": { says: () => "the file is empty", next: "choose the file again" },
  "files/truncated": { says: fact("the file is cut short"), next: "download it again" },
  "files/trailing-bytes": {
    says: fact("the file is longer than it says"),
    next: "download it again",
  },
  "files/wrong-kind": {
    says: ({ expected, found }) =>
      found === undefined
        ? "this is not a file that Espalier opens"
        : `this is ${found}, not ${expected ?? "a file that Espalier opens"}`,
    next: "drop a network (PyTorch, ONNX, Keras, TensorFlow.js, safetensors) or images (CIFAR, folders of pictures)",
  },
  "files/over-limit": { says: fact("a limit is exceeded"), next: "use a smaller file" },
  "files/bad-json": { says: fact("this is not valid JSON"), next: "export the file again" },
  "files/bad-field": { says: badField, next: "export the file again" },
  "files/shape-mismatch": {
    says: fact("the shape disagrees"),
    next: "export the network and its weights together",
  },
  "files/dtype-unsupported": {
    says: fact("the number type is not supported"),
    next: "export the weights as float32",
  },
  "files/out-of-range": {
    says: fact("an offset points outside the file"),
    next: "download it again",
  },
  "files/overlap": { says: fact("two parts claim the same bytes"), next: "export it again" },
  "files/checksum": { says: fact("the checksum is wrong"), next: "download it again" },
  "files/duplicate-name": { says: fact("a name stands twice"), next: "export it again" },
  "files/missing-part": {
    says: fact("a part is missing"),
    next: "drop all the files together",
  },
  "files/unsupported": {
    says: fact("this is not supported"),
    next: "simplify the network and export it again",
  },
  "files/forbidden": {
    says: ({ found }) => `the file asks to run ${found ?? "code"}; nothing was run`,
    next: "save only the weights, as a state_dict or as safetensors, and drop that",
  },
  "files/not-finite": {
    says: fact("the weights hold numbers that are not finite"),
    next: "use a checkpoint from before the training diverged",
  },
  "files/bad-label": {
    says: fact("a label is out of range"),
    next: "use the official binary shards",
  },
  "files/python-pickle": {
    says: () => "this is CIFAR's Python version, which needs a pickle reader",
    next: "take the binary version, cifar-10-binary.tar.gz or cifar-100-binary.tar.gz",
  },
  "files/read-failed": { says: fact("the file could not be read"), next: "choose it again" },
  "files/reader-missing": {
    says: () => "the part of Espalier that reads such files could not be loaded",
    next: "check the connection, then reload the page and open the file again",
  },
  "files/open-size": {
    says: fact("the height and width of its images are left open"),
    next: "say for which size it is to be opened",
  },
  "project/newer": {
    says: ({ expected, found }) =>
      `a newer Espalier wrote this project (${found ?? "another version"}; this one reads ${expected ?? "older ones"}), and it is left as it is`,
    next: "open it with that Espalier",
  },
  "storage/full": {
    says: () => "the browser has no room left for this project, and keeps what it kept before",
    next: "save the project to a file before you leave",
  },
  "storage/unavailable": {
    says: fact("this browser keeps nothing for this page"),
    next: "save the project to a file before you leave",
  },
  "model/bad-graph": { says: fact("the graph is broken"), next: "export the network again" },
  "model/bad-attribute": { says: fact("a setting has a bad value"), next: "correct that value" },
  "model/shape-mismatch": { says: fact("the shapes disagree"), next: "export the network again" },
  "model/missing-weight": { says: fact("a weight is missing"), next: "export the network again" },
  "model/unknown-architecture": {
    says: fact("there is no such architecture"),
    next: "name one such as vgg16, vgg16:width=0.25, resnet-56, preresnet-164 or densenet-40",
  },
  "data/missing": {
    says: fact("the images are not there"),
    next: "run `npm run setup`, or drop cifar-10-binary.tar.gz on the page",
  },
  "data/shape-mismatch": {
    says: fact("the images do not fit the network"),
    next: "open images that fit it, or a network that fits them",
  },
  "data/bad-normalization": {
    says: fact("the normalization is wrong"),
    next: "write figures for pixels in 0…1, such as 0.49, 0.48, 0.45",
  },
  "prune/bad-ratio": {
    says: fact("the ratio is out of range"),
    next: "choose a ratio from 0 up to, but not including, 1",
  },
  "prune/nothing-to-prune": {
    says: fact("no layer can be pruned by this criterion"),
    next: "choose another criterion, such as l1, or a network with batch normalization",
  },
  "prune/plan-mismatch": {
    says: fact("the plan belongs to another network"),
    next: "plan again on this network",
  },
  "prune/unknown-criterion": {
    says: fact("there is no such criterion"),
    next: "use bn-scale",
  },
  "prune/unknown-group": {
    says: fact("there is no such group of channels"),
    next: "take a name from `inspect` or from the page's rows",
  },
  "prune/unknown-coupling": {
    says: fact("it is not known which channels go together here, so nothing was cut"),
    next: "replace this op, or prune the network without it",
  },
  "prune/bad-allocation": {
    says: fact("this allocation does not fit"),
    next: "correct that value",
  },
  "prune/out-of-reach": {
    says: fact("this cannot be reached"),
    next: "ask for less",
  },
  "quantize/inexact": {
    says: fact("folding would change what the network answers"),
    next: "write it without folding",
  },
  "prune/bad-option": {
    says: fact("an option of the criterion has a bad value"),
    next: "correct that option",
  },
  "prune/needs-images": {
    says: fact("this criterion judges by what was measured on images"),
    next: "measure it on images first, or choose one that looks at weights alone, such as l1",
  },
  "train/bad-setting": { says: fact("a setting is out of range"), next: "correct that value" },
  "train/not-finite": {
    says: fact("the loss is no longer a finite number, so the last good state was restored"),
    next: "try a learning rate ten times smaller",
  },
  "train/state-mismatch": {
    says: fact("the training state belongs to another network"),
    next: "start the training anew",
  },
  "train/other-images": {
    says: () => "these are not the images that the training was cut off on",
    next: "load those again and go on, or discard the training and start it anew",
  },
  "recipe/bad-field": { says: fact("a field has a bad value"), next: "correct that field" },
  "recipe/unknown-preset": {
    says: fact("there is no such preset"),
    next: "use network-slimming",
  },
  "recipe/newer-link": {
    says: fact("this link was made by a newer Espalier"),
    next: "reload the page without the link to get the newest one, then open the link again",
  },
  "recipe/long-link": {
    says: fact("these settings are too long for a link"),
    next: "save the project to a file, or copy the recipe",
  },
  "recipe/damaged-link": {
    says: fact("this link is damaged"),
    next: "copy it again, whole, from where it came",
  },
  "runtime/backend-unavailable": {
    says: fact("this backend is not available here"),
    next: "use wasm, which runs everywhere",
  },
  "runtime/out-of-memory": {
    says: fact("this would need more memory than there is"),
    next: "use a smaller batch",
  },
  "runtime/not-repeatable": {
    says: fact("the backend answered the same images in two ways, so nothing was handed out"),
    next: "try again, or open the page with ?backend=wasm",
  },
  "runtime/device-lost": {
    says: () => "the graphics device was lost, and the network is unharmed",
    next: "start again",
  },
  "runtime/clock-still": {
    says: () => "the clock of this browser stands still, so nothing can be timed",
    next: "allow the page a clock, or use another browser",
  },
  "runtime/thread-lost": {
    says: fact("a computing thread was lost"),
    next: "start again; the network is unharmed",
  },
  "worker/crashed": {
    says: fact("the worker crashed and was replaced"),
    next: "start the work again; the network on the page is unharmed",
  },
  "worker/unresponsive": {
    says: fact("the worker did not answer and was replaced"),
    next: "start the work again; the network on the page is unharmed",
  },
  "worker/unknown-network": {
    says: () => "the engine does not hold this network any more",
    next: "open it again",
  },
  "cli/bad-argument": { says: fact("an argument is wrong"), next: "see `espalier --help`" },
} satisfies Record<ErrorCode, ErrorText>;

/** One sentence: place, what is wrong, what was expected and found, the next step. */
export function explain(error: AppError): string {
  const text: ErrorText = TEXTS[error.code];
  return `${error.where}: ${text.says(error)}; ${error.hint ?? text.next}.`;
}
