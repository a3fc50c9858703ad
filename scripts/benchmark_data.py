"""torchvision's DataLoader, for runtime/benches/data.

Reads `FOLDER<tab>RECIPE<tab>WORKERS` a line; answers images per second, and milliseconds of processors per image.
"""

import glob
import os
import sys
import time

import torch
from torchvision import transforms
from torchvision.datasets import ImageFolder

NORMALISE = [transforms.ToTensor(), transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
RECIPES = {
    "crop": [transforms.Resize(256), transforms.RandomCrop(224), transforms.RandomHorizontalFlip()],
    "flip": [transforms.Resize([64, 64]), transforms.RandomHorizontalFlip()],
}


def processor_ms():
    """Of this process and its workers, as Linux counts it, in steps of 10 ms."""
    total = 0
    for stat in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(stat) as file:
                numbers = file.read().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(numbers[1]) == os.getpid() or stat == f"/proc/{os.getpid()}/stat":
            total += 10 * (int(numbers[11]) + int(numbers[12]))
    return total


def one_epoch(loader):
    begin, used, images = time.perf_counter(), processor_ms(), 0
    for batch, _ in loader:
        images += len(batch)
    return images / (time.perf_counter() - begin), (processor_ms() - used) / images


def main():
    torch.set_num_threads(1)
    loaders = {}
    for line in sys.stdin:
        folder, recipe, workers = line.rstrip("\n").split("\t")
        key = folder, recipe, workers
        if key not in loaders:
            images = ImageFolder(folder, transforms.Compose(RECIPES[recipe] + NORMALISE))
            # Its processes are started once and then kept, and the first pass is not timed.
            loaders[key] = torch.utils.data.DataLoader(
                images, batch_size=32, shuffle=True, num_workers=int(workers), persistent_workers=True
            )
            one_epoch(loaders[key])
        print(*one_epoch(loaders[key]), flush=True)


if __name__ == "__main__":
    main()
