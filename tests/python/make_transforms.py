"""Writes runtime/tests/data/transforms.json: what torchvision and Pillow make of small images.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch==2.13.0 torchvision==0.28.0 pillow==13.0.0 numpy
    /tmp/venv/bin/python tests/python/make_transforms.py runtime/tests/data

Images are made by the formula of `value`, here and in the test. Results are recorded as the CRC-32 of their bytes (rows, columns,
channels). Where torchvision draws at random, the ranges leave one result only, or all results that can come are listed.
"""

import itertools
import json
import pathlib
import sys
import zlib

import numpy
import torch
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import InterpolationMode as I
from torchvision.transforms import functional as F


def value(y, x, c):
    """Smooth, with edges and noise."""
    noise = ((y * 73856093) ^ (x * 19349663) ^ (c * 83492791)) >> 5
    return (3 * y + 2 * x + 40 * c + (60 if (x // 7 + y // 5) % 2 else 0) + noise % 23) % 256


def image(height, width, channels):
    grid = numpy.fromfunction(value_of, (height, width, channels), dtype=numpy.int64).astype(numpy.uint8)
    return Image.fromarray(grid[:, :, 0] if channels == 1 else grid)


value_of = numpy.vectorize(value)


def crc(result):
    return zlib.crc32(numpy.ascontiguousarray(numpy.asarray(result)).tobytes())


CASES = []


def case(name, size, steps, transform):
    """The steps in the words of a recipe, and what they are in Python."""
    result = transform(image(*size))
    CASES.append({"name": name, "image": size, "steps": steps, "output": [result.height, result.width], "crc": crc(result)})


SMALL, GREY = [40, 52, 3], [31, 30, 1]

# Crops. Every parity of what is cut off, and what lies outside.
for height, width in itertools.product([40, 39, 37, 34, 43, 46], [52, 51, 49, 47, 55, 61]):
    case("centre crop", SMALL, [{"centre-crop": [height, width]}], T.CenterCrop((height, width)))
for size in [[256, 341, 3], [341, 256, 1]]:
    case("centre crop", size, [{"centre-crop": 224}], T.CenterCrop(224))
for side in [24, 25, 38]:
    case("shorter side", SMALL, [{"resize": side}, {"centre-crop": 20}], T.Compose([T.Resize(side), T.CenterCrop(20)]))
FILTERS = {"nearest": I.NEAREST, "box": I.BOX, "bilinear": I.BILINEAR, "bicubic": I.BICUBIC}
for name, mode in FILTERS.items():
    for size in [SMALL, GREY]:
        steps = [{"centre-crop": [28, 27]}, {"resize": {"size": [45, 19], "filter": name}}, {"centre-crop": 17}]
        case(f"crop, {name}, crop", size, steps, T.Compose([T.CenterCrop((28, 27)), T.Resize((45, 19), mode), T.CenterCrop(17)]))
        steps = [{"horizontal-flip": 1}, {"resize": {"size": 24, "filter": name}}, {"centre-crop": [22, 13]}]
        flip = T.RandomHorizontalFlip(1)
        case(f"flip, {name}, crop", size, steps, T.Compose([flip, T.Resize(24, mode), T.CenterCrop((22, 13))]))
        steps = [{"resize": {"size": 24, "filter": name}}, {"horizontal-flip": 1}, {"centre-crop": [22, 13]}]
        case(f"{name}, flip, crop", size, steps, T.Compose([T.Resize(24, mode), flip, T.CenterCrop((22, 13))]))
        # Ten times nothing fits, and the centre is taken.
        for shape in [[9, 90, 3], [90, 9, 3]]:
            steps = [{"random-resized-crop": {"size": [15, 18], "scale": [1, 1], "filter": name}}]
            case(f"random resized crop, {name}", shape, steps, T.RandomResizedCrop((15, 18), (1, 1), interpolation=mode))

# Padding: the crop is all of what is padded.
for mode in ["constant", "edge", "reflect", "symmetric"]:
    for padding, size, (height, width) in [
        (4, SMALL, (48, 60)),
        ([3, 1], GREY, (33, 36)),
        ([1, 2, 3, 4], SMALL, (46, 56)),
        (7, [3, 2, 3], (17, 16)),
        (2, [1, 1, 3], (5, 5)),
    ]:
        fill = 0 if mode != "constant" or size[2] == 1 else [10, 200, 30]
        settings = {"size": [height, width], "padding": padding, "padding_mode": mode, "fill": fill}
        crop = T.RandomCrop((height, width), padding, fill=tuple(fill) if fill else 0, padding_mode=mode)
        case(f"padding, {mode}", size, [{"random-crop": settings}], crop)

# Colours.
for size in [SMALL, GREY]:
    for factor in [0, 0.1, 0.5, 0.83, 1, 1.17, 1.4, 3]:
        for what in ["brightness", "contrast", "saturation"]:
            jitter = T.ColorJitter(**{what: (factor, factor)})
            case(f"{what} {factor}", size, [{"colour-jitter": {what: [factor, factor]}}], jitter)
    for turn in [-0.5, -0.31, -0.001, 0, 0.05, 0.25, 0.5]:
        case(f"hue {turn}", size, [{"colour-jitter": {"hue": [turn, turn]}}], T.ColorJitter(hue=(turn, turn)))
    channels = size[2]
    case("greyscale", size, ["greyscale"], T.Grayscale(channels))


def lattice(step):
    """Colours whose values are multiples of `step`."""
    values = numpy.arange(0, 256, step, dtype=numpy.uint8)
    grid = numpy.stack(numpy.meshgrid(values, values, values, indexing="ij"), axis=-1)
    return Image.fromarray(grid.reshape(-1, len(values), 3))


HUES = [{"step": step, "turn": 0.2, "crc": crc(F.adjust_hue(lattice(step), 0.2))} for step in [5, 1]]

# All results that can come.
picture = image(12, 13, 3)
FACTORS = {"brightness": 1.4, "contrast": 0.6, "saturation": 1.7}
ADJUST = {"brightness": F.adjust_brightness, "contrast": F.adjust_contrast, "saturation": F.adjust_saturation}
orders = []
for order in itertools.permutations(FACTORS):
    result = picture
    for what in order:
        result = ADJUST[what](result, FACTORS[what])
    orders.append(crc(result))
settings = {what: [factor, factor] for what, factor in FACTORS.items()}
SETS = [{"name": "orders", "image": [12, 13, 3], "steps": [{"colour-jitter": settings}], "output": [12, 13], "crcs": orders}]

def crops(padded, height, width):
    places = itertools.product(range(padded.height - height + 1), range(padded.width - width + 1))
    return [crc(F.crop(padded, top, left, height, width)) for top, left in places]


for mode in ["constant", "edge", "reflect", "symmetric"]:
    padded = F.pad(F.pad(image(4, 5, 3), [2, 0], 0, mode), [0, 3], 0, mode)
    settings = {"size": 7, "pad_if_needed": True, "padding_mode": mode}
    SETS.append({"name": f"pad_if_needed {mode}", "image": [4, 5, 3], "steps": [{"random-crop": settings}], "output": [7, 7], "crcs": crops(padded, 7, 7)})
SETS.append({"name": "random crop", "image": [9, 8, 1], "steps": [{"random-crop": [6, 4]}], "output": [6, 4], "crcs": crops(image(9, 8, 1), 6, 4)})
filters = [crc(image(20, 20, 3).resize((9, 9), {"nearest": 0, "box": 4, "bilinear": 2, "bicubic": 3}[name])) for name, mode in FILTERS.items()]
settings = {"size": 9, "scale": [1, 1], "ratio": [1, 1], "filter": "random"}
SETS.append({"name": "filters", "image": [20, 20, 3], "steps": [{"random-resized-crop": settings}], "output": [9, 9], "crcs": filters})

# Ten crops.
TEN = []
for size, crop in [([40, 52, 3], [24, 24]), ([41, 53, 3], [24, 31]), ([29, 28, 1], [27, 25])]:
    TEN.append({"image": size, "crop": crop, "crcs": [crc(part) for part in T.TenCrop(crop)(image(*size))]})

# Floats: their bytes, rows, columns, channels.
def floats(tensor):
    return zlib.crc32(tensor.permute(1, 2, 0).contiguous().numpy().astype("<f4").tobytes())

mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
tensor = T.Compose([T.ToTensor(), T.Normalize(mean, std)])(image(*SMALL))
NORMALISED = [{"image": SMALL, "normalise": {"mean": mean, "std": std}, "crc": floats(tensor)}]
tensor = T.Compose([T.ToTensor(), T.Normalize([0.2860], [0.3530])])(image(*GREY))
NORMALISED.append({"image": GREY, "normalise": {"mean": [0.2860], "std": [0.3530]}, "crc": floats(tensor)})
bgr = numpy.asarray(image(*SMALL))[:, :, ::-1].astype(numpy.float32) - numpy.array([104, 117, 123], numpy.float32)
caffe = {"mean": [104, 117, 123], "std": [1, 1, 1], "range": "bytes", "order": "bgr"}
NORMALISED.append({"image": SMALL, "normalise": caffe, "crc": zlib.crc32(numpy.ascontiguousarray(bgr).tobytes())})

# Rectangles of random resized crops: how they are spread.
torch.manual_seed(1)
RECTANGLES = []
for height, width in [(375, 500), (500, 333), (64, 64)]:
    blank = Image.new("L", (width, height))
    drawn = numpy.array([T.RandomResizedCrop.get_params(blank, (0.08, 1.0), (3 / 4, 4 / 3)) for _ in range(100_000)], dtype=float)
    top, left, rows, columns = drawn.T
    measures = {"top": top, "left": left, "height": rows, "width": columns, "area": rows * columns, "ratio": columns / rows}
    RECTANGLES.append({"image": [height, width], **{name: [round(m.mean(), 6), round(m.std(), 6)] for name, m in measures.items()}})

# Means and deviations of all pixels of a few images.
def moments(images):
    pixels = numpy.concatenate([numpy.asarray(i, dtype=numpy.float64).reshape(-1, 3) for i in images]) / 255
    return {"mean": list(pixels.mean(0)), "std": list(pixels.std(0))}


SIZES = [[20, 31, 3], [33, 17, 3], [24, 24, 3], [19, 40, 3], [50, 18, 3]]
prepare = T.Compose([T.Resize(16), T.CenterCrop(14)])
STATISTICS = {"images": SIZES, "raw": moments([image(*s) for s in SIZES]), "input": moments([prepare(image(*s)) for s in SIZES])}

TRUTH = {
    "cases": CASES, "sets": SETS, "hues": HUES, "ten": TEN, "normalised": NORMALISED, "rectangles": RECTANGLES, "statistics": STATISTICS,
}
lines = []
for name, content in TRUTH.items():
    if isinstance(content, list):
        lines.append(f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(entry) for entry in content) + "\n]")
    else:
        lines.append(f"{json.dumps(name)}: {json.dumps(content)}")
(pathlib.Path(sys.argv[1]) / "transforms.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
