"""PyTorch's run of torchvision's GoogLeNet, for tests/benches/train.

Reads `PHASE<tab>NUMBERS<tab>LAYOUT<tab>BATCH<tab>PASSES` a line; answers seconds on the clock and seconds of processors, per pass.
`check<tab>FOLDER` writes weights, an input and its logits there. The argument is the number of threads.
"""

import contextlib
import os
import sys
import time
import warnings

import torch
import torchvision
from torch.nn import functional


def precision(numbers):
    return torch.autocast("cpu", torch.bfloat16) if numbers == "bfloat16" else contextlib.nullcontext()


def check(network, folder):
    network.eval()
    x = torch.randn(2, 3, 224, 224).to(memory_format=torch.channels_last)
    tensors = {"input": x.contiguous()}
    for numbers in ["float32", "bfloat16"]:
        with torch.inference_mode(), precision(numbers):
            tensors[numbers] = network(x).float().clone()
    torch.save(network.state_dict(), os.path.join(folder, "weights.pt"))
    torch.save(tensors, os.path.join(folder, "logits.pt"))


def step(network, optimizer, x, labels, numbers):
    with precision(numbers):
        output = network(x)
    losses = [functional.cross_entropy(logits.float(), labels) for logits in output]
    loss = losses[0] + 0.3 * losses[1] + 0.3 * losses[2]
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def timed(passes, one):
    one()
    begin, used = time.perf_counter(), time.process_time()
    for _ in range(passes):
        one()
    return (time.perf_counter() - begin) / passes, (time.process_time() - used) / passes


def run(network, phase, numbers, layout, batch, passes):
    form = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    network.to(memory_format=form)
    x = torch.randn(batch, 3, 224, 224).to(memory_format=form)
    if phase == "inference":
        network.eval()
        with torch.inference_mode(), precision(numbers):
            return timed(passes, lambda: network(x))
    network.train()
    labels = torch.randint(1000, (batch,))
    optimizer = torch.optim.SGD(network.parameters(), 1e-3, momentum=0.9)
    cost = timed(passes, lambda: step(network, optimizer, x, labels, numbers))
    optimizer.zero_grad(set_to_none=True)
    return cost


def main():
    warnings.filterwarnings("ignore")
    torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(1)
    network = torchvision.models.googlenet(aux_logits=True, init_weights=False)
    for line in sys.stdin:
        first, *others = line.rstrip("\n").split("\t")
        if first == "check":
            check(network, others[0])
            print(0, 0, flush=True)
        else:
            numbers, layout, batch, passes = others
            print(*run(network, first, numbers, layout, int(batch), int(passes)), flush=True)


if __name__ == "__main__":
    main()
