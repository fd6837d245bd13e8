// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Labels pixels by the labels of their colours: a table from colours to numbers, and the look-up for every pixel.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/histogram/color_codes.hpp>
#include <lloyd/detail/histogram/morton.hpp>
#include <lloyd/detail/histogram/nearest_pixels.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The numbers of `count` pixels, a multiple of step, by the pages of their cubes. Reads up to 4 bytes past the last pixel.
/// Codes are computed while those before are looked up, as in counting_kernel.
template <std::size_t Channels, class Number, class Label>
struct look_up_kernel {
    static constexpr int max_bytes = 32;
    static constexpr std::ptrdiff_t step = 32;
    static constexpr std::uint32_t bits = cube_bits<Channels>;

    template <int Bytes>
    [[gnu::always_inline]] static void run(const std::uint8_t* pixels, std::ptrdiff_t count, const std::uint32_t* pages,
                                           const Number* values, Label* labels) {
        const auto number = [&](std::uint32_t code) __attribute__((always_inline)) {
            return static_cast<Label>(values[pages[cube_of(code)] + cell_of(code)]);
        };
        if constexpr (Channels == 3 && Bytes > 16 && std::endian::native == std::endian::little) {
            constexpr std::ptrdiff_t lanes = Bytes / 4;
            alignas(64) std::uint32_t codes[2][step];
            if (count > 0)
                for (std::ptrdiff_t l = 0; l < step; l += lanes)
                    code_kernel<bits>::template compute<Bytes>(pixels + 3 * l, &codes[0][l]);
            for (std::ptrdiff_t i = 0; i < count; i += step) {
                const auto& ready = codes[i / step % 2];
                auto& next = codes[(i / step + 1) % 2];
                const std::uint8_t* ahead = pixels + 3 * (std::min)(i + step, count - step);
#pragma GCC unroll 4
                for (std::ptrdiff_t part = 0; part < step; part += lanes) {
                    code_kernel<bits>::template compute<Bytes>(ahead + 3 * part, &next[part]);
#pragma GCC unroll 8
                    for (auto l = part; l < part + lanes; ++l) labels[i + l] = number(ready[l]);
                }
            }
        } else {
            constexpr std::ptrdiff_t channels = Channels;
#pragma GCC unroll 4
            for (std::ptrdiff_t i = 0; i < count; ++i)
                labels[i] = number(table_code<Channels, bits>(pixels + channels * i));
        }
    }
};

/// A table from distinct colours to numbers. Each cube has a page: one number for each of its cells. Cubes whose
/// colours all have the same number share one page, so that most pixels are looked up in few pages, which fit the first
/// cache.
template <std::size_t Channels, class Number>
class color_lookup {
    static constexpr std::uint32_t page_size = cube_cells<Channels>;
    static constexpr std::uint32_t none = 0xffff'ffff;

public:
    /// `numbers` has one number, 0 to `count` − 1, for each colour; the colours are in Morton order. Each thread makes the
    /// pages of some cubes.
    color_lookup(image_view<const std::uint8_t, Channels> colors, std::span<const std::int32_t> numbers,
                 std::size_t count, thread_team& team)
        : pages_(cube_count<Channels>, 0) {
        constexpr std::size_t min_colors = 1 << 13;  // that are worth a thread
        const auto ranges = (std::min)(team.size(), numbers.size() / min_colors + 1);
        std::vector<std::size_t> starts(ranges + 1), first_pages(ranges + 1);
        for (std::size_t r = 1; r <= ranges; ++r) starts[r] = start_of_cube(colors, numbers.size() * r / ranges);
        const auto colors_of = [&](std::size_t range) {
            return colors.elements().subspan(starts[range] * Channels, (starts[range + 1] - starts[range]) * Channels);
        };
        team.for_each(ranges, [&](std::size_t r) { first_pages[r + 1] = count_cubes(colors_of(r)); });
        for (std::size_t r = 0; r < ranges; ++r) first_pages[r + 1] += first_pages[r];
        values_ = buffer<Number>(page_size * first_pages[ranges]);
        const buffer<std::uint32_t> shared_pages(ranges * count, none);
        team.for_each(ranges, [&](std::size_t r) {
            add_pages(colors_of(r), numbers.data() + starts[r], static_cast<std::uint32_t>(page_size * first_pages[r]),
                      shared_pages.data() + r * count);
        });
    }

    /// The number of one of the colours.
    Number operator[](const std::uint8_t* color) const {
        const auto code = color_code<Channels, cube_bits<Channels>>(color);
        return values_[pages_[cube_of(code)] + cell_of(code)];
    }

    /// The numbers of the pixels of a row.
    template <class Label>
    void label_row(std::span<const std::uint8_t> row, Label* labels) const {
        using kernel = look_up_kernel<Channels, Number, Label>;
        constexpr std::ptrdiff_t channels = Channels;
        const auto pixels = std::ssize(row) / channels;
        const auto whole =
            (std::max)(pixels - 2, std::ptrdiff_t{0}) / kernel::step * kernel::step;  // it reads past them
        run_kernel<kernel>(row.data(), whole, pages_.data(), values_.data(), labels);
        for (auto i = whole; i < pixels; ++i) labels[i] = static_cast<Label>((*this)[row.data() + channels * i]);
    }

private:
    /// The first colour from `i` on that is in another cube than the one before it.
    static std::size_t start_of_cube(image_view<const std::uint8_t, Channels> colors, std::size_t i) {
        const auto cube = [&](std::size_t color) {
            return cube_of(color_code<Channels, cube_bits<Channels>>(colors.data() + color * Channels));
        };
        const auto size = static_cast<std::size_t>(colors.size());
        while (i < size && cube(i) == cube(i - 1)) ++i;
        return i;
    }

