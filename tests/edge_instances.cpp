// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#define LLOYD_TESTS_INSTANTIATE template

#include "edge_instances.hpp"
