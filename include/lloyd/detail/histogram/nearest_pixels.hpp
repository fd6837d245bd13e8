// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Labels pixels by comparing each with all centers: with very few centers this is faster than looking up the label of
/// the pixel's colour.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/histogram/color_codes.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// With more centers the look-up is faster.
inline constexpr std::size_t max_compared_centers = 4;

/// Up to max_compared_centers centers, as differences from center 0 (see nearest_candidate.hpp) in whole steps of 1/64:
/// slopes have 16 bits then, and two of them are in one number. As slopes and at_origin are rounded, a difference errs by
/// at most 0.5 · (3 · 255 + 1) = 383 steps.
struct compared_centers {
    static constexpr double steps = 64;
    static constexpr std::int32_t gap_error = 2 * 383;  ///< of two differences, in steps
    static constexpr int number_bits = 2;               ///< below those of a difference: the number of its center

    /// `centers` are k×3, each coordinate 0 to 255.
    explicit compared_centers(std::span<const double> centers) : count(static_cast<std::int32_t>(centers.size() / 3)) {
        for (std::size_t j = 0; j < centers.size() / 3; ++j) {
            double sum = 0;
            std::uint32_t slope[3];
            for (std::size_t c = 0; c < 3; ++c) {
                const double first = centers[c], other = centers[3 * j + c];
                slope[c] = static_cast<std::uint32_t>(in_steps(2 * (first - other))) & 0xffff;
                sum += other * other - first * first;
            }
            outer_slopes[j] = static_cast<std::int32_t>(slope[0] | slope[2] << 16);
            middle_slope[j] = static_cast<std::int32_t>(slope[1]);
            at_origin[j] = in_steps(sum) * (1 << number_bits) + static_cast<std::int32_t>(j);
        }
    }

    std::int32_t count;
    std::int32_t
        outer_slopes[max_compared_centers];  ///< of the first channel in the low half, of the third in the high
    std::int32_t middle_slope[max_compared_centers];
    std::int32_t at_origin[max_compared_centers];  ///< with the center's number

private:
    static std::int32_t in_steps(double difference) {
        return static_cast<std::int32_t>(math::floor(steps * difference + 0.5));
    }
};

/// What a label is where differences in steps cannot decide: negative, or more than 127.
template <class Label>
inline constexpr auto undecided_label = static_cast<Label>(-1);

/// The nearest center of each of up to codes_at_once pixels of three channels, or undecided_label; returns whether that
/// occurs. Rounds `count` up to full vectors of labels, and reads up to 4 bytes past the last pixel of these.
template <class Label>
struct nearest_pixels_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static bool run(const std::uint8_t* pixels, std::ptrdiff_t count,
                                           const compared_centers* centers, Label* labels) {
        using integers = simd<std::int32_t, Bytes>;
        constexpr std::ptrdiff_t lanes = Bytes / 4;
        integers undecided = {};
        for (std::ptrdiff_t i = 0; i < count; i += Bytes / static_cast<int>(sizeof(Label))) {
            const std::uint8_t* from = pixels + 3 * i;
            integers nearest[4 / sizeof(Label)];
            for (auto& some : nearest) {
                find<Bytes>(from, *centers, some, undecided);
                from += 3 * lanes;
            }
            if constexpr (sizeof(Label) == 1) {
                simd<std::uint8_t, Bytes> bytes;
                join_low_bytes(bytes, nearest);
                store(labels + i, bytes);
            } else {
                store(labels + i, nearest[0]);
            }
        }
        std::int32_t any = 0;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) any |= undecided[l];
        return any != 0;
    }

private:
    static constexpr int number_bits = compared_centers::number_bits;

    template <int Bytes, class Integers>
    [[gnu::always_inline]] static void find(const std::uint8_t* pixels, const compared_centers& centers,
                                            Integers& nearest, Integers& undecided) {
        Integers loaded, smallest = {}, second = Integers{} + (1 << 30);
        load_pixels(loaded, pixels);
        const Integers outer = loaded & 0xff'00ff, middle = loaded >> 8 & 0xff;
        for (std::int32_t j = 1; j < centers.count; ++j) {
            Integers difference, more, larger = smallest;
            broadcast(difference, centers.outer_slopes[j]);
            broadcast(more, centers.middle_slope[j]);
            multiply_halves(difference, outer);
            multiply_halves(more, middle);
            difference = ((difference + more) << number_bits) + centers.at_origin[j];
            max_in_place(larger, difference);
            min_in_place(smallest, difference);
            min_in_place(second, larger);
        }
        const Integers is_close =
            second - smallest < Integers{} + (compared_centers::gap_error + 1) * (1 << number_bits);
        nearest = (smallest & ((1 << number_bits) - 1)) | is_close;
        undecided |= is_close;
    }
};

/// Labels pixel `first` of a row and `count` − 1 more, at most codes_at_once. Calls exact(pixel) for the label of a
/// pixel that differences in steps cannot decide.
template <class Label, class Exact>
void label_nearest(std::span<const std::uint8_t> row, std::ptrdiff_t first, std::ptrdiff_t count,
                   const compared_centers& centers, const Exact& exact, Label* labels) {
    constexpr std::ptrdiff_t group = 16;
    std::uint8_t copy[3 * codes_at_once + group];
    Label room[codes_at_once];
    Label* found = count == codes_at_once ? labels : &room[0];  // full vectors: nothing is written past their end
    const std::uint8_t* pixels = readable_past_end(row, first, count, copy);
    if (run_kernel<nearest_pixels_kernel<Label>>(pixels, count, &centers, found))
        for (std::ptrdiff_t i = 0; i < count; ++i)
            if (found[i] == undecided_label<Label>) found[i] = static_cast<Label>(exact(pixels + 3 * i));
    if (found != labels) std::copy_n(found, count, labels);
}

}  // namespace lloyd::inline v0::detail
