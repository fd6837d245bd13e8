#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Breaks the library on purpose, one small fault at a time, and tells which tests notice.

    python3 tests/mutations/run.py               every fault of faults.txt, up to the first test that dies of it
    python3 tests/mutations/run.py hysteresis 17  those of some headers, or of some numbers
    python3 tests/mutations/run.py --all         goes on to every test that dies
    python3 tests/mutations/run.py --sound       instead: whether all tests pass without a fault, built in this way
    python3 tests/mutations/run.py --check       instead: whether the list still fits the code
    python3 tests/mutations/run.py --draw 100 --seed 1 [hysteresis canny]
                                                 instead of the list: faults drawn at random (see draw.py), in all headers
                                                 or in some
    python3 tests/mutations/run.py --first 8     tries no more than the first 8 programs for each fault

A fault is written into a copy of the tree. Of the test programs, those that include the changed header are built, with
$CXX or g++, and run: first the ones that the list names, for that fault or for others in that header, then those that
include least. A fault that no test notices survives (with --first, none of those: read it before you run the others);
then, or when one of the list does not compile, the exit code is 1. A drawn fault that does not compile, that the
preprocessor leaves out, or that unseen.txt says cannot be seen does not count. Programs that need more than the library
(OpenCV, the examples) are left out.
"""

import argparse
import collections
import dataclasses
import functools
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import draw

TREE = pathlib.Path(__file__).resolve().parents[2]
LIST = pathlib.Path(__file__).with_name("faults.txt")
UNSEEN = pathlib.Path(__file__).with_name("unseen.txt")
COMPILER = os.environ.get("CXX", "g++")
FLAGS = ["-std=c++20", "-w", "-pthread", "-Iinclude"]
LIBRARY = "compiled"  # lloyd::compiled, which tests link but for those that compile the library themselves
NEED_MORE = (r"opencv|program|(drawings|file_descriptors|files|gallery(_steps)?|hostile_(files|kinds)|image_(io|kinds)"
             r"|json|pages_tutorial|png_writer|printable|temporary_files)$")
TIME_LIMIT = 120  # seconds of a CPU for one program, or four times as long without one: a fault may make it endless
MEMORY_LIMIT = 6 << 30  # bytes of address space for one program: a fault may make it ask for all there is


@dataclasses.dataclass
class Fault:
    number: int
    header: str = ""
    tests: list = dataclasses.field(default_factory=list)
    why: str = ""
    old: str = ""
    new: str = ""


def listed_tests(name):
    """A list of tests in CMakeLists.txt: long_tests are optimized, header_only_tests compile the library themselves."""
    return re.search(rf"set\({name} ([^)]*)\)", (TREE / "tests/CMakeLists.txt").read_text())[1].split()


def source_of(name):
    return f"tests/{name}.cpp" if name in ["main", LIBRARY] else f"tests/test_{name}.cpp"


def read_faults(path=LIST):
    """Blocks of lines apart from each other by blank ones; '-' begins a line of the old text, '+' one of the new."""
    faults = []
    lines = (line for line in path.read_text().splitlines() if not line.startswith("#"))
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


def misfit(fault, seen):
    """Why a fault does not fit the code, or nothing."""
    header = TREE / "include/lloyd" / fault.header
    if not header.is_file():
        return "no such header"
    if not fault.why or fault.old == fault.new or (seen and not fault.tests):
        return "says too little"
    for test in fault.tests:
        if not (TREE / source_of(test)).is_file():
            return f"no such test: {test}"
    found = header.read_text().count(fault.old)
    return "" if found == 1 else f"its text is found {found} times"


class Workshop:
    """A copy of the tree with the test programs, each known by the name of its source."""

    def __init__(self, directory):
        self.place = pathlib.Path(directory)
        for part in ["include", "tests"]:
            shutil.copytree(TREE / part, self.place / part)
        (self.place / source_of(LIBRARY)).write_text("#include <lloyd/compile.hpp>\n")
        programs = sorted(source.stem.removeprefix("test_") for source in (self.place / "tests").glob("test_*.cpp"))
        self.programs = [name for name in programs if not re.match(NEED_MORE, name)]
        self.optimized = {LIBRARY, *listed_tests("long_tests")}
        self.header_only = {LIBRARY, "main", *listed_tests("header_only_tests")}
        self.compile("main")
        self.library_has = None  # the fault, or the place of none, that the library was built with

    def run(self, *command, limit=None):
        def set_limits():
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))

        return subprocess.run(command, cwd=self.place, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              errors="replace", timeout=limit and 4 * limit, preexec_fn=limit and set_limits)

    def compile(self, name):
        level = "-O1" if name in self.optimized else "-O0"
        result = self.run(COMPILER, *self.flags(name), level, "-c", source_of(name), "-o", f"{name}.o")
        if result.returncode != 0:
            raise SyntaxError(result.stdout)

    def flags(self, name):
        return FLAGS if name in self.header_only else [*FLAGS, "-DLLOYD_COMPILED"]

    @functools.cache
    def includes(self, name):
        """All headers that a program is compiled from, with those of the library that it links."""
        own = self.run(COMPILER, *self.flags(name), "-MM", source_of(name)).stdout.split()
        return own if name in self.header_only else own + self.includes(LIBRARY)

    def preprocessed(self, header):
        return self.run(COMPILER, *FLAGS, "-E", "-P", "-x", "c++", f"include/lloyd/{header}").stdout

    def order(self, fault):
        """The programs that include the header: first the fault's own, then those that include least."""
        path = f"include/lloyd/{fault.header}"
        others = [name for name in self.programs if name not in fault.tests]
        others.sort(key=lambda name: len(self.includes(name)))
        return [name for name in fault.tests + others if path in self.includes(name)]

    def build(self, name, fault):
        objects = [f"{name}.o", "main.o"]
        if name not in self.header_only:
            changed = fault or "nothing"
            if self.library_has != changed:
                self.compile(LIBRARY)
                self.library_has = changed
            objects.append(f"{LIBRARY}.o")
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
        if result.returncode == -signal.SIGXCPU:
            return "does not end"
        case = re.search(r"^TEST CASE: +(.*)", result.stdout, re.MULTILINE)
        return case[1] if case else f"exit code {result.returncode}"

    def deaths(self, fault, options):
        """(program, what it dies of) for one fault: the first, or all."""
        header = self.place / "include/lloyd" / fault.header
        text, seen, programs = header.read_text(), self.preprocessed(fault.header), self.order(fault)[:options.first]
        header.write_text(text.replace(fault.old, fault.new))
        found = []
        try:
            if self.preprocessed(fault.header) == seen:
                raise SyntaxError("nothing of it is compiled here")
            for name in programs:
                death = self.death(name, fault)
                if death:
                    found.append((name, death))
                    if not options.all:
                        break
        finally:
            header.write_text(text)
        return found


