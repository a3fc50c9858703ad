"""Writes the files of runtime/tests/data: weights of a small network as PyTorch 2.13 and safetensors 0.8 save them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch==2.13.0 safetensors==0.8.0 numpy
    /tmp/venv/bin/python tests/python/make_weights.py runtime/tests/data

Element i of the tensor at position k is k + i/64, which every type of 16 bits and more holds exactly, bfloat16 only for small ones.
"""

import collections
import pathlib
import sys

import safetensors.torch
import torch

SHAPES = {
    "conv1.conv.weight": (6, 1, 3, 3),
    "conv1.bn.weight": (6,),
    "conv1.bn.bias": (6,),
    "conv1.bn.running_mean": (6,),
    "conv1.bn.running_var": (6,),
    "main.fc.weight": (3, 96),
    "main.fc.bias": (3,),
    "aux1.fc.weight": (3, 6),
    "aux1.fc.bias": (3,),
}
COUNTER = "conv1.bn.num_batches_tracked"


class Convolution(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 6, 3, bias=False)
        self.bn = torch.nn.BatchNorm2d(6)


class Head(torch.nn.Module):
    def __init__(self, features):
        super().__init__()
        self.fc = torch.nn.Linear(features, 3)


class Tiny(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = Convolution()
        self.main = Head(96)
        self.aux1 = Head(6)


def values():
    tensors = {}
    for k, (name, shape) in enumerate(SHAPES.items()):
        count = torch.Size(shape).numel()
        tensors[name] = (k + torch.arange(count, dtype=torch.float64) / 64).reshape(shape).to(torch.float32)
    return tensors


def network():
    tiny = Tiny()
    tiny.load_state_dict({**values(), COUNTER: torch.tensor(7)}, strict=True)
    return tiny


def views():
    """The same values, in other ways of lying in memory, and as parameters in plain dictionaries."""
    tensors = values()
    flat = torch.cat([tensors["conv1.bn.weight"], tensors["conv1.bn.bias"]])
    tensors["conv1.bn.weight"], tensors["conv1.bn.bias"] = flat[:6], flat[6:]
    tensors["main.fc.weight"] = tensors["main.fc.weight"].t().contiguous().t()
    tensors["conv1.conv.weight"] = tensors["conv1.conv.weight"].contiguous(memory_format=torch.channels_last)
    spread = torch.full((3, 4), -1.0)
    spread[:, 1] = tensors["aux1.fc.bias"]
    tensors["aux1.fc.bias"] = spread[:, 1]
    tensors["main.fc.bias"] = torch.nn.Parameter(tensors["main.fc.bias"])
    return tensors


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    tiny = network()
    state = tiny.state_dict()
    assert list(state) == [name for name in [*list(SHAPES)[:5], COUNTER, *list(SHAPES)[5:]]]
    torch.save(state, folder / "tiny.pt")
    torch.save(state, folder / "tiny-protocol-4.pt", pickle_protocol=4)
    torch.save(state, folder / "tiny-legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(views(), folder / "tiny-views.pt")
    torch.save(collections.OrderedDict((key, value.half()) for key, value in values().items()), folder / "tiny-half.pt")
    types = {0: torch.float64, 1: torch.bfloat16, 2: torch.float16}
    torch.save({key: value.to(types.get(k, value.dtype)) for k, (key, value) in enumerate(values().items())}, folder / "tiny-types.pt")
    torch.serialization.set_crc32_options(False)
    torch.save(state, folder / "tiny-no-checksums.pt")
    torch.serialization.set_crc32_options(True)
    optimizer = torch.optim.SGD(tiny.parameters(), lr=0.1, momentum=0.9)
    sum(parameter.sum() for parameter in tiny.parameters()).backward()
    optimizer.step()
    tiny.load_state_dict(state | values(), strict=True)
    checkpoint = {"epoch": 3, "loss": 0.25, "best": torch.tensor(0.5), "network": "Tiny", "sizes": [1, 8, (8, None, True)], "input": torch.Size([1, 8, 8])}
    torch.save({**checkpoint, "state_dict": tiny.state_dict(), "optimizer": optimizer.state_dict()}, folder / "tiny-checkpoint.pt")
    torch.save(tiny, folder / "tiny-module.pt")
    torch.jit.save(torch.jit.script(tiny.main.fc), folder / "script.pt")
    safetensors.torch.save_file(state, folder / "tiny.safetensors", metadata={"format": "pt"})


if __name__ == "__main__":
    main()
