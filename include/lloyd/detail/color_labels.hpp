// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From colours back to pixels: what is known of each distinct colour, looked up for every pixel.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/color_table.hpp>
#include <lloyd/detail/parallel.hpp>
#include <lloyd/image.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// A table of value(i) for the i-th of the colours.
template <std::size_t Channels, class Value>
color_table<Channels> tabulate(image_view<const std::uint8_t, Channels> colors, const Value& value) {
    color_table<Channels> table(static_cast<std::size_t>(colors.size()));
    for (std::ptrdiff_t i = 0; i < colors.width(); ++i)
        table[morton_code<Channels>(colors(i, 0).data())] = static_cast<std::uint32_t>(value(i));
    return table;
}

/// The label of each pixel, given the table of its colour's.
template <class Label, std::size_t Channels>
image<Label, 1> label_pixels(image_view<const std::uint8_t, Channels> photo, const color_table<Channels>& labels,
                             thread_team& team) {
    image<Label, 1> result(uninitialized, photo.width(), photo.height());
    team.for_each(static_cast<std::size_t>(photo.height()), [&](std::size_t row) {
        const auto y = static_cast<std::ptrdiff_t>(row);
        Label* label = result.row(y).data();
        const auto pixels = photo.row(y);
        for (auto* pixel = pixels.data(); pixel != pixels.data() + pixels.size(); pixel += Channels)
            *label++ = static_cast<Label>(labels.at(morton_code<Channels>(pixel)));
    });
    return result;
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
