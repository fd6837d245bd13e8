// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// RGB to HSV, back, to gray, and to Lab and OKLab, beside plain loops that give the same bytes (in Lab, floats as near to
/// the definition). Outputs are there already and were touched before.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <benchmark/benchmark.h>

#include <lloyd/color.hpp>
#include <lloyd/detail/color/perceptual_steps.hpp>

#include "photo_bench.hpp"
#include "plain_colors.hpp"

namespace {

using bench::for_each_pixel;
using bench::photo_type;
using bench::plain_gray;
using bench::plain_hsv;
using bench::plain_rgb;
using bench::subject;
using bench::u8;
using benchmark::State;
using float_image = lloyd::image<float, 3>;

/// Reading and writing pixels of as many bytes; the checksum tells whether two ways gave the same.
template <class Image>
void report(State& state, const subject& on, std::size_t bytes, const Image& result) {
    bench::time_per(state, "pixel", on.pixel_count());
    bench::rate(state, "bytes", on.pixel_count() * static_cast<double>(bytes));
    const auto elements = result.elements();
    state.counters["checksum"] = std::accumulate(elements.begin(), elements.end(), 0.0);
}

template <class Image, class Out, class Convert>
void measure(State& state, const subject& on, const Image& from, Out out, const Convert& convert) {
    for (auto _ : state) {
        convert(from, out);
        benchmark::ClobberMemory();
    }
    report(state, on, 3 * sizeof *from.data() + static_cast<std::size_t>(out.channels()) * sizeof *out.data(), out);
}

void plain_float_hsv(const float* rgb, float* hsv) {
    const float r = rgb[0], g = rgb[1], b = rgb[2];
    const float v = std::max({r, g, b}), d = v - std::min({r, g, b});
    const float sixths = d == 0 ? 0 : v == r ? (g - b) / d : v == g ? (b - r) / d + 2 : (r - g) / d + 4;
    hsv[0] = 60 * (sixths < 0 ? sixths + 6 : sixths);
    hsv[1] = v == 0 ? 0 : d / v;
    hsv[2] = v;
}

void plain_float_rgb(const float* hsv, float* rgb) {
    const float s = hsv[1], v = hsv[2], sixths = hsv[0] / 60;
    const auto channel = [&](float away) { return v * (1 - s * std::clamp(away, 0.0F, 1.0F)); };
    rgb[0] = channel(2 - std::abs(sixths - 3));
    rgb[1] = channel(std::abs(sixths - 2) - 1);
    rgb[2] = channel(std::abs(sixths - 4) - 1);
}

struct light_table {
    light_table() {
        for (int i = 0; i < 256; ++i) {
            const double v = i / 255.0;
            of[static_cast<std::size_t>(i)] =
                static_cast<float>(v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4));
        }
    }
    std::array<float, 256> of;
};

float plain_bend(float t) { return t > 216.0F / 24389 ? std::cbrt(t) : t * (841.0F / 108) + 4.0F / 29; }

void plain_lab(const u8* rgb, float* lab, const light_table& light) {
    const float r = light.of[rgb[0]], g = light.of[rgb[1]], b = light.of[rgb[2]];
    const float x = plain_bend((0.412453F * r + 0.357580F * g + 0.180423F * b) / 0.950456F);
    const float y = plain_bend(0.212671F * r + 0.715160F * g + 0.072169F * b);
    const float z = plain_bend((0.019334F * r + 0.119193F * g + 0.950227F * b) / 1.088754F);
    lab[0] = 116 * y - 16;
    lab[1] = 500 * (x - y);
    lab[2] = 200 * (y - z);
}

float_image to_floats(const photo_type& photo) {
    float_image result(photo.width(), photo.height());
    std::ranges::transform(photo.elements(), result.data(), [](u8 c) { return static_cast<float>(c) / 255; });
    return result;
}

void rgb_to_hsv(State& state, const subject& on) {
    measure(state, on, on.pixels, on.pixels, [](auto& from, auto& to) { lloyd::rgb_to_hsv(from, to); });
}
void rgb_to_hsv_plain(State& state, const subject& on) {
    const bench::hsv_tables factors;
    measure(state, on, on.pixels, on.pixels, [&](auto& from, auto& to) {
        for_each_pixel(from, to, [&](const u8* a, u8* b) { plain_hsv(a, b, factors); });
    });
}

