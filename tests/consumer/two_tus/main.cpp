// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Macros that <windows.h> and <complex.h> define, or once did. The standard headers, which some of them break, come first.

#include <bits/stdc++.h>

#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define small char
#define near
#define far
#define interface struct
#define RGB(r, g, b) (r | g << 8 | b << 16)
#define IN
#define OUT
#define ERROR 0
#define DIFFERENCE 11
#define EMPTY 12
#define I 13
#define W 14

#include <lloyd/lloyd.hpp>

bool clusters_natively();

int main() {
    const float values[] = {1, 2, 11, 12};
    const bool clusters = lloyd::kmeans(lloyd::points(values, 4, 1), 2).compactness == 1;
    return clusters && clusters_natively() ? 0 : 1;
}
