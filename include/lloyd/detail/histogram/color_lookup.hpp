// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From colours back to pixels: what is known of each distinct colour, looked up for every pixel.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/histogram/color_codes.hpp>
#include <lloyd/detail/histogram/morton.hpp>
#include <lloyd/detail/histogram/nearest_pixels.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A number for each distinct colour, by pages of one cube. Cubes whose colours all have the same number share its page,
/// so that what is read for most pixels fits the first cache.
template <std::size_t Channels, class Number>
class color_pages {
    static constexpr std::uint32_t cells = cells_of<Channels>;
    static constexpr std::uint32_t none = 0xffff'ffff;

public:
    /// `numbers` are 0 to `count` − 1, one per colour; the colours are in Morton order.
    color_pages(image_view<const std::uint8_t, Channels> colors, std::span<const std::int32_t> numbers,
                std::size_t count)
        : pages_(cubes_of<Channels>, 0), shared_(count, none) {
        buffer<std::uint32_t> codes(numbers.size());
        std::size_t cubes = 0;
        auto* next = codes.data();
        for_each_codes<Channels, cell_bits<Channels>>(
            colors.elements(), [&](const std::uint32_t* some, std::ptrdiff_t n) {
                for (std::ptrdiff_t i = 0; i < n; ++i, ++next) {
                    *next = some[i];
                    cubes += next == codes.data() || block_of(next[0]) != block_of(next[-1]);
                }
            });
        values_ = buffer<Number>(cells * cubes);
        for (std::size_t first = 0, end; first < codes.size(); first = end) {
            const auto cube = block_of(codes.data()[first]);
            bool alike = true;
            for (end = first; end < codes.size() && block_of(codes.data()[end]) == cube; ++end)
                alike = alike && numbers[end] == numbers[first];
            const auto page = pages_.data()[cube] = alike ? shared_page(numbers[first]) : allot();
            for (auto i = first; i < end && !alike; ++i)
                values_.data()[page + cell_of(codes.data()[i])] = static_cast<Number>(numbers[i]);
        }
    }

    /// The number of a colour that was given.
    Number operator[](const std::uint8_t* color) const {
        Number number;
        const auto code = color_code<Channels, cell_bits<Channels>>(color);
        look_up(&code, 1, &number);
        return number;
    }

    /// The numbers of many, by their codes of cell_bits.
    template <class Label>
    void look_up(const std::uint32_t* codes, std::ptrdiff_t count, Label* labels) const {
        const std::uint32_t* pages = pages_.data();  // here, since a byte stored may be any member
        const Number* values = values_.data();
#pragma GCC unroll 4
        for (std::ptrdiff_t i = 0; i < count; ++i)
            labels[i] = static_cast<Label>(values[pages[block_of(codes[i])] + cell_of(codes[i])]);
    }

private:
    std::uint32_t allot() {
        used_ += cells;
        return used_ - cells;
    }

    std::uint32_t shared_page(std::int32_t number) {
        std::uint32_t& page = shared_[static_cast<std::size_t>(number)];
        if (page == none) {
            page = allot();
            std::fill_n(values_.data() + page, cells, static_cast<Number>(number));
        }
        return page;
    }

    buffer<std::uint32_t> pages_;   ///< of each cube
    buffer<std::uint32_t> shared_;  ///< of each number
    buffer<Number> values_;
    std::uint32_t used_ = 0;
};

/// Calls label_row(pixels, labels) for each row.
template <class Label, std::size_t Channels, class LabelRow>
image<Label, 1> label_rows(image_view<const std::uint8_t, Channels> photo, thread_team& team,
                           const LabelRow& label_row) {
    image<Label, 1> result(uninitialized, photo.width(), photo.height());
    team.for_each(static_cast<std::size_t>(photo.height()), [&](std::size_t row) {
        const auto y = static_cast<std::ptrdiff_t>(row);
        label_row(photo.row(y), result.row(y).data());
    });
    return result;
}

/// The label of each pixel, given its colour's.
template <class Label, std::size_t Channels, class Number>
image<Label, 1> look_up(image_view<const std::uint8_t, Channels> photo, const color_pages<Channels, Number>& labels,
                        thread_team& team) {
    return label_rows<Label>(photo, team, [&](std::span<const std::uint8_t> row, Label* label) {
        for_each_codes<Channels, cell_bits<Channels>>(row, [&](const std::uint32_t* codes, std::ptrdiff_t count) {
            labels.look_up(codes, count, label);
            label += count;
        });
    });
}

/// The label of each pixel, given the labels, 0 to k − 1, of the photo's distinct colours in Morton order. Where labels
/// are those of the nearest of `centers`, which are among the colours, k × Channels, few of them are compared right away.
template <class Label, std::size_t Channels>
image<Label, 1> label_pixels(image_view<const std::uint8_t, Channels> photo,
                             image_view<const std::uint8_t, Channels> colors, std::span<const std::int32_t> labels,
                             std::size_t k, std::span<const double> centers, thread_team& team) {
    if (k > 256) return look_up<Label>(photo, color_pages<Channels, std::int32_t>(colors, labels, k), team);
    const color_pages<Channels, std::uint8_t> pages(colors, labels, k);
    if constexpr (Channels == 3 && std::endian::native == std::endian::little)
        if (!centers.empty() && k <= max_compared_centers) {
            const compared_centers compared(centers);
            return label_rows<Label>(photo, team, [&](std::span<const std::uint8_t> row, Label* label) {
                const auto pixels = static_cast<std::ptrdiff_t>(row.size() / 3);
                for (std::ptrdiff_t first = 0; first < pixels; first += codes_at_once)
                    label_nearest(
                        row, first, (std::min)(codes_at_once, pixels - first), compared,
                        [&](const std::uint8_t* pixel) { return pages[pixel]; }, label + first);
            });
        }
    return look_up<Label>(photo, pages, team);
}

}  // namespace lloyd::inline v0::detail
