// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Canny and its stages on any picture and options: each stage is that of the textbook, all in one is all in a row, and
// neither threads, nor layout, nor the CPU level show. Stages by themselves take any gradient and any strength.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <lloyd/canny.hpp>

#include "../reference_edges.hpp"
#include "../sample_points.hpp"
#include "bytes.hpp"

namespace {

using fuzz::bytes;
using fuzz::is_refused;
using fuzz::require;
using lloyd::gradient_norm;
using samples::same_pixels;
using picture = lloyd::image<std::uint8_t>;
using view = lloyd::image_view<const std::uint8_t>;

struct problem {
    picture photo;
    double low, high;
    lloyd::canny_options options;
};

/// Where the oracle takes long for a pixel there are few pixels.
picture read_photo(bytes& input, int taps) {
    const int channels = input.one_of({1, 1, 1, 3, 3, 3, 2, 4});
    const int most = std::max(60000 / (channels * (taps + 30)), 40);
    const int long_side = input.below(256), short_side = std::min(input.below(32), most / std::max(long_side, 1));
    const bool tall = input.coin();
    return {tall ? short_side : long_side, tall ? long_side : short_side, channels};
}

/// Around what the kernel can give, or any number.
double read_threshold(bytes& input, int aperture) {
    const double unit = aperture == 7 ? 160 : aperture == 5 ? 12 : 1;
    return input.below(8) == 1 ? input.real<double>() : input.byte() * unit * 2;
}

problem read(bytes& input) {
    problem p{};
    auto& o = p.options;
    o.aperture = input.one_of({3, 3, 5, 7, 3, 5, 7, 4});
    o.norm = input.one_of({gradient_norm::l1, gradient_norm::l2, gradient_norm::l1, static_cast<gradient_norm>(2)});
    o.sigma = input.one_of({0.0, 1.4, input.byte() / 16.0, input.real<double>()});
    o.blur_size = input.one_of({5, 0, 2 * input.below(16) + 1, int{input.any<std::int16_t>()}});
    o.threads = input.one_of({1, 1, 1, -1});
    p.low = read_threshold(input, o.aperture);
    p.high = input.coin() ? p.low + input.byte() * 2 : read_threshold(input, o.aperture);
    const double wide = 0 <= o.sigma && o.sigma <= 170 ? 6 * o.sigma + 3 : 0;
    const int taps = o.blur_size > 0 ? std::min(o.blur_size, 1024) : static_cast<int>(wide);
    p.photo = read_photo(input, taps);
    return p;
}

bool is_blur(int size, double sigma) {
    return 0 <= sigma && sigma <= 170 && (size == 0 || (size % 2 == 1 && 0 < size && size <= 1023));
}

bool is_photo(const picture& photo) { return photo.channels() == 1 || photo.channels() == 3 || photo.empty(); }
bool is_aperture(int aperture) { return aperture == 3 || aperture == 5 || aperture == 7; }
bool is_norm(gradient_norm norm) { return norm == gradient_norm::l1 || norm == gradient_norm::l2; }
bool are_thresholds(double low, double high) { return 0 <= low && low <= high && std::isfinite(high); }

bool is_valid(const problem& p) {
    const auto& o = p.options;
    return is_photo(p.photo) && is_aperture(o.aperture) && is_norm(o.norm) && o.threads >= 0 &&
           (o.sigma == 0 || is_blur(o.blur_size, o.sigma)) && are_thresholds(p.low, p.high);
}

picture check_blur(const problem& p, view elsewhere) {
    const auto size = p.options.blur_size;
    const auto sigma = p.options.sigma;
    picture blurred;
    const bool refused = is_refused("gaussian_blur: ", [&] { blurred = lloyd::gaussian_blur(p.photo, size, sigma); });
    require(refused == !(is_photo(p.photo) && is_blur(size, sigma) && (size > 0 || sigma > 0)),
            "what is valid is blurred");
    if (refused) return p.photo;
    require(p.photo.empty() || same_pixels(blurred, reference::blur(p.photo, size, sigma)),
            "the blur is the textbook's");
    require(same_pixels(blurred, lloyd::gaussian_blur(elsewhere, size, sigma)), "layouts do not show in the blur");
    return blurred;
}

bool same_gradient(const lloyd::sobel_gradient& a, const lloyd::sobel_gradient& b) {
    return same_pixels(a.dx, b.dx) && same_pixels(a.dy, b.dy) && same_pixels(a.magnitude, b.magnitude);
}

/// Stages 2 to 5, each beside the textbook's.
picture check_stages(const picture& photo, const problem& p) {
    const auto& o = p.options;
    const auto gradient = lloyd::sobel(photo, o.aperture, o.norm);
    require(same_gradient(gradient, reference::sobel(photo, o.aperture, o.norm)), "the gradient is the textbook's");
    const auto ridges = lloyd::suppress_non_maxima(gradient);
    require(same_pixels(ridges.magnitude, reference::suppress(gradient).magnitude), "ridges are the textbook's");
    lloyd::image<std::uint8_t, 1> strength;
    const bool refused =
        is_refused("double_threshold: ", [&] { strength = lloyd::double_threshold(ridges, p.low, p.high); });
    require(refused == !are_thresholds(p.low, p.high), "valid thresholds are taken, and nothing else");
    if (refused) return {};
    require(same_pixels(strength, reference::threshold(ridges, p.low, p.high)), "strength is the textbook's");
    const auto edges = lloyd::hysteresis(strength);
    require(same_pixels(edges, reference::trace(strength)), "traces are the textbook's");
    return picture(edges);
}

void check_canny(const problem& p, const picture& smooth, view elsewhere) {
    lloyd::image<std::uint8_t, 1> edges;
    const bool refused = is_refused("canny: ", [&] { edges = lloyd::canny(p.photo, p.low, p.high, p.options); });
    require(refused == !is_valid(p), "what is valid has edges, and nothing else");
    if (refused) return;
    require(std::ranges::all_of(edges.elements(), [](auto e) { return e == 0 || e == 255; }), "edges are 0 or 255");
    require(same_pixels(edges, check_stages(p.options.sigma == 0 ? p.photo : smooth, p)), "canny is its five stages");
    auto options = p.options;
    options.threads = 3;
    require(same_pixels(edges, lloyd::canny(elsewhere, p.low, p.high, options)), "neither threads nor layouts show");
}

template <class T>
void fill(bytes& input, lloyd::image<T, 1>& image) {
    const auto bits = std::as_writable_bytes(image.elements());
    input.fill({reinterpret_cast<std::uint8_t*>(bits.data()), bits.size()});
    input.byte();  // the next one is another
}

/// Magnitudes are not negative, and 0 where there is no direction. Nor is there a direction as long as 2^15.
void make_plausible(lloyd::sobel_gradient& gradient) {
    for (std::size_t i = 0; i < gradient.magnitude.elements().size(); ++i) {
        auto& dx = gradient.dx.elements()[i];
        dx = std::max<std::int16_t>(dx, -32767);
        auto& magnitude = gradient.magnitude.elements()[i];
        magnitude = dx == 0 && gradient.dy.elements()[i] == 0 ? 0 : magnitude & 0x7fff'ffff;
    }
}

/// A gradient that no picture has.
void check_any_gradient(bytes& input, const problem& p) {
    const auto width = p.photo.width(), height = p.photo.height();
    lloyd::sobel_gradient gradient{.dx{width, height}, .dy{width, height}, .magnitude{width, height}};
    if (input.below(8) == 1) gradient.dy = lloyd::image<std::int16_t, 1>(height, width);
    fill(input, gradient.dx);
    fill(input, gradient.dy);
    fill(input, gradient.magnitude);
    const bool refused = is_refused("suppress_non_maxima: ", [&] { lloyd::suppress_non_maxima(gradient); });
    require(refused == !(gradient.dy.width() == width && gradient.dy.height() == height), "sizes are compared");
    if (refused) return;
    make_plausible(gradient);
    require(same_pixels(lloyd::suppress_non_maxima(gradient).magnitude, reference::suppress(gradient).magnitude),
            "any ridges are the textbook's");
    if (gradient.magnitude.empty()) return;
    const auto otsu = lloyd::thresholds_from_otsu(gradient);
    require(are_thresholds(otsu.low, otsu.high), "thresholds from Otsu are thresholds");
}

void check_any_strength(bytes& input, const problem& p) {
    lloyd::image<std::uint8_t, 1> strength(p.photo.width(), p.photo.height());
    input.fill(strength.elements());
    const auto levels = input.one_of<std::uint8_t>({3, 3, 3, 4});
    for (auto& s : strength.elements()) s %= levels;
    lloyd::image<std::uint8_t, 1> edges;
    const bool refused = is_refused("hysteresis: ", [&] { edges = lloyd::hysteresis(strength); });
    require(refused == (std::ranges::count(strength.elements(), 3) > 0), "a strength other than 0, 1 and 2 is refused");
    if (!refused) require(same_pixels(edges, reference::trace(strength)), "any traces are the textbook's");
}

void check_median(const picture& photo) {
    if (photo.channels() != 1 || photo.empty()) return;
    const auto [low, high] = lloyd::thresholds_from_median(photo);
    require(are_thresholds(low, high) && high <= 1.33 * 255, "thresholds from the median are thresholds");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    bytes input(data, size);
    static const auto levels = samples::cpu_levels();
    const samples::cpu_limit limit(levels[input.byte() % levels.size()]);
    const int part = input.below(8);
    auto p = read(input);
    if (part == 1) return check_any_gradient(input, p), 0;
    if (part == 2) return check_any_strength(input, p), 0;
    const bool two_levels = input.coin();
    const auto padding = input.below(9);
    const bool bottom_up = input.coin();
    input.fill(p.photo.elements());
    if (two_levels)
        for (auto& element : p.photo.elements()) element = element < 128 ? 0 : 255;
    const auto elsewhere = fuzz::place(p.photo, padding, bottom_up, std::uint8_t{99});
    check_median(p.photo);
    check_canny(p, check_blur(p, elsewhere.view), elsewhere.view);
    return 0;
}