def check(faults, seen=True):
    misfits = [(fault, misfit(fault, seen)) for fault in faults if misfit(fault, seen)]
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


def try_drawn(workshop, options, listed, unseen):
    """Draws until so many faults were built; tells of each, and which share of them was noticed."""
    headers = {str(path.relative_to(TREE / "include/lloyd")): path.read_text()
               for path in (TREE / "include/lloyd").rglob("*.hpp")}
    if options.which:
        headers = {name: text for name, text in headers.items() if any(word in name for word in options.which)}
    built = survivors = 0
    for header, kind, old, new in draw.draw(headers, options.seed):
        if built == options.draw:
            break
        if any(other.header == header and other.old in old and other.new in new for other in unseen):
            continue
        known = collections.Counter(test for fault in listed if fault.header == header for test in fault.tests)
        tests = sorted(known, key=lambda test: (test in listed_tests("long_tests"), -known[test]))
        fault = Fault(built + 1, header, tests, kind, old, new)
        start = time.monotonic()
        try:
            deaths = workshop.deaths(fault, options)
        except SyntaxError:
            continue
        built += 1
        survivors += not deaths
        seconds = time.monotonic() - start
        verdict = "; ".join(f"{name}: {death}" for name, death in deaths) or "SURVIVES"
        print(f"{fault.number:3} {seconds:4.0f} s  {header}: {kind}\n{marked('- ', old)}\n{marked('+ ', new)}\n"
              f"            {verdict}", flush=True)
    print(f"{built - survivors} of {built} faults noticed")
    return survivors == 0


def marked(sign, text):
    return "\n".join(sign + line for line in text.splitlines())


def find_survivors(workshop, faults, options):
    begin, survivors = time.monotonic(), 0
    for fault in faults:
        start = time.monotonic()
        try:
            deaths = workshop.deaths(fault, options)
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
    parser.add_argument("--draw", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, metavar="N")
    options = parser.parse_args()
    faults, unseen = read_faults(), read_faults(UNSEEN)
    if not check(faults) or not check(unseen, seen=False):
        return 1
    if options.check:
        return 0
    if options.which and options.draw is None:
        faults = [fault for fault in faults
                  if any(word == str(fault.number) or (not word.isdigit() and word in fault.header)
                         for word in options.which)]
    with tempfile.TemporaryDirectory() as directory:
        workshop = Workshop(directory)
        if options.sound:
            good = is_sound(workshop)
        elif options.draw is not None:
            good = try_drawn(workshop, options, faults, unseen)
        else:
            good = find_survivors(workshop, faults, options)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
