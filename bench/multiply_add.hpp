// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// As many multiply-adds as the machine can do, which those of a kernel are judged by.
#pragma once

#include <cstddef>

#include <lloyd/detail/simd/simd.hpp>

namespace bench {

/// Twelve sums at once, since each waits for its last addition.
struct multiply_add_kernel {
    static constexpr std::size_t sums_at_once = 12;
    static constexpr int rounds = 4096;

    template <int Bytes>
    [[gnu::always_inline]] static std::size_t run(float factor, float* result) {
        using lanes_type = lloyd::detail::simd<float, Bytes>;
        lanes_type sums[sums_at_once], by;
        lloyd::detail::broadcast(by, factor);
        for (auto& sum : sums) sum = by;
        for (int i = 0; i < rounds; ++i)
#pragma GCC unroll 12
            for (std::size_t j = 0; j < sums_at_once; ++j) sums[j] = sums[j] * by + by;
        for (std::size_t j = 1; j < sums_at_once; ++j) sums[0] += sums[j];
        *result = static_cast<float>(sums[0][0]);
        return sizeof(lanes_type) / sizeof(float) * sums_at_once * static_cast<std::size_t>(rounds);
    }
};

}  // namespace bench
