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

/// Doubles in the widest vector.
inline constexpr std::ptrdiff_t widest_lanes = 8;

/// Colours have three channels here; missing ones are 0. Each cube's colours fill whole vectors: the last one is repeated
/// with weight 0. So does the list of cubes.
struct color_cubes {
    std::ptrdiff_t cubes = 0;
    buffer<std::uint8_t> channel[3];  ///< of each place for a colour
    buffer<std::int32_t> weights;     ///< of each place
    buffer<std::uint32_t> place;      ///< of each cube: its first place; one more at the end
    buffer<std::uint32_t> color;      ///< of each cube: the number of its first colour; one more at the end
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

    /// Colours in Morton order, with weights that fit.
    template <std::size_t Channels>
    color_cubes(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts) {
        divide<Channels>(colors);
        const auto places = static_cast<std::size_t>(place[static_cast<std::size_t>(cubes)]);
        for (auto& plane : channel) plane = buffer<std::uint8_t>(places, 0);
        weights = buffer<std::int32_t>(places);
        for (auto* planes : {low, high, moment})
            for (int c = 0; c < 3; ++c) planes[c] = buffer<double>(rounded_up(cubes), 0.0);
        weight = buffer<double>(rounded_up(cubes), 0.0);
        square = buffer<double>(rounded_up(cubes), 0.0);
        for (std::ptrdiff_t cube = 0; cube < cubes; ++cube) fill<Channels>(cube, colors.data(), counts.data());
    }

    std::ptrdiff_t colors() const { return static_cast<std::ptrdiff_t>(color[static_cast<std::size_t>(cubes)]); }

private:
    static std::size_t rounded_up(std::ptrdiff_t count) {
        return static_cast<std::size_t>((count + widest_lanes - 1) / widest_lanes * widest_lanes);
    }

    /// Finds where cubes begin: a cube is a run of codes with the same prefix.
    template <std::size_t Channels>
    void divide(image_view<const std::uint8_t, Channels> colors) {
        const auto n = colors.width();
        const auto most = (std::min)(static_cast<std::size_t>(n), color_table<Channels, std::uint8_t>::cubes);
        color = buffer<std::uint32_t>(most + 1);
        place = buffer<std::uint32_t>(most + 1);
        std::uint32_t places = 0, last = 0;
        for (std::ptrdiff_t i = 0; i < n; ++i) {
            const auto prefix =
                morton_code<Channels>(colors.data() + i * static_cast<std::ptrdiff_t>(Channels)) >> cell_bits<Channels>;
            if (i > 0 && prefix == last) continue;
            if (i > 0) places += span_of(static_cast<std::uint32_t>(i));
            color.data()[cubes] = static_cast<std::uint32_t>(i);
            place.data()[cubes++] = places;
            last = prefix;
        }
        places += span_of(static_cast<std::uint32_t>(n));
        color.data()[cubes] = static_cast<std::uint32_t>(n);
        place.data()[cubes] = places;
    }

    /// Places for the colours from the last cube's first to `end`.
    std::uint32_t span_of(std::uint32_t end) const {
        return static_cast<std::uint32_t>(rounded_up(static_cast<std::ptrdiff_t>(end - color.data()[cubes - 1])));
    }

    template <std::size_t Channels>
    void fill(std::ptrdiff_t cube, const std::uint8_t* colors, const double* counts) {
        const auto first = static_cast<std::ptrdiff_t>(color.data()[cube]);
        const auto count = static_cast<std::ptrdiff_t>(color.data()[cube + 1]) - first;
        const auto begin = static_cast<std::ptrdiff_t>(place.data()[cube]);
        const auto end = static_cast<std::ptrdiff_t>(place.data()[cube + 1]);
        for (auto i = begin; i < end; ++i) {
            const auto from = first + (std::min)(i - begin, count - 1);
            for (std::size_t c = 0; c < Channels; ++c)
                channel[c].data()[i] =
                    colors[from * static_cast<std::ptrdiff_t>(Channels) + static_cast<std::ptrdiff_t>(c)];
            weights.data()[i] = i - begin < count ? static_cast<std::int32_t>(counts[from]) : 0;
        }
        for (std::size_t c = 0; c < Channels; ++c) sum_up(cube, c, begin, end);
    }

    void sum_up(std::ptrdiff_t cube, std::size_t c, std::ptrdiff_t begin, std::ptrdiff_t end) {
        int least = 255, most = 0;
        std::int64_t total = 0, sum = 0, squares = 0;
        for (auto i = begin; i < end; ++i) {
            const int x = channel[c].data()[i];
            const std::int64_t w = weights.data()[i];
            least = (std::min)(least, x);
            most = (std::max)(most, x);
            total += w;
            sum += w * x;
            squares += w * x * x;
        }
        low[c].data()[cube] = least;
        high[c].data()[cube] = most;
        moment[c].data()[cube] = static_cast<double>(sum);
        square.data()[cube] += static_cast<double>(squares);
        weight.data()[cube] = static_cast<double>(total);
    }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
