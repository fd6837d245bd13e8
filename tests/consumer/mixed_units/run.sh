#!/bin/sh
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# sh run.sh "COMPILER FLAG..." "FLAGS OF THE PLAIN UNIT" "FLAGS OF THE OTHER" FEATURE ...: two units compiled with different
# flags share no function of lloyd's. Linked in either order, the plain one runs on a CPU without AVX; and, where this machine
# has the feature that the other needs, each works on with what the other has made. The last two may be given repeatedly.
set -eu
compile="$1 -std=c++20 -c"
link=$1
plain=$2
shift 2
here=$(dirname "$0")
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

$compile $plain -DMAKE=make_in_plain_unit -DTAKE=take_in_plain_unit "$here/unit.cpp" -o "$out/plain.o"
$compile $plain "$here/main.cpp" -o "$out/main.o"
$compile $plain -O0 "$here/shared.cpp" -o "$out/shared.o"

# Functions that the linker takes from one of the units, for both. Special members that an aggregate has by itself can be
# given neither another name nor an attribute.
functions() { nm "$1" | awk '$2 == "W" { print $3 }' | grep -E '^_Z[A-Z]*N[KVRO]*5lloyd' | sort; }
functions "$out/plain.o" > "$out/plain"
aggregates='kmeans_options|kmeans_result<[^>]*>|elbow_options|elbow_result<[^>]*>|segment_options|segmentation'
aggregates="$aggregates|sobel_gradient|edge_ridges|region_map|border|outline"

while [ $# -gt 0 ]; do
    $compile $1 -DMAKE=make_in_other_unit -DTAKE=take_in_other_unit "$here/unit.cpp" -o "$out/other.o"
    functions "$out/other.o" > "$out/other"
    comm -12 "$out/plain" "$out/other" | c++filt |
        grep -vE "^lloyd::v0::($aggregates)::(~?(kmeans|elbow|segment|sobel|edge|region|border|outline)[a-z_]*|operator=)\(" > "$out/both" || :
    if [ -s "$out/both" ]; then
        echo "run.sh: units of different flags share $(wc -l < "$out/both") functions:" >&2
        head -n 20 "$out/both" >&2
        exit 1
    fi

    # The first definition that the linker meets is the one that stays.
    for order in "plain.o other.o" "other.o plain.o"; do
        (cd "$out" && $link shared.o $order main.o -pthread -o main)
        qemu-x86_64 -cpu Nehalem "$out/main"
        if grep -qw "$2" /proc/cpuinfo; then
            "$out/main" both
        fi
    done
    shift 2
done
