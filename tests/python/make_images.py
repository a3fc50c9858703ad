"""Writes runtime/tests/data/images: images of many kinds as Pillow 13.0.0 writes them, and what it reads and resizes.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pillow==13.0.0 numpy
    /tmp/venv/bin/python tests/python/make_images.py runtime/tests/data/images

`resize.json`: a list of [channels, height, width, seed, filter, crop, new height, new width, window, hash]. The image is noise: byte i
is the highest of splitmix64's number i + 1 for this seed. `crop` (top, left, height, width) is cut out of it, resized to the new
size, and `window` cut out of that; `hash` is the beginning of the SHA-256 of what is left.

`kinds/`: small files of many kinds. `kinds.json`: for each, what Pillow makes of it with `convert("RGB")` and `convert("L")`, for 16 bits
what is left of the high bytes, and for `turned-N` what `ImageOps.exif_transpose` makes of it: [height, width, pixels in hexadecimal].
"""

import hashlib
import io
import json
import pathlib
import random
import struct
import sys
import zlib

import numpy
from PIL import Image, ImageOps

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


def smooth(height, width):
    """A picture that JPEG stores well: every decoder gives nearly the same."""
    row, column = numpy.mgrid[0:height, 0:width]
    planes = [255 * row / height, 255 * column / width, 255 * (row + column) / (height + width)]
    return Image.fromarray(numpy.stack(planes, axis=-1).astype(numpy.uint8))


