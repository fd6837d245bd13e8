// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#pragma once

#include <lloyd/detail/base/requirements.hpp>

/// The version of the library. CMake reads it from this file, the only place where it is written.
#define LLOYD_VERSION_MAJOR 0
#define LLOYD_VERSION_MINOR 1
#define LLOYD_VERSION_PATCH 0
