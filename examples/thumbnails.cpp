// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

#include "thumbnails.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "png_writer.hpp"
#include "stb_codec.hpp"

namespace web {
namespace {

/// A range of pixels that becomes one pixel. Entire pixels have weight `whole`, and those cut at its ends less. The weights
/// add up to the length of the line.
struct stretch {
    std::ptrdiff_t first, last;
    std::uint32_t first_weight, last_weight, whole;

    std::uint32_t weight(std::ptrdiff_t at) const {
        return at == first ? first_weight : at == last ? last_weight : whole;
    }
};

/// Range i of a line of `length` pixels that becomes one of `count`: from i·length/count to (i + 1)·length/count.
stretch stretch_of(std::ptrdiff_t i, std::ptrdiff_t length, std::ptrdiff_t count) {
    const auto begin = i * length, end = begin + length;  // in units of 1/count pixel
    const auto first = begin / count, last = (end - 1) / count;
    const auto first_end = std::min(end, (first + 1) * count);
    return {first, last, static_cast<std::uint32_t>(first_end - begin), static_cast<std::uint32_t>(end - last * count),
            static_cast<std::uint32_t>(count)};
}

/// Adds weight × row, reduced by `stretches`, to sums.
template <std::size_t Channels>
void add_row(std::span<const std::uint8_t> row, const std::vector<stretch>& stretches, std::uint64_t weight,
             std::vector<std::uint64_t>& sums) {
    auto* sum = sums.data();
    for (const auto& part : stretches) {
        std::uint64_t across[Channels] = {};
        const auto* pixel = row.data() + part.first * static_cast<std::ptrdiff_t>(Channels);
        for (auto x = part.first; x <= part.last; ++x, pixel += Channels)
            for (std::size_t c = 0; c < Channels; ++c) across[c] += part.weight(x) * pixel[c];
        for (std::size_t c = 0; c < Channels; ++c) *sum++ += weight * across[c];
    }
}

/// A black picture in the proportions of another, of which no side is longer than `longest`.
template <std::size_t Channels>
lloyd::image<std::uint8_t, Channels> small_like(const lloyd::image<std::uint8_t, Channels>& picture,
                                                std::ptrdiff_t longest) {
    const auto longer = std::max(picture.width(), picture.height());
    const auto factor = std::max(static_cast<double>(longer) / static_cast<double>(longest), 1.0);
    const auto to_small = [factor](std::ptrdiff_t length) {
        return std::max<std::ptrdiff_t>(std::lround(static_cast<double>(length) / factor), 1);
    };
    return lloyd::image<std::uint8_t, Channels>(to_small(picture.width()), to_small(picture.height()));
}

}  // namespace

template <std::size_t Channels>
lloyd::image<std::uint8_t, Channels> shrunk(const lloyd::image<std::uint8_t, Channels>& picture,
                                            std::ptrdiff_t longest) {
    auto result = small_like(picture, longest);
    std::vector<stretch> stretches;
    for (std::ptrdiff_t x = 0; x < result.width(); ++x)
        stretches.push_back(stretch_of(x, picture.width(), result.width()));

    const auto all = static_cast<double>(picture.width()) * static_cast<double>(picture.height());
    std::vector<std::uint64_t> sums(result.row(0).size());
    for (std::ptrdiff_t y = 0; y < result.height(); ++y) {
        std::ranges::fill(sums, std::uint64_t{0});
        const auto part = stretch_of(y, picture.height(), result.height());
        for (auto from = part.first; from <= part.last; ++from)
            add_row<Channels>(picture.row(from), stretches, part.weight(from), sums);
        std::ranges::transform(sums, result.row(y).begin(), [all](std::uint64_t sum) {
            return static_cast<std::uint8_t>(static_cast<double>(sum) / all + 0.5);
        });
    }
    return result;
}

template <std::size_t Channels>
lloyd::image<std::uint8_t, Channels> shrunk_lines(const lloyd::image<std::uint8_t, Channels>& picture,
                                                  std::ptrdiff_t longest) {
    auto result = small_like(picture, longest);
    for (std::ptrdiff_t y = 0; y < picture.height(); ++y)
        for (std::ptrdiff_t x = 0; x < picture.width(); ++x) {
            const auto from = picture(x, y);
            const auto to = result(x * result.width() / picture.width(), y * result.height() / picture.height());
            std::ranges::transform(from, to, to.begin(), [](auto a, auto b) { return std::max(a, b); });
        }
    return result;
}

template lloyd::image<std::uint8_t, 1> shrunk(const lloyd::image<std::uint8_t, 1>&, std::ptrdiff_t);
template lloyd::image<std::uint8_t, 3> shrunk(const lloyd::image<std::uint8_t, 3>&, std::ptrdiff_t);
template lloyd::image<std::uint8_t, 1> shrunk_lines(const lloyd::image<std::uint8_t, 1>&, std::ptrdiff_t);
template lloyd::image<std::uint8_t, 3> shrunk_lines(const lloyd::image<std::uint8_t, 3>&, std::ptrdiff_t);

std::string base64(std::span<const std::uint8_t> bytes) {
    constexpr const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto left = std::min<std::size_t>(bytes.size() - i, 3);
        unsigned group = 0;
        for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < left ? bytes[i + j] : 0u);
        for (std::size_t j = 0; j < 4; ++j) text += j <= left ? digits[group >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

std::string png_uri(const lloyd::image<std::uint8_t>& picture) {
    return "data:image/png;base64," + base64(io::encode_png(picture));
}

std::string data_uri(const lloyd::image<std::uint8_t>& picture) {
    const auto png = io::encode_png(picture), jpeg = io::encode_with_stb(picture, "jpg");
    return png.size() <= jpeg.size() ? "data:image/png;base64," + base64(png)
                                     : "data:image/jpeg;base64," + base64(jpeg);
}

}  // namespace web
