"""Writes runtime/tests/data/precision.safetensors: what PyTorch's autocast to bfloat16 on a CPU makes of a small network.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch==2.13.0 safetensors==0.8.0 numpy
    /tmp/venv/bin/python tests/python/make_precision.py runtime/tests/data

The file has the input (`input`), the variables (`variable.NAME`), every output (`out.NAME`) in the type that it has, the loss
(`loss`) and what it is in float32 (`loss.float32`), the gradients (`grad.NAME`), and the running statistics behind the pass (`after.NAME`).
"""

import pathlib
import sys

import safetensors.torch
import torch
from torch.nn import functional as F

SHAPES = {
    "stem.conv.weight": (8, 3, 3, 3),
    "stem.conv.bias": (8,),
    "left.conv.weight": (6, 8, 1, 1),
    "left.bn.weight": (6,),
    "left.bn.bias": (6,),
    "left.bn.running_mean": (6,),
    "left.bn.running_var": (6,),
    "after.conv.weight": (14, 14, 3, 3),
    "after.bn.weight": (14,),
    "after.bn.bias": (14,),
    "after.bn.running_mean": (14,),
    "after.bn.running_var": (14,),
    "fc.weight": (5, 14),
    "fc.bias": (5,),
}


def variables():
    generator = torch.Generator().manual_seed(7)
    made = {}
    for name, shape in SHAPES.items():
        values = torch.randn(shape, generator=generator)
        scale = 0.5 if len(shape) == 1 else (2 / values[0].numel()) ** 0.5
        offset = 1.0 if name.endswith(("bn.weight", "running_var")) else 0.0
        made[name] = (values * scale).abs() + 0.5 if name.endswith("running_var") else values * scale + offset
    return made


def forward(x, v, see):
    def norm(x, scope):
        return F.batch_norm(
            x, v[f"{scope}.running_mean"], v[f"{scope}.running_var"], v[f"{scope}.weight"], v[f"{scope}.bias"], True, 0.1, 0.001
        )

    x = see("stem.conv", F.conv2d(x, v["stem.conv.weight"], v["stem.conv.bias"], padding=1))
    x = see("stem.relu", F.relu(x))
    # Autocast alone would square in bfloat16 and do what follows in float32.
    with torch.autocast("cpu", enabled=False):
        x = see("lrn", F.local_response_norm(x.float(), 5, alpha=0.5, beta=0.75, k=1.0))
    x = see("pool", F.max_pool2d(x, 3, 2, ceil_mode=True))
    left = see("left.conv", F.conv2d(x, v["left.conv.weight"]))
    left = see("left.bn", norm(left, "left.bn"))
    left = see("left.relu", F.relu(left))
    right = see("right", F.max_pool2d(x, 3, 1, 1))
    x = see("cat", torch.cat([left, right], 1))
    y = see("after.conv", F.conv2d(x, v["after.conv.weight"], padding=1))
    y = see("after.bn", norm(y, "after.bn"))
    x = see("sum", x + y)
    x = see("mean", F.adaptive_avg_pool2d(x, 1)).flatten(1)
    return see("fc", F.linear(x, v["fc.weight"], v["fc.bias"]))


def run(x, labels, enabled):
    v = {name: value.clone().requires_grad_("running" not in name) for name, value in variables().items()}
    tensors = {}

    def see(name, value):
        tensors[f"out.{name}"] = value.detach().clone().contiguous()
        return value

    with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
        logits = forward(x, v, see)
        # Where one would let autocast see it, it takes the logarithms in bfloat16.
        loss = F.cross_entropy(logits.float(), labels)
    loss.backward()
    tensors["loss"] = loss.detach().clone()
    for name, value in v.items():
        kind, value = ("after", value) if value.grad is None else ("grad", value.grad)
        tensors[f"{kind}.{name}"] = value.detach().clone().contiguous()
    return tensors


def main():
    torch.set_num_threads(1)
    x = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    labels = torch.tensor([3, 1])
    tensors = {"input": x, **{f"variable.{name}": value for name, value in variables().items()}}
    tensors |= run(x, labels, enabled=True)
    tensors["loss.float32"] = run(x, labels, enabled=False)["loss"]
    safetensors.torch.save_file(tensors, pathlib.Path(sys.argv[1]) / "precision.safetensors")


if __name__ == "__main__":
    main()