def png(width, height, depth, colour, rows, interlaced, chunks=b""):
    """A PNG of rows of samples; Pillow cannot write all kinds."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    passes = [(0, 0, 1, 1)]
    if interlaced:
        passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    data = b""
    for top, left, down, across in passes:
        for row in rows[top::down]:
            samples = numpy.array(row).reshape(-1, channels)[left::across].reshape(-1)
            if len(samples):
                bits = "".join(f"{sample:0{depth}b}" for sample in samples)
                bits += "0" * (-len(bits) % 8)
                data += b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    body = chunk(b"IHDR", header) + b"".join(chunk(*pair) for pair in chunks) + chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def gif(screen, size, place, **options):
    """A GIF whose frame lies at a place of the screen."""
    image = Image.fromarray((numpy.arange(size[0] * size[1]).reshape(size[1], size[0]) % 7).astype(numpy.uint8), "P")
    image.putpalette([value for i in range(7) for value in (30 * i, 255 - 20 * i, i * i)])
    data = bytearray(saved(image, "GIF", **options))
    data[6:10] = struct.pack("<HH", *screen)
    descriptor = data.index(b",", 13 + 3 * (2 << (data[10] & 7)))
    data[descriptor + 1 : descriptor + 5] = struct.pack("<HH", *place)
    return bytes(data)


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg_files():
    picture = smooth(21, 35)
    cmyk = Image.merge("CMYK", [*picture.split(), smooth(21, 35).split()[0].point(lambda value: value // 2)])
    yield "grey.jpg", saved(picture.convert("L"), "JPEG", quality=95)
    yield "grey-progressive.jpg", saved(picture.convert("L"), "JPEG", quality=95, progressive=True)
    for name, subsampling in {"444": 0, "422": 1, "420": 2}.items():
        yield f"{name}.jpg", saved(picture, "JPEG", quality=95, subsampling=subsampling)
        yield f"{name}-progressive.jpg", saved(picture, "JPEG", quality=95, subsampling=subsampling, progressive=True)
    yield "restarts.jpg", saved(picture, "JPEG", quality=95, restart_marker_blocks=2)
    yield "rgb.jpg", saved(picture, "JPEG", quality=95, keep_rgb=True)
    inverted = saved(cmyk, "JPEG", quality=95)
    yield "cmyk.jpg", inverted
    # The same numbers, said to be YCCK.
    adobe = inverted.index(b"Adobe")
    yield "ycck.jpg", inverted[: adobe + 11] + b"\x02" + inverted[adobe + 12 :]


def png_files():
    random.seed(2)
    palette = (b"PLTE", bytes(random.randrange(256) for _ in range(16 * 3)))
    alpha = (b"tRNS", bytes(random.randrange(256) for _ in range(9)))
    key = (b"tRNS", bytes([0, 1] * 3))
    for colour, depths in {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}.items():
        for depth in depths:
            for interlaced in (False, True):
                width, height = 13, 11
                channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
                top = min(2**depth, 16 if colour == 3 else 2**16)
                rows = [[random.randrange(top) for _ in range(width * channels)] for _ in range(height)]
                name = f"{('grey', '', 'rgb', 'palette', 'grey-alpha', '', 'rgba')[colour]}-{depth}{'-interlaced' * interlaced}"
                yield f"{name}.png", png(width, height, depth, colour, rows, interlaced, [palette] if colour == 3 else [])
                if interlaced:
                    continue
                if colour == 3:
                    yield f"{name}-transparent.png", png(width, height, depth, colour, rows, False, [palette, alpha])
                if colour in (0, 2) and depth >= 8:
                    chunks = [(key[0], key[1][: 2 * channels])]
                    yield f"{name}-transparent.png", png(width, height, depth, colour, rows, False, chunks)


def other_files():
    picture = smooth(21, 35)
    for mode in ("1", "L", "P", "RGB"):
        yield f"{mode.lower()}.bmp", saved(picture.convert(mode), "BMP")
    with_alpha = picture.copy()
    with_alpha.putalpha(picture.split()[0])
    yield "rgba.bmp", saved(with_alpha, "BMP")
    yield "lossless.webp", saved(picture, "WEBP", lossless=True)
    yield "lossless-alpha.webp", saved(with_alpha, "WEBP", lossless=True, exact=True)
    yield "lossy.webp", saved(picture, "WEBP", quality=90)
    yield "lossy-alpha.webp", saved(with_alpha, "WEBP", quality=90)
    yield "frame.gif", gif((35, 21), (35, 21), (0, 0))
    yield "frame-within.gif", gif((35, 21), (20, 10), (7, 3))
    yield "frame-within-transparent.gif", gif((35, 21), (20, 10), (7, 3), transparency=4)
    yield "frame-beyond.gif", gif((10, 21), (20, 10), (7, 3))
    frames = [noise(3, 21, 35, seed) for seed in range(3)]
    yield "frames.gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    yield "frames.webp", saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    yield "frames.png", saved(frames[0], "PNG", save_all=True, append_images=frames[1:])


def turned_files():
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[274] = orientation
        yield f"turned-{orientation}.png", saved(smooth(5, 9), "PNG", exif=exif)
    exif[274] = 6
    yield "turned-6.jpg", saved(smooth(5, 9), "JPEG", exif=exif, quality=95, subsampling=0)
    yield "turned-6.webp", saved(smooth(5, 9), "WEBP", exif=exif, lossless=True)


def plain(image):
    return [image.height, image.width, image.tobytes().hex()]


def kinds(folder):
    for name, data in [*jpeg_files(), *png_files(), *other_files(), *turned_files()]:
        (folder / name).write_bytes(data)
        image = Image.open(io.BytesIO(data))
        if image.mode.startswith("I;16"):
            # Pillow's own conversion clips at 255.
            image = Image.fromarray((numpy.array(image) >> 8).astype(numpy.uint8))
        record = {"rgb": plain(image.convert("RGB")), "grey": plain(image.convert("L"))}
        if name.startswith("turned"):
            record["turned"] = plain(ImageOps.exif_transpose(image).convert("RGB"))
        yield name, record


def main():
    folder = pathlib.Path(sys.argv[1])
    cases = ",\n".join(json.dumps(case) for case in resize_cases())
    (folder / "resize.json").write_text(f"[\n{cases}\n]\n")
    (folder / "kinds").mkdir(exist_ok=True)
    records = ",\n".join(f"{json.dumps(name)}: {json.dumps(record)}" for name, record in kinds(folder / "kinds"))
    (folder / "kinds.json").write_text(f"{{\n{records}\n}}\n")


main()