    static std::size_t count_cubes(std::span<const std::uint8_t> colors) {
        std::size_t cubes = 0;
        std::uint32_t last = none;
        for_each_codes<Channels, cube_bits<Channels>>(colors, [&](const std::uint32_t* codes, std::ptrdiff_t n) {
            std::size_t here = cube_of(codes[0]) != last;
            for (std::ptrdiff_t i = 1; i < n; ++i) here += cube_of(codes[i]) != cube_of(codes[i - 1]);
            cubes += here;
            last = cube_of(codes[n - 1]);
        });
        return cubes;
    }

    /// Makes the pages of some cubes from `page` on, at most one for each. `shared_pages` are those of cubes that have one
    /// number only, for each number, or none so far.
    void add_pages(std::span<const std::uint8_t> colors, const std::int32_t* number, std::uint32_t page,
                   std::uint32_t* shared_pages) const {
        std::uint32_t cube = none;
        std::int32_t first_number = 0;
        bool is_uniform = true;
        const auto end_cube = [&] {
            if (cube == none) return;
            pages_[cube] = page;
            if (is_uniform) {
                std::uint32_t& shared = shared_pages[first_number];
                if (shared != none) {
                    pages_[cube] = shared;
                    return;  // this page is free again
                }
                shared = page;
                std::fill_n(values_.data() + page, page_size, static_cast<Number>(first_number));
            }
            page += page_size;
        };
        for_each_codes<Channels, cube_bits<Channels>>(colors, [&](const std::uint32_t* codes, std::ptrdiff_t n) {
            for (std::ptrdiff_t i = 0; i < n;) {
                if (cube_of(codes[i]) != cube) {
                    end_cube();
                    cube = cube_of(codes[i]);
                    first_number = *number;
                    is_uniform = true;
                }
                // Copies: a byte that is stored may belong to any variable that a lambda refers to.
                const auto here = cube;
                const auto first = first_number;
                Number* cells = values_.data() + page;
                bool are_equal = true;
                const auto* next = number;
                for (; i < n && cube_of(codes[i]) == here; ++i, ++next) {
                    are_equal = are_equal && *next == first;
                    cells[cell_of(codes[i])] = static_cast<Number>(*next);
                }
                number = next;
                is_uniform = is_uniform && are_equal;
            }
        });
        end_cube();
    }

    buffer<std::uint32_t> pages_;  ///< of each cube: where its page begins in values_
    buffer<Number> values_;
};

/// An image of labels: label_row(pixels, labels) writes those of a row. Threads take rows.
template <class Label, std::size_t Channels, class LabelRow>
image<Label, 1> label_rows(image_view<const std::uint8_t, Channels> photo, thread_team& team,
                           const LabelRow& label_row) {
    auto result = uninitialized_image<Label, 1>(photo.width(), photo.height());
    team.for_each(static_cast<std::size_t>(photo.height()), [&](std::size_t row) {
        const auto y = static_cast<std::ptrdiff_t>(row);
        label_row(photo.row(y), result.row(y).data());
    });
    return result;
}

/// The label of each pixel, looked up by its colour.
template <class Label, std::size_t Channels, class Number>
image<Label, 1> look_up(image_view<const std::uint8_t, Channels> photo, const color_lookup<Channels, Number>& labels,
                        thread_team& team) {
    return label_rows<Label>(photo, team,
                             [&](std::span<const std::uint8_t> row, Label* label) { labels.label_row(row, label); });
}

/// The label of each pixel, given the labels, 0 to k − 1, of the photo's distinct colours in Morton order. `centers` is
/// empty, or k × Channels coordinates of 0 to 255 such that each colour has the label of its nearest center; then
/// pixels are compared with them, if they are few.
template <class Label, std::size_t Channels>
image<Label, 1> label_pixels(image_view<const std::uint8_t, Channels> photo,
                             image_view<const std::uint8_t, Channels> colors, std::span<const std::int32_t> labels,
                             std::size_t k, std::span<const double> centers, thread_team& team) {
    if (k > 256) return look_up<Label>(photo, color_lookup<Channels, std::int32_t>(colors, labels, k, team), team);
    const color_lookup<Channels, std::uint8_t> lookup(colors, labels, k, team);
    if constexpr (Channels == 3 && std::endian::native == std::endian::little)
        if (!centers.empty() && k <= max_compared_centers) {
            const compared_centers compared(centers);
            return label_rows<Label>(photo, team, [&](std::span<const std::uint8_t> row, Label* label) {
                const auto pixels = static_cast<std::ptrdiff_t>(row.size() / 3);
                for (std::ptrdiff_t first = 0; first < pixels; first += codes_at_once)
                    label_nearest(
                        row, first, (std::min)(codes_at_once, pixels - first), compared,
                        [&](const std::uint8_t* pixel) { return lookup[pixel]; }, label + first);
            });
        }
    return look_up<Label>(photo, lookup, team);
}

/// Calls use(index) for each pixel of a photo, row by row: the index of its colour among the distinct ones, in Morton
/// order.
template <std::size_t Channels, class Use>
void for_each_index(image_view<const std::uint8_t, Channels> photo, image_view<const std::uint8_t, Channels> colors,
                    const Use& use) {
    buffer<std::int32_t> indices(static_cast<std::size_t>(colors.size()));
    for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::int32_t>(i);
    thread_team alone(1, 1);
    const color_lookup<Channels, std::int32_t> index_of(colors, indices.span(), indices.size(), alone);
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x) use(index_of[photo(x, y).data()]);
}

}  // namespace lloyd::inline v0::detail
