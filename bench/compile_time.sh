#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# What lloyd costs to compile: including each header, and calling functions of it, without and with optimization. Prints
# user seconds, the best of ROUNDS rounds over all, as multiples of <opencv2/core.hpp> alone too where that is found, and
# the kilobytes of code and data in the object file. Takes ten minutes; INCLUDES=1 leaves the calls out.
#   [ROUNDS=3] [INCLUDES=1] bash bench/compile_time.sh [COMPILER]     (g++)
set -euo pipefail
cd "$(dirname "$0")/.."
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
TIMEFORMAT=%U
compiler=${1:-g++}

# add FLAGS NAME [CODE]: CODE, or the inclusion of NAME, in the table of these flags
flags=() names=()
add() {
    echo "${3:-#include <$2>}" >"$directory/${#names[@]}.cpp"
    flags+=("$1")
    names+=("$2")
}
compile() {
    # shellcheck disable=SC2086  # flags are words
    "$compiler" -std=c++20 -w -Iinclude -isystem /usr/include/opencv4 -isystem /usr/include/eigen3 \
        ${flags[$1]} "$directory/$1.cpp" -o "$directory/$1.o"
}

all=''
add_call() {
    add "$1" "$2" "#include <lloyd/lloyd.hpp>
using image = lloyd::image<std::uint8_t, 3>;
$3"
    all+="$3
"
}
add_calls() {
    add "$1" opencv2/core.hpp
    add "$1" lloyd/lloyd.hpp
    all=''
    add_call "$1" 'segment and recolor' 'image a(const image& photo) {
        auto s = lloyd::segment(photo, 5);
        return lloyd::recolor(s.labels, s.palette);
    }'
    add_call "$1" canny 'auto b(const image& photo) { return lloyd::canny(photo, 150, 200); }'
    add_call "$1" 'kmeans of a photo' 'auto c(const image& photo) { return lloyd::kmeans(photo, 5); }'
    add_call "$1" 'kmeans of float points' 'auto d(const float* p) { return lloyd::kmeans(lloyd::points(p, 100, 8), 5); }'
    add_call "$1" elbow_sweep 'auto e(const image& photo) { return lloyd::elbow_sweep(photo); }'
    add_call "$1" 'segment the next frame' 'auto j(const image& frame, const lloyd::segmentation& before) {
        return lloyd::segment(frame, before);
    }'
    add_call "$1" find_regions 'auto k(const lloyd::image<std::uint8_t, 1>& labels) {
        return lloyd::find_regions(labels);
    }'
    add_call "$1" merge_small_regions 'auto g(const lloyd::image<std::uint8_t, 1>& labels) {
        return lloyd::merge_small_regions(labels, 64);
    }'
    add_call "$1" 'borders, simplified, as outlines' 'auto h(const lloyd::image<std::uint8_t, 1>& labels) {
        return lloyd::outlines(lloyd::simplify(lloyd::find_borders(labels), 1));
    }'
    add_call "$1" dither 'auto i(const image& photo) { return lloyd::dither(photo, photo); }'
    add_call "$1" 'all of these and HSV' "$all
        auto f(const image& photo) { return lloyd::hsv_to_rgb(lloyd::rgb_to_hsv(photo)); }"
    add_call "$1" 'rgb_to_lab and back' 'auto g(const image& photo) {
        return lloyd::lab_to_rgb<std::uint8_t>(lloyd::rgb_to_lab(photo));
    }'
}

for header in opencv2/core.hpp Eigen/Core $(cd include && echo lloyd/*.hpp); do
    add -fsyntax-only "$header"
done
if [ -z "${INCLUDES-}" ]; then
    for level in -O0 -O2; do
        add_calls "-c $level"
        if [ -f include/lloyd/compile.hpp ]; then add_calls "-c $level -DLLOYD_COMPILED"; fi
    done
fi

for ((round = 0; round < ${ROUNDS:-3}; ++round)); do
    for i in "${!names[@]}"; do
        if seconds=$({ time compile "$i" 2>"$directory/log"; } 2>&1); then
            bytes=$(size "$directory/$i.o" 2>/dev/null | awk 'NR == 2 { print $1 + $2 }' || :)
            printf '%s\t%s\t%s\t%s\n' "${flags[i]}" "${names[i]}" "$seconds" "$bytes"
        elif grep -q "lloyd/.*error" "$directory/log"; then
            cat "$directory/log" >&2
            exit 1
        fi
    done
done | awk -F '\t' '
    { row = $1 FS $2 }
    !(row in best) { rows[++count] = row; best[row] = $3; bytes[row] = $4 }
    $3 < best[row] { best[row] = $3 }
    END {
        for (i = 1; i <= count; ++i) {
            split(rows[i], part, FS)
            if (part[1] != table) printf "\n%s\nseconds  ratio     KB\n", table = part[1]
            yardstick = best[table FS "opencv2/core.hpp"]
            ratio = yardstick > 0 ? sprintf("%.2f", best[rows[i]] / yardstick) : "-"
            size = bytes[rows[i]] != "" ? sprintf("%.0f", bytes[rows[i]] / 1000) : "-"
            printf "%7.2f %6s %6s  %s\n", best[rows[i]], ratio, size, part[2]
        }
    }'
