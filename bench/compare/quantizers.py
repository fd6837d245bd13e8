#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Palettes of lloyd beside those of libimagequant, Pillow and OpenCV: how true, how fast, how much memory.

    cmake --preset bench && cmake --build --preset bench --target bench_quantizers
    /usr/bin/python3 bench/compare/quantizers.py FOLDER_OR_PICTURE... [--rounds 3] [--leave-out ENGINE]...

Each engine finds K colours for every picture (PNG or JPEG) and the colour of each pixel, without dithering, on one
thread, in one process. Engines take turns; a time is the median of the rounds, in ms of the processor, from pixels in
memory, in the layout that the engine wants, to labels in memory. Errors are measured on the repainted pictures: squared
differences of red, green and blue, added up, and CIEDE2000; each the mean of all pixels. The tables have means over the
pictures. Peak memory is that of a process of its own, for the largest picture and 256 colours, less what that process
has before: the picture in the engine's layout does not count.

Output is four Markdown tables. Debian: libimagequant0, python3-pil, python3-skimage, python3-opencv.
"""
import argparse
import ctypes
import os
import pathlib
import statistics
import subprocess
import sys
import time

import rivals

SIZES = (4, 16, 32, 64, 128, 256)


def parse():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pictures", nargs="+", type=pathlib.Path, help="and folders of pictures")
    options.add_argument("--library", default="build/bench/bench_quantizers.so")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--leave-out", action="append", default=[], metavar="ENGINE", help="the start of its name")
    options.add_argument("--peak", help=argparse.SUPPRESS)  # of this engine, for the one picture
    return options.parse_args()


arguments = parse()
dropped = rivals.drop_variables(1)  # OMP_NUM_THREADS is 1 from here on, for libimagequant, before it is loaded
if not arguments.peak:
    rivals.keep_memory()

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import PIL  # noqa: E402
import PIL.Image  # noqa: E402
import skimage.color  # noqa: E402


def pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)


class Lloyd:
    def __init__(self, attempts, iterations):
        self._quantize = ctypes.CDLL(os.path.abspath(arguments.library)).quantize
        self._how = ctypes.c_int(attempts), ctypes.c_int(iterations)

    def prepare(self, photo):
        return photo

    def run(self, photo, k):
        labels, palette = np.empty(photo.shape[:2], np.uint8), np.empty((k, 3), np.uint8)
        height, width = map(ctypes.c_ssize_t, photo.shape[:2])
        self._quantize(pointer(photo), width, height, ctypes.c_int(k), *self._how, pointer(labels), pointer(palette))
        return labels, palette


class Imagequant:
    class Palette(ctypes.Structure):
        _fields_ = [("count", ctypes.c_uint), ("colors", ctypes.c_uint8 * 4 * 256)]

    def __init__(self, speed):
        self._speed = speed
        self._library = ctypes.CDLL("libimagequant.so.0")
        for name, result in {
            "liq_attr_create": ctypes.c_void_p,
            "liq_image_create_rgba": ctypes.c_void_p,
            "liq_get_palette": ctypes.POINTER(self.Palette),
        }.items():
            getattr(self._library, name).restype = result

    def prepare(self, photo):
        return np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])

    def run(self, rgba, k):
        library, how = self._library, ctypes.c_void_p(self._library.liq_attr_create())
        library.liq_set_speed(how, self._speed)
        library.liq_set_max_colors(how, k)
        height, width = rgba.shape[:2]
        usual_gamma = ctypes.c_double(0)
        picture = ctypes.c_void_p(library.liq_image_create_rgba(how, pointer(rgba), width, height, usual_gamma))
        result, labels = ctypes.c_void_p(), np.empty((height, width), np.uint8)
        failed = library.liq_image_quantize(picture, how, ctypes.byref(result))
        failed = failed or library.liq_set_dithering_level(result, ctypes.c_float(0))
        size = ctypes.c_size_t(labels.size)
        failed = failed or library.liq_write_remapped_image(result, picture, pointer(labels), size)
        if failed:
            raise SystemExit(f"libimagequant: error {failed}")
        palette = np.array(library.liq_get_palette(result).contents.colors, np.uint8)[:, :3]  # moved by the labelling
        library.liq_result_destroy(result)
        library.liq_image_destroy(picture)
        library.liq_attr_destroy(how)
        return labels, palette


class Pillow:
    def __init__(self, method):
        self._method = PIL.Image.Quantize[method]

    def prepare(self, photo):
        return PIL.Image.fromarray(photo)

    def run(self, picture, k):
        found = picture.quantize(k, method=self._method, dither=PIL.Image.Dither.NONE)
        return np.asarray(found), np.array(found.getpalette(), np.uint8).reshape(-1, 3)


class OpenCV:
    def prepare(self, photo):
        return photo.reshape(-1, 3).astype(np.float32), photo.shape[:2]

    def run(self, prepared, k):
        points, shape = prepared
        cv2.setRNGSeed(1)
        stop = (cv2.TERM_CRITERIA_MAX_ITER, 11, 0)  # the first one assigns to the seeds
        _, labels, centers = cv2.kmeans(points, k, None, stop, 1, cv2.KMEANS_PP_CENTERS)
        return labels.reshape(shape).astype(np.uint8), np.clip(np.rint(centers), 0, 255).astype(np.uint8)


ENGINES = {
    "lloyd, 1 attempt, 10 iterations": lambda: Lloyd(1, 10),
    "lloyd, 1 attempt, to the end": lambda: Lloyd(1, 100),
    "lloyd, 5 attempts, to the end": lambda: Lloyd(5, 100),
    "libimagequant, speed 1": lambda: Imagequant(1),
    "libimagequant, speed 4": lambda: Imagequant(4),
    "libimagequant, speed 10": lambda: Imagequant(10),
    "Pillow, MEDIANCUT": lambda: Pillow("MEDIANCUT"),
    "Pillow, MAXCOVERAGE": lambda: Pillow("MAXCOVERAGE"),
    "Pillow, FASTOCTREE": lambda: Pillow("FASTOCTREE"),
    "OpenCV, 1 attempt, 10 iterations": OpenCV,
}


def read(path):
    return np.ascontiguousarray(PIL.Image.open(path).convert("RGB"))


def errors(photo, labels, palette):
    """The mean squared error, and the mean CIEDE2000."""
    codes = (photo.astype(np.uint32) << np.uint32([24, 16, 8])).sum(2, dtype=np.uint32) | labels
    codes, counts = np.unique(codes, return_counts=True)
    colors = (codes[:, None] >> np.uint32([24, 16, 8]) & 255).astype(np.uint8)
    painted = palette[codes & 255]
    squares = ((colors.astype(int) - painted) ** 2).sum(1)
    labs = (skimage.color.rgb2lab(each[None])[0] for each in (colors, painted))
    return np.average(squares, weights=counts), np.average(skimage.color.deltaE_ciede2000(*labs), weights=counts)


def measure(engines, photos):
    """For each engine and K, lists with a number for each picture: squared errors, CIEDE2000, ms."""
    found = {name: {k: ([], [], []) for k in SIZES} for name in engines}
    for path in photos:
        photo = read(path)
        for k in SIZES:
            times = {name: [] for name in engines}
            for turn in range(arguments.rounds):
                for name, engine in engines.items():
                    prepared = engine.prepare(photo)
                    begin = time.process_time()
                    result = engine.run(prepared, k)
                    times[name].append(1e3 * (time.process_time() - begin))
                    if turn == 0:
                        for numbers, number in zip(found[name][k], errors(photo, *result)):
                            numbers.append(number)
            for name in engines:
                found[name][k][2].append(statistics.median(times[name]))
        print(f"{path.name} measured", file=sys.stderr, flush=True)
    return found


def memory(name):
    """In MB, of this process: now in use, and at most so far."""
    with open("/proc/self/status", encoding="ascii") as lines:
        return int(next(line for line in lines if line.startswith(name)).split()[1]) * 1024 / 1e6


def print_peak():
    engine = next(make() for name, make in ENGINES.items() if name == arguments.peak)
    small = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    engine.run(engine.prepare(small), 4)  # what libraries load at their first call
    prepared = engine.prepare(read(arguments.pictures[0]))
    ctypes.CDLL(None).malloc_trim(0)  # or the engine could use again what was freed
    pathlib.Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forgets the peak so far
    before = memory("VmRSS")
    engine.run(prepared, 256)
    print(memory("VmHWM") - before)


def peak(name, photo):
    command = [sys.executable, __file__, photo, "--library", arguments.library, "--peak", name]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def markdown(found, peaks, megapixels):
    """Four tables."""

    def table(title, column, digits):
        lines = [f"| {title}, K = | " + " | ".join(map(str, SIZES)) + " |", "|" + "---|" * (len(SIZES) + 1)]
        for name, by_size in found.items():
            cells = (f"{statistics.mean(by_size[k][column]):.{digits}f}" for k in SIZES)
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"

    memories = "".join(f"| {name} | {number:.0f} |\n" for name, number in peaks.items())
    head = f"| peak memory, {megapixels:.1f} megapixels, K = 256 | MB |\n|---|---|\n"
    tables = (table("mean squared error", 0, 1), table("mean CIEDE2000", 1, 2), table("ms", 2, 0))
    return "\n".join((*tables, head + memories))


def all_pictures():
    for path in arguments.pictures:
        paths = sorted(path.iterdir()) if path.is_dir() else [path]
        yield from (one for one in paths if one.suffix.lower() in (".png", ".jpg", ".jpeg"))


def main():
    if arguments.peak:
        return print_peak()
    photos = list(all_pictures())
    if not photos:
        raise SystemExit("no picture is given")
    rivals.settle_opencv(cv2)
    chosen = {name: make for name, make in ENGINES.items() if not name.startswith(tuple(arguments.leave_out))}
    found = measure({name: make() for name, make in chosen.items()}, photos)
    largest = max(photos, key=lambda path: read(path).size)
    peaks = {name: peak(name, largest) for name in chosen}
    packages = ("libimagequant0", "python3-pil", "python3-opencv")
    print(f"{len(photos)} pictures; rounds: {arguments.rounds}; {rivals.cpu_name()}; {rivals.versions(packages)}\n")
    print(markdown(found, peaks, read(largest).size / 3e6))


main()
