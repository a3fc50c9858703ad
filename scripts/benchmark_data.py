"""torchvision's DataLoader, for runtime/benches/data: reads `FOLDER<tab>RECIPE<tab>WORKERS` a line, answers images per second."""

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


def one_epoch(loader):
    begin, images = time.perf_counter(), 0
    for batch, _ in loader:
        images += len(batch)
    return images / (time.perf_counter() - begin)


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
        print(one_epoch(loaders[key]), flush=True)


if __name__ == "__main__":
    main()
