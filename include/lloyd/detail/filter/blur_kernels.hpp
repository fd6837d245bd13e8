// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The Gaussian blur of one row: weighted sums down the rows around it, then along the row, in 16-bit lanes throughout.
///
/// Sums s of the first pass are at most 255 · 256 and fit a lane. The sum of the second pass, T = Σ w s, needs 24 bits,
/// and the pixel is q = (T + 2^15) >> 16. It is found without 32-bit lanes:
///
///     s = 256 h + l,  H = Σ w h,  L = Σ w l    both fit 16 bits, T = 256 H + L
///     N = H + 128 + (L >> 8) = 256 q + r       the pixel q is the high byte of N
///     S = Σ w s modulo 2^16                    its high byte is N − 128 modulo 256; as a signed byte b, r = b + 128
///     H + 255 − b = 256 q + 255 − (L >> 8)     by N and r; L >> 8 is at most 255, so q is the high byte of this
///
/// So the kernel computes H and S, but never L.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

#include <lloyd/detail/filter/even_odd_loads.hpp>
#include <lloyd/detail/filter/padded_rows.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Calls use(k) for k = 1 … radius. Radius is the radius, 1 or 2, or 0 for any.
template <std::ptrdiff_t Radius, class Use>
[[gnu::always_inline]] inline void for_each_distance(std::ptrdiff_t radius, const Use& use) {
    if constexpr (Radius >= 1) use(std::ptrdiff_t{1});
    if constexpr (Radius >= 2) use(std::ptrdiff_t{2});
    if constexpr (Radius >= 3) use(std::ptrdiff_t{3});
    if constexpr (Radius == 0)
        for (std::ptrdiff_t k = 1; k <= radius; k += 2) {  // by two: compilers then know in which phase a column is
            use(k);
            if (k < radius) use(k + 1);
        }
}

/// The widest vectors of kernels for this radius: those for any radius are rarely used.
template <std::ptrdiff_t Radius>
inline constexpr int max_blur_bytes = Radius == 0 ? 32 : 64;

/// Weights from the middle outwards; for radius 2 a copy, which stores cannot change, so that they stay in registers.
template <std::ptrdiff_t Radius>
struct weights_of {
    [[gnu::always_inline]] explicit weights_of(const std::uint16_t* from) {
        if constexpr (Radius == 2)
            std::memcpy(&weights, from, sizeof weights);
        else
            weights = from;
    }
    [[gnu::always_inline]] std::uint16_t operator[](std::ptrdiff_t k) const { return weights[k]; }

    std::conditional_t<Radius == 2, std::uint16_t[3], const std::uint16_t*> weights;
};

/// Columns first to last − 1 of a row. `first` is even. At least as many as a vector has bytes, or the row has room for a
/// vector.
struct column_span {
    std::ptrdiff_t first, last;
};

/// The same row from the even column `first` on.
[[gnu::always_inline]] inline even_odd_row row_from(const even_odd_row& row, std::ptrdiff_t first) {
    return {{row.phases[0] + first / 2, row.phases[1] + first / 2}};
}

/// First pass: weighted sums of the rows around rows[0], `size` elements, as far as the second pass reads them for these
/// spans. Prefetches as many bytes of `prefetch_row`. Radius is 1 or 2, or 0 for any.
template <std::ptrdiff_t Radius>
struct blur_down_kernel {
    static constexpr int max_bytes = max_blur_bytes<Radius>;

