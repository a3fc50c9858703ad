"""Makes this folder's images from those of examples/digits: python3 make.py, with the standard library alone.

The first ten training images of each digit, and all test images; the class is the digit divided by two, rounded down.
"""

import gzip
import pathlib
import struct

here = pathlib.Path(__file__).parent
digits = here.parent.parent / "digits" / "data"


def read(name):
    """The bytes behind the header, and how many items there are."""
    data = gzip.decompress((digits / name).read_bytes())
    dimensions = data[3]
    (count,) = struct.unpack(">I", data[4:8])
    return data[4 + 4 * dimensions :], count


def write(name, header, data):
    # Without a time, so that the same images give the same bytes.
    (here / name).write_bytes(gzip.compress(header + data, 9, mtime=0))


for part, most in [("train", 10), ("t10k", None)]:
    labels, count = read(f"{part}-labels-idx1-ubyte.gz")
    pixels, _ = read(f"{part}-images-idx3-ubyte.gz")
    taken = [i for i in range(count) if most is None or labels[:i].count(labels[i]) < most]
    images = b"".join(pixels[64 * i : 64 * i + 64] for i in taken)
    write(f"{part}-images-idx3-ubyte.gz", struct.pack(">4B3I", 0, 0, 8, 3, len(taken), 8, 8), images)
    write(f"{part}-labels-idx1-ubyte.gz", struct.pack(">4BI", 0, 0, 8, 1, len(taken)), bytes(labels[i] // 2 for i in taken))
