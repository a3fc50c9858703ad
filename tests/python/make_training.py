"""Writes runtime/tests/data/training.json: what PyTorch's optimizers, schedules, averages and losses make of small numbers.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch==2.13.0 numpy
    /tmp/venv/bin/python tests/python/make_training.py runtime/tests/data

Tensors are made by the formula of `values`, here and in the test.
"""

import json
import math
import pathlib
import sys
import warnings

import torch
from torch import nn
from torch.optim import lr_scheduler as S
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

warnings.filterwarnings("ignore")
torch.set_num_threads(1)


def values(k, shape, scale=1.0, dtype=torch.float64):
    """Element i of tensor k; exact in any language."""
    count = math.prod(shape)
    numbers = [(((i + 1) * 7919 + (k + 1) * 104729 + i * i * 31) % 10007) / 10007 - 0.5 for i in range(count)]
    return (torch.tensor(numbers, dtype=torch.float64) * scale).reshape(shape).to(dtype)


def numbers(tensor):
    return tensor.detach().double().flatten().tolist()


OPTIMIZERS = [
    ({"sgd": {"momentum": 0}}, 0, torch.optim.SGD, {}),
    ({"sgd": {"momentum": 0}}, 0.1, torch.optim.SGD, {}),
    ({"sgd": {}}, 0, torch.optim.SGD, {"momentum": 0.9}),
    ({"sgd": {"momentum": 0.8}}, 0.01, torch.optim.SGD, {"momentum": 0.8}),
    ({"sgd": {"nesterov": True}}, 0.01, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    ({"adam": {}}, 0, torch.optim.Adam, {}),
    ({"adam": {"betas": [0.8, 0.95], "eps": 1e-3}}, 0.05, torch.optim.Adam, {"betas": (0.8, 0.95), "eps": 1e-3}),
    ({"adamw": {}}, 0.01, torch.optim.AdamW, {}),
    ({"adamw": {"betas": [0.85, 0.99], "eps": 1e-5}}, 0, torch.optim.AdamW, {"betas": (0.85, 0.99), "eps": 1e-5}),
    ({"rmsprop": {}}, 0, torch.optim.RMSprop, {}),
    ({"rmsprop": {"alpha": 0.9, "eps": 1e-3}}, 0.02, torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-3}),
    ({"rmsprop": {"momentum": 0.9}}, 0.01, torch.optim.RMSprop, {"momentum": 0.9}),
    ({"rmsprop": {"centered": True, "momentum": 0.5}}, 0.01, torch.optim.RMSprop, {"centered": True, "momentum": 0.5}),
]
# Factors of rate and decay: the second group is Caffe's for biases.
FACTORS = [(1, 1), (2, 0), (0.1, 3)]
SHAPES = [[3, 4], [5], [2, 2, 3, 3]]


def optimizers():
    rows = []
    for config, decay, make, settings in OPTIMIZERS:
        for dtype in [torch.float64, torch.float32]:
            parameters = [nn.Parameter(values(k, shape, dtype=dtype)) for k, shape in enumerate(SHAPES)]
            groups = [{"params": [p]} for p in parameters]
            # The defaults of AdamW would decay.
            optimizer = make(groups, lr=0.1, weight_decay=0, foreach=False, **settings)
            steps = []
            for step in range(5):
                for k, (p, group, factors) in enumerate(zip(parameters, optimizer.param_groups, FACTORS)):
                    p.grad = values(10 * (step + 1) + k, p.shape, 0.5, dtype)
                    group["lr"] = (0.1 + 0.02 * step) * factors[0]
                    group["weight_decay"] = decay * factors[1]
                optimizer.step()
                steps.append([numbers(p) for p in parameters])
            row = {"optimizer": config, "weight_decay": decay, "double": dtype == torch.float64}
            rows.append(row | {"first": steps[0], "fifth": steps[4]})
    return rows


def warmed(n, factor, main):
    """A linear warm-up of n calls, and another schedule behind it."""
    return lambda o: S.SequentialLR(o, [S.LinearLR(o, factor, total_iters=n), main(o)], milestones=[n])


def rise(n, main):
    """The first of n has 1/n of the rate, the last all of it."""
    return lambda o: S.SequentialLR(o, [S.LinearLR(o, 1 / n, total_iters=n - 1), main(o)], milestones=[n])


