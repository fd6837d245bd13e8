#!/bin/sh
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

# Installs the packages that are needed to build lloyd, if they are missing (Debian, Ubuntu).
#   sh tools/setup.sh             for the demo and the tests
#   sh tools/setup.sh --bench     for the benchmarks too
#   sh tools/setup.sh --mpi       for the programs of many processes too
#   sh tools/setup.sh --page      for the page with WebAssembly too
#   sh tools/setup.sh --ci        for every check of .ci/run too
#   sh tools/setup.sh --coverage  for the coverage of the tests too
set -eu

packages='g++ cmake ninja-build doctest-dev libstb-dev'
for argument; do
    case $argument in
    --bench)
        packages="$packages libbenchmark-dev libopencv-core-dev libopencv-imgproc-dev libeigen3-dev"
        packages="$packages python3-sklearn python3-faiss libopenblas0-pthread"
        packages="$packages libimagequant0 python3-pil python3-skimage python3-opencv python3-rasterio"
        ;;
    --ci) packages="$packages git clang clang-format-16 clang-tidy doxygen libc++-dev libc++abi-dev libclang-rt-dev pkg-config
        libbenchmark-dev libopencv-core-dev libopencv-imgproc-dev libopenmpi-dev openmpi-bin
        chromium chromium-driver python3-selenium python3-pil imagemagick emscripten node-acorn
        g++-aarch64-linux-gnu g++-i686-linux-gnu g++-riscv64-linux-gnu g++-s390x-linux-gnu qemu-user
        g++-mingw-w64-x86-64-posix wine64" ;;
    --mpi) packages="$packages libopenmpi-dev openmpi-bin" ;;
    --page) packages="$packages emscripten node-acorn" ;;
    --coverage) packages="$packages clang libclang-rt-dev llvm" ;;
    *)
        echo "usage: sh tools/setup.sh [--bench] [--mpi] [--page] [--ci] [--coverage]" >&2
        exit 2
        ;;
    esac
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "setup.sh: this is not Debian or Ubuntu, so nothing is installed. Please install (Debian's names):" $packages >&2
    for tool in c++ cmake ninja; do
        command -v $tool >/dev/null || exit 1
    done
    echo "setup.sh: found a compiler, cmake and ninja. If a library is missing, CMake will report its name." >&2
    exit 0
fi

missing=
for package in $packages; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "setup.sh: you are not root, and there is no sudo. Run as root: apt-get install$missing" >&2
        exit 1
    fi
    as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update
$as_root apt-get install -y --no-install-recommends $missing
