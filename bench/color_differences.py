# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""How different segmented photos look from the photos: the mean CIEDE2000 of all pixels, for each space of `segment`.

    /usr/bin/python3 bench/color_differences.py build/demo/segment PHOTO...

It runs the program `segment`, 5 attempts, for each photo, space and K, and needs Debian's python3-skimage and python3-pil.
Output are two Markdown tables: means over the photos for each K, and means over K for each photo.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy
import PIL.Image
import skimage.color

SPACES = ("rgb", "hsv_cone", "lab", "oklab")
SIZES = (4, 8, 16, 32)


def lab_of(path):
    return skimage.color.rgb2lab(numpy.asarray(PIL.Image.open(path).convert("RGB")))


def differences(program, photo, folder):
    """The mean CIEDE2000 for each space (rows) and K (columns)."""
    original, segmented = folder / "original.png", folder / "segmented.png"
    PIL.Image.open(photo).convert("RGB").save(original)  # so that all compare pixels of the same decoder
    lab = lab_of(original)

    def difference(space, k):
        command = [program, original, "-k", k, "--space", space, "--attempts", 5, "-o", segmented]
        subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
        return skimage.color.deltaE_ciede2000(lab, lab_of(segmented)).mean()

    return numpy.array([[difference(space, k) for k in SIZES] for space in SPACES])


def row(name, numbers):
    print(f"| {name} | " + " | ".join(f"{number:.2f}" for number in numbers) + " |", flush=True)


def heading(first):
    print(f"| {first} | " + " | ".join(SPACES) + " |\n" + "|---" * (1 + len(SPACES)) + "|")


def main():
    program, photos = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        of_photos = numpy.array([differences(program, photo, pathlib.Path(folder)) for photo in photos])
    heading("K")
    for column, k in enumerate(SIZES):
        row(k, of_photos[:, :, column].mean(axis=0))
    row("mean", of_photos.mean(axis=(0, 2)))
    print()
    heading("photo")
    for photo, numbers in zip(photos, of_photos):
        row(pathlib.Path(photo).stem, numbers.mean(axis=1))
    for space in SPACES[1:]:
        lower = (of_photos[:, SPACES.index(space)] < of_photos[:, 0]).sum()
        print(f"\n{space}: lower than rgb in {lower} of {len(photos) * len(SIZES)}")


main()