# Ours, steps, steps in an epoch, PyTorch's, whether that is called after each epoch.
SCHEDULES = [
    ("constant", 12, 3, lambda o: S.LambdaLR(o, lambda k: 1.0), False),
    ({"step": {"every": 2, "factor": 0.96}}, 14, 2, lambda o: S.StepLR(o, 2, 0.96), True),
    ({"step": {"every": 3, "factor": 0.5}, "by": "step"}, 12, 5, lambda o: S.StepLR(o, 3, 0.5), False),
    ({"multi-step": {"at": [1, 4], "factor": 0.1}}, 12, 2, lambda o: S.MultiStepLR(o, [1, 4], 0.1), True),
    ({"multi-step": {"at": [2, 5, 5, 9], "factor": 0.1}, "by": "step"}, 12, 2, lambda o: S.MultiStepLR(o, [2, 5, 5, 9], 0.1), False),
    ({"exponential": {"factor": 0.94}}, 12, 2, lambda o: S.ExponentialLR(o, 0.94), True),
    ({"exponential": {"factor": 0.94}, "by": "step"}, 12, 2, lambda o: S.ExponentialLR(o, 0.94), False),
    ("polynomial", 12, 4, lambda o: S.PolynomialLR(o, 12, 1.0), False),
    ({"polynomial": {"power": 0.5}}, 12, 4, lambda o: S.PolynomialLR(o, 12, 0.5), False),
    ({"polynomial": {"power": 2}, "by": "epoch"}, 22, 2, lambda o: S.PolynomialLR(o, 11, 2.0), True),
    ("cosine", 12, 4, lambda o: S.CosineAnnealingLR(o, 12), False),
    ({"cosine": {"floor": 0.01}}, 12, 4, lambda o: S.CosineAnnealingLR(o, 12, 0.01), False),
    ({"cosine": {}, "by": "epoch"}, 20, 2, lambda o: S.CosineAnnealingLR(o, 10), True),
    ({"cosine": {}, "warm_up": {"share": 0.25}}, 12, 4, rise(3, lambda o: S.CosineAnnealingLR(o, 9)), False),
    ({"cosine": {"floor": 0.01}, "warm_up": {"steps": 4, "from": 0.1}}, 14, 4, warmed(4, 0.1, lambda o: S.CosineAnnealingLR(o, 10, 0.01)), False),
    ({"cosine": {}, "by": "epoch", "warm_up": {"epochs": 3, "from": 0.01}}, 24, 2, warmed(3, 0.01, lambda o: S.CosineAnnealingLR(o, 9)), True),
    ({"step": {"every": 2, "factor": 0.5}, "warm_up": {"epochs": 2, "from": 0.2}}, 24, 3, warmed(2, 0.2, lambda o: S.StepLR(o, 2, 0.5)), True),
    ({"polynomial": {"power": 0.5}, "warm_up": {"epochs": 1, "from": 0.5}}, 12, 3, warmed(3, 0.5, lambda o: S.PolynomialLR(o, 9, 0.5)), False),
    ("one-cycle", 12, 4, lambda o: S.OneCycleLR(o, 0.4, total_steps=12), False),
    ({"one-cycle": {"anneal_strategy": "linear", "pct_start": 0.4}}, 12, 4, lambda o: S.OneCycleLR(o, 0.4, total_steps=12, anneal_strategy="linear", pct_start=0.4), False),
    ({"one-cycle": {"cycle_momentum": False, "div_factor": 10, "final_div_factor": 100}}, 20, 4, lambda o: S.OneCycleLR(o, 0.4, total_steps=20, cycle_momentum=False, div_factor=10.0, final_div_factor=100.0), False),
]


def schedules():
    rows = []
    for ours, steps, per_epoch, theirs, by_epoch in SCHEDULES:
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.4, momentum=0.9)
        schedule = theirs(optimizer)
        rates, momenta = [], []
        for step in range(steps):
            group = optimizer.param_groups[0]
            rates.append(group["lr"])
            momenta.append(group["momentum"])
            optimizer.step()
            if step + 1 < steps and (not by_epoch or (step + 1) % per_epoch == 0):
                schedule.step()
        row = {"schedule": ours, "steps_per_epoch": per_epoch, "rates": rates}
        cycles = getattr(schedule, "cycle_momentum", False)
        rows.append(row | {"momenta": momenta if cycles else None})
    # Caffe's quick solver, by the formula of its documentation: base (1 - k / n)^power.
    caffe = [0.4 * (1 - k / 24) ** 0.5 for k in range(24)]
    rows.append({"schedule": {"polynomial": {"power": 0.5}}, "steps_per_epoch": 5, "rates": caffe, "momenta": None})
    return rows


class Weights(nn.Module):
    """A parameter and a buffer."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(values(0, [3, 4]))
        self.register_buffer("running_mean", values(1, [4]))


def timm_decay(step, decay):
    """timm's ModelEmaV3.get_decay with use_warmup and its defaults; its steps begin with 1."""
    step = max(0, step - 1)
    return 0.0 if step <= 0 else min(1 - (1 + step) ** -(2 / 3), decay)


