// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Weights of pixels, one byte each: how often a pixel counts.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The index of the first weight from `first` on that is not 0, or how many weights there are. Skips 64 at a time.
inline std::ptrdiff_t next_weight(std::span<const std::uint8_t> weights, std::ptrdiff_t first) {
    const auto count = static_cast<std::ptrdiff_t>(weights.size());
    for (std::uint64_t words[8]; first + 64 <= count; first += 64) {
        std::memcpy(words, weights.data() + first, sizeof words);
        if ((words[0] | words[1] | words[2] | words[3] | words[4] | words[5] | words[6] | words[7]) != 0) break;
    }
    return std::find_if(weights.begin() + first, weights.end(), [](auto weight) { return weight != 0; }) -
           weights.begin();
}

/// Whether some of the weights are neither 0 nor `common`.
struct other_weights_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static bool run(const std::uint8_t* weights, std::ptrdiff_t count, std::uint8_t common) {
        simd<std::uint8_t, Bytes> all, some, others = {};
        broadcast(all, common);
        std::ptrdiff_t i = 0;
        for (; i + Bytes <= count; i += Bytes) {
            load(some, weights + i);
            add(others, some, all);
        }
        load_partial<false>(some, weights + i, count - i);
        add(others, some, all);
        std::uint64_t words[std::size_t{Bytes} / 8], any = 0;
        store(words, others);
        for (const auto eight : words) any |= eight;
        return any != 0;
    }

private:
    /// min(w, w ^ common) is 0 where w is 0 or `common`.
    template <class Lanes>
    [[gnu::always_inline]] static void add(Lanes& others, const Lanes& weights, const Lanes& common) {
        Lanes least = weights ^ common;
        min_in_place(least, weights);
        others = others | least;
    }
};

/// limited[i] = the lesser of weights[i] and `most`.
struct limit_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* weights, std::ptrdiff_t count, std::uint8_t most,
                                           std::uint8_t* limited) {
        simd<std::uint8_t, Bytes> some, limit;
        broadcast(limit, most);
        std::ptrdiff_t i = 0;
        for (; i + Bytes <= count; i += Bytes) {
            load(some, weights + i);
            min_in_place(some, limit);
            store(limited + i, some);
        }
        for (; i < count; ++i) limited[i] = (std::min)(weights[i], most);
    }
};

/// The value of all weights that are not 0; 0 if there are none, −1 if they differ.
template <class = deferred>
int common_weight(image_view<const std::uint8_t, 1> weights) {
    if (weights.is_contiguous()) weights = {weights.data(), weights.size(), 1};
    int common = 0;
    for (std::ptrdiff_t y = 0; y < weights.height(); ++y) {
        const auto row = weights.row(y);
        const auto first = common == 0 ? next_weight(row, 0) : 0;
        if (first == weights.width()) continue;
        if (common == 0) common = row[static_cast<std::size_t>(first)];
        if (run_kernel<other_weights_kernel>(row.data() + first, weights.width() - first,
                                             static_cast<std::uint8_t>(common)))
            return -1;
    }
    return common;
}

}  // namespace lloyd::inline v0::detail
