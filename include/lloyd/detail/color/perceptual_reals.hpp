// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Floats and doubles to Lab and OKLab and back, one pixel after another in double.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/color/perceptual_spaces.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Follows a path with `count` pixels: Way::enter each channel, Way::bend in the middle, Way::leave. `to` may be `from`.
template <class Way, class From, class To>
struct color_path_kernel {
    static constexpr int max_bytes = 16;  // no vectors: the same code at every CPU level

    template <int>
    static void run(const From* from, To* to, std::ptrdiff_t count, const color_path<double>& path) {
        for (; count > 0; --count, from += 3, to += 3) {
            double p[3];
            for (int c = 0; c < 3; ++c) p[c] = Way::enter(static_cast<double>(from[c]));
            apply_rows(path.before, p);
            for (double& number : p) number = Way::bend(number, path);
            apply_rows(path.after, p);
            for (int c = 0; c < 3; ++c) Way::leave(p[c], to[c]);
        }
    }
};

struct way_to_lab {
    static double enter(double channel) { return to_linear(channel); }
    static double bend(double t, const color_path<double>& path) {
        return path.has_line && t <= path.limit ? path.slope * t : math::cbrt(t) - path.shift;
    }
    template <class T>
    static void leave(double number, T& to) {
        to = static_cast<T>(number);
    }
};

struct way_from_lab {
    static double enter(double number) { return number; }
    static double bend(double bent, const color_path<double>& path) {
        if (path.has_line && bent <= path.slope * path.limit) return bent / path.slope;
        const double root = bent + path.shift;
        return root * root * root;
    }
    template <class T>
    static void leave(double light, T& to) {
        to = static_cast<T>(from_linear(light));
    }
    static void leave(double light, std::uint8_t& to) {
        const double channel = from_linear(light) * 255 + 0.5;
        to = static_cast<std::uint8_t>(channel >= 255 ? 255 : channel >= 1 ? channel : 0);  // 0 for NaN
    }
};

}  // namespace lloyd::inline v0::detail
