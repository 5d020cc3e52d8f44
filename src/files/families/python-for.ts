/**
 * @file The Python module that a network's state dict belongs to: one table of nodes and an
 * interpreter of some forty lines, which needs nothing but torch (1.13 or newer). Its `state_dict()`
 * has the names of `nameForTorch`, so it can be trained on, saved, and opened here again.
 *
 * Node names are text from strangers: they enter the code as literals only (`literals.ts`).
 */
import { channelsOf, known, type Shape, showShape } from "../../core/index.ts";
import { normalizationOf } from "../../data/index.ts";
import {
  endsOf,
  factsOf,
  type Network,
  type NodeFacts,
  type NodeName,
  type Op,
  type OpKind,
  type Window,
} from "../../model/index.ts";
import { quoted } from "../literals.ts";
import { moduleNames } from "./name-for-torch.ts";
import { selectionTensor } from "./selections.ts";
import { flattensChannelsFirst, torchWeights } from "./torch-weights.ts";

/** Plain values as Python writes them. */
type Literal = string | number | readonly Literal[] | { readonly [key: string]: Literal };

/** How a node is computed: a function of the interpreter, and its settings. */
interface Step {
  readonly function: string;
  readonly settings: Readonly<Record<string, Literal>>;
}

/**
 * Python code with `Net`, whose `forward` takes `[n, c, h, w]`, and `load`, which takes a path of a
 * checkpoint or of a safetensors file, or a dict of arrays.
 */
export function pythonFor(network: Network): string {
  const modules = moduleNames(network);
  const shapes = shapesByNode(network, (node) => known(modules.get(node), node));
  const rows = [...factsOf(network).values()].map((facts) => {
    const { name, inputs } = facts.node;
    const step = stepOf(network, facts);
    const names = [name, known(modules.get(name), name), step.function, inputs];
    return `    ${literal([...names, step.settings, shapes.get(name) ?? {}])},`;
  });
  return [
    ...headOf(network),
    "# node, module, function, the nodes it reads, settings, the shapes of its tensors",
    "NODES = [",
    ...rows,
    "]",
    `OUTPUT = ${literal(network.output)}`,
    INTERPRETER,
  ].join("\n");
}

/** True for a module that {@link pythonFor} wrote, as its first line says. */
export function isOurModule(code: string): boolean {
  return /^# "(?:[^"\\\n]|\\.)*", written by Espalier\. /.test(code);
}

function headOf(network: Network): string[] {
  const { input } = endsOf(network);
  const [h, w, c] = input;
  const { normalization, classes } = network.metadata;
  const { mean, std } = normalizationOf(network);
  const shape = input.length === 3 ? ["n", c, h, w] : ["n", ...input];
  return [
    `# ${literal(network.name)}, written by Espalier. Input: float32 [${shape.join(", ")}].`,
    // What nobody has said must not pass for a fact.
    normalization === undefined
      ? "# How pixels were normalized is not known. Assumed: pixels in 0…1, (x - mean) / std, with"
      : "# Pixels in 0…1 are normalized as (x - mean) / std, with",
    `# mean ${showShape(mean)} and std ${showShape(std)}.`,
    "import json",
    "import os",
    "",
    "import torch",
    "from torch import nn",
    "from torch.nn import functional as F",
    "",
    ...(classes === undefined ? [] : [`CLASSES = ${literal(classes)}`]),
  ];
}

/** The tensors of each node by the end of their name. */
function shapesByNode(
  network: Network,
  moduleOf: (node: NodeName) => string,
): ReadonlyMap<NodeName, Readonly<Record<string, Shape>>> {
  const weights = new Map(torchWeights(network, moduleOf).map((w) => [w.tensor, w]));
  const shapes = new Map<NodeName, Readonly<Record<string, Shape>>>();
  for (const { node, inputs, weights: slots } of factsOf(network).values()) {
    const own = Object.keys(slots).map((slot) => {
      const { name, shape } = known(weights.get(`${node.name}/${slot}`), slot);
      return [name.slice(moduleOf(node.name).length + 1), shape] as const;
    });
    const selection =
      node.op.kind === "channelSelect"
        ? selectionTensor(node.op, channelsOf(inputs[0] ?? []))
        : undefined;
    shapes.set(node.name, {
      ...Object.fromEntries(own),
      ...(node.op.kind === "batchNorm" ? { num_batches_tracked: [] } : {}),
      ...(selection === undefined ? {} : { [selection.suffix]: selection.tensor.shape }),
    });
  }
  return shapes;
}

type Steps = {
  readonly [K in OpKind]: (
    op: Extract<Op, { kind: K }>,
    facts: NodeFacts,
    network: Network,
  ) => Step;
};

const step = (name: string, settings: Step["settings"] = {}): Step => ({
  function: name,
  settings,
});

const STEPS: Steps = {
  input: () => step("input"),
  conv2d: (op) => step("conv2d", { ...windowOf(op), groups: op.groups }),
  batchNorm: (op) => step("batch_norm", { eps: op.epsilon, momentum: op.momentum }),
  relu: () => step("relu"),
  relu6: () => step("relu6"),
  elu: ({ alpha }) => step("elu", { alpha }),
  leakyRelu: ({ alpha }) => step("leaky_relu", { alpha }),
  swish: () => step("silu"),
  tanh: () => step("tanh"),
  maxPool: (op) => step("max_pool", windowOf(op)),
  averagePool: (op) => step("average_pool", windowOf(op)),
  globalAveragePool: () => step("global_average"),
  flatten: (_, facts, network) => {
    const isMap = facts.inputs[0]?.length === 3 && !flattensChannelsFirst(network, facts);
    return step(isMap ? "flatten_nhwc" : "flatten");
  },
  dense: () => step("linear"),
  add: () => step("add"),
  concat: () => step("concat"),
  channelSelect: (op, { inputs }) => {
    const suffix = selectionTensor(op, channelsOf(inputs[0] ?? []))?.suffix;
    if (suffix === undefined) return step("widen", { before: op.indices.indexOf(0) });
    return step(suffix === "indexes" ? "select_mask" : "select_list");
  },
  softmax: () => step("softmax"),
};

