#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Compares what Pillow and ImageMagick read from PNG files of the programs with what the files must hold.

    pictures.py DIRECTORY     the directory of the programs
"""

import pathlib
import random
import subprocess
import sys
import tempfile

from PIL import Image

INDEXED = 3


def read(path):
    """The RGBA bytes of a picture. Both decoders must agree on them."""
    pixels = Image.open(path).convert("RGBA").tobytes()
    by_magick = subprocess.run(["convert", path, "-depth", "8", "rgba:-"], check=True, stdout=subprocess.PIPE).stdout
    assert pixels == by_magick, f"{path}: Pillow and ImageMagick differ"
    return pixels


def kind(path):
    """The bits of a channel or index, and the type of colours."""
    header = path.read_bytes()[:26]
    return header[24], header[25]


def picture(colors, alphas, draw):
    """Every colour and alpha in random places. Pixels that nobody sees are white, as `segment` paints them."""
    size = (61, 43)
    others = range(size[0] * size[1] - len(colors))
    pixels = [(color, alphas[0]) for color in colors] + [(draw.choice(colors), draw.choice(alphas)) for _ in others]
    rgba = b"".join((b"\xff\xff\xff" if alpha == 0 else color) + bytes([alpha]) for color, alpha in pixels)
    return Image.frombytes("RGBA", size, rgba)


def check_segments(programs, folder):
    """A picture of k colours, segmented into k, is the same picture."""
    draw = random.Random(1)
    for k, depth in ((1, 1), (2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (256, 8)):
        colors = [value.to_bytes(3, "big") for value in draw.sample(range(1 << 24), k)]
        for alphas in ([255], [255, 0], [255, 128, 0]):
            original = picture(colors, alphas, draw)
            original.save(folder / "in.png")
            out = folder / f"{k}-{len(alphas)}.png"
            subprocess.run([programs / "segment", folder / "in.png", "-k", str(k), "-o", out], check=True,
                           stdout=subprocess.DEVNULL)
            assert read(out) == original.tobytes(), out
            count = len(original.getcolors(1 << 24))
            assert (kind(out)[1] == INDEXED) == (count <= 256), out
            assert alphas != [255] or kind(out) == (depth, INDEXED), out


def check_others(programs, folder):
    """Gray and true colour hold what a PGM or PPM of the same call holds."""
    for name, kinds, other in (("edges", (1, 0), "pgm"), ("hsv", (8, 2), "ppm")):
        for ending in ("png", other):
            subprocess.run([programs / name, "-o", folder / f"{name}.{ending}"], check=True, stdout=subprocess.DEVNULL)
        assert read(folder / f"{name}.png") == read(folder / f"{name}.{other}"), name
        assert kind(folder / f"{name}.png") == kinds, name


def main():
    programs = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        check_segments(programs, pathlib.Path(folder))
        check_others(programs, pathlib.Path(folder))


if __name__ == "__main__":
    main()
