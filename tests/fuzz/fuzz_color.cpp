// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// Colours of any value: HSV, RGB and gray are those of the definition, in place and elsewhere; Lab returns; colours are counted one by
// one; labels and palettes are painted or refused; and nothing is written over what is still to be read.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include <lloyd/color.hpp>
#include <lloyd/color_histogram.hpp>
#include <lloyd/segment.hpp>

#include "../reference_color.hpp"
#include "../sample_points.hpp"
#include "bytes.hpp"

namespace {

using fuzz::bytes;
using fuzz::is_refused;
using fuzz::require;
using samples::same_pixels;
using u8 = std::uint8_t;

template <class T>
lloyd::image<T> read_image(bytes& input, std::ptrdiff_t channels) {
    lloyd::image<T> image(input.below(80), input.below(4), channels);
    if constexpr (std::is_same_v<T, u8>)
        input.fill(image.elements());
    else
        for (T& element : image.elements()) element = input.real<T>();
    return image;
}

template <class Elements>
reference::color to_color(const Elements& pixel) {
    return {pixel[0], pixel[1], pixel[2]};
}

// ── 8 bits ──

void check_bytes(const lloyd::image<u8>& photo, const lloyd::image<u8, 3>& hsv, const lloyd::image<u8, 3>& rgb) {
    const auto gray = lloyd::rgb_to_gray(photo);
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x) {
            const auto color = to_color(photo(x, y));
            require(to_color(hsv(x, y)) == reference::hsv(color), "8-bit HSV is that of the definition");
            require(to_color(rgb(x, y)) == reference::rgb(color), "8-bit RGB is that of the definition");
            require(gray(x, y)[0] == reference::gray(color), "gray is that of the definition");
        }
}

// ── Real numbers ──

template <class Pixel>
bool is_finite(const Pixel& pixel) {
    return std::ranges::all_of(pixel, [](auto channel) { return std::isfinite(channel); });
}

template <class Pixel>
bool is_nan(const Pixel& pixel) {
    return std::ranges::all_of(pixel, [](auto channel) { return std::isnan(channel); });
}

/// Where neither d = V - min nor any quotient overflows or is rounded off: nothing is known of other colours.
template <class T>
bool is_tame(const std::span<const T, 3>& pixel, T most) {
    return std::ranges::all_of(pixel, [&](T channel) {
        return channel == 0 || (std::numeric_limits<T>::min() * T(0x1p30) <= channel && channel <= most);
    });
}

template <class T>
constexpr auto rounding = 8 * static_cast<long double>(std::numeric_limits<T>::epsilon());

template <class T>
bool near(T ours, long double exact, long double unit) {
    return std::abs(static_cast<long double>(ours) - exact) <= rounding<T> * unit;
}

template <class T>
void check_hsv(std::span<const T, 3> rgb, std::span<const T, 3> hsv) {
    require(is_finite(rgb) || is_nan(hsv), "what is not finite becomes NaN");
    if (!is_finite(rgb)) return;
    const auto chroma = std::ranges::max(rgb) - std::ranges::min(rgb);
    require(!std::isfinite(chroma) || (0 <= hsv[0] && hsv[0] < 360 && !std::signbit(hsv[0])), "hue is in [0, 360)");
    require(hsv[2] == std::max({rgb[0], rgb[1], rgb[2]}), "V is the largest channel");
    if (!is_tame(rgb, std::numeric_limits<T>::max())) return;
    const auto exact = reference::hsv(reference::to_real(rgb));
    require(near(hsv[1], exact[1], exact[1]), "S is that of the definition");
    const auto turn = std::abs(static_cast<long double>(hsv[0]) - exact[0]);
    require(std::min(turn, 360 - turn) <= rounding<T> * 360, "H is that of the definition");
}

template <class T>
void check_rgb(std::span<const T, 3> hsv, std::span<const T, 3> rgb) {
    require(is_finite(hsv) || is_nan(rgb), "what is not finite becomes NaN");
    const bool tame = is_finite(hsv) && 0 <= hsv[1] && hsv[1] <= 1 && 0 <= hsv[2];
    if (!tame || (hsv[2] != 0 && hsv[2] < std::numeric_limits<T>::min() * T(0x1p30))) return;
    const auto exact = reference::rgb(reference::to_real(hsv));
    for (std::size_t c = 0; c < 3; ++c)
        require(near(rgb[c], exact[c], static_cast<long double>(hsv[2])), "RGB is that of the definition");
}

