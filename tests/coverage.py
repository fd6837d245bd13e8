#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Tells which lines and branches of include/ no test has run.

    cmake --workflow --preset coverage              builds and runs all tests, then this
    python3 tests/coverage.py build/coverage        again, of the tests that have run there
    python3 tests/coverage.py build/coverage canny  with each place that no test reaches in headers of that name

The counts are those of clang, which counts in the source, before anything is inlined; llvm-cov tells them. A branch is one
way out of a condition: of `if (a && b)` there are four. Both lines and branches of a template count once, and are reached
when any copy of it reaches them, in any program. A condition that the compiler decides in every copy is none.

The exit code is 1 below 98 % of the lines or 92 % of the branches.
"""

import argparse
import collections
import pathlib
import re
import subprocess
import sys

INCLUDE = pathlib.Path(__file__).resolve().parents[1] / "include/lloyd"
LEAST = {"lines": 98, "branches": 92}  # %


def annotated_sources(build):
    """The headers as llvm-cov prints them, each line with its count, and below it the branches of each copy."""
    programs = [path for path in sorted((build / "tests").glob("test_*")) if path.is_file()]
    profiles = sorted((build / "profiles").glob("*.profraw"))
    if not programs or not profiles:
        sys.exit(f"coverage.py: no test has run in {build}")
    merged = build / "all.profdata"
    subprocess.run(["llvm-profdata", "merge", *profiles, "-o", merged], check=True)
    objects = [f"-object={program}" for program in programs[1:]]
    shown = subprocess.run(["llvm-cov", "show", programs[0], *objects, f"-instr-profile={merged}", "-show-branches=count",
                            "-show-instantiations=false", INCLUDE], text=True, check=True,
                           stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # tells of each program's own functions
    return shown.stdout.splitlines()


def read(build):
    """Of each header: which lines and which branches were reached, lines by number, branches by place and direction."""
    headers = collections.defaultdict(lambda: {"lines": {}, "branches": {}})
    for text in annotated_sources(build):
        if name := re.fullmatch(re.escape(f"{INCLUDE}/") + r"(.*):", text):
            header = headers[name[1]]
        elif line := re.match(r" *(\d+)\| *([^ |]+)\|", text):
            header["lines"][int(line[1])] = line[2] != "0"
        elif branch := re.match(r" *\|  Branch \((\d+):(\d+)\): \[True: (\S+), False: (\S+)\]", text):
            for way, count in [(True, branch[3]), (False, branch[4])]:
                place = int(branch[1]), int(branch[2]), way
                header["branches"][place] = header["branches"].get(place, False) or count != "0"
    return headers


def print_row(name, *kinds):
    row = f"{name:32}"
    for reached in kinds:
        row += f"{sum(reached)} of {len(reached)}".rjust(16) + f"{share(reached):7.1f} %"
    print(row)


def share(reached):
    return 100 * sum(reached) / len(reached) if reached else 100


def print_missed(name, header):
    source = (INCLUDE / name).read_text().splitlines()
    missed = {line: ["not run"] for line, reached in header["lines"].items() if not reached}
    for line, column, way in sorted(place for place, reached in header["branches"].items() if not reached):
        if header["lines"].get(line, True):
            missed.setdefault(line, []).append(f"column {column} is never {str(way).lower()}")
    for line, what in sorted(missed.items()):
        print(f"    {line:4} {source[line - 1].strip()}", *what, sep="\n         ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path, help="the directory that was built with the preset `coverage`")
    parser.add_argument("which", nargs="?", help="headers to list the missed places of: part of a name, or . for all")
    options = parser.parse_args()
    headers = read(options.build.resolve())
    print(f"{'include/lloyd/':32}{'lines':>25}{'branches':>25}")
    for name, header in sorted(headers.items()):
        print_row(name, header["lines"].values(), header["branches"].values())
        if options.which and re.search(options.which, name):
            print_missed(name, header)
    totals = {kind: [reached for header in headers.values() for reached in header[kind].values()] for kind in LEAST}
    print_row("all", *totals.values())
    poor = [kind for kind, least in LEAST.items() if share(totals[kind]) < least]
    for kind in poor:
        print(f"below {LEAST[kind]} % of the {kind}")
    return 1 if poor else 0


if __name__ == "__main__":
    sys.exit(main())
