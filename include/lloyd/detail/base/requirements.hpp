// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Stops compilers that are too old, of another kind (MSVC), or that compile an older C++, at one line that says what is
/// needed. (By an include that fails: compilers go on after #error, with an error for each thing that they do not know.)
#pragma once

#if !defined(__GNUC__) && !defined(__clang__)
#include "lloyd needs g++ 11 or clang 14, or a later version of either"
#elif defined(__clang__) && __clang_major__ < 14
#include "lloyd needs clang 14 or later"
#elif defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 11
#include "lloyd needs g++ 11 or later"
#elif defined(__GNUC__) && __cplusplus < 202002L
#include "lloyd needs C++20: compile with -std=c++20"
#elif defined(__i386__) && !defined(__SSE2_MATH__)  // x87 rounds to other numbers than double
#include "lloyd needs SSE2 on x86 of 32 bits: compile with -msse2 -mfpmath=sse"
#endif