template <class T>
void check_reals(const lloyd::image<T>& image, const lloyd::image<T, 3>& hsv, const lloyd::image<T, 3>& rgb) {
    const lloyd::image_view<const T, 3> pixels(image), hues(hsv), colors(rgb);
    for (std::ptrdiff_t y = 0; y < image.height(); ++y)
        for (std::ptrdiff_t x = 0; x < image.width(); ++x) {
            check_hsv<T>(pixels(x, y), hues(x, y));
            check_rgb<T>(pixels(x, y), colors(x, y));
        }
}

// ── All types ──

/// NaN equals NaN.
template <class A, class B>
bool same_numbers(const A& a, const B& b) {
    const auto same = [](auto x, auto y) { return x == y || (x != x && y != y); };
    for (std::ptrdiff_t y = 0; y < a.height(); ++y)
        if (!std::ranges::equal(a.row(y), b.row(y), same)) return false;
    return true;
}

/// Lab and OKLab do not depend on the layout; bytes return; what is not finite becomes NaN.
template <class T, class View>
void check_lab(const lloyd::image<T>& image, const View& elsewhere) {
    const auto lab = lloyd::rgb_to_lab(image), oklab = lloyd::rgb_to_oklab(image);
    require(same_numbers(lloyd::rgb_to_lab(elsewhere), lab), "layouts do not show in Lab");
    require(same_numbers(lloyd::rgb_to_oklab(elsewhere), oklab), "layouts do not show in OKLab");
    const auto from_lab = lloyd::lab_to_rgb<u8>(lab), from_oklab = lloyd::oklab_to_rgb<u8>(oklab);
    if constexpr (std::is_same_v<T, u8>) {
        require(same_pixels(from_lab, image) && same_pixels(from_oklab, image), "bytes return");
    } else {
        for (std::ptrdiff_t y = 0; y < image.height(); ++y)
            for (std::ptrdiff_t x = 0; x < image.width(); ++x)
                require(is_finite(image(x, y)) || (is_nan(lab(x, y)) && is_nan(oklab(x, y))),
                        "what is not finite becomes NaN");
        require(same_numbers(lloyd::lab_to_rgb(elsewhere), lloyd::lab_to_rgb(image)), "nor on the way back");
    }
}

template <class T>
void check_conversions(bytes& input) {
    auto place_choices = input;  // so that the image takes the rest
    for (int i = 0; i < 6; ++i) input.byte();
    const auto image = read_image<T>(input, input.below(8) == 1 ? input.below(4) + 1 : 3);
    lloyd::image<T, 3> hsv, rgb;
    const bool refused = is_refused("", [&] { hsv = lloyd::rgb_to_hsv(image); });
    require(refused == (image.channels() != 3), "3 channels are taken, and nothing else");
    require(refused == is_refused("", [&] { rgb = lloyd::hsv_to_rgb(image); }), "by both ways");
    if (refused || image.empty()) return;
    if constexpr (std::is_same_v<T, u8>)
        check_bytes(image, hsv, rgb);
    else
        check_reals(image, hsv, rgb);
    const auto elsewhere = fuzz::place(place_choices, image), in_place = fuzz::place(place_choices, image);
    require(same_numbers(lloyd::rgb_to_hsv(elsewhere.view), hsv), "layouts do not show");
    check_lab(image, elsewhere.view);
    lloyd::rgb_to_hsv(in_place.view, in_place.view);
    require(same_numbers(in_place.view, hsv), "in place gives the same");
    lloyd::hsv_to_rgb(elsewhere.view, in_place.view);
    require(same_numbers(in_place.view, rgb), "what is written to may lie in any layout");
}

// ── What is written to ──

struct part {
    lloyd::image_view<u8> view;
    std::vector<int> touched;  ///< by each byte of the memory
};

part read_part(bytes& input, std::vector<u8>& memory, std::ptrdiff_t channels) {
    const auto width = input.below(5), height = input.below(5), stride = input.below(40), start = input.below(200);
    const bool bottom_up = input.coin();
    const auto row = width * channels, step = std::max<std::ptrdiff_t>(stride, row),
               way = std::max(height - 1, 0) * step;
    auto* const top = memory.data() + start + (bottom_up ? way : 0);
    part result{lloyd::image_view<u8>(top, width, height, channels, bottom_up ? -step : step),
                std::vector<int>(memory.size())};
    for (std::ptrdiff_t y = 0; y < height && width > 0; ++y)
        for (auto& byte : result.view.row(y)) result.touched[static_cast<std::size_t>(&byte - memory.data())] = 1;
    return result;
}

