# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Measures every table of the documentation in one sitting, and writes them into the pages that show them.

    cmake --preset bench && cmake --build --preset bench --target all
    python3 bench/tables.py build/bench OUTPUT PHOTO... [--cq100 FOLDER] [--only NAME]... [--rounds 1] [--write]

PHOTO: six, in the order of the tables: three large ones, one of 1 to 2 megapixels, two small ones. --cq100: a folder of
pictures of that set; without it their table stays as it is. OUTPUT: a folder for what each program prints (NAME.txt)
and for the tables made of it (NAME.md). With --write the tables of OUTPUT, those just measured and those that were
there, replace what stands in the pages between `<!-- bench/tables.py NAME -->` and `<!-- end -->`, and rows of README's
comparison. A rival that does not run at its best ends the sitting. --rounds is for trying it out.
"""
import argparse
import datetime
import os
import pathlib
import re
import subprocess
import sys
import time

import tables_of

PAGES = ("README.md", *(f"docs/{page}.md" for page in ("performance", "canny", "color", "elbow", "regions", "scaling")))
REPEATED = ["--benchmark_format=json", "--benchmark_min_time=0.05"]


def parse():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("output", type=pathlib.Path)
    options.add_argument("photos", nargs="*")
    options.add_argument("--cq100", help="a folder of pictures")
    options.add_argument("--only", action="append", help="a NAME; may be given more than once")
    options.add_argument("--rounds", type=int, help="of everything")
    options.add_argument("--write", action="store_true", help="the tables into the pages")
    given = options.parse_args()
    if given.photos and len(given.photos) != 6:
        options.error("it takes six photos, or none with --write")
    return given


def programs(given):
    """What is run, by NAME: command lines, each with its own part of NAME.txt."""
    build, photos = given.build, given.photos
    first, middle = photos[0], photos[3]

    def rounds(usual):
        return ["--rounds", str(given.rounds or usual)]

    def repeated(usual):
        return [*REPEATED, f"--benchmark_repetitions={given.rounds or usual}"]

    def bench(name, *arguments):
        return [build / f"bench_{name}", *arguments]

    def compare(name, library, *arguments):
        return [sys.executable, f"bench/compare/{name}.py", "--library", build / f"bench_{library}.so", *arguments]

    points = [sys.executable, "bench/compare/points.py", build / "bench_points.so"]
    canny = [bench("canny_opencv", photo, *rounds(15)) for photo in photos[:4]]
    steps = [bench(name, *photos) for name in ("color_histogram", "kmeans", "segment")]
    cq100 = [compare("quantizers", "quantizers", given.cq100, *rounds(3))] if given.cq100 else []
    return {
        "limits": [bench("machine", *repeated(5))],
        "points": [[*points, *rounds(5)]],
        "seeding": [[*points, "--seeding", *rounds(3)]],
        "peak": [bench("score_kernel", *repeated(4))],
        "kmeans": [bench("kmeans_opencv", *photos, *rounds(3))],
        "canny": [*canny * 3, *([*one, "--fresh"] for one in canny), *([*one, "--l2"] for one in canny)],
        "color": [bench("color_opencv", *photos, *rounds(31))],
        "spaces": [bench("spaces", *photos[:3], *rounds(9), *until) for until in ([], ["--to-convergence"])],
        "iterations": [bench("iterations", *([given.cq100] if given.cq100 else []), first, photos[5])],
        "steps": [[*one, *repeated(5), "--benchmark_filter=-plain|flat|sorting|hashing"] for one in steps],
        "plain": [[one[0], first, *repeated(2), "--benchmark_filter=plain|flat|sorting|hashing"] for one in steps],
        "growth_1": [bench("scaling", first, *rounds(9))],
        "growth_2": [bench("scaling", middle, *rounds(9))],
        "elbow": [bench("elbow", *photos, *rounds(9))],
        "palettes": [bench("elbow", "--palettes")],
        "two_threads": [bench("kmeans_opencv", *photos, "--threads", "0", *rounds(3))],
        "threads": [bench("threads", *rounds(15))],
        "photo_threads": [bench("threads", *photos[:3], *rounds(15))],
        "regions": [compare("regions", "regions_python", *photos, *rounds(5))],
        "region_steps": [bench("regions", *photos, *repeated(5))],
        "hostile_maps": [bench("hostile_maps")],
        "quantizers_cq100": cq100,
        "quantizers_photos": [compare("quantizers", "quantizers", *photos, "--leave-out", "OpenCV", *rounds(3))],
        "mpi": [[sys.executable, "bench/many_ranks.py", build, *photos]],
    }


def run(name, commands, output):
    begin = time.monotonic()
    part = output / f"{name}.part"
    with open(part, "w", encoding="utf-8") as log:
        for command in map(lambda parts: [str(part) for part in parts], commands):
            log.write(tables_of.COMMAND + " ".join(command) + "\n")
            log.flush()
            if subprocess.run(command, stdout=log, check=False).returncode != 0:
                raise SystemExit(f"{name}: failed: {' '.join(command)}\nsee {log.name}")
    part.replace(output / f"{name}.txt")
    print(f"{name}: {time.monotonic() - begin:.0f} s", flush=True)


def first_line(*command):
    answer = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False).stdout
    return (answer.splitlines() or ["?"])[0]


def machine(build):
    """What a table is true of, in one line."""
    sys.path.insert(0, "bench/compare")
    import rivals

    compiler = re.search(r"CMAKE_CXX_COMPILER:\w+=(.*)", (build / "CMakeCache.txt").read_text())[1]
    flags = re.search(r"CMAKE_CXX_FLAGS_RELEASE:\w+=(.*)", (build / "CMakeCache.txt").read_text())[1]
    packages = (
        "libopencv-core-dev", "python3-opencv", "python3-sklearn", "python3-faiss", "libopenblas0-pthread",
        "openmpi-bin", "python3-skimage", "python3-rasterio", "libgdal32", "python3-pil", "libimagequant0",
    )  # fmt: skip
    return "; ".join((
        str(datetime.date.today()), rivals.cpu_name(), first_line("nproc") + " cores",
        first_line(os.path.realpath(compiler), "--version") + " " + flags, rivals.versions(packages),
        "commit " + first_line("git", "rev-parse", "--short", "HEAD"),
    ))  # fmt: skip


def with_rows(text, rows):
    """The text with rows replaced that begin with the same cell."""
    for row in rows.splitlines():
        cell = re.escape(row.split("|")[1])
        text = re.sub(rf"^\|{cell}\|.*$", lambda _: row, text, flags=re.MULTILINE)
    return text


def write_pages(output):
    for page in map(pathlib.Path, PAGES):
        text = page.read_text(encoding="utf-8")
        for table in output.glob("*.md"):
            if table.stem == "readme":
                text = with_rows(text, table.read_text(encoding="utf-8")) if page.name == "README.md" else text
            else:
                text = tables_of.with_table(text, f"bench/tables.py {table.stem}", table.read_text(encoding="utf-8"))
        page.write_text(text, encoding="utf-8")


def main():
    given = parse()
    given.output.mkdir(exist_ok=True, parents=True)
    if given.photos:
        line = machine(given.build)
        print(line, flush=True)
        (given.output / "machine.txt").write_text(line + "\n", encoding="utf-8")
        for name, commands in programs(given).items():
            if commands and (not given.only or name in given.only):
                run(name, commands, given.output)
    tables_of.make_all(given.output)
    if given.write:
        write_pages(given.output)


main()
