"""Runs a network of Espalier's in PyTorch, eagerly, as `pytorch.ts` asks over standard input.

One JSON object a line in, one out. The network comes as its list of nodes, so that any of them can be
built, cut ones too; weights and images come in a file of float32. Channels are where PyTorch wants them.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F


class Network(torch.nn.Module):
    """Executes the nodes in order; a value is dropped after its last reader."""

    def __init__(self, request, values):
        super().__init__()
        self.nodes = request["nodes"]
        self.output = request["output"]
        self.layers = torch.nn.ModuleDict()
        self.last_reader = {}
        self.readers = {}
        for node in self.nodes:
            for name in node["inputs"]:
                self.last_reader[name] = node["name"]
                self.readers[name] = self.readers.get(name, 0) + 1
            layer = make_layer(node, lambda slot: values(node["name"] + "/" + slot))
            if layer is not None:
                # A module's name may hold no dot.
                self.layers[node["name"].replace(".", "_")] = layer
        self.steps = [self.make_step(node) for node in self.nodes]

    def make_step(self, node):
        op = node["op"]
        kind = op["kind"]
        key = node["name"].replace(".", "_")
        if key in self.layers:
            layer = self.layers[key]
            return lambda x: layer(x[0])
        if kind == "relu":
            # As torchvision's networks do; only where nobody else reads what is overwritten.
            alone = self.readers[node["inputs"][0]] == 1
            return lambda x: F.relu(x[0], inplace=alone)
        if kind in ("maxPool", "averagePool"):
            return pool_step(op)
        if kind == "globalAveragePool":
            return lambda x: x[0].mean((2, 3))
        if kind == "flatten":
            # Channels innermost, as Espalier has it.
            return lambda x: x[0].permute(0, 2, 3, 1).flatten(1)
        if kind == "add":
            return lambda x: sum(x[1:], x[0])
        if kind == "concat":
            return lambda x: torch.cat(x, 1)
        if kind == "channelSelect":
            return select_step(op["indices"])
        raise ValueError("no such op here: " + kind)

    def forward(self, images):
        values = {self.nodes[0]["name"]: images}
        for node, step in zip(self.nodes[1:], self.steps[1:]):
            values[node["name"]] = step([values[name] for name in node["inputs"]])
            for name in node["inputs"]:
                if self.last_reader[name] == node["name"]:
                    values.pop(name, None)
        return values[self.output]


def symmetric(padding):
    top, bottom, left, right = padding
    if top != bottom or left != right:
        raise ValueError("uneven padding is not written here")
    return top, left


def make_layer(node, weight):
    """The module of a node with weights, or None."""
    op = node["op"]
    if op["kind"] == "input":
        return torch.nn.Identity()
    if op["kind"] == "conv2d":
        kernel = weight("kernel").permute(3, 2, 0, 1).contiguous()
        layer = torch.nn.Conv2d(
            kernel.shape[1] * op["groups"],
            kernel.shape[0],
            tuple(op["size"]),
            tuple(op["stride"]),
            symmetric(op["padding"]),
            groups=op["groups"],
            bias=op["bias"],
        )
        put(layer.weight, kernel)
        if op["bias"]:
            put(layer.bias, weight("bias"))
        return layer
    if op["kind"] == "batchNorm":
        gamma = weight("gamma")
        layer = torch.nn.BatchNorm2d(len(gamma), op["epsilon"], op["momentum"])
        put(layer.weight, gamma)
        put(layer.bias, weight("beta"))
        put(layer.running_mean, weight("mean"))
        put(layer.running_var, weight("variance"))
        return layer
    if op["kind"] == "dense":
        kernel = weight("kernel").t()
        layer = torch.nn.Linear(kernel.shape[1], kernel.shape[0], bias=op["bias"])
        put(layer.weight, kernel)
        if op["bias"]:
            put(layer.bias, weight("bias"))
        return layer
    return None


def put(target, values):
    with torch.no_grad():
        target.copy_(values)


def pool_step(op):
    size, stride, padding = tuple(op["size"]), tuple(op["stride"]), symmetric(op["padding"])
    if op["kind"] == "averagePool":
        return lambda x: F.avg_pool2d(x[0], size, stride, padding, count_include_pad=False)
    if size == (1, 1):
        return lambda x: x[0][:, :, :: stride[0], :: stride[1]]
    return lambda x: F.max_pool2d(x[0], size, stride, padding)


def select_step(indices):
    """Zeros around all channels are padding, as ResNet's authors have it; else a gathering."""
    before = next(i for i, index in enumerate(indices) if index >= 0)
    middle = [index for index in indices if index >= 0]
    after = len(indices) - before - len(middle)
    if indices == [-1] * before + list(range(len(middle))) + [-1] * after:
        return lambda x: F.pad(x[0], (0, 0, 0, 0, before, after))
    if before + after > 0:
        raise ValueError("zeros between channels are not written here")
    chosen = torch.tensor(middle)
    return lambda x: x[0].index_select(1, chosen)


