"""Weights go from Rust to Python and back, and the networks compute the same with them.

Run it from the root of the repository with a Python that has PyTorch and torchvision (several GB; a folder of its own is best):

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch==2.13.0 torchvision==0.28.0 safetensors==0.8.0 numpy
    /tmp/venv/bin/python tests/python/round_trip.py

1. Rust makes torchvision's GoogLeNet from its spec, and saves weights and logits; Python loads them with safetensors, strictly, into
   `torchvision.models.googlenet`, and compares the logits of all three heads.
2. Python makes weights, and saves them as safetensors, as `.pt`, in the format before PyTorch 1.6, and inside a checkpoint; Rust loads each
   strictly, and compares logits.
3. Python writes a `.pth` with the keys of a source network; Rust loads it by the list of keys that `googlenetc report --layout` writes, and
   saves it under these keys; Python finds all tensors as they were.

All is in 32 bits, with the training graph, without dropout, and with running statistics. The largest differences are printed, and none
may be above 1e-4.
"""

import collections
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
import torchvision
from safetensors.torch import load_file, save_file

TOLERANCE = 1e-4


def rust(*arguments):
    command = ["cargo", "run", "--quiet", "--package", "googlenetc-tests", "--example", "round_trip", "--", *map(str, arguments)]
    subprocess.run(command, check=True)


def googlenet():
    return torchvision.models.googlenet(weights=None, aux_logits=True, transform_input=False, init_weights=False)


def logits(model, x):
    """Of all heads; nothing is dropped, and running statistics are used."""
    model.train()
    for module in model.modules():
        if isinstance(module, (torch.nn.BatchNorm2d, torch.nn.Dropout)):
            module.eval()
    with torch.no_grad():
        output = model(x)
    return {"main": output.logits, "aux1": output.aux_logits1, "aux2": output.aux_logits2}


def rust_to_python(folder):
    rust("save", folder)
    model = googlenet()
    state = load_file(folder / "rust.safetensors")
    print("load_state_dict:", model.load_state_dict(state, strict=True))
    case = load_file(folder / "rust-logits.safetensors")
    for name, value in logits(model, case["input"]).items():
        difference = (value - case[name]).abs().max().item()
        print(f"Rust to Python, {name}: largest difference {difference:.2e}, largest logit {value.abs().max().item():.3f}")
        assert difference <= TOLERANCE


def python_to_rust(folder):
    torch.manual_seed(2)
    model = googlenet()
    x = torch.randn(2, 3, 224, 224)
    with torch.no_grad():
        model.train()(x)
    state = model.state_dict()
    save_file(state, folder / "python.safetensors")
    torch.save(state, folder / "python.pt")
    torch.save(state, folder / "python-legacy.pth", _use_new_zipfile_serialization=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    torch.save({"epoch": 1, "state_dict": state, "optimizer": optimizer.state_dict()}, folder / "python-checkpoint.pt")
    case = {name: value.contiguous() for name, value in logits(model, x).items()}
    save_file({"input": x, **case}, folder / "python-logits.safetensors")
    rust("check", folder, "python.safetensors", "python.pt", "python-legacy.pth", "python-checkpoint.pt")


def foreign_keys(folder):
    report = ["cargo", "run", "--quiet", "--package", "googlenetc", "--features", "cli", "--", "report", "tiny-imagenet"]
    report += ["--layout", "tiny-imagenet", "--format", "csv", "--allow", "all"]
    keys = subprocess.run(report, check=True, stdout=subprocess.PIPE, text=True).stdout
    (folder / "keys.csv").write_text(keys)
    lines = json.loads(pathlib.Path("tests/data/models/tiny-imagenet.json").read_text())["state"]
    state = collections.OrderedDict()
    for line in lines:
        key, _, shape = line.partition(" ")
        state[key] = torch.randn([int(size) for size in shape.split("x")])
    torch.save(state, folder / "foreign.pth")
    rust("rename", folder, "foreign.pth")
    renamed = load_file(folder / "renamed.safetensors")
    assert renamed.keys() == state.keys()
    assert all(torch.equal(renamed[key], value) for key, value in state.items())
    print(f"foreign keys: {len(state)} tensors there and back, all equal")


def main():
    print(f"Python {sys.version.split()[0]}, torch {torch.__version__}, torchvision {torchvision.__version__}")
    with tempfile.TemporaryDirectory() as folder:
        for step in (rust_to_python, python_to_rust, foreign_keys):
            step(pathlib.Path(folder))


if __name__ == "__main__":
    main()
