"""Which classes and images torchvision's ImageFolder finds in a folder, and in which order.

Made with torchvision 0.28.0 and torch 2.13.0 (CPU):

    python make_image_folder.py > ../../runtime/tests/data/image_folder.json
"""

import json
import tempfile
from pathlib import Path

from torchvision.datasets import ImageFolder

# Names whose order is not the same by bytes, by letters and by path components; endings that count and that do not.
FILES = [
    "zebra/1.png", "zebra/10.png", "zebra/2.png", "Zebra/1.png", "ape/x.jpg", "ape/y.JPEG", "ape/Z.Png",
    "ape-2/x.bmp", "ape 3/x.webp", "ape/deep/er/a.tiff", "ape/deep/b.pgm", "ape/deep-er/c.ppm", "ape/deep.er/d.tif",
    "ape/notes.txt", "ape/archive.jpg.zip", "ape/jpg", "ape/a.gif", "ape/no.jpgx", "élan/1.png", "élan/à.png",
    "10/a.png", "9/a.png", "class.with.dots/a.b.png", "stray.png",
]

with tempfile.TemporaryDirectory() as root:
    for name in FILES:
        path = Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    found = ImageFolder(root)
    samples = [[str(Path(path).relative_to(root)), label] for path, label in found.samples]
    print(json.dumps({"files": FILES, "classes": found.classes, "samples": samples}, indent=1, ensure_ascii=False))
