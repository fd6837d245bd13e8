// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Pictures made of a known number of colours, for judging how K is chosen. Always the same ones for the same seed.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/detail/base/random.hpp>
#include <lloyd/image.hpp>

namespace palettes {

using picture = lloyd::image<std::uint8_t, 3>;
using color = std::array<double, 3>;

struct making {
    std::ptrdiff_t pixels = 2000;
    double apart = 70;    ///< the least distance between two colours
    double sigma = 12;    ///< of the noise on each channel
    bool uneven = false;  ///< shares from 1 to 4 parts, instead of equal ones
};

class painter {
public:
    explicit painter(std::uint64_t seed, std::uint64_t stream) : random_(seed, stream) {}

    /// Pixels of k colours with noise.
    picture palette(int k, const making& how = {}) {
        const auto colors = distant_colors(k, how.apart);
        std::vector<std::size_t> share_of_color;  // each colour as often as it has parts
        for (std::size_t j = 0; j < colors.size(); ++j)
            share_of_color.insert(share_of_color.end(), how.uneven ? 1 + static_cast<std::size_t>(uniform(4)) : 1, j);
        picture result(how.pixels, 1);
        for (std::ptrdiff_t i = 0; i < how.pixels; ++i) {
            const auto& own = colors[share_of_color[static_cast<std::size_t>(i) % share_of_color.size()]];
            for (std::size_t c = 0; c < 3; ++c)
                result(i, 0)[c] =
                    static_cast<std::uint8_t>(std::clamp(std::floor(own[c] + how.sigma * normal() + 0.5), 0.0, 255.0));
        }
        return result;
    }

    /// Pixels of any colour.
    picture noise(std::ptrdiff_t pixels = 2000) {
        picture result(pixels, 1);
        for (auto& element : result.elements()) element = static_cast<std::uint8_t>(uniform(256));
        return result;
    }

private:
    /// 0 up to, not including, `range`.
    double uniform(double range) { return static_cast<double>(random_.bits() >> 11) * 0x1p-53 * range; }

    /// About normal: mean 0, standard deviation 1.
    double normal() {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += uniform(1);
        return sum;
    }

    std::vector<color> distant_colors(int k, double apart) {
        std::vector<color> colors;
        while (colors.size() < static_cast<std::size_t>(k)) {
            const color one{uniform(256), uniform(256), uniform(256)};
            if (std::ranges::all_of(colors, [&](const color& other) {
                    return std::hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]) >= apart;
                }))
                colors.push_back(one);
        }
        return colors;
    }

    lloyd::detail::random_stream random_;
};

}  // namespace palettes
