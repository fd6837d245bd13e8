// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Images to test with, the layouts one picture can lie in, and what refusals say.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/image.hpp>

namespace samples {

using u8 = std::uint8_t;

/// Random numbers for properties: the same each time, or those of LLOYD_TEST_SEED.
class dice {
public:
    dice() : seed(chosen()), state_(seed) {}

    std::uint64_t bits() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        return state_ ^= state_ << 17;
    }
    /// 0 to n − 1.
    std::ptrdiff_t below(std::ptrdiff_t n) {
        return static_cast<std::ptrdiff_t>((bits() >> 16) % static_cast<std::uint64_t>(n));
    }
    /// About normal, mean 0, standard deviation 1.
    double normal() {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += static_cast<double>(bits() >> 11) * 0x1p-53;
        return sum;
    }

    const std::uint64_t seed;  ///< to CAPTURE, so that a failure can be replayed

private:
    static std::uint64_t chosen() {
        const char* text = std::getenv("LLOYD_TEST_SEED");
        const std::uint64_t number = text == nullptr ? 0 : std::strtoull(text, nullptr, 10);
        return number == 0 ? 88172645463325252 : number;
    }
    std::uint64_t state_;
};

/// Each element one of `levels` values, evenly spread.
template <std::size_t C>
lloyd::image<u8, C> random_image(dice& random, std::ptrdiff_t width, std::ptrdiff_t height,
                                 std::ptrdiff_t levels = 256) {
    lloyd::image<u8, C> result(width, height);
    for (auto& element : result.elements())
        element = static_cast<u8>(random.below(levels) * 255 / (std::max)(levels - 1, std::ptrdiff_t{1}));
    return result;
}

/// Smooth shades, a few objects with edges, and noise.
template <std::size_t C>
lloyd::image<u8, C> photo_like(dice& random, std::ptrdiff_t width, std::ptrdiff_t height) {
    struct disc {
        double x, y, radius;
        std::array<double, C> color;
    };
    std::array<disc, 6> discs;
    for (auto& d : discs) {
        d.x = static_cast<double>(random.below(width));
        d.y = static_cast<double>(random.below(height));
        d.radius = static_cast<double>(width) * (0.05 + 0.03 * static_cast<double>(random.below(6)));
        for (auto& c : d.color) c = static_cast<double>(random.below(256));
    }
    lloyd::image<u8, C> result(width, height);
    for (std::ptrdiff_t y = 0; y < height; ++y)
        for (std::ptrdiff_t x = 0; x < width; ++x)
            for (std::size_t c = 0; c < C; ++c) {
                const double down = static_cast<double>(y) / static_cast<double>(height);
                const double across = static_cast<double>(x) / static_cast<double>(width);
                double value = 40 + 150 * (c == 0 ? down : c == 1 ? across : 1 - down);
                for (const auto& d : discs)
                    if (std::hypot(static_cast<double>(x) - d.x, static_cast<double>(y) - d.y) < d.radius)
                        value = 0.2 * value + 0.8 * d.color[c];
                result(x, y)[c] = static_cast<u8>(std::clamp(value + 4 * random.normal(), 0.0, 255.0));
            }
    return result;
}

/// Faint vertical stripes, each with one bright place: edges that are strong there, and followed from there to the top and
/// to the bottom.
inline lloyd::image<u8, 1> faint_stripes(dice& random, std::ptrdiff_t width, std::ptrdiff_t height) {
    lloyd::image<u8, 1> result(width, height);
    std::ptrdiff_t bright = 0;
    for (std::ptrdiff_t x = 0; x < width; ++x) {
        if (x % 16 == 0) bright = random.below(height);
        for (std::ptrdiff_t y = 0; y < height; ++y)
            result(x, y)[0] =
                static_cast<u8>(x % 16 < 8 ? 20 : 60 + (std::max)(120 - 4 * std::abs(y - bright), std::ptrdiff_t{0}));
    }
    return result;
}

/// The pixels in some other place of memory, and a view that finds them there.
template <class T, std::size_t C>
struct layout {
    std::string name;
    std::vector<T> memory;
    lloyd::image_view<const T, C> view;
};

/// The same picture with padded rows, bottom-up, and cut from a larger one. What is not of the picture is `filler`.
template <class T, std::size_t C>
std::vector<layout<T, C>> layouts(const lloyd::image<T, C>& picture, T filler) {
    const auto width = picture.width(), height = picture.height();
    constexpr auto channels = static_cast<std::ptrdiff_t>(C);
    const auto place = [&](std::string name, std::ptrdiff_t size, std::ptrdiff_t top, std::ptrdiff_t stride) {
        layout<T, C> result{std::move(name), std::vector<T>(static_cast<std::size_t>(size), filler), {}};
        for (std::ptrdiff_t y = 0; y < height; ++y)
            std::ranges::copy(picture.row(y), result.memory.begin() + (top + y * stride));
        result.view = lloyd::image_view<const T, C>(result.memory.data() + top, width, height, stride);
        return result;
    };
    const auto row = width * channels, padded = row + 5, wide = row + 7 * channels;
    std::vector<layout<T, C>> all;
    all.push_back(place("back to back", row * height, 0, row));
    all.push_back(place("padded", padded * height, 0, padded));
    all.push_back(place("bottom-up", row * height, row * (height - 1), -row));
    all.push_back(place("bottom-up and padded", padded * height, padded * (height - 1), -padded));
    all.push_back(place("cropped", wide * (height + 3), 2 * wide + 4 * channels, wide));
    const lloyd::image_view<const T, C> larger(all.back().memory.data(), width + 7, height + 3);
    all.back().view = larger.crop(4, 2, width, height);
    return all;
}

template <class Left, class Right>
bool same_pixels(const Left& left, const Right& right) {
    if (left.width() != right.width() || left.height() != right.height() || left.channels() != right.channels())
        return false;
    for (std::ptrdiff_t y = 0; y < left.height(); ++y)
        if (!std::ranges::equal(left.row(y), right.row(y))) return false;
    return true;
}

/// Every element in reading order.
template <class Image>
auto elements_of(const Image& image) {
    std::vector<lloyd::value_type_of<Image>> result;
    for (std::ptrdiff_t y = 0; y < image.height(); ++y)
        for (const auto element : image.row(y)) result.push_back(element);
    return result;
}

/// What the std::invalid_argument that `work` throws says.
template <class Work>
std::string refusal(Work work) {
    try {
        work();
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "(not refused)";
}

/// Equal to every message that holds all of its words.
struct says {
    says(std::initializer_list<std::string> list) : words(list) {}
    friend bool operator==(const std::string& message, const says& expected) {
        return std::ranges::all_of(expected.words, [&](const auto& w) { return message.find(w) != message.npos; });
    }
    friend doctest::String toString(const says& expected) {
        std::string text = "a message with:";
        for (const auto& word : expected.words) text += " \"" + word + "\"";
        return text.c_str();
    }
    std::vector<std::string> words;
};

/// Every colour of a block: full cubes, so that a tree of them is as deep as it gets.
inline lloyd::image<u8, 3> color_block() {
    lloyd::image<u8, 3> result(32 * 32, 32);
    for (std::ptrdiff_t y = 0; y < 32; ++y)
        for (std::ptrdiff_t x = 0; x < 32 * 32; ++x) {
            result(x, y)[0] = static_cast<u8>(x / 32 + 64);
            result(x, y)[1] = static_cast<u8>(x % 32 + 200);
            result(x, y)[2] = static_cast<u8>(y + 7);
        }
    return result;
}

}  // namespace samples
