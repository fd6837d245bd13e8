#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Checks what a compiler prints about wrong arguments, an older C++ and compilers that are too old.

    python3 tests/first_errors/run.py [COMPILER]    (g++, or any clang++)

The first error must say what to do, and little may follow it: at most MOST_LINES, everything counted.
"""

import concurrent.futures
import functools
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parents[1] / "include"
MOST_LINES, MOST_LINES_OF_REQUIREMENTS = 30, 10
WRONG_CALL = re.compile(r"^ +(.*;)  // error( but not of g\+\+ 11)?: (.*)$", re.MULTILINE)


class Compiler:
    def __init__(self, command):
        self.command = command
        dump = [command, "-dM", "-E", "-x", "c++", "/dev/null"]
        macros = subprocess.run(dump, check=True, capture_output=True, text=True).stdout
        self.is_clang = "__clang__ 1" in macros
        self.is_gcc_11 = not self.is_clang and "__GNUC__ 11" in macros

    def run(self, *arguments):
        """The lines that the compiler prints."""
        command = [self.command, "-std=c++20", "-Wall", "-Wextra", f"-I{INCLUDE}", *arguments]
        english = os.environ | {"LC_ALL": "C"}
        return subprocess.run(command, capture_output=True, text=True, env=english).stderr.splitlines()

    def compile(self, text, *flags):
        with tempfile.TemporaryDirectory() as directory:
            source = pathlib.Path(directory) / "source.cpp"
            source.write_text(text)
            return self.run("-fsyntax-only", *flags, str(source))

    def precompile(self, directory):
        """Flags that take the library, precompiled, from this directory: each call is then checked in a moment."""
        header = pathlib.Path(directory) / "precompiled.hpp"
        header.write_text("#include <lloyd/lloyd.hpp>\n")
        self.run("-DLLOYD_COMPILED", "-x", "c++-header", str(header), "-o", f"{header}.gch")
        return ["-DLLOYD_COMPILED", "-include", str(header)]


def fault(what, wanted, lines, limit):
    first = next((line for line in lines if "error:" in line), "no error")
    if wanted not in first:
        return f"{what}: the first error should contain: {wanted}\n    {first}"
    if len(lines) > limit:
        return f"{what}: {len(lines)} lines of output, but at most {limit}"
    return None


def checks_of_calls(compiler, flags):
    text = (HERE / "calls.cpp").read_text()

    def check_others():
        lines = compiler.compile(WRONG_CALL.sub("", text), *flags)
        return "calls.cpp without its wrong calls:\n" + "\n".join(lines) if lines else None

    def check(call):
        alone = WRONG_CALL.sub(lambda other: other[1] if other.start() == call.start() else "", text)
        return fault(call[1], call[3], compiler.compile(alone, *flags), MOST_LINES)

    yield check_others
    for call in WRONG_CALL.finditer(text):
        if not (call[2] and compiler.is_gcc_11):
            yield functools.partial(check, call)


def checks_of_requirements(compiler):
    def check(header, wanted, *flags):
        lines = compiler.compile(f"#include <lloyd/{header}>\n", *flags)
        return fault(f"{header} {flags[0]}", wanted, lines, MOST_LINES_OF_REQUIREMENTS)

    for header in sorted(path.name for path in (INCLUDE / "lloyd").glob("*.hpp")):
        yield functools.partial(check, header, "lloyd needs C++20: compile with -std=c++20", "-std=c++17")
    yield functools.partial(check, "version.hpp", "lloyd needs g++ 11 or clang 14, or a later version of either",
                            "-U__GNUC__", "-U__clang__")
    yield functools.partial(check, "lloyd.hpp", "lloyd needs SSE2 on x86 of 32 bits: compile with -msse2 -mfpmath=sse",
                            "-D__i386__", "-U__SSE2_MATH__", "-w")
    if compiler.is_clang:
        yield functools.partial(check, "lloyd.hpp", "lloyd needs clang 14 or later", "-D__clang_major__=13", "-w")
    else:
        yield functools.partial(check, "lloyd.hpp", "lloyd needs g++ 11 or later", "-D__GNUC__=10", "-w")


def main():
    compiler = Compiler(sys.argv[1] if len(sys.argv) > 1 else "g++")
    with tempfile.TemporaryDirectory() as directory, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as threads:
        checks = [*checks_of_calls(compiler, compiler.precompile(directory)), *checks_of_requirements(compiler)]
        faults = list(filter(None, threads.map(lambda check: check(), checks)))
    print(*faults, f"{len(checks)} checks, {len(faults)} faults", sep="\n")
    return 1 if faults or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
