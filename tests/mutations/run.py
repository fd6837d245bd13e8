#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Breaks the library on purpose, one small fault at a time, and tells which tests notice.

    python3 tests/mutations/run.py               every fault of faults.txt, up to the first test that dies of it
    python3 tests/mutations/run.py edge_map 17   those of some headers, or of some numbers
    python3 tests/mutations/run.py --all         goes on to every test that dies
    python3 tests/mutations/run.py --sound       instead: whether all tests pass without a fault, built in this way
    python3 tests/mutations/run.py --check       instead: whether the list still fits the code

A fault is written into a copy of the tree. Of the test programs, those that include the changed header are built, with
$CXX or g++, and run: first the ones that the list names. A fault that no test notices survives; then, or when one does
not compile, the exit code is 1. Programs that need more than the library (OpenCV, the examples) are left out.
"""

import argparse
import dataclasses
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

TREE = pathlib.Path(__file__).resolve().parents[2]
LIST = pathlib.Path(__file__).with_name("faults.txt")
COMPILER = os.environ.get("CXX", "g++")
FLAGS = ["-std=c++20", "-O1", "-w", "-pthread", "-Iinclude"]
SHARED = ["instances", "edge_instances"]  # what most tests instantiate: see tests/instances.hpp
NEED_MORE = r"opencv|program|(drawings|files|gallery|hostile_files|image_io)$"
TIME_LIMIT = 300  # seconds for one program: a fault may make it endless


@dataclasses.dataclass
class Fault:
    number: int
    header: str = ""
    tests: list = dataclasses.field(default_factory=list)
    why: str = ""
    old: str = ""
    new: str = ""


def read_faults():
    """Blocks of lines apart from each other by blank ones; '-' begins a line of the old text, '+' one of the new."""
    faults = []
    lines = (line for line in LIST.read_text().splitlines() if not line.startswith("#"))
    for block in re.split(r"\n{2,}", "\n".join(lines).strip()):
        fault, texts = Fault(len(faults) + 1), {"-": [], "+": []}
        for line in block.splitlines():
            if line[:2] in ("- ", "+ "):
                texts[line[0]].append(line[2:])
                continue
            key, _, value = (part.strip() for part in line.partition(":"))
            setattr(fault, {"file": "header"}.get(key, key), value.split() if key == "tests" else value)
        fault.old, fault.new = "\n".join(texts["-"]), "\n".join(texts["+"])
        faults.append(fault)
    return faults


def misfit(fault):
    """Why a fault does not fit the code, or nothing."""
    header = TREE / "include/lloyd" / fault.header
    if not header.is_file():
        return "no such header"
    if not fault.why or not fault.tests or fault.old == fault.new:
        return "says too little"
    for test in fault.tests:
        if not (TREE / f"tests/{test}.cpp").is_file():
            return f"no such test: {test}"
    found = header.read_text().count(fault.old)
    return "" if found == 1 else f"its text is found {found} times"


class Workshop:
    """A copy of the tree with the test programs, each known by the name of its source."""

    def __init__(self, directory):
        self.place = pathlib.Path(directory)
        for part in ["include", "tests"]:
            shutil.copytree(TREE / part, self.place / part)
        self.programs = [source.stem for source in sorted((self.place / "tests").glob("*.cpp"))
                         if source.stem not in ["main", *SHARED] and not re.match(NEED_MORE, source.stem)]
        self.compile("main")
        self.shared_of = {}  # of each of SHARED: the fault, or the place of none, that it was built with

    def run(self, *command, limit=None):
        return subprocess.run(command, cwd=self.place, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              errors="replace", timeout=limit)

    def compile(self, name):
        result = self.run(COMPILER, *FLAGS, "-c", f"tests/{name}.cpp", "-o", f"{name}.o")
        if result.returncode != 0:
            raise SyntaxError(result.stdout)

    @functools.cache
    def includes(self, name):
        """All headers that a source includes, in any way."""
        return self.run(COMPILER, *FLAGS, "-MM", f"tests/{name}.cpp").stdout.split()

    def build(self, name, fault):
        objects = [f"{name}.o", "main.o"]
        for shared in SHARED:
            if f"tests/{shared}.hpp" not in self.includes(name):
                continue
            touched = fault and f"include/lloyd/{fault.header}" in self.includes(shared)
            changed = fault if touched else "nothing"
            if self.shared_of.get(shared) != changed:
                self.compile(shared)
                self.shared_of[shared] = changed
            objects.append(f"{shared}.o")
        self.compile(name)
        linked = self.run(COMPILER, *FLAGS, *objects, "-o", name)
        if linked.returncode != 0:
            raise SyntaxError(linked.stdout)

    def death(self, name, fault=None):
        """What a program dies of, or nothing."""
        self.build(name, fault)
        try:
            result = self.run(f"./{name}", "--abort-after=1", limit=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            return "does not end"
        if result.returncode == 0:
            return ""
        case = re.search(r"^TEST CASE: +(.*)", result.stdout, re.MULTILINE)
        return case[1] if case else f"exit code {result.returncode}"

    def deaths(self, fault, all_of_them):
        """(program, what it dies of) for one fault: the first, or all."""
        header = self.place / "include/lloyd" / fault.header
        text = header.read_text()
        header.write_text(text.replace(fault.old, fault.new))
        found = []
        try:
            for name in fault.tests + [other for other in self.programs if other not in fault.tests]:
                if f"include/lloyd/{fault.header}" not in self.includes(name):
                    continue
                death = self.death(name, fault)
                if death:
                    found.append((name, death))
                    if not all_of_them:
                        break
        finally:
            header.write_text(text)
        return found


def check(faults):
    misfits = [(fault, misfit(fault)) for fault in faults if misfit(fault)]
    for fault, reason in misfits:
        print(f"{fault.number} {fault.header}: {reason}: {fault.why}")
    return not misfits


def is_sound(workshop):
    sound = True
    for name in workshop.programs:
        death = workshop.death(name)
        print(f"{name}: {death or 'passes'}", flush=True)
        sound = sound and not death
    return sound


def find_survivors(workshop, faults, all_of_them):
    begin, survivors = time.monotonic(), 0
    for fault in faults:
        start = time.monotonic()
        try:
            deaths = workshop.deaths(fault, all_of_them)
            verdict = "; ".join(f"{name}: {death}" for name, death in deaths) or "SURVIVES"
        except SyntaxError as error:
            deaths, verdict = [], f"DOES NOT COMPILE\n{error}"
        survivors += not deaths
        seconds = time.monotonic() - start
        print(f"{fault.number:3} {seconds:4.0f} s  {fault.header}: {fault.why}\n            {verdict}", flush=True)
    print(f"{len(faults) - survivors} of {len(faults)} faults noticed in {(time.monotonic() - begin) / 60:.0f} minutes")
    return survivors == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", nargs="*", help="numbers, or parts of the headers' names")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--sound", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    faults = read_faults()
    if not check(faults):
        return 1
    if options.check:
        return 0
    if options.which:
        faults = [fault for fault in faults
                  if any(word == str(fault.number) or (not word.isdigit() and word in fault.header)
                         for word in options.which)]
    with tempfile.TemporaryDirectory() as directory:
        workshop = Workshop(directory)
        good = is_sound(workshop) if options.sound else find_survivors(workshop, faults, options.all)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
