"""Writes runtime/tests/data/images: images of many kinds as Pillow 13.0.0 writes them, and what it reads and resizes.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pillow==13.0.0 numpy
    /tmp/venv/bin/python tests/python/make_images.py runtime/tests/data/images

`resize.json`: a list of [channels, height, width, seed, filter, crop, new height, new width, window, hash]. The image is noise: byte i
is the highest of splitmix64's number i + 1 for this seed. `crop` (top, left, height, width) is cut out of it, resized to the new
size, and `window` cut out of that; `hash` is the beginning of the SHA-256 of what is left.
"""

import hashlib
import json
import pathlib
import random
import sys

import numpy
from PIL import Image

FILTERS = {"nearest": 0, "box": 4, "bilinear": 2, "bicubic": 3}


def noise(channels, height, width, seed):
    with numpy.errstate(over="ignore"):
        i = numpy.arange(1, height * width * channels + 1, dtype=numpy.uint64)
        z = numpy.uint64(seed) + i * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = (z ^ (z >> numpy.uint64(31))) >> numpy.uint64(56)
    pixels = z.astype(numpy.uint8).reshape(height, width, channels)
    return Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels)


def digest(image):
    return hashlib.sha256(image.tobytes()).hexdigest()[:16]


def part(height, width):
    """A random rectangle: all of it, or a part."""
    if random.random() < 0.4:
        return [0, 0, height, width]
    top, left = random.randrange(height), random.randrange(width)
    return [top, left, random.randint(1, height - top), random.randint(1, width - left)]


def box(rectangle):
    top, left, height, width = rectangle
    return (left, top, left + width, top + height)


def resize_cases():
    random.seed(1)
    largest = [2, 9, 40, 130, 500]
    for seed in range(800):
        channels = random.choice([1, 3])
        height, width = (random.randint(1, random.choice(largest)) for _ in range(2))
        new_height, new_width = (random.randint(1, random.choice(largest[:4])) for _ in range(2))
        if seed % 10 == 0:
            new_height = height
        if seed % 15 == 0:
            new_width = width
        name = random.choice(list(FILTERS))
        crop, window = part(height, width), part(new_height, new_width)
        image = noise(channels, height, width, seed).crop(box(crop))
        image = image.resize((new_width, new_height), FILTERS[name]).crop(box(window))
        yield [channels, height, width, seed, name, crop, new_height, new_width, window, digest(image)]


def main():
    folder = pathlib.Path(sys.argv[1])
    cases = ",\n".join(json.dumps(case) for case in resize_cases())
    (folder / "resize.json").write_text(f"[\n{cases}\n]\n")


main()
