"""Writes the small checkpoints beside it, and what PyTorch itself reads from them (expected.json).

Run with PyTorch 1.13 and numpy 1.24: `python3 tests/goldens/torch/make.py`. The tests never run it.
slim-vgg-p50.pth.tar is network-slimming's own output (vggprune.py at 0.5), copied as it is.
"""
import collections
import json
import pathlib

import numpy
import torch

HERE = pathlib.Path(__file__).parent
torch.manual_seed(1)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 2, 3)


def tensors():
    whole = torch.randn(4, 6)
    return collections.OrderedDict(
        [
            ("float32", torch.randn(2, 3)),
            ("float16", torch.tensor([1.5, -6e-8, 65504.0, 0.1]).half()),
            ("bfloat16", torch.randn(5).bfloat16()),
            ("float64", torch.randn(3).double()),
            ("int64", torch.tensor(391)),
            ("int32", torch.tensor([-(2**24), 2**24], dtype=torch.int32)),
            ("int16", torch.tensor([-32768, 32767], dtype=torch.int16)),
            ("int8", torch.tensor([-128, 127], dtype=torch.int8)),
            ("uint8", torch.tensor([0, 255], dtype=torch.uint8)),
            ("bool", torch.tensor([True, False, True])),
            ("whole", whole),
            ("transposed", whole.t()),
            ("window", whole[1:3, 2:5]),
            ("every other", whole[:, ::2]),
            ("expanded", whole[2:3, :2].expand(3, 2)),
            ("channels last", torch.randn(2, 3, 4, 2).to(memory_format=torch.channels_last)),
            ("parameter", torch.nn.Parameter(torch.randn(2))),
            ("nothing", torch.zeros(0, 3)),
            ("scalar", torch.tensor(2.5)),
        ]
    )


state = tensors()
checkpoint = {
    "epoch": 3,
    "arch": "vgg",
    "best_prec1": numpy.float64(0.9375),
    "cfg": [4, "M", 8],
    "__proto__": {"constructor": [1, None, True]},
    "device": torch.device("cuda", 1),
    "rng": torch.zeros(7, dtype=torch.uint8),
    "scheduler": {"milestones": collections.Counter({80: 1, 120: 1}), "gamma": 0.1},
    "optimizer": torch.optim.SGD([state["parameter"]], lr=0.1).state_dict(),
    "state_dict": state,
}
torch.save(checkpoint, HERE / "small.pth")
torch.save(checkpoint, HERE / "small-legacy.pth", _use_new_zipfile_serialization=False)
torch.save(checkpoint, HERE / "small-protocol4.pth", pickle_protocol=4)
torch.save(checkpoint, HERE / "small-legacy-protocol4.pth", pickle_protocol=4, _use_new_zipfile_serialization=False)
Net.__module__ = "models.vgg"
import sys, types
sys.modules["models"] = types.ModuleType("models")
sys.modules["models.vgg"] = types.ModuleType("models.vgg")
sys.modules["models.vgg"].Net = Net
torch.save(Net(), HERE / "whole-model.pth")
torch.save(Net(), HERE / "whole-model-legacy.pth", _use_new_zipfile_serialization=False)
torch.jit.script(torch.nn.Linear(1, 1)).save(str(HERE / "torchscript.pt"))

expected = {
    name: {
        "shape": list(tensor.shape),
        "dtype": str(tensor.dtype).removeprefix("torch."),
        "values": tensor.detach().float().flatten().tolist(),
    }
    for name, tensor in state.items()
}
(HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
