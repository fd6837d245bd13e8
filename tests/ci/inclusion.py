# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Including lloyd.hpp, without a call, must instantiate no entry and no kernel. Reads what clang's -ftime-trace lists.

    python3 tests/ci/inclusion.py
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as directory:
    source = pathlib.Path(directory, "main.cpp")
    source.write_text("#include <lloyd/lloyd.hpp>\n")
    subprocess.run(["clang++", "-std=c++20", "-Iinclude", "-c", source, "-o", source.with_suffix(".o"),
                    "-ftime-trace", "-ftime-trace-granularity=0"], check=True)
    events = json.loads(source.with_suffix(".json").read_text())["traceEvents"]

functions = {event["args"]["detail"] for event in events if event["name"] == "InstantiateFunction"}
found = sorted(name for name in functions if re.search(r"\bentry\b|\bdeferred\b|kernel_runner", name))
print(f"{len(functions)} functions are instantiated, {len(found)} of them should not be")
print("\n".join(found))
sys.exit(len(functions) < 100 or bool(found))
