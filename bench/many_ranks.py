# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""K-Means and palettes by 1, 2, 3 and 5 processes: the same answers, and what an iteration takes.

    python3 bench/many_ranks.py BUILD PHOTO...

BUILD has mpi_kmeans, mpi_palette and palette. Output is a Markdown table, and the times of one rank and of two.
"""
import array
import filecmp
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

RANKS = (1, 2, 3, 5)
build, *photos = sys.argv[1:]
build = pathlib.Path(build).resolve()
photos = [str(pathlib.Path(photo).resolve()) for photo in photos]


def started(ranks, program, *arguments):
    """Seconds, and what was printed."""
    command = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(ranks), build / program, *arguments]
    begin = time.perf_counter()
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return time.perf_counter() - begin, done.stdout


def compactness(ranks, *arguments):
    return re.search(r"compactness +(\S+)", started(ranks, "mpi_kmeans", *arguments)[1])[1]


def same_pictures(one, other):
    names = sorted(path.name for path in one.iterdir())
    return names and filecmp.cmpfiles(one, other, names, shallow=False)[0] == names


def iteration(ranks, *arguments):
    """Seconds that one takes: those of 35 less those of 5, divided by 30; the median of three."""
    took = lambda count: started(ranks, "mpi_kmeans", *arguments, "--max-iterations", count)[0]  # noqa: E731
    return statistics.median((took(35) - took(5)) / 30 for _ in range(3))


def main(here):
    random.seed(1)
    (here / "bytes").write_bytes(random.randbytes(24_000_000))
    (here / "points").write_bytes(array.array("f", (random.random() for _ in range(16_000_000))).tobytes())
    subprocess.run([build / "palette", *photos, "-k", "10", "-o", here / "alone"], check=True, capture_output=True)
    print("| `-n` | compactness, bytes | compactness, floats | palette's pictures |\n|---|---|---|---|")
    whole = (here / "bytes", "--type", "u8", "-k", "8")
    floats = (here / "points", "-d", "16", "-k", "64")
    for n in RANKS:
        of_bytes = compactness(n, *whole, "--max-iterations", "10", "-o", here / f"centers-{n}")
        same = filecmp.cmp(here / f"centers-{n}", here / "centers-1", shallow=False)
        of_floats = compactness(n, *floats, "--max-iterations", "20")
        started(n, "mpi_palette", *photos, "-k", "10", "-o", here / f"painted-{n}")
        pictures = "those of `palette`" if same_pictures(here / "alone", here / f"painted-{n}") else "others"
        note = "" if n == 1 else ", same `centers`" if same else ", other `centers`"
        print(f"| {n} | {of_bytes}{note} | {of_floats} | {pictures} |", flush=True)
    one, two = (iteration(n, *floats, "--threads", "1") for n in (1, 2))
    print(
        f"\nAn iteration over the floats: {one:.3f} s on one rank, F = {1e6 * 16 * 64 / one:.2e}; "
        f"{two:.3f} s on two, {one / two:.1f} times as fast."
    )


with tempfile.TemporaryDirectory() as directory:
    main(pathlib.Path(directory))
