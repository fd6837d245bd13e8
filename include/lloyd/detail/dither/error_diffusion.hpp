// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Error diffusion (Floyd and Steinberg 1976): each pixel gets the nearest colour of a palette, and what that differs by
/// is handed on to pixels that follow.
///
///     . # 7      sixteenths of the error at #, in a row from left to right
///     3 5 1
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A palette as the kernel reads it. The score of colour c, number j, at x is 256 (|c|² − 2 x·c) + j: that is 256 times
/// the squared distance, less what all colours have in common. So the least score is that of the nearest colour, of
/// equals the one with the lowest number; and its low byte is the number.
struct scored_palette {
    /// 1 to 256 colours.
    scored_palette(image_view<const std::uint8_t, 3> palette, std::int32_t sixteenths)
        : count(static_cast<std::int32_t>(palette.width() + 7) & ~7), amount(sixteenths) {
        std::fill_n(at_origin, count, (std::numeric_limits<std::int32_t>::max)());
        for (std::int32_t j = 0; j < palette.width(); ++j) {
            at_origin[j] = j;
            for (std::size_t c = 0; c < 3; ++c) {
                const std::int32_t value = palette(j, 0)[c];
                slope[c][j] = -512 * value;
                at_origin[j] += 256 * value * value;
                handed_on[j][c] = amount * value;
            }
        }
    }

    std::int32_t count;                   ///< a multiple of 8; surplus colours have a score above all others
    std::int32_t amount;                  ///< sixteenths of an error that are handed on
    std::int32_t slope[3][256] = {};      ///< of the scores, in each channel of x
    std::int32_t at_origin[256];          ///< the scores at x = 0
    std::int32_t handed_on[256][4] = {};  ///< amount · c
};

/// Sets the labels of one row, from its first pixel on in steps of `step`: 1 or −1. `due` has 4 channels a pixel: the
/// share of errors that it gets from the row before, in sixteenths, plus 8 for rounding. The next row's take their place,
/// and one pixel beyond each end is written, too. Reads a byte past each pixel.
struct diffusion_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* pixel, std::uint8_t* label, std::int32_t* due,
                                           std::ptrdiff_t count, std::ptrdiff_t step, const scored_palette* palette) {
        constexpr std::int32_t few = 16;  // colours, with which narrow vectors are faster
        if (palette->count <= few)
            diffuse<16>(pixel, label, due, count, step, *palette);
        else
            diffuse<Bytes>(pixel, label, due, count, step, *palette);
    }

private:
    using channels = simd<std::int32_t, 16>;

    /// (Each pixel waits for the number of the one before it. So what does not depend on that stands apart.)
    template <int Bytes>
    [[gnu::always_inline]] static void diffuse(const std::uint8_t* pixel, std::uint8_t* label, std::int32_t* due,
                                               std::ptrdiff_t count, std::ptrdiff_t step,
                                               const scored_palette& palette) {
        const channels zero{}, half = zero + 8, top = zero + 255;
        channels error{}, below = half;
        for (; count > 0; --count, pixel += 3 * step, label += step, due += 4 * step) {
            simd<std::uint8_t, 4> bytes;
            channels color, share;
            load(bytes, pixel);
            convert(color, bytes);
            load(share, due);
            color = (((color << 4) + share - error) + (error << 3)) >> 4;
            max_in_place(color, zero);
            min_in_place(color, top);
            *label = nearest<Bytes>(color, palette);

            const channels before = error;
            load(share, palette.handed_on[*label]);
            error = (color * palette.amount + half - share) >> 4;
            store(due - 4 * step, below + error + error + error);
            below = (error << 2) + error + before + half;
        }
        store(due - 4 * step, below);
    }

    /// The number of the nearest colour.
    template <int Bytes>
    [[gnu::always_inline]] static std::uint8_t nearest(const channels& color, const scored_palette& palette) {
        using lanes = simd<std::int32_t, Bytes>;
        lanes red, green, blue, least = lanes{} + (std::numeric_limits<std::int32_t>::max)();
        spread<0>(red, color);
        spread<1>(green, color);
        spread<2>(blue, color);
        for (std::int32_t j = 0; j < palette.count; j += Bytes / 4) {
            lanes slope[3], at_origin;
            for (std::size_t c = 0; c < 3; ++c) load(slope[c], palette.slope[c] + j);
            load(at_origin, palette.at_origin + j);
            min_in_place(least, (red * slope[0] + green * slope[1]) + (blue * slope[2] + at_origin));
        }
        return static_cast<std::uint8_t>(least_of(least));
    }

    /// to = lane Lane of `from`, in every lane.
    template <int Lane, class Lanes>
    [[gnu::always_inline]] static void spread(Lanes& to, const channels& from) {
        if constexpr (sizeof(Lanes) == sizeof(channels)) {
            shuffle<Lane, Lane, Lane, Lane>(to, from);
        } else {
            join(to, from, from);
            shuffle<Lane, Lane, Lane, Lane, Lane + 4, Lane + 4, Lane + 4, Lane + 4>(to, to);
        }
    }

    template <class Lanes>
    [[gnu::always_inline]] static std::int32_t least_of(Lanes& lanes) {
        Lanes others;
        if constexpr (sizeof(Lanes) == sizeof(channels)) {
            shuffle<2, 3, 0, 1>(others, lanes);
            min_in_place(lanes, others);
            shuffle<1, 0, 3, 2>(others, lanes);
        } else {
            shuffle<4, 5, 6, 7, 0, 1, 2, 3>(others, lanes);
            min_in_place(lanes, others);
            shuffle<2, 3, 0, 1, 6, 7, 4, 5>(others, lanes);
            min_in_place(lanes, others);
            shuffle<1, 0, 3, 2, 5, 4, 7, 6>(others, lanes);
        }
        min_in_place(lanes, others);
        return lanes[0];
    }
};

/// Sets the labels of a photo that has pixels.
template <class = deferred>
void diffuse_errors(image_view<const std::uint8_t, 3> photo, const scored_palette& palette,
                    image_view<std::uint8_t, 1> labels) {
    const auto width = photo.width();
    buffer<std::uint8_t> pixels(3 * static_cast<std::size_t>(width) + 1, 0);  // of a row, with a byte more
    buffer<std::int32_t> due(4 * static_cast<std::size_t>(width + 2), 8);
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y) {
        std::copy_n(photo.row(y).data(), 3 * width, pixels.data());
        const std::ptrdiff_t step = y % 2 == 0 ? 1 : -1, first = y % 2 == 0 ? 0 : width - 1;
        run_kernel<diffusion_kernel>(pixels.data() + 3 * first, labels.row(y).data() + first,
                                     due.data() + 4 * (first + 1), width, step, &palette);
    }
}

}  // namespace lloyd::inline v0::detail
