// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The distinct colours of an image, grouped by cubes of 8 colours a side, with the sums of each cube.
///
/// A cube that lies whole on one center's side is added to it in one step; only cubes on a boundary are opened (the
/// filtering algorithm: Kanungo, Mount, Netanyahu, Piatko, Silverman and Wu 2002, with one level of the tree). All sums
/// are whole numbers that a double holds exactly, so the result is that of the plain step, bit for bit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/color_table.hpp>
#include <lloyd/image.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Colours have three channels here; missing ones are 0. Arrays are planes with room for one more widest vector.
struct color_cubes {
    static constexpr std::size_t slack = 64;

    std::ptrdiff_t colors = 0;
    std::ptrdiff_t cubes = 0;
    buffer<std::uint8_t> channel[3];  ///< of each colour
    buffer<std::int32_t> weights;     ///< of each colour
    buffer<std::uint32_t> code;       ///< of each cube: the Morton prefix
    buffer<std::uint32_t> begin;      ///< of each cube: its first colour; one more at the end
    buffer<double> low[3], high[3];   ///< the box around each cube's colours
    buffer<double> weight;            ///< Σ weight over each cube's colours
    buffer<double> moment[3];         ///< Σ weight · x
    buffer<double> square;            ///< Σ weight · |x|²

    /// Whether weights fit 31 bits and every sum a double's 53.
    static bool fit(std::span<const double> weights) {
        double total = 0;
        for (const double w : weights) {
            if (w >= 0x1p31) return false;
            total += w;
        }
        return total * (3 * 255.0 * 255.0) < 0x1p53;
    }

    template <std::size_t Channels>
    color_cubes(image_view<const std::uint8_t, Channels> points, std::span<const double> counts)
        : colors(points.width()) {
        const auto room = static_cast<std::size_t>(colors) + slack;
        for (auto& plane : channel) plane = buffer<std::uint8_t>(room, 0);
        weights = buffer<std::int32_t>(room, 0);
        const auto prefix = [&](std::ptrdiff_t i) {
            return morton_code<Channels>(points(i, 0).data()) >> cell_bits<Channels>;
        };
        for (std::ptrdiff_t i = 0; i < colors; ++i) {
            for (std::size_t c = 0; c < Channels; ++c) channel[c].data()[i] = points(i, 0)[c];
            weights.data()[i] = static_cast<std::int32_t>(counts[static_cast<std::size_t>(i)]);
            cubes += i == 0 || prefix(i) != prefix(i - 1);
        }
        allot_cubes();
        for (std::ptrdiff_t i = 0, cube = -1; i < colors; ++i) {
            if (i == 0 || prefix(i) != prefix(i - 1)) {
                code.data()[++cube] = prefix(i);
                begin.data()[cube] = static_cast<std::uint32_t>(i);
            }
        }
        begin.data()[cubes] = static_cast<std::uint32_t>(colors);
        for (std::ptrdiff_t cube = 0; cube < cubes; ++cube) sum_up(cube);
    }

private:
    void allot_cubes() {
        const auto room = static_cast<std::size_t>(cubes) + slack;
        code = buffer<std::uint32_t>(room, 0);
        begin = buffer<std::uint32_t>(room, 0);
        for (auto* planes : {low, high, moment})
            for (int c = 0; c < 3; ++c) planes[c] = buffer<double>(room, 0.0);
        weight = buffer<double>(room, 0.0);
        square = buffer<double>(room, 0.0);
    }

    void sum_up(std::ptrdiff_t cube) {
        for (int c = 0; c < 3; ++c) {
            double least = 255, most = 0, sum = 0, squares = 0, total = 0;
            for (auto i = begin.data()[cube]; i < begin.data()[cube + 1]; ++i) {
                const double x = channel[c].data()[i];
                const double w = weights.data()[i];
                least = (std::min)(least, x);
                most = (std::max)(most, x);
                total += w;
                sum += w * x;
                squares += w * x * x;
            }
            low[c].data()[cube] = least;
            high[c].data()[cube] = most;
            moment[c].data()[cube] = sum;
            square.data()[cube] += squares;
            weight.data()[cube] = total;
        }
    }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
