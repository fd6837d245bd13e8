#!/bin/sh
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# The library compiled once, by hand, beside a unit that compiles it itself: they link, hand each other lloyd's types, and
# give the same bits.   sh run.sh COMPILER FLAG...
set -eu
here=$(dirname "$0")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
compiler=$1
shift
"$compiler" -std=c++20 "$@" -c "$here/library.cpp" -o "$directory/library.o"
"$compiler" -std=c++20 "$@" -c "$here/header_only.cpp" -o "$directory/header_only.o"
"$compiler" -std=c++20 "$@" -O0 -DLLOYD_COMPILED -c "$here/main.cpp" -o "$directory/main.o"
"$compiler" "$@" "$directory"/*.o -o "$directory/main"
"$directory/main"
