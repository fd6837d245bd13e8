#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Regions of labels beside OpenCV, scikit-image and rasterio: found, small ones merged, drawn as shapes.

    cmake --preset bench && cmake --build --preset bench --target bench_regions_python
    /usr/bin/python3 bench/compare/regions.py PHOTO... [-k 8] [--rounds 5] [--smallest 64] [--eight] [--fresh]

All take the same labels, those of lloyd::segment as 8 bits, on one thread, in one process. They take turns; a time is
the median of the rounds, in ms of the processor, and behind it stands how many times that of lloyd it is (the median
of the rounds' ratios). OpenCV needs a mask for each label, which is timed with it. lloyd and scikit-image must find the
same regions with the same numbers, areas, boxes and centers, and OpenCV must find as many; else the program ends. Shapes
are those of the map that lloyd has merged; rasterio must draw as many as lloyd.

malloc keeps what it is given back, and Python's garbage collector is off: both suit the others. Output is three
Markdown tables. Debian: python3-opencv, python3-skimage, python3-rasterio, python3-pil.
"""
import argparse
import ctypes
import gc
import os
import pathlib
import statistics
import time

import rivals


def parse():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("photos", nargs="+", type=pathlib.Path)
    options.add_argument("--library", default="build/bench/bench_regions_python.so")
    options.add_argument("-k", type=int, default=8, help="labels")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--smallest", type=int, default=64, help="pixels of a region that is not merged")
    options.add_argument("--eight", action="store_true", help="pixels that share a corner are connected, too")
    options.add_argument("--fresh", action="store_true", help="malloc takes large blocks from the system each time")
    return options.parse_args()


arguments = parse()
rivals.drop_variables(1)
if not arguments.fresh:
    rivals.keep_memory()

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import PIL.Image  # noqa: E402
import rasterio  # noqa: E402
import rasterio.features  # noqa: E402
import scipy.ndimage  # noqa: E402
import skimage.measure  # noqa: E402

library = ctypes.CDLL(os.path.abspath(arguments.library))
for function in (library.find_regions, library.draw_regions):
    function.restype = ctypes.c_ssize_t
ways = 8 if arguments.eight else 4
PROPERTIES = ("area", "bbox", "centroid")


def pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)


def size(pixels):
    return ctypes.c_ssize_t(pixels.shape[1]), ctypes.c_ssize_t(pixels.shape[0])


def call(function, labels, *more):
    return function(pointer(labels), *size(labels), *more)


def labels_of(path):
    photo = np.ascontiguousarray(PIL.Image.open(path).convert("RGB"))
    labels = np.empty(photo.shape[:2], np.uint8)
    call(library.label_photo, photo, ctypes.c_int(arguments.k), pointer(labels))
    return labels


def found_by_lloyd(labels):
    return call(library.find_regions, labels, ctypes.c_bool(arguments.eight))


def read_regions(shape, count):
    ids, measures = np.empty(shape, np.int32), np.empty((count, 7))
    library.read_regions(pointer(ids), pointer(measures))
    return ids, measures


def found_by_opencv(labels, components):
    """How many. The memory of one label serves for the next; component 0 is what a mask leaves out."""
    masks = (cv2.compare(labels, label, cv2.CMP_EQ) for label in range(arguments.k))
    return sum(components(mask, connectivity=ways, ltype=cv2.CV_32S)[0] - 1 for mask in masks)


def found_by_skimage(labels):
    return skimage.measure.label(labels, background=-1, connectivity=ways // 4)


def measured_by_numpy(ids, rows, columns):
    """The quickest way known to us."""
    flat = ids.ravel()
    areas = np.bincount(flat)
    areas[0] = 1  # there is no region 0
    centers = [np.bincount(flat, weights=coordinates) / areas for coordinates in (rows, columns)]
    return areas, scipy.ndimage.find_objects(ids), centers


def take_turns(works):
    """By name, ms of all rounds but the first, in which memory is touched for the first time; and the last results."""
    times, results = {name: [] for name in works}, {}
    for turn in range(arguments.rounds + 1):
        for name, work in works.items():
            begin = time.process_time()
            result = work()
            taken = 1e3 * (time.process_time() - begin)
            results[name] = result
            if turn > 0:
                times[name].append(taken)
    return times, results


def cells(times):
    """The median of each, and how many times the first one it is."""
    own, *others = times.values()
    found = [f"{statistics.median(own):.1f}"]
    for other in others:
        ratio = statistics.median(b / a for a, b in zip(own, other))
        found.append(f"{statistics.median(other):.0f} ({ratio:.1f})")
    return found


def check_regions(labels, results):
    count = results["lloyd"]
    ids, measures = read_regions(labels.shape, count)
    table = results["scikit-image, regionprops_table"]
    if not np.array_equal(ids + 1, results["scikit-image"]):
        raise SystemExit("regions differ from those of scikit-image")
    if not np.allclose(measures, np.stack(list(table.values()), 1), rtol=0, atol=1e-6):
        raise SystemExit("areas, boxes or centers differ from those of scikit-image")
    if {results["OpenCV"], results["OpenCV, measures"]} != {count}:
        raise SystemExit(f"OpenCV finds {results['OpenCV']} regions, lloyd {count}")


def find(labels):
    rows, columns = (coordinates.ravel().astype(float) for coordinates in np.indices(labels.shape))

    def table_of(ids):
        return skimage.measure.regionprops_table(ids, properties=PROPERTIES)

    times, results = take_turns({
        "lloyd": lambda: found_by_lloyd(labels),
        "OpenCV": lambda: found_by_opencv(labels, cv2.connectedComponents),
        "scikit-image": lambda: found_by_skimage(labels),
        "OpenCV, measures": lambda: found_by_opencv(labels, cv2.connectedComponentsWithStats),
        "scikit-image, NumPy": lambda: len(measured_by_numpy(found_by_skimage(labels), rows, columns)),
        "scikit-image, regionprops_table": lambda: table_of(found_by_skimage(labels)),
    })  # fmt: skip
    check_regions(labels, results)
    return [f"{labels.size / 1e6:.1f}", f"{results['lloyd']:,}", *cells(times)]


def count_small(labels):
    """Regions below the limit."""
    _, measures = read_regions(labels.shape, found_by_lloyd(labels))
    return (measures[:, 0] < arguments.smallest).sum()


def merge(labels):
    """The cells, and the merged map."""
    corners, smallest = ctypes.c_bool(arguments.eight), ctypes.c_ssize_t(arguments.smallest)
    times, results = take_turns({
        "lloyd": lambda: call(library.merge_small_regions, labels, corners, smallest),
        "rasterio": lambda: rasterio.features.sieve(labels, arguments.smallest, connectivity=ways),
    })  # fmt: skip
    clean = np.empty_like(labels)
    library.read_merged(pointer(clean))
    left = [f"{count_small(each):,}" for each in (labels, clean, results["rasterio"])]
    return [*cells(times), *left], clean


def draw(clean):
    corners = ctypes.c_bool(arguments.eight)
    times, results = take_turns({
        "lloyd": lambda: call(library.draw_regions, clean, corners),
        "rasterio": lambda: list(rasterio.features.shapes(clean, connectivity=ways)),
    })  # fmt: skip
    if results["lloyd"] != len(results["rasterio"]):
        raise SystemExit(f"rasterio draws {len(results['rasterio'])} shapes, lloyd {results['lloyd']}")
    simple, _ = take_turns({"lloyd": lambda: call(library.draw_labels, clean, ctypes.c_double(1))})
    return [f"{results['lloyd']:,}", *cells(times), *cells(simple)]


def print_table(head, rows):
    print("| " + " | ".join(("photo", *head)) + " |\n" + "|---" * (len(head) + 1) + "|")
    for name, row in rows.items():
        print("| " + " | ".join((name, *row)) + " |")
    print(flush=True)


def main():
    gc.disable()
    rivals.settle_opencv(cv2)
    packages = ("python3-opencv", "python3-skimage", "python3-rasterio", "libgdal32")
    print(f"{rivals.cpu_name()}; rounds: {arguments.rounds}; {rivals.versions(packages)}\n")
    found, merged, drawn = {}, {}, {}
    with rasterio.Env():  # or each call would make one
        for path in arguments.photos:
            labels = labels_of(path)
            found[path.stem] = find(labels)
            merged[path.stem], clean = merge(labels)
            drawn[path.stem] = draw(clean)
    print_table((
        "MP", "regions", "`find_regions`", "OpenCV, ids only", "scikit-image, ids only", "OpenCV",
        "scikit-image and NumPy", "scikit-image, `regionprops_table`",
    ), found)  # fmt: skip
    print_table((
        "`merge_small_regions`", "rasterio, `sieve`", f"regions below {arguments.smallest} pixels", "left by lloyd",
        "left by `sieve`",
    ), merged)  # fmt: skip
    print_table((
        "regions of the merged map", "borders and outlines of regions", "rasterio, `shapes`",
        "borders, simplified, and outlines of labels",
    ), drawn)  # fmt: skip


main()
