// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The edges between labels as a graph: its vertices are where they turn or meet, found row by row in vectors, and
/// borders are its paths.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/regions/label_edges.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Directions, counter-clockwise as seen on the screen, and what a vertex is, as bits.
enum vertex_bits : std::uint8_t { edge_up = 1, edge_left = 2, edge_down = 4, edge_right = 8, is_crossing = 16 };

/// Vertices are numbered row by row. Those that an edge joins in a row are neighbours by number; only those that are
/// joined in a column need a link.
template <class Border, class Label>
class border_graph {
public:
    explicit border_graph(image_view<const Label> labels) : labels_(labels) {
        const auto width = labels.width(), height = labels.height(), words = edge_words_for(width);
        buffer<std::uint64_t> memory(static_cast<std::size_t>(3 * words), 0);
        std::uint64_t *above = memory.data(), *below = above + words, *const across = above + 2 * words;
        std::vector<std::int32_t> last_of_column(static_cast<std::size_t>(width + 1));
        const std::vector<Label> outside(static_cast<std::size_t>(width), static_cast<Label>(-1));
        for (std::ptrdiff_t y = 0; y <= height; ++y, (std::swap)(above, below)) {
            const Label* const row = y < height ? labels.row(y).data() : outside.data();
            const Label* const row_above = y > 0 ? labels.row(y - 1).data() : outside.data();
            if (y < height)
                mark_columns(row, below);
            else
                std::fill_n(below, words, std::uint64_t{0});
            mark_sides(row, row_above, y == 0 || y == height, across);
            add_row(y, above, below, across, last_of_column);
        }
    }

    /// Those that end, by their first ends; then those that do not, by their top left corners. The vector is given room
    /// first, as a map may have twice as many borders as pixels.
    std::vector<Border> trace() {
        std::vector<Border> borders;
        borders.reserve(static_cast<std::size_t>(ends_ / 2));
        for (std::int32_t i = 0; i < size_; ++i)
            for (const auto way : {edge_up, edge_left, edge_down, edge_right})
                if ((vertices_[i].bits & is_crossing) != 0 && (vertices_[i].bits & way) != 0)
                    borders.push_back(trace(i, way));
        const auto all = vertices_.span().first(static_cast<std::size_t>(size_));
        const auto top_left = std::count_if(all.begin(), all.end(),
                                            [](const vertex& one) { return one.bits == (edge_down | edge_right); });
        borders.reserve(borders.size() + static_cast<std::size_t>(top_left));
        for (std::int32_t i = 0; i < size_; ++i)
            if ((vertices_[i].bits & edge_down) != 0) borders.push_back(trace(i, edge_down));
        return borders;
    }

private:
    using corner_type = typename decltype(Border::corners)::value_type;

    struct vertex {
        corner_type corner;
        std::int32_t up, down;  ///< the vertices that edges join it with
        std::uint8_t bits;      ///< vertex_bits; an edge that a border has taken is gone
    };

    /// Bit x is set where there is an edge on the left of pixel x, for 0 ≤ x ≤ width.
    void mark_columns(const Label* row, std::uint64_t* bits) const {
        const auto width = labels_.width();
        mark_changes(row, width, is_something(row[0]), bits);
        bits[width / 64] |= std::uint64_t{is_something(row[width - 1])} << width % 64;
    }

