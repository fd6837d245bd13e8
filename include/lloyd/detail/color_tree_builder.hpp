// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From the list of distinct colours to their tree, in one pass over the colours and one over the boxes of each level.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/color_table.hpp>
#include <lloyd/detail/color_tree.hpp>
#include <lloyd/image.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// A box while its colours are added up.
struct growing_box {
    std::int64_t weight = 0, moment[3] = {0, 0, 0}, square = 0;
    packed_color low[3] = {255, 255, 255}, high[3] = {0, 0, 0};

    void add(packed_color color, std::int64_t w) {
        std::int64_t norm = 0;
#pragma GCC unroll 3
        for (int c = 0; c < 3; ++c) {
            const auto x = color >> 8 * c & 255;
            low[c] = (std::min)(low[c], x);
            high[c] = (std::max)(high[c], x);
            moment[c] += w * x;
            norm += x * x;
        }
        weight += w;
        square += w * norm;
    }

    void add_bounds(packed_color lowest, packed_color extent) {
        for (int c = 0; c < 3; ++c) {
            const auto least = lowest >> 8 * c & 255, most = least + (extent >> 8 * c & 255);
            low[c] = (std::min)(low[c], least);
            high[c] = (std::max)(high[c], most);
        }
    }

    box_sums sums() const {
        box_sums result{static_cast<double>(weight), {}, static_cast<double>(square)};
        for (int c = 0; c < 3; ++c) result.moment[c] = static_cast<double>(moment[c]);
        return result;
    }
    packed_color lowest() const { return low[0] | low[1] << 8 | low[2] << 16; }
    packed_color extent() const { return (high[0] - low[0]) | (high[1] - low[1]) << 8 | (high[2] - low[2]) << 16; }
};

/// The bits of packed coordinates that a set of bits of the code stands for.
template <std::size_t Channels>
constexpr packed_color packed_bits(std::uint32_t code) {
    std::uint8_t bits[Channels]{};
    morton_color<Channels>(code, bits);
    packed_color packed = 0;
    for (std::size_t c = 0; c < Channels; ++c) packed |= static_cast<packed_color>(bits[c]) << 8 * c;
    return packed;
}

template <std::size_t Channels>
class tree_builder {
public:
    /// Colours in Morton order, with weights that fit.
    static color_tree build(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts) {
        tree_builder builder(counts.size());
        builder.add_cubes(colors.data(), counts);
        for (auto level = color_tree::depth; level > 0; --level) builder.gather(builder.tree_.levels[level - 1], builder.tree_.levels[level]);
        return std::move(builder.tree_);
    }

private:
    static constexpr packed_color high_bits = packed_bits<Channels>(~std::uint32_t{0} << cell_bits<Channels>);

    explicit tree_builder(std::size_t colors) {
        const auto most = (std::min)(colors, color_table<Channels, std::uint8_t>::cubes);
        const auto families = (std::min)(colors, (color_table<Channels, std::uint8_t>::cubes + octet - 1) / octet);
        tree_.levels[color_tree::depth] = color_level(families);
        tree_.octets = buffer<color_octet>(colors / octet + most);
        families_ = buffer<family>(families);
    }

    /// A cube is a run of colours with the same high bits.
    void add_cubes(const std::uint8_t* colors, std::span<const double> counts) {
        color_level& cubes = tree_.levels[color_tree::depth];
        const auto n = static_cast<std::uint32_t>(counts.size());
        for (std::uint32_t i = 0; i < n;) {
            const auto prefix = morton_code<Channels>(colors + i * Channels) >> cell_bits<Channels>;
            color_box cube{{}, tree_.octet_count, 0, i, 0, pack<Channels>(colors + i * Channels) & high_bits};
            growing_box growing;
            for (; i < n; ++i) {
                const auto color = pack<Channels>(colors + i * Channels);
                if ((color & high_bits) != cube.corner) break;
                const auto weight = static_cast<std::int32_t>(counts[i]);
                growing.add(color, weight);
                color_octet& eight = tree_.octets.data()[cube.first + cube.colors / octet];
                eight.coordinates[cube.colors % octet] = color - cube.corner;
                eight.weights[cube.colors++ % octet] = weight;
            }
            close_octet(cube);
            cube.sums = growing.sums();
            add_box(cubes, prefix, cube, growing);
        }
    }

    /// Fills the last octet of a cube.
    void close_octet(color_box& cube) {
        color_octet& last = tree_.octets.data()[cube.first + (cube.colors - 1) / octet];
        for (auto l = (cube.colors - 1) % octet + 1; l < octet; ++l) {
            last.coordinates[l] = last.coordinates[l - 1];
            last.weights[l] = 0;
        }
        cube.count = (cube.colors + octet - 1) / octet;
        tree_.octet_count += cube.count;
    }

    struct family {
        std::uint32_t prefix;  ///< of its parent
        std::uint32_t size;
    };

    /// Boxes whose prefixes differ in their last three bits only are one family.
    void add_box(color_level& level, std::uint32_t prefix, const color_box& box, const growing_box& bounds) {
        if (level.count == 0 || families_.data()[level.count - 1].prefix != prefix >> 3) {
            families_.data()[level.count] = {prefix >> 3, 0};
            level.families.data()[level.count] = box_family{};
            std::fill_n(level.boxes.data() + level.count++ * octet, octet, color_box{});
        }
        const auto index = level.count - 1;
        const auto lane = families_.data()[index].size++;
        level.families.data()[index].low[lane] = bounds.lowest();
        level.families.data()[index].extent[lane] = bounds.extent();
        level.boxes.data()[index * octet + lane] = box;
    }

    /// Makes the parents of the level below.
    void gather(color_level& level, const color_level& below) {
        level = color_level(below.count);
        for (std::uint32_t i = 0; i < below.count; ++i) {
            const family children = families_.data()[i];
            const color_box* child = below.boxes.data() + i * octet;
            color_box parent{{}, i, children.size, child->color, 0, 0};
            growing_box bounds;
            for (std::uint32_t l = 0; l < children.size; ++l) {
                parent.sums += child[l].sums;
                parent.colors += child[l].colors;
                bounds.add_bounds(below.families.data()[i].low[l], below.families.data()[i].extent[l]);
            }
            add_box(level, children.prefix, parent, bounds);
        }
    }

    color_tree tree_;
    buffer<family> families_;  ///< of the level built last
};

template <std::size_t Channels>
color_tree build_color_tree(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts) {
    return tree_builder<Channels>::build(colors, counts);
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
