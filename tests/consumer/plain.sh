#!/bin/sh
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# No build system: sh plain.sh COMPILER FLAG... compiles main.cpp, or $SOURCE, and runs it, where profilers may leave a file.
set -eu
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
"$@" -std=c++20 "$(dirname "$0")/${SOURCE:-main.cpp}" -o "$directory/main"
cd "$directory"
./main
