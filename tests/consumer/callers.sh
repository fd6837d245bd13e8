#!/bin/sh
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# A function that calls the library is compiled for speed: g++ compiles for size what always calls a function marked
# [[gnu::cold]], and whoever always calls that.
#   sh callers.sh COMPILER FLAG...
set -eu
object=$(mktemp)
trap 'rm -f "$object"' EXIT
"$@" -std=c++20 -O2 -c "$(dirname "$0")/callers.cpp" -o "$object"
symbols=$(objdump -t -C "$object" | grep ' callers::call_[a-z_]*(' | grep -v '\[clone .cold\]')
echo "$symbols" | grep -q 'F \.text[^.]'
if echo "$symbols" | grep 'F \.text\.unlikely'; then
    echo "callers.sh: these functions are compiled for size" >&2
    exit 1
fi
