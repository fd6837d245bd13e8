// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From the list of distinct colours to their tree.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/color_tree.hpp>
#include <lloyd/detail/leaf_kernel.hpp>
#include <lloyd/detail/morton.hpp>
#include <lloyd/image.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

struct color_bounds {
    packed_color low[3] = {255, 255, 255}, high[3] = {0, 0, 0};

    void add(const box_family& family, std::uint32_t lane) {
        for (int c = 0; c < 3; ++c) {
            const auto least = family.low[lane] >> 8 * c & 255, most = least + (family.extent[lane] >> 8 * c & 255);
            low[c] = (std::min)(low[c], least);
            high[c] = (std::max)(high[c], most);
        }
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

/// Colours in Morton order, divided from the root down until a box holds few.
template <std::size_t Channels>
class tree_builder {
public:
    static color_tree build(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts) {
        tree_builder builder(colors.data(), counts);
        builder.tree_.levels[0].count = 1;
        builder.make_box(0, 0, 0, static_cast<std::uint32_t>(counts.size()));
        return std::move(builder.tree_);
    }

private:
    /// A leaf costs about as much as ten octets when a boundary meets it, and its parts would be met less often.
    static constexpr std::uint32_t few = 384;

    tree_builder(const std::uint8_t* colors, std::span<const double> counts) : colors_(colors), counts_(counts.data()) {
        std::size_t boxes = 1, families = 1;
        for (auto& level : tree_.levels) {
            level = color_level(families);
            boxes += families * octet;
            families = (std::min)(families * octet, counts.size() / few + 1);
        }
        tree_.octets = buffer<color_octet>(counts.size() / octet + boxes);
    }

    static constexpr std::uint32_t low_bits(std::size_t level) {
        const auto high = 3 * level, all = 8 * Channels;
        return static_cast<std::uint32_t>(high < all ? all - high : 0);
    }

    std::uint32_t prefix(std::size_t level, std::uint32_t color) const {
        return morton_code<Channels>(colors_ + color * Channels) >> low_bits(level);
    }

    /// Makes a box of the colours from `first` to `last`, whose codes differ in the lowest bits only.
    void make_box(std::size_t level, std::uint32_t box, std::uint32_t first, std::uint32_t last) {
        color_box made{};
        made.color = first;
        made.colors = last - first;
        made.is_leaf = made.colors <= few || level == color_tree::depth || low_bits(level) == 0;
        const color_bounds bounds = made.is_leaf ? fill(level, made) : divide(level, made);
        tree_.levels[level].boxes.data()[box] = made;
        tree_.levels[level].families.data()[box / octet].low[box % octet] = bounds.lowest();
        tree_.levels[level].families.data()[box / octet].extent[box % octet] = bounds.extent();
    }

    color_bounds divide(std::size_t level, color_box& parent) {
        color_level& below = tree_.levels[level + 1];
        parent.first = below.count++;
        below.families.data()[parent.first] = box_family{};
        std::fill_n(below.boxes.data() + std::size_t{parent.first} * octet, octet, color_box{});
        color_bounds bounds;
        for (auto i = parent.color; i < parent.color + parent.colors; ++parent.count) {
            const auto box = parent.first * octet + parent.count;
            const auto end = end_of_prefix(level + 1, i, parent.color + parent.colors);
            make_box(level + 1, box, i, end);
            parent.sums += below.boxes.data()[box].sums;
            bounds.add(below.families.data()[parent.first], parent.count);
            i = end;
        }
        return bounds;
    }

    /// The first color after `first` with another prefix.
    std::uint32_t end_of_prefix(std::size_t level, std::uint32_t first, std::uint32_t last) const {
        const auto wanted = prefix(level, first);
        while (last - first > 1) {
            const auto middle = first + (last - first) / 2;
            (prefix(level, middle) == wanted ? first : last) = middle;
        }
        return last;
    }

    color_bounds fill(std::size_t level, color_box& leaf) {
        leaf.corner = pack<Channels>(colors_ + leaf.color * Channels) &
                      packed_bits<Channels>(~std::uint32_t{0} << low_bits(level));
        leaf.first = tree_.octet_count;
        leaf.count = (leaf.colors + octet - 1) / octet;
        tree_.octet_count += leaf.count;
        color_octet* octets = tree_.octets.data() + leaf.first;
        const std::uint8_t* color = colors_ + leaf.color * Channels;
        const double* weight = counts_ + leaf.color;
        for (std::uint32_t i = 0; i < leaf.colors; ++i, color += Channels) {
            octets[i / octet].coordinates[i % octet] = pack<Channels>(color) - leaf.corner;
            octets[i / octet].weights[i % octet] = static_cast<std::int32_t>(weight[i]);
        }
        color_octet& last = octets[leaf.count - 1];
        for (auto l = (leaf.colors - 1) % octet + 1; l < octet; ++l) {
            last.coordinates[l] = last.coordinates[l - 1];
            last.weights[l] = 0;
        }
        return sum_up(leaf, octets);
    }

    static color_bounds sum_up(color_box& leaf, const color_octet* octets) {
        leaf_sums local;
        run_kernel<leaf_kernel>(octets, leaf.count, &local);
        leaf.sums = local.sums;
        color_bounds bounds;
        packed_color corner[3];
        unpack(leaf.corner, &corner[0]);
        for (int c = 0; c < 3; ++c) {
            leaf.sums.moment[c] += local.sums.weight * corner[c];
            leaf.sums.square += corner[c] * (2 * local.sums.moment[c] + local.sums.weight * corner[c]);
            leaf.widest = (std::max)(leaf.widest, static_cast<std::uint8_t>(local.high[c]));
            bounds.low[c] = corner[c] + local.low[c];
            bounds.high[c] = corner[c] + local.high[c];
        }
        return bounds;
    }

    color_tree tree_;
    const std::uint8_t* colors_;
    const double* counts_;
};

/// Of colours in Morton order, with weights that fit.
template <std::size_t Channels>
color_tree build_color_tree(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts) {
    return tree_builder<Channels>::build(colors, counts);
}

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