def averages():
    kinds = [
        ("polyak", lambda m, step: AveragedModel(m), lambda step: True),
        ({"polyak": {}, "from": {"steps": 2}}, lambda m, step: AveragedModel(m), lambda step: step > 2),
        ({"polyak": {}, "from": {"epochs": 1}, "every": {"epochs": 1}}, lambda m, step: AveragedModel(m), lambda step: step in (6, 9)),
        ({"ema": {"decay": 0.9}}, lambda m, step: AveragedModel(m, multi_avg_fn=get_ema_multi_avg_fn(0.9)), lambda step: True),
        ({"ema": {"decay": 0.5}, "from": {"steps": 4}}, lambda m, step: AveragedModel(m, multi_avg_fn=get_ema_multi_avg_fn(0.5)), lambda step: step > 4),
    ]
    rows = []
    for ours, make, is_time in kinds:
        model, averaged = Weights(), None
        averaged = make(model, 0)
        for step in range(1, 10):
            model.weight.data = values(10 * step, [3, 4])
            model.running_mean.data = values(10 * step + 1, [4])
            if is_time(step):
                averaged.update_parameters(model)
        rows.append({"averaging": ours, "weight": numbers(averaged.module.weight), "running_mean": numbers(averaged.module.running_mean)})
    average = values(0, [3, 4])
    for step in range(1, 10):
        average = average.lerp(values(10 * step, [3, 4]), 1 - timm_decay(step, 0.7))
    warm = {"averaging": {"ema": {"decay": 0.7, "warm_up": True}}, "weight": numbers(average)}
    return rows + [warm | {"running_mean": numbers(values(91, [4]))}]


def batch_norm():
    layer = nn.BatchNorm2d(3, eps=1e-3, momentum=0.1).double()
    layer.running_mean.data, layer.running_var.data = values(0, [3]), values(1, [3]) + 1
    batches = [values(2, [4, 3, 2, 2]), values(3, [4, 3, 2, 2]), values(4, [2, 3, 2, 2])]
    update_bn(batches, nn.Sequential(layer))
    return {"running_mean": numbers(layer.running_mean), "running_var": numbers(layer.running_var)}


def clipping():
    rows = []
    for how, limit in [("norm", 0.5), ("norm", 100.0), ("value", 0.1)]:
        parameters = [nn.Parameter(values(k, shape)) for k, shape in enumerate(SHAPES)]
        for k, p in enumerate(parameters):
            p.grad = values(10 + k, p.shape)
        norm = nn.utils.clip_grad_norm_(parameters, limit).item() if how == "norm" else nn.utils.clip_grad_value_(parameters, limit)
        rows.append({"clip": {how: limit}, "norm": norm, "gradients": [numbers(p.grad) for p in parameters]})
    return rows


def losses():
    rows = []
    labels = torch.tensor([0, 2, 1, 3, 3, 0])
    for smoothing in [0.0, 0.1, 0.9]:
        for dtype in [torch.float64, torch.float32]:
            heads = [values(k, [6, 4], 6.0, dtype).requires_grad_() for k in range(2)]
            parts = [nn.functional.cross_entropy(head, labels, label_smoothing=smoothing) for head in heads]
            total = parts[0] + 0.3 * parts[1]
            total.backward()
            rows.append({
                "label_smoothing": smoothing, "double": dtype == torch.float64, "heads": [p.item() for p in parts],
                "total": total.item(), "gradients": [numbers(head.grad) for head in heads],
            })
    return rows


class Tiny(nn.Module):
    """The network `Tiny` of runtime/tests/common, without dropout."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.ModuleDict({"conv": nn.Conv2d(1, 6, 3, padding=1, bias=False), "bn": nn.BatchNorm2d(6, eps=1e-3)})
        self.main = nn.ModuleDict({"fc": nn.Linear(96, 3)})
        self.aux1 = nn.ModuleDict({"fc": nn.Linear(6, 3)})

    def forward(self, x):
        x = self.conv1["bn"](self.conv1["conv"](x)).relu()
        aux = self.aux1["fc"](nn.functional.adaptive_avg_pool2d(x, 1).flatten(1))
        x = nn.functional.max_pool2d(x, 3, 2, ceil_mode=True)
        x = nn.functional.local_response_norm(x, 5, 1e-4, 0.75, 1.0)
        return self.main["fc"](x.flatten(1)), aux


class Branches(nn.Module):
    """The network `Branches` of runtime/tests/optimization/curves.rs: an inception block with biases, all trained at Caffe's rates."""

    def __init__(self):
        super().__init__()
        for name, c_in, c_out, kernel in [("stem", 2, 8, 3), ("a", 8, 4, 1), ("b0", 8, 4, 1), ("b1", 4, 6, 3), ("c0", 8, 2, 1), ("c1", 2, 4, 5), ("d", 8, 3, 1)]:
            setattr(self, name, nn.Conv2d(c_in, c_out, kernel, padding=kernel // 2))
        self.fc = nn.Linear(17, 3)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.stem(x).relu(), 3, 2, ceil_mode=True)
        branches = [
            self.a(x).relu(),
            self.b1(self.b0(x).relu()).relu(),
            self.c1(self.c0(x).relu()).relu(),
            self.d(nn.functional.max_pool2d(x, 3, 1, padding=1)).relu(),
        ]
        x = torch.cat(branches, 1)
        return (self.fc(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1)),)


