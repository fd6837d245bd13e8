// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Colours as whole numbers, for clustering in the HSV cone:
///
///     cone_steps(colors, steps);  // n×1 colours to n × 3 std::int32_t
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/color/perceptual_bytes.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The conversion of bytes_kernel: R, G, B become S·V·cos H, S·V·sin H and V, times 256.
///
/// The hue is that of the largest channel, 0°, 120° or 240°, and up to 60° more or less. That part is the difference of the
/// other channels over the chroma S·V, in sixths of the circle. Its sine and cosine are sums of series, whose next term is
/// below 2^-43.
struct bytes_to_cone {
    using number = double;
    struct path_type {};

    static const double* number_of_byte() { return bytes.data(); }

    template <int Bytes>
    [[gnu::always_inline]] static void apply(const path_type&, simd<double, Bytes> (&p)[3]) {
        using numbers = simd<double, Bytes>;
        numbers value = p[0], least = p[0], turn = {};
        max_in_place(value, p[1]);
        max_in_place(value, p[2]);
        min_in_place(least, p[1]);
        min_in_place(least, p[2]);
        const numbers red = p[1] - p[2], green = p[2] - p[0];
        const auto is_red = value == p[0], is_green = value == p[1];
        numbers part = p[0] - p[1], divisor = value - least;
        turn = turn - std::numbers::sqrt3 / 2;
        select(is_green, turn, numbers{} + std::numbers::sqrt3 / 2);
        select(is_green, part, green);
        select(is_red, part, red);
        const numbers chroma = divisor;
        max_in_place(divisor, numbers{} + 1.0);  // of grays, whose part is 0
        const numbers sixths = part / divisor, square = sixths * sixths;
        numbers cosine = {}, sine = {};
#pragma GCC unroll 8
        for (std::size_t m = series.size(); m > 0; m -= 2) {
            sine = sine * square + series[m - 1];
            cosine = cosine * square + series[m - 2];
        }
        const numbers along = chroma * cosine * 256.0, across = chroma * (sixths * sine) * 256.0;
        p[0] = along * -0.5 - turn * across;
        p[1] = turn * along - across * 0.5;
        p[2] = value * 256.0;
        select(is_red, p[0], along);
        select(is_red, p[1], across);
    }

private:
    static constexpr std::array<double, 256> bytes = [] {
        std::array<double, 256> numbers{};
        for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i);
        return numbers;
    }();

    /// ± (π/3)^m / m!, the coefficients of the cosine (even m) and the sine (odd m) of sixths of the circle.
    static constexpr std::array<double, 16> series = [] {
        std::array<double, 16> terms{};
        double term = 1;
        for (std::size_t m = 0; m < terms.size(); ++m) {
            terms[m] = m % 4 < 2 ? term : -term;
            term *= std::numbers::pi / 3 / static_cast<double>(m + 1);
        }
        return terms;
    }();
};

/// Writes the point (S·V·cos H, S·V·sin H, V) of each colour, V from 0 to 255, one after another, in steps of 2^-8, rounded
/// half up. `colors` has one row. The same on every CPU: no colour of 8 bits comes nearer to the middle between two steps
/// than 2e-5 steps, and the errors are below 1e-8.
template <class = deferred>
void cone_steps(image_view<const std::uint8_t, 3> colors, std::int32_t* steps) {
    run_kernel<bytes_kernel<bytes_to_cone, std::int32_t>>(colors.data(), steps, colors.size(),
                                                          bytes_to_cone::path_type{});
}

}  // namespace lloyd::inline v0::detail