    /// Bit x is set where there is an edge between pixel x and the one above.
    void mark_sides(const Label* row, const Label* above, bool is_outside, std::uint64_t* bits) const {
        const auto width = labels_.width();
        if (is_outside && std::is_unsigned_v<Label>)  // which has no −1
            for (std::ptrdiff_t i = 0; i < edge_words_for(width); ++i)
                bits[i] = i < width / 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width % 64) - 1;
        else
            run_kernel<differ_kernel<Label>>(row, above, width, bits);
    }

    static bool is_something(Label label) { return std::is_unsigned_v<Label> || label != static_cast<Label>(-1); }

    /// Appends the vertices of a row of corners, from the edges that lead up, down and right.
    void add_row(std::ptrdiff_t y, const std::uint64_t* above, const std::uint64_t* below, const std::uint64_t* across,
                 std::vector<std::int32_t>& last_of_column) {
        const auto width = labels_.width();
        const bool is_end = y == 0 || y == labels_.height();
        std::uint64_t carry = 0;
        for (std::ptrdiff_t i = 0; i < edge_words_for(width); ++i) {
            const auto up = above[i], down = below[i], right = across[i], left = right << 1 | carry;
            carry = right >> 63;
            auto crossings = (up & down & (left | right)) | (left & right & (up | down));
            const auto turns = (up ^ down) & (left ^ right);
            if (is_end) crossings |= turns & corners_of_picture(i);
            for (auto events = crossings | turns; events != 0; events &= events - 1) {
                const int bit = std::countr_zero(events);
                const auto set = [&](std::uint64_t bits, int flag) { return static_cast<int>(bits >> bit & 1) * flag; };
                const auto x = i * 64 + bit;
                add_vertex({static_cast<std::int32_t>(x), static_cast<std::int32_t>(y)},
                           set(up, edge_up) | set(left, edge_left) | set(down, edge_down) | set(right, edge_right) |
                               set(crossings, is_crossing),
                           last_of_column[static_cast<std::size_t>(x)]);
            }
        }
    }

    std::uint64_t corners_of_picture(std::ptrdiff_t word_index) const {
        const auto width = labels_.width();
        return (word_index == 0 ? 1 : 0) | (word_index == width / 64 ? std::uint64_t{1} << width % 64 : 0);
    }

    void add_vertex(corner_type corner, int bits, std::int32_t& last_of_column) {
        constexpr auto most = (std::numeric_limits<std::int32_t>::max)();
        if (size_ == most) refuse("find_borders: labels has more than ", most, " corners");
        if (size_ == std::ssize(vertices_.span())) grow(vertices_, size_, 4 * vertices_.size());
        vertices_[size_] = {corner, last_of_column, 0, static_cast<std::uint8_t>(bits)};
        if ((bits & edge_up) != 0) vertices_[last_of_column].down = size_;
        if ((bits & is_crossing) != 0) ends_ += std::popcount(static_cast<unsigned>(bits & ~is_crossing));
        last_of_column = size_++;
    }

    /// The vertex that an edge of another leads to.
    std::int32_t next_to(std::int32_t here, int way) const {
        return way == edge_up     ? vertices_[here].up
               : way == edge_down ? vertices_[here].down
               : way == edge_left ? here - 1
                                  : here + 1;
    }
    static int opposite(int way) { return way < edge_down ? way << 2 : way >> 2; }
    void clear(std::int32_t here, int bits) const {
        vertices_[here].bits = static_cast<std::uint8_t>(vertices_[here].bits & ~bits);
    }

    /// Takes the edges of a border, from a vertex on.
    Border trace(std::int32_t start, vertex_bits way) {
        const auto [left, right] = sides_of(vertices_[start].corner, way);
        check_label("find_borders", (std::min)(left, right));
        corners_.assign(1, vertices_[start].corner);
        int direction = way;
        for (auto here = start;;) {
            clear(here, direction);
            here = next_to(here, direction);
            clear(here, opposite(direction));
            if (here == start) return {left, right, true, corners_};
            corners_.push_back(vertices_[here].corner);
            if ((vertices_[here].bits & is_crossing) != 0) return {left, right, false, corners_};
            direction = vertices_[here].bits;
        }
    }

    /// The labels on the left and on the right of an edge.
    std::pair<std::int32_t, std::int32_t> sides_of(corner_type from, vertex_bits way) const {
        const auto label = [&](std::ptrdiff_t x, std::ptrdiff_t y) -> std::int32_t {
            if (x < 0 || y < 0 || x == labels_.width() || y == labels_.height()) return -1;
            return labels_.row(y)[static_cast<std::size_t>(x)];
        };
        const auto x = std::ptrdiff_t{from.x}, y = std::ptrdiff_t{from.y};
        switch (way) {
            case edge_up: return {label(x - 1, y - 1), label(x, y - 1)};
            case edge_left: return {label(x - 1, y), label(x - 1, y - 1)};
            case edge_down: return {label(x, y), label(x - 1, y)};
            default: return {label(x, y - 1), label(x, y)};
        }
    }

    image_view<const Label> labels_;
    buffer<vertex> vertices_ = buffer<vertex>(1024);
    std::int32_t size_ = 0;             ///< how many vertices there are
    std::ptrdiff_t ends_ = 0;           ///< edges that end at crossings
    std::vector<corner_type> corners_;  ///< of the border being traced
};

}  // namespace lloyd::inline v0::detail