class Bench:
    """One network with its batch, its optimizer and the memory format that suits it."""

    def __init__(self, request):
        torch.set_num_threads(request["threads"])
        warm_up()
        with open(request["file"], "rb") as file:
            numbers = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
        # From here on memory is the network's.
        self.resident = memory("VmRSS")
        reset_peak()

        def values(name):
            start, shape = request["tensors"][name]
            size = torch.Size(shape).numel()
            return numbers[start : start + size].view(shape)

        self.network = Network(request, values)
        self.images = values("images").permute(0, 3, 1, 2)
        self.labels = torch.tensor(request["labels"])
        self.use("NCHW")
        self.logits = self.forward()[0].tolist()
        self.layout = request["layout"] or self.choose_layout(request["kind"])
        self.use(self.layout)

    def use(self, layout):
        memory_format = (
            torch.channels_last if layout == "channels_last" else torch.contiguous_format
        )
        self.network = self.network.to(memory_format=memory_format)
        self.images = self.images.contiguous(memory_format=memory_format)
        # Anew, because its momentum buffers have the weights' format.
        self.optimizer = torch.optim.SGD(
            self.network.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4
        )

    def choose_layout(self, kind):
        """Both are tried; the better of three steps after two counts."""
        best = {}
        for layout in ("NCHW", "channels_last"):
            self.use(layout)
            self.run(kind, 2)
            best[layout] = min(self.run(kind, 3))
        return min(best, key=best.get)

    def step(self):
        loss = F.cross_entropy(self.network(self.images), self.labels)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def forward(self):
        self.network.eval()
        with torch.inference_mode():
            return self.network(self.images)

    def run(self, kind, steps):
        work = self.step if kind == "train" else self.forward
        self.network.train(kind == "train")
        times = []
        for _ in range(steps):
            start = time.perf_counter()
            work()
            times.append((time.perf_counter() - start) * 1000)
        return times


def warm_up():
    """Loads what PyTorch loads at its first convolution, so that it does not count as the step's."""
    x = torch.ones(1, 3, 8, 8, requires_grad=True)
    F.conv2d(x, torch.ones(3, 3, 3, 3, requires_grad=True)).sum().backward()


def memory(field):
    """Bytes, from Linux; not from getrusage, whose peak a child inherits from who started it."""
    try:
        with open("/proc/self/status") as status:
            line = next(line for line in status if line.startswith(field))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration):
        return None


def reset_peak():
    try:
        with open("/proc/self/clear_refs", "w") as refs:
            refs.write("5")
    except OSError:
        pass


def answer(bench, request):
    if request["ask"] == "run":
        return {"ms": bench.run(request["kind"], request["steps"])}
    if request["ask"] == "peak":
        peak = memory("VmHWM")
        return {"bytes": None if peak is None else peak - bench.resident}
    raise ValueError("no such question: " + request["ask"])


def main():
    bench = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["ask"] == "init":
            bench = Bench(request)
            reply = {
                "version": torch.__version__,
                "threads": torch.get_num_threads(),
                "layout": bench.layout,
                "logits": bench.logits,
            }
        else:
            reply = answer(bench, request)
        print(json.dumps(reply), flush=True)


main()
