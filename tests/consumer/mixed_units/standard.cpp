// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Functions of the standard library that both units contain are one in the program, whatever we do (see docs/interop.md).
// A unit compiled for the oldest CPU and linked first has them for all.

#include <vector>

#include <lloyd/image.hpp>

template class std::vector<double>;
template class std::vector<lloyd::image<double, 3>>;