/// Two views of one memory: where they share a byte the call is refused, unless they are one and the same.
void check_overlap(bytes& input) {
    std::vector<u8> memory(500);
    const bool to_gray = input.coin(), exact = input.coin();
    const auto from = read_part(input, memory, 3);
    const auto to = exact ? from : read_part(input, memory, to_gray ? 1 : 3);
    input.fill(memory);
    bool overlap = false;
    for (std::size_t i = 0; i < memory.size(); ++i) overlap |= from.touched[i] == 1 && to.touched[i] == 1;
    const bool one_size = from.view.width() == to.view.width() && from.view.height() == to.view.height();
    const auto stride = [](const part& p) { return p.view.height() > 1 ? p.view.row_stride() : 0; };
    const bool same = from.view.data() == to.view.data() && stride(from) == stride(to) && to.view.channels() == 3;
    const lloyd::image<u8> before(from.view);
    const auto memory_before = memory;
    const bool channels_fit = to.view.channels() == (to_gray ? 1 : 3);
    const bool refused = is_refused(
        "", [&] { to_gray ? lloyd::rgb_to_gray(from.view, to.view) : lloyd::rgb_to_hsv(from.view, to.view); });
    require(refused == !(channels_fit && one_size && (!overlap || (same && !to_gray))),
            "an overlap is refused, and nothing else");
    require(!refused || memory == memory_before, "a refusal writes nothing");
    if (refused || from.view.empty()) return;
    require(to_gray ? same_pixels(to.view, lloyd::rgb_to_gray(before))
                    : same_pixels(to.view, lloyd::rgb_to_hsv(before)),
            "what is written is what would be returned");
    for (std::size_t i = 0; i < memory.size(); ++i)
        require(to.touched[i] == 1 || memory[i] == memory_before[i], "nothing else is written");
}

// ── Histogram ──

template <std::size_t C>
using counted = std::map<std::uint32_t, double>;

/// The channels' bits in turn, the highest and the first channel's first.
std::uint32_t morton(std::span<const u8> color) {
    std::uint32_t code = 0;
    for (unsigned bit = 8; bit-- > 0;)
        for (const unsigned channel : color) code = 2 * code + (channel >> bit) % 2;
    return code;
}

template <std::size_t C>
void count(const lloyd::image<u8, C>& photo, const lloyd::image<u8, 1>& weights, counted<C>& counts) {
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x)
            if (weights(x, y)[0] > 0) counts[morton(photo(x, y))] += weights(x, y)[0];
}

/// Any weights, or 0 and up to two others.
lloyd::image<u8, 1> read_weights(bytes& input, std::ptrdiff_t width, std::ptrdiff_t height) {
    lloyd::image<u8, 1> weights(width, height);
    const bool are_few = input.coin();
    const u8 values[] = {0, 0, input.byte(), input.byte()};
    input.fill(weights.elements());
    if (are_few)
        for (u8& weight : weights.elements()) weight = values[weight % 4];
    return weights;
}

template <std::size_t C>
void check_counts(const lloyd::color_histogram<C>& colors, const counted<C>& expected) {
    require(colors.size() == std::ssize(expected), "each colour is listed once");
    std::ptrdiff_t i = 0;
    for (const auto& [code, number] : expected) {
        require(morton(colors.colors()(i, 0)) == code, "colours are in Morton order");
        require(colors.counts()[static_cast<std::size_t>(i++)] == number, "every pixel is counted once");
    }
}