def fill(network, names):
    parameters = dict(network.named_parameters())
    assert sorted(names) == sorted(parameters)
    for k, name in enumerate(names):
        p = parameters[name]
        bound = (6 / math.prod(p.shape[1:])) ** 0.5 if p.dim() > 1 else 0.1
        is_scale = p.dim() == 1 and name.endswith("weight")
        p.data = values(k, p.shape, 2 * bound, torch.float64) + (1 if is_scale else 0)


CURVES = [
    ("Tiny", Tiny, [1, 8, 8], ["conv1.conv.weight", "conv1.bn.weight", "conv1.bn.bias", "main.fc.weight", "main.fc.bias", "aux1.fc.weight", "aux1.fc.bias"], [(1, 1)]),
    ("Branches", Branches, [2, 12, 12], [f"{layer}.{what}" for layer in ["stem", "a", "b0", "b1", "c0", "c1", "d", "fc"] for what in ["weight", "bias"]], [(1, 1), (2, 0)]),
]
RECIPES = [
    ({"sgd": {}}, 0.05, 5e-4, lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9)),
    ({"sgd": {"nesterov": True}}, 0.02, 0, lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True)),
    ({"adam": {}}, 1e-3, 1e-4, lambda p: torch.optim.Adam(p, lr=1e-3)),
    ({"adamw": {}}, 2e-3, 0.01, lambda p: torch.optim.AdamW(p, lr=2e-3, weight_decay=0)),
    ({"rmsprop": {"momentum": 0.9, "eps": 1e-3}}, 1e-3, 0, lambda p: torch.optim.RMSprop(p, lr=1e-3, momentum=0.9, eps=1e-3)),
]


def curves():
    rows = []
    for name, make, input_shape, names, factors in CURVES:
        for config, rate, decay, optimizer in RECIPES:
            row = {"network": name, "names": names, "optimizer": config, "rate": rate, "weight_decay": decay}
            for kind, dtype in [("double", torch.float64), ("single", torch.float32)]:
                network = make()
                fill(network, names)
                network = network.to(dtype)
                parameters = dict(network.named_parameters())
                groups = []
                for parameter_name in names:
                    lr, wd = factors[-1] if parameter_name.endswith("bias") else factors[0]
                    groups.append({"params": [parameters[parameter_name]], "lr": rate * lr, "weight_decay": decay * wd})
                optimizer_ = optimizer(groups)
                losses = []
                for step in range(50):
                    x = values(100 + step % 4, [6, *input_shape], 2.0, dtype)
                    labels = torch.tensor([(i + step % 4) % 3 for i in range(6)])
                    optimizer_.zero_grad()
                    heads = network(x)
                    loss = sum(w * nn.functional.cross_entropy(h, labels) for h, w in zip(heads, [1, 0.3]))
                    loss.backward()
                    optimizer_.step()
                    losses.append(loss.item())
                row[kind] = losses
            rows.append(row)
    return rows


def accumulation():
    """The gradient of the mean over all images, which lie in batches of 4, 4 and 2."""
    layer = nn.Linear(5, 4).double()
    layer.weight.data, layer.bias.data = values(0, [4, 5]), values(1, [4])
    x, labels = values(2, [10, 5], 4.0), torch.tensor([i % 4 for i in range(10)])
    nn.functional.cross_entropy(layer(x), labels).backward()
    return {"weight": numbers(layer.weight.grad), "bias": numbers(layer.bias.grad)}


truth = {
    "made_with": f"PyTorch {torch.__version__.split('+')[0]}",
    "optimizers": optimizers(), "schedules": schedules(), "averages": averages(), "batch_norm": batch_norm(),
    "clipping": clipping(), "accumulation": accumulation(), "losses": losses(), "curves": curves(),
}
lines = ",\n".join(
    json.dumps(key) + ": " + ("[\n" + ",\n".join(json.dumps(row) for row in value) + "\n]" if isinstance(value, list) else json.dumps(value))
    for key, value in truth.items()
)
(pathlib.Path(sys.argv[1]) / "training.json").write_text("{\n" + lines + "\n}\n")
