#!/bin/sh
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# A program for Windows, in an emulator, writes the bytes that the one of this system writes: into a file whose name has
# letters of several languages, read from one, and from stdin to stdout.
#   sh tests/ci/windows_program.sh EMULATOR HSV FOLDER FLAG...
set -eu
emulator=$1 hsv=$2 folder=$3
shift 3
export LC_ALL=C.UTF-8
rm -rf "$folder"
mkdir -p "$folder"

# As one source: most of the time goes into the headers of the standard library.
{
    echo '#define LLOYD_IMAGE_IO_IMPLEMENTATION'
    for source in command_help command_line hsv json output_files photo_jobs photo_lists photo_reports progress report \
        stopwatch visible_pixels; do
        echo "#include \"$source.cpp\""
    done
} >"$folder/all.cpp"
x86_64-w64-mingw32-windres -I examples examples/utf8.rc "$folder/utf8.o"
x86_64-w64-mingw32-g++-posix -std=c++20 -O1 -static -Iinclude -Iexamples -isystem /usr/include/stb \
    -DLLOYD_EXAMPLE_DATA_DIR='"examples/data"' "$@" "$folder/all.cpp" "$folder/utf8.o" -o "$folder/hsv.exe"

cp examples/data/brushes-683.jpg "$folder/Фото-é.jpg"
"$hsv" "$folder/Фото-é.jpg" -o "$folder/wanted.png"
cd "$folder"
"$emulator" hsv.exe Фото-é.jpg -o Цвета-ü.png | grep -q 'Цвета-ü.png$'
cmp wanted.png Цвета-ü.png
"$emulator" hsv.exe - -o - <Фото-é.jpg >stream.png
cmp wanted.png stream.png