void hsv_to_rgb(State& state, const subject& on) {
    measure(state, on, lloyd::rgb_to_hsv(on.pixels), on.pixels,
            [](auto& from, auto& to) { lloyd::hsv_to_rgb(from, to); });
}
void hsv_to_rgb_plain(State& state, const subject& on) {
    measure(state, on, lloyd::rgb_to_hsv(on.pixels), on.pixels,
            [](auto& from, auto& to) { for_each_pixel(from, to, plain_rgb); });
}

void rgb_to_gray(State& state, const subject& on) {
    measure(state, on, on.pixels, lloyd::rgb_to_gray(on.pixels),
            [](auto& from, auto& to) { lloyd::rgb_to_gray(from, to); });
}
void rgb_to_gray_plain(State& state, const subject& on) {
    measure(state, on, on.pixels, lloyd::rgb_to_gray(on.pixels),
            [](auto& from, auto& to) { for_each_pixel(from, to, plain_gray); });
}

void rgb_to_lab(State& state, const subject& on) {
    measure(state, on, on.pixels, lloyd::rgb_to_lab(on.pixels),
            [](auto& from, auto& to) { lloyd::rgb_to_lab(from, to); });
}
void rgb_to_lab_plain(State& state, const subject& on) {
    const light_table light;
    measure(state, on, on.pixels, lloyd::rgb_to_lab(on.pixels), [&](auto& from, auto& to) {
        for_each_pixel(from, to, [&](const u8* a, float* b) { plain_lab(a, b, light); });
    });
}
void rgb_to_oklab(State& state, const subject& on) {
    measure(state, on, on.pixels, lloyd::rgb_to_oklab(on.pixels),
            [](auto& from, auto& to) { lloyd::rgb_to_oklab(from, to); });
}

/// As segment compares colours: each coordinate a whole number of steps.
void oklab_steps(State& state, const subject& on) {
    const lloyd::image_view<const u8, 3> colors(on.pixels.data(), on.pixels.size(), 1);
    std::vector<std::int32_t> steps(on.pixels.elements().size());
    for (auto _ : state) {
        lloyd::detail::perceptual_steps(colors, true, steps.data());
        benchmark::ClobberMemory();
    }
    bench::time_per(state, "pixel", on.pixel_count());
}

void float_rgb_to_hsv(State& state, const subject& on) {
    const auto photo = to_floats(on.pixels);
    measure(state, on, photo, photo, [](auto& from, auto& to) { lloyd::rgb_to_hsv(from, to); });
}
void float_rgb_to_hsv_plain(State& state, const subject& on) {
    const auto photo = to_floats(on.pixels);
    measure(state, on, photo, photo, [](auto& from, auto& to) { for_each_pixel(from, to, plain_float_hsv); });
}

void float_hsv_to_rgb(State& state, const subject& on) {
    const auto hsv = lloyd::rgb_to_hsv(to_floats(on.pixels));
    measure(state, on, hsv, hsv, [](auto& from, auto& to) { lloyd::hsv_to_rgb(from, to); });
}
void float_hsv_to_rgb_plain(State& state, const subject& on) {
    const auto hsv = lloyd::rgb_to_hsv(to_floats(on.pixels));
    measure(state, on, hsv, hsv, [](auto& from, auto& to) { for_each_pixel(from, to, plain_float_rgb); });
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run(argc, argv, [](const subject& on) {
        bench::add("rgb_to_hsv", on, rgb_to_hsv);
        bench::add("rgb_to_hsv_plain", on, rgb_to_hsv_plain);
        bench::add("hsv_to_rgb", on, hsv_to_rgb);
        bench::add("hsv_to_rgb_plain", on, hsv_to_rgb_plain);
        bench::add("rgb_to_gray", on, rgb_to_gray);
        bench::add("rgb_to_gray_plain", on, rgb_to_gray_plain);
        bench::add("rgb_to_lab", on, rgb_to_lab);
        bench::add("rgb_to_lab_plain", on, rgb_to_lab_plain);
        bench::add("rgb_to_oklab", on, rgb_to_oklab);
        bench::add("oklab_steps", on, oklab_steps);
        bench::add("float_rgb_to_hsv", on, float_rgb_to_hsv);
        bench::add("float_rgb_to_hsv_plain", on, float_rgb_to_hsv_plain);
        bench::add("float_hsv_to_rgb", on, float_hsv_to_rgb);
        bench::add("float_hsv_to_rgb_plain", on, float_hsv_to_rgb_plain);
    });
}