template <std::size_t C>
void check_histogram(bytes& input) {
    lloyd::color_histogram<C> sum;
    counted<C> expected;
    const int pictures = 1 + input.below(3);
    for (int i = 0; i < pictures; ++i) {
        const bool alike = input.coin(), merges = input.coin();
        const auto padding = input.below(9);
        const bool bottom_up = input.coin();
        lloyd::image<u8> photo(input.below(200), input.below(9), C);
        input.fill(photo.elements());
        if (alike)
            for (u8& element : photo.elements()) element &= 0x81;
        const bool weighs = input.coin();
        lloyd::image<u8, 1> weights(photo.width(), photo.height());
        std::ranges::fill(weights.elements(), u8{1});
        if (weighs) weights = read_weights(input, photo.width(), photo.height());
        count(lloyd::image<u8, C>(photo), weights, expected);
        const auto elsewhere = fuzz::place(photo, padding, bottom_up, u8{7});
        if (weighs)
            sum.add(elsewhere.view, fuzz::place(lloyd::image<u8>(weights), padding, !bottom_up, u8{9}).view);
        else if (merges)
            sum.merge(lloyd::color_histogram<C>(elsewhere.view));
        else
            sum.add(elsewhere.view);
        check_counts(sum, expected);
    }
    const auto wrong = lloyd::image<u8>(1, 1, C + 1);
    require(is_refused("image_view: ", [&] { sum.add(wrong); }), "other channels are refused");
    require(is_refused("color_histogram: ", [&] { sum.add(lloyd::image<u8, C>(3, 2), lloyd::image<u8, 1>(2, 3)); }),
            "weights of another shape are refused");
    check_counts(sum, expected);
}

// ── Painting ──

u8 rounded(u8 value) { return value; }
u8 rounded(double value) {
    return static_cast<u8>(std::clamp(std::floor(value) + (value - std::floor(value) >= 0.5), 0.0, 255.0));
}

/// Around the last of them, or any.
template <class Label>
Label read_label(bytes& input, std::ptrdiff_t colors) {
    return input.coin() ? input.any<Label>() : static_cast<Label>(colors + input.below(3) - 1);
}

template <class Label, class Value>
void check_painting(bytes& input) {
    lloyd::image<Value> palette(input.below(20), 1, 1 + input.below(5));
    for (Value& value : palette.elements())
        if constexpr (std::is_same_v<Value, double>)
            value = input.real<double>();
        else
            value = input.byte();
    const auto width = input.below(100), height = input.below(4), padding = input.below(9);
    const int segment = input.below(8) == 1 ? input.any<int>() : input.byte();
    const bool bottom_up = input.coin();
    lloyd::image<Label> labels(width, height, 1);
    for (Label& label : labels.elements())
        label = static_cast<Label>(input.byte() % std::max<std::ptrdiff_t>(palette.width(), 1));
    if (input.coin() && !labels.empty())
        labels.elements()[input.byte() % labels.elements().size()] = read_label<Label>(input, palette.width());
    const auto place = fuzz::place(labels, padding, bottom_up, Label{99});

    bool valid =
        std::ranges::all_of(labels.elements(), [&](Label label) { return 0 <= label && label < palette.width(); });
    if constexpr (std::is_same_v<Value, double>) valid = valid && is_finite(palette.elements());
    lloyd::image<u8> painted;
    const bool refused = is_refused("recolor: ", [&] { painted = lloyd::recolor(place.view, palette); });
    require(refused == !valid, "labels that have a colour are painted, and nothing else");
    for (std::ptrdiff_t y = 0; y < painted.height(); ++y)
        for (std::ptrdiff_t x = 0; x < painted.width(); ++x)
            for (std::size_t c = 0; c < palette(0, 0).size(); ++c)
                require(painted(x, y)[c] == rounded(palette(labels(x, y)[0], 0)[c]),
                        "each pixel has its label's colour");

    lloyd::image<u8, 1> inside;
    const bool unmasked = is_refused("mask: ", [&] { inside = lloyd::mask(place.view, segment); });
    require(unmasked == (segment < 0 || segment > std::numeric_limits<Label>::max()),
            "a mask is of what a label can name");
    for (std::ptrdiff_t y = 0; y < inside.height(); ++y)
        for (std::ptrdiff_t x = 0; x < inside.width(); ++x)
            require(inside(x, y)[0] == (labels(x, y)[0] == segment ? 255 : 0), "a mask is 255 inside and 0 elsewhere");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    bytes input(data, size);
    static const auto levels = samples::cpu_levels();
    const samples::cpu_limit limit(levels[input.byte() % levels.size()]);
    switch (input.below(11)) {
        case 0: check_conversions<u8>(input); break;
        case 1: check_conversions<float>(input); break;
        case 2: check_conversions<double>(input); break;
        case 3: check_overlap(input); break;
        case 4: check_histogram<1>(input); break;
        case 5: check_histogram<2>(input); break;
        case 6: check_histogram<3>(input); break;
        case 7: check_painting<u8, u8>(input); break;
        case 8: check_painting<u8, double>(input); break;
        case 9: check_painting<std::int32_t, u8>(input); break;
        default: check_painting<std::int32_t, double>(input); break;
    }
    return 0;
}
