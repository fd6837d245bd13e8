#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Palettes of lloyd beside those of libimagequant, Pillow and OpenCV: how true, how fast, how much memory.

    cmake --preset bench && cmake --build --preset bench --target bench_quantizers
    /usr/bin/python3 bench/compare/quantizers.py FOLDER [--rounds 3] [--leave-out ENGINE]... [--write]

Each engine finds K colours for every picture in the folder (PNG or JPEG) and the colour of each pixel, without
dithering, on one thread, in one process. Engines take turns; a time is the median of the rounds, in ms of the
processor, from pixels in memory, in the layout that the engine wants, to labels in memory. Errors are measured on the
repainted pictures: squared differences of red, green and blue, added up, and CIEDE2000; each the mean of all pixels.
The tables have means over the pictures. Peak memory is that of a process of its own, for the largest picture and 256
colours, less what that process has before.

With --write the tables go into docs/performance.md, between the marks that bear the folder's name; of the folder cq100
also a row into README.md. Debian: libimagequant0, python3-pil, python3-skimage, python3-opencv.
"""
import argparse
import ctypes
import datetime
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

import rivals

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
import tables_of  # noqa: E402

SIZES = (4, 16, 32, 64, 128, 256)
LEAD, BEST = "lloyd, 1 attempt, 10 iterations", "libimagequant, speed 1"


def parse():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=pathlib.Path, help="of pictures")
    options.add_argument("--library", default="build/bench/bench_quantizers.so")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--leave-out", action="append", default=[], metavar="ENGINE", help="the start of its name")
    options.add_argument("--write", action="store_true", help="put the tables into the pages")
    options.add_argument("--peak", help=argparse.SUPPRESS)  # of this engine, for the picture in place of the folder
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
        failed = failed or library.liq_write_remapped_image(result, picture, pointer(labels), ctypes.c_size_t(labels.size))
        if failed:
            raise SystemExit(f"libimagequant: error {failed}")
        palette = np.array(library.liq_get_palette(result).contents.colors, np.uint8)[:, :3]  # moved by the labelling
        library.liq_result_destroy(result)
        library.liq_image_destroy(picture)
        library.liq_attr_destroy(how)
        return labels, palette


class Pillow:
    def prepare(self, photo):
        return PIL.Image.fromarray(photo)

    def run(self, picture, k):
        found = picture.quantize(k, method=PIL.Image.Quantize.MEDIANCUT, dither=PIL.Image.Dither.NONE)
        return np.asarray(found), np.array(found.getpalette(), np.uint8).reshape(-1, 3)


class OpenCV:
    def prepare(self, photo):
        return photo.reshape(-1, 3).astype(np.float32), photo.shape[:2]

    def run(self, prepared, k):
        points, shape = prepared
        cv2.setRNGSeed(1)
        stop = (cv2.TERM_CRITERIA_MAX_ITER, 10, 0)
        _, labels, centers = cv2.kmeans(points, k, None, stop, 1, cv2.KMEANS_PP_CENTERS)
        return labels.reshape(shape).astype(np.uint8), np.clip(np.rint(centers), 0, 255).astype(np.uint8)


ENGINES = {
    LEAD: lambda: Lloyd(1, 10),
    "lloyd, 1 attempt, to the end": lambda: Lloyd(1, 100),
    "lloyd, 5 attempts, to the end": lambda: Lloyd(5, 100),
    BEST: lambda: Imagequant(1),
    "libimagequant, speed 4": lambda: Imagequant(4),
    "libimagequant, speed 10": lambda: Imagequant(10),
    "Pillow, MEDIANCUT": Pillow,
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
    prepared = engine.prepare(read(arguments.folder))
    ctypes.CDLL(None).malloc_trim(0)  # or the engine could use again what was freed
    pathlib.Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forgets the peak so far
    before = memory("VmRSS")
    engine.run(prepared, 256)
    print(memory("VmHWM") - before)


def peak(name, photo):
    command = [sys.executable, __file__, photo, "--library", arguments.library, "--peak", name]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def markdown(found, peaks, megapixels):
    """The rows of three tables."""

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


def version_of(package):
    command = ["dpkg-query", "-W", "-f", "${Version}", package]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout or "?"


def best_line(found):
    """A row of README's comparison: how libimagequant at its best does beside lloyd's quickest."""
    sizes = [k for k in SIZES if k >= 16]

    def ratios(column):
        return [statistics.mean(found[BEST][k][column]) / statistics.mean(found[LEAD][k][column]) for k in sizes]

    time_ratios, error_ratios = ratios(2), ratios(0)
    return (
        f"takes {min(time_ratios):.0f} to {max(time_ratios):.0f} times as long, "
        f"mean squared error {min(error_ratios):.2f} to {max(error_ratios):.2f} times as large"
    )


def write(text, line):
    name = arguments.folder.resolve().name
    marks = f"bench/compare/quantizers.py {name}"
    page = pathlib.Path("docs/performance.md")
    before = page.read_text(encoding="utf-8")
    if marks not in before:
        raise SystemExit(f"{page} has no marks {marks}")
    page.write_text(tables_of.with_table(before, marks, text), encoding="utf-8")
    if name == "cq100":
        page = pathlib.Path("README.md")
        row = r"^(\| palettes of 16 to 256 colours \|(?:[^|]*\|){3})[^|]*\|"
        before = page.read_text(encoding="utf-8")
        page.write_text(re.sub(row, rf"\1 {line} |", before, flags=re.MULTILINE), encoding="utf-8")


def main():
    if arguments.peak:
        return print_peak()
    photos = sorted(path for path in arguments.folder.iterdir() if path.suffix.lower() in (".png", ".jpg", ".jpeg"))
    if not photos:
        raise SystemExit(f"{arguments.folder} has no picture")
    cv2.setNumThreads(1)
    if not cv2.useOptimized():
        rivals.slowed("OpenCV's optimized code is off")
    chosen = {name: make for name, make in ENGINES.items() if not name.startswith(tuple(arguments.leave_out))}
    found = measure({name: make() for name, make in chosen.items()}, photos)
    largest = max(photos, key=lambda path: read(path).size)
    packages = ("libimagequant0", "python3-pil", "python3-opencv")
    text = (
        f"{len(photos)} pictures; rounds: {arguments.rounds}; {datetime.date.today()}; {rivals.cpu_name()}; "
        + ", ".join(f"{package} {version_of(package)}" for package in packages)
        + "\n\n"
        + markdown(found, {name: peak(name, largest) for name in chosen}, read(largest).size / 3e6)
    )
    line = best_line(found) if {LEAD, BEST} <= set(found) else ""
    print(f"{text}\n{line}")
    if arguments.write:
        write(text, line)


main()
