// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#pragma once

/// The library's version, told here and nowhere else: CMake reads it from this file.
#define LLOYD_VERSION_MAJOR 0
#define LLOYD_VERSION_MINOR 1
#define LLOYD_VERSION_PATCH 0
