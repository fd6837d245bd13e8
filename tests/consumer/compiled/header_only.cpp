// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "results.hpp"

results compute_header_only(const lloyd::image<std::uint8_t, 3>& photo) { return compute(photo); }
