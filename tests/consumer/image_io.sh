#!/bin/sh
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# image_io.hpp as one file: runs the commands of docs/start.md, then compiles it into one of two sources.
#   sh image_io.sh COMPILER FLAG...
set -eu
source=$(cd "$(dirname "$0")/../.." && pwd)
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
ln -s "$source" lloyd
cp lloyd/examples/data/mountain-768.jpg holiday.jpg
sed -n '/^cmake -D OUTPUT=image_io.hpp/,/^```/p' lloyd/docs/start.md | sed "\$d; s|^g++|$1|" >commands
grep -q '^./hello' commands
sh -eu commands

printf '#define LLOYD_IMAGE_IO_IMPLEMENTATION\n#include "image_io.hpp"\n' >image_io.cpp
cat >main.cpp <<'END'
#include "image_io.hpp"
int main() { return io::read("five-colors.png").width() == 768 ? 0 : 1; }
END
"$@" -std=c++20 -Illoyd/include main.cpp image_io.cpp -o main
./main
