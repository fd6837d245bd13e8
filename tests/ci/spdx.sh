#!/bin/sh
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# Two SPDX lines head every file that can hold a comment; pictures have their licences beside them.
set -eu
files=$(git ls-files -co --exclude-standard)
bad=0
for file in $files; do
    case $file in
    LICENSE | *.json | *.jpg | *.png | *.svg | examples/data/* | tests/fuzz/corpus/*) continue ;;
    esac
    lines=$(head -n 3 "$file" | grep -c 'SPDX-FileCopyrightText: 2026 the lloyd authors\|SPDX-License-Identifier: MIT') || :
    if [ "$lines" -ne 2 ]; then
        echo "$file: lacks its two SPDX lines"
        bad=1
    fi
done
exit $bad
