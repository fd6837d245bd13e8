#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# What including a header costs: user seconds of -fsyntax-only, the best of three rounds over all, and as parts of
# <opencv2/core.hpp>'s where that is found.
#   bash bench/compile_time.sh [COMPILER]     (g++)
set -eu
cd "$(dirname "$0")/.."
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
TIMEFORMAT=%U

compile() {
    "$compiler" -std=c++20 -w -fsyntax-only -Iinclude -isystem /usr/include/opencv4 -isystem /usr/include/eigen3 "$1"
}

compiler=${1:-g++}
headers=()
for header in '' opencv2/core.hpp Eigen/Core $(cd include && echo lloyd/*.hpp); do
    source=$directory/${#headers[@]}.cpp
    if [ -n "$header" ]; then echo "#include <$header>" >"$source"; else : >"$source"; fi
    if compile "$source" 2>"$directory/log"; then
        headers+=("$header")
    elif grep -q "lloyd/.*error" "$directory/log"; then
        cat "$directory/log" >&2
        exit 1
    else
        echo "without <$header>, which is not found"
    fi
done

for _ in 1 2 3; do
    for i in "${!headers[@]}"; do
        echo "$({ time compile "$directory/$i.cpp"; } 2>&1)" "${headers[i]:-(an empty file)}"
    done
done | awk '
    { name = substr($0, index($0, " ") + 1) }
    !(name in best) { names[++count] = name; best[name] = $1 }
    $1 < best[name] { best[name] = $1 }
    END {
        yardstick = best["opencv2/core.hpp"]
        print "seconds  ratio"
        for (i = 1; i <= count; ++i) {
            ratio = yardstick == "" ? "-" : sprintf("%.2f", best[names[i]] / yardstick)
            printf "%7.2f %6s  %s\n", best[names[i]], ratio, names[i]
        }
    }'