function stepOf(network: Network, facts: NodeFacts): Step {
  const { op } = facts.node;
  // Each entry takes its own kind, which a lookup by the kind cannot tell the compiler.
  return (STEPS[op.kind] as (op: Op, facts: NodeFacts, network: Network) => Step)(
    op,
    facts,
    network,
  );
}

/** `F.pad` begins with the last axis. */
function windowOf({ size, stride, padding: [top, bottom, left, right] }: Window) {
  return { size, stride, pad: [left, right, top, bottom] };
}

/** A Python expression. Sequences become tuples, also those of one value. */
function literal(value: Literal): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) {
    const parts = (value as readonly Literal[]).map(literal);
    return `(${parts.join(", ")}${parts.length === 1 ? "," : ""})`;
  }
  const entries = Object.entries(value).map(([key, part]) => `${literal(key)}: ${literal(part)}`);
  return `{${entries.join(", ")}}`;
}

/**
 * The tensors of a .safetensors file in ten lines of Python, for whoever has a module of their own:
 * `net.load_state_dict(read_safetensors(path))`.
 */
export const READ_SAFETENSORS = `def read_safetensors(path):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    start = 8 + int.from_bytes(data[:8], "little")
    found, types = {}, {"F32": torch.float32, "I64": torch.int64}
    for name, t in json.loads(data[8:start]).items():
        if name != "__metadata__":
            begin, end = (start + at for at in t["data_offsets"])
            flat = torch.frombuffer(data[begin:end], dtype=types[t["dtype"]])
            found[name] = flat.reshape(t["shape"])
    return found
`;

const INTERPRETER = `

def average_pool(m, s, x):
    ones = F.pad(torch.ones_like(x[:1, :1]), s["pad"])  # padding does not count
    return F.avg_pool2d(F.pad(x, s["pad"]), s["size"], s["stride"]) / F.avg_pool2d(ones, s["size"], s["stride"])


def widen(m, s, x):
    return F.pad(x, (0, 0) * (x.dim() - 2) + (s["before"], x.shape[1] - s["before"]))


def select_list(m, s, x):
    return torch.cat([x, torch.zeros_like(x[:, :1])], 1)[:, m.indices]  # -1 is the channel of zeros


FUNCTIONS = {
    "input": lambda m, s, x: x,
    "conv2d": lambda m, s, x: F.conv2d(F.pad(x, s["pad"]), m.weight, m.bias, s["stride"], groups=s["groups"]),
    "batch_norm": lambda m, s, x: F.batch_norm(
        x, m.running_mean, m.running_var, m.weight, m.bias, m.training, s["momentum"], s["eps"]),
    "relu": lambda m, s, x: F.relu(x),
    "relu6": lambda m, s, x: F.relu6(x),
    "elu": lambda m, s, x: F.elu(x, s["alpha"]),
    "leaky_relu": lambda m, s, x: F.leaky_relu(x, s["alpha"]),
    "silu": lambda m, s, x: F.silu(x),
    "tanh": lambda m, s, x: torch.tanh(x),
    "max_pool": lambda m, s, x: F.max_pool2d(F.pad(x, s["pad"], value=-float("inf")), s["size"], s["stride"]),
    "average_pool": average_pool,
    "global_average": lambda m, s, x: x.mean((2, 3)),
    "flatten": lambda m, s, x: x.flatten(1),
    "flatten_nhwc": lambda m, s, x: x.permute(0, 2, 3, 1).flatten(1),
    "linear": lambda m, s, x: F.linear(x, m.weight, m.bias),
    "add": lambda m, s, *xs: sum(xs),
    "concat": lambda m, s, *xs: torch.cat(xs, 1),
    "select_mask": lambda m, s, x: x[:, m.indexes.nonzero().flatten()],
    "select_list": select_list,
    "widen": widen,
    "softmax": lambda m, s, x: F.softmax(x, 1),
}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.cells = []
        for _, module, _, _, _, shapes in NODES:
            cell = self
            for part in module.split("."):  # add_module refuses names such as "type"
                cell = cell._modules.setdefault(part, nn.Module())
            cell.register_parameter("bias", None)
            for suffix, shape in shapes.items():
                if suffix in ("weight", "bias"):
                    cell.register_parameter(suffix, nn.Parameter(torch.zeros(shape)))
                else:
                    whole = suffix in ("indices", "num_batches_tracked")
                    cell.register_buffer(suffix, torch.zeros(shape, dtype=torch.long if whole else torch.float))
            self.cells.append(cell)

    def forward(self, x):
        values = {}
        for (node, _, function, sources, settings, _), cell in zip(NODES, self.cells):
            read = [values[source] for source in sources] or [x]
            values[node] = FUNCTIONS[function](cell, settings, *read)
        return values[OUTPUT]


${READ_SAFETENSORS}

def load(source):
    """The network with its weights, from a .pth or .safetensors path or a dict of arrays."""
    state = source
    if isinstance(source, (str, os.PathLike)):
        is_torch = not os.fspath(source).endswith(".safetensors")
        state = torch.load(source, map_location="cpu", weights_only=True) if is_torch else read_safetensors(source)
    state = state.get("state_dict", state)
    net = Net()
    net.load_state_dict({name: torch.as_tensor(values) for name, values in state.items()})
    return net.eval()
`;