    template <int Bytes>
    [[gnu::always_inline]] static void run(std::ptrdiff_t radius, const std::uint8_t* const* rows,
                                           const std::uint8_t* prefetch_row, const std::uint16_t* weights,
                                           std::span<const column_span> spans, std::ptrdiff_t channels,
                                           std::ptrdiff_t size, even_odd_row sums) {
        const weights_of<Radius> w(weights);
        const std::uint8_t* copies[std::size_t{2 * Radius + 1}];  // which stores cannot change
        std::memcpy(&copies, rows - Radius, sizeof copies);
        if constexpr (Radius > 0) rows = copies + Radius;
        for (const auto& span : spans) {
            const auto first = (std::max)(span.first - (radius + 1) / 2 * 2, std::ptrdiff_t{0}) * channels;
            const auto last = (std::min)((span.last + radius) * channels, size);
            sum_span<Bytes>(radius, rows, prefetch_row, w, first, last - first, sums);
        }
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static void sum_span(std::ptrdiff_t radius, const std::uint8_t* const* rows,
                                                const std::uint8_t* prefetch_row, const weights_of<Radius>& w,
                                                std::ptrdiff_t first, std::ptrdiff_t size, const even_odd_row& sums) {
        for_each_even_odd_vector<Bytes>(
            size,
            [&](std::ptrdiff_t i, const even_odd_row& to) __attribute__((always_inline)) {
                const auto x = first + i;
                simd<std::uint16_t, Bytes> all, high, bytes, other;
                prefetch(prefetch_row + x);
                load_once(bytes, rows[0] + x);
                all = bytes * w[0];
                high = (bytes >> 8) * w[0];
                for_each_distance<Radius>(
                    radius, [&](std::ptrdiff_t k) __attribute__((always_inline)) {
                        load_once(bytes, rows[-k] + x);
                        load_once(other, rows[k] + x);
                        all += (bytes + other) * w[k];
                        high += ((bytes >> 8) + (other >> 8)) * w[k];
                    });
                all = all - (high << 8);  // the sum of low bytes: modulo 2^16, all = low + 256 high
                store(to.phases[in_high_half<false> ? 1 : 0] + (i >> 1), all);
                store(to.phases[in_high_half<false> ? 0 : 1] + (i >> 1), high);
            },
            row_from(sums, first));
    }
};

/// Second pass: these spans of the blurred row, from the sums of blur_down_kernel, whose margins are filled. The next
/// pixel of the same channel is `channels` elements away, 1 or 3. Radius is 1 or 2 and Channels 1, or both are 0, for
/// any.
template <std::ptrdiff_t Radius, std::ptrdiff_t Channels>
struct blur_along_kernel {
    static constexpr int max_bytes = max_blur_bytes<Radius>;

    template <int Bytes>
    [[gnu::always_inline]] static void run(std::ptrdiff_t radius, even_odd_row sums, std::ptrdiff_t channels,
                                           const std::uint16_t* weights, std::span<const column_span> spans,
                                           std::uint8_t* to) {
        const weights_of<Radius> w(weights);
        channels = Channels == 0 ? channels | 1 : Channels;  // odd, as compilers cannot know
        for (const auto& span : spans)
            blur_span<Bytes>(radius, row_from(sums, span.first * channels), channels, w,
                             (span.last - span.first) * channels, to + span.first * channels);
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static void blur_span(std::ptrdiff_t radius, const even_odd_row& sums,
                                                 std::ptrdiff_t channels, const weights_of<Radius>& w,
                                                 std::ptrdiff_t size, std::uint8_t* to) {
        for_each_even_odd_vector<Bytes>(
            size,
            [&](std::ptrdiff_t x, const even_odd_row& from) __attribute__((always_inline)) {
                using lanes = simd<std::uint16_t, Bytes>;
                row_sums<lanes, false> even(from, x >> 1, channels, w[0]);
                row_sums<lanes, true> odd(from, x >> 1, channels, w[0]);
                for_each_distance<Radius>(
                    radius, [&](std::ptrdiff_t k) __attribute__((always_inline)) {
                        even.add_pair(w[k], k);
                        odd.add_pair(w[k], k);
                    });
                lanes even_pixels, odd_pixels, blurred;
                even.to_pixels(even_pixels);
                odd.to_pixels(odd_pixels);
                join_high_bytes(blurred, even_pixels, odd_pixels);
                store(to + x, blurred);
            },
            sums);
    }

    /// The sums H and S of even or of odd columns.
    template <class Lanes, bool Odd>
    class row_sums {
    public:
        [[gnu::always_inline]] row_sums(const even_odd_row& from, std::ptrdiff_t at, std::ptrdiff_t channels,
                                        std::uint16_t weight)
            : neighbours_{from, at, channels} {
            Lanes middle;
            neighbours_.load(0, middle);
            high_ = (middle >> 8) * weight;
            modulo_ = middle * weight;
        }
        [[gnu::always_inline]] void add_pair(std::uint16_t weight, std::ptrdiff_t k) {
            Lanes before, after;
            neighbours_.load(-k, before);
            neighbours_.load(k, after);
            high_ += ((before >> 8) + (after >> 8)) * weight;
            modulo_ += (before + after) * weight;
        }
        /// Numbers whose high byte is the pixel: H + 255 − b.
        [[gnu::always_inline]] void to_pixels(Lanes& pixels) const {
            simd<std::int16_t, static_cast<int>(sizeof(Lanes))> signed_byte;
            convert(signed_byte, modulo_);
            signed_byte = signed_byte >> 8;
            convert(pixels, signed_byte);
            pixels = high_ + std::uint16_t{255} - pixels;
        }

    private:
        along_even_odd<Odd> neighbours_;
        Lanes high_, modulo_;
    };
};

}  // namespace lloyd::inline v0::detail
