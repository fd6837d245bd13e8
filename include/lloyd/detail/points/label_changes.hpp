// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Finds the points that change their cluster. After the first steps of K-Means these are about one in a hundred.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/simd/movemask.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Writes the indices i with labels[i] ≠ others[i], in order, to `changed`, which has room for `count` of them. Returns
/// how many there are. Prefetches the points of these labels, `stride` bytes apart: they lie far from each other, so
/// that the next loop would wait for each.
struct changes_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(const std::int32_t* labels, const std::int32_t* others,
                                                            std::ptrdiff_t count, const unsigned char* points,
                                                            std::ptrdiff_t stride, std::int32_t* changed) {
        std::ptrdiff_t found = 0, i = 0;
        for (; i + group <= count; i += group) {
            std::uint32_t differences;
            compare<Bytes>(differences, labels + i, others + i);
            for (; differences != 0; differences &= differences - 1) {
                const auto at = i + std::countr_zero(differences);
                prefetch(points + at * stride);
                changed[found++] = static_cast<std::int32_t>(at);
            }
        }
        for (; i < count; ++i)
            if (labels[i] != others[i]) changed[found++] = static_cast<std::int32_t>(i);
        return found;
    }

private:
    static constexpr std::ptrdiff_t group = 32;

    /// Sets bit i of `differences` where labels[i] ≠ others[i], for a group.
    template <int Bytes>
    [[gnu::always_inline]] static inline void compare(std::uint32_t& differences, const std::int32_t* labels,
                                                      const std::int32_t* others) {
        constexpr int lanes = Bytes / static_cast<int>(sizeof(std::int32_t));
        simd<std::int32_t, Bytes> label, other, bits = {}, bit_of_lane;
        for (int l = 0; l < lanes; ++l) bit_of_lane[l] = 1 << l;
#pragma GCC unroll 8
        for (auto i = group - lanes; i >= 0; i -= lanes) {
            load(label, labels + i);
            load(other, others + i);
            bits = bits << lanes | (bit_of_lane & ~(label == other));
        }
        reduce_or(differences, bits);
    }
};

}  // namespace lloyd::inline v0::detail
