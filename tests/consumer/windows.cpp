// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Among the macros of the real <windows.h>: near, far, interface, IN, OUT, ERROR, RGB and thousands more. (Not min
// and max: g++ for Windows has them left out. See tests/test_macros.cpp.)

#include <windows.h>

#include "main.cpp"
