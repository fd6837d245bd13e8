// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Builds the octree from a list of distinct colours in Morton order: every box is a range of that list.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/histogram/morton.hpp>
#include <lloyd/detail/octree/color_lanes.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The sums and bounds of a leaf; coordinates count from its corner.
struct leaf_sums {
    box_sums sums;
    packed_color low[3], high[3];
};

/// Computes leaf_sums from the `count` octets of a leaf.
struct leaf_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const color_octet* octets, std::uint32_t count, leaf_sums* leaf) {
        using lanes = color_lanes<double, Bytes>;
        using numbers = typename lanes::numbers;
        numbers weight = {}, square = {}, moment[3] = {}, low[3], high[3] = {};
        low[0] = low[1] = low[2] = numbers{} + 255.0;
        for (std::uint32_t i = 0; i < count * octet_size; i += lanes::count) {
            const lanes colors(octets[i / octet_size], i % octet_size);
            numbers norm = {};
#pragma GCC unroll 3
            for (int c = 0; c < 3; ++c) {
                norm += colors.x[c] * colors.x[c];
                moment[c] += colors.weight * colors.x[c];
                select(colors.x[c] < low[c], low[c], colors.x[c]);
                select(high[c] < colors.x[c], high[c], colors.x[c]);
            }
            weight += colors.weight;
            square += colors.weight * norm;
        }
        leaf->sums.weight = sum_of_lanes(weight);
        leaf->sums.square = sum_of_lanes(square);
#pragma GCC unroll 3
        for (int c = 0; c < 3; ++c) {
            leaf->sums.moment[c] = sum_of_lanes(moment[c]);
            leaf->low[c] = static_cast<packed_color>(min_lane(low[c]));
            leaf->high[c] = static_cast<packed_color>(max_lane(high[c]));
        }
    }
};

/// The smallest box with sides along the axes that contains some colours.
struct color_bounds {
    packed_color low[3] = {255, 255, 255}, high[3] = {0, 0, 0};

    void add(const sibling_bounds& siblings, std::uint32_t lane) {
        for (int c = 0; c < 3; ++c) {
            const auto other_low = siblings.low[lane] >> 8 * c & 255;
            low[c] = (std::min)(low[c], other_low);
            high[c] = (std::max)(high[c], other_low + (siblings.extent[lane] >> 8 * c & 255));
        }
    }
    packed_color packed_low() const { return pack(low, 3); }
    packed_color packed_extent() const { return pack(high, 3) - pack(low, 3); }  // no channel borrows: high ≥ low
};

/// The packed colour that has exactly the bits of a Morton code.
template <std::size_t Channels>
constexpr packed_color packed_bits(std::uint32_t code) {
    std::uint8_t bits[Channels]{};
    morton_color<Channels>(code, bits);
    return pack(bits, Channels);
}

/// Divides the list of colours from the root down, until boxes have at most leaf_capacity colours. Then a team of
/// threads fills the leaves, and the boxes above them are summed from the bottom up.
template <std::size_t Channels>
class tree_builder {
public:
    static color_tree build(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts,
                            thread_team& team) {
        tree_builder builder(colors.data(), counts);
        builder.add_siblings(0);
        builder.build_box(0, 0, 0, static_cast<std::uint32_t>(counts.size()));
        constexpr std::size_t leaves_per_task = 16;
        const auto& leaves = builder.leaves_;
        team.for_each((leaves.size() + leaves_per_task - 1) / leaves_per_task, [&](std::size_t task) {
            const auto end = (std::min)((task + 1) * leaves_per_task, leaves.size());
            for (auto i = task * leaves_per_task; i < end; ++i) builder.fill_leaf(leaves[i]);
        });
        for (auto level = color_tree::depth; level-- > 0;) builder.sum_children(level);
        return std::move(builder.tree_);
    }

private:
    struct leaf_place {
        std::size_t level;
        std::uint32_t box;
    };

    /// The fixed cost of a leaf with several candidates is about that of ten octets of colours, so dividing less is
    /// faster, although more colours are compared.
    static constexpr std::uint32_t leaf_capacity = 384;

    tree_builder(const std::uint8_t* colors, std::span<const double> counts) : colors_(colors), counts_(counts.data()) {
        std::size_t boxes = 1, groups = 1;
        for (auto& level : tree_.levels) {
            level = color_level(groups);
            boxes += groups * max_siblings;
            groups = (std::min)(groups * max_siblings, counts.size() / leaf_capacity + 1);
        }
        tree_.octets = buffer<color_octet>(counts.size() / octet_size + boxes);
    }

    /// How many of the lower bits of a Morton code differ among the colours of a box.
    static constexpr std::uint32_t low_bits(std::size_t level) {
        const auto high = 3 * level, all = 8 * Channels;
        return static_cast<std::uint32_t>(high < all ? all - high : 0);
    }

    /// The bits of a colour's Morton code that name its box.
    std::uint32_t prefix(std::size_t level, std::uint32_t color) const {
        return morton_code<Channels>(colors_ + color * Channels) >> low_bits(level);
    }

    /// The number of a new group of siblings, all empty.
    std::uint32_t add_siblings(std::size_t level) {
        const auto group = tree_.levels[level].group_count++;
        tree_.levels[level].bounds[group] = sibling_bounds{};
        std::fill_n(tree_.levels[level].boxes.data() + std::size_t{group} * max_siblings, max_siblings, color_box{});
        return group;
    }

    /// Makes a box of colours `first` to `last` − 1, and those below it.
    void build_box(std::size_t level, std::uint32_t box, std::uint32_t first, std::uint32_t last) {
        color_box& built = tree_.levels[level].boxes[box];
        built.first_color = first;
        built.color_count = last - first;
        built.is_leaf = built.color_count <= leaf_capacity || level == color_tree::depth || low_bits(level) == 0;
        if (built.is_leaf) {
            built.first = tree_.octet_count;
            built.count = (built.color_count + octet_size - 1) / octet_size;
            tree_.octet_count += built.count;
            leaves_.push_back({level, box});
            return;
        }
        built.first = add_siblings(level + 1);
        while (first < last) {
            const auto end = end_of_prefix(level + 1, first, last);
            build_box(level + 1, built.first * max_siblings + built.count++, first, end);
            first = end;
        }
    }

    /// The first colour after `first`, but at most `last`, that has another prefix: a binary search.
    std::uint32_t end_of_prefix(std::size_t level, std::uint32_t first, std::uint32_t last) const {
        const auto wanted = prefix(level, first);
        while (last - first > 1) {
            const auto middle = first + (last - first) / 2;
            (prefix(level, middle) == wanted ? first : last) = middle;
        }
        return last;
    }

    /// Sets everything of a leaf but its range of colours and octets.
    void fill_leaf(const leaf_place& place) {
        color_box& leaf = tree_.levels[place.level].boxes[place.box];
        leaf.corner = pack(colors_ + leaf.first_color * Channels, Channels) &
                      packed_bits<Channels>(~std::uint32_t{0} << low_bits(place.level));
        color_octet* octets = tree_.octets.data() + leaf.first;
        const std::uint8_t* color = colors_ + leaf.first_color * Channels;
        const double* weight = counts_ + leaf.first_color;
        for (std::uint32_t i = 0; i < leaf.color_count; ++i, color += Channels) {
            octets[i / octet_size].coordinates[i % octet_size] = pack(color, Channels) - leaf.corner;
            octets[i / octet_size].weights[i % octet_size] = static_cast<std::int32_t>(weight[i]);
        }
        color_octet& last = octets[leaf.count - 1];
        for (auto l = (leaf.color_count - 1) % octet_size + 1; l < octet_size; ++l) {
            last.coordinates[l] = last.coordinates[l - 1];
            last.weights[l] = 0;
        }
        set_bounds(place.level, place.box, sum_leaf(leaf, octets));
    }

    /// Sets the sums of a leaf, from those about its corner; returns its bounds.
    static color_bounds sum_leaf(color_box& leaf, const color_octet* octets) {
        leaf_sums local;
        run_kernel<leaf_kernel>(octets, leaf.count, &local);
        leaf.sums = local.sums;
        color_bounds bounds;
        packed_color corner[3];
        unpack(leaf.corner, &corner[0]);
        for (int c = 0; c < 3; ++c) {
            leaf.sums.moment[c] += local.sums.weight * corner[c];
            leaf.sums.square += corner[c] * (2 * local.sums.moment[c] + local.sums.weight * corner[c]);
            leaf.max_coordinate = (std::max)(leaf.max_coordinate, static_cast<std::uint8_t>(local.high[c]));
            bounds.low[c] = corner[c] + local.low[c];
            bounds.high[c] = corner[c] + local.high[c];
        }
        return bounds;
    }

    /// Sets sums and bounds of the boxes of a level that have children, from these.
    void sum_children(std::size_t level) {
        const color_level& below = tree_.levels[level + 1];
        for (std::uint32_t box = 0; box < tree_.levels[level].group_count * max_siblings; ++box) {
            color_box& parent = tree_.levels[level].boxes[box];
            if (parent.is_leaf || parent.count == 0) continue;
            color_bounds bounds;
            for (std::uint32_t lane = 0; lane < parent.count; ++lane) {
                parent.sums += below.boxes[parent.first * max_siblings + lane].sums;
                bounds.add(below.bounds[parent.first], lane);
            }
            set_bounds(level, box, bounds);
        }
    }

    void set_bounds(std::size_t level, std::uint32_t box, const color_bounds& bounds) {
        sibling_bounds& siblings = tree_.levels[level].bounds[box / max_siblings];
        siblings.low[box % max_siblings] = bounds.packed_low();
        siblings.extent[box % max_siblings] = bounds.packed_extent();
    }

    color_tree tree_;
    std::vector<leaf_place> leaves_;
    const std::uint8_t* colors_;
    const double* counts_;
};

/// The octree of colours in Morton order, with weights that color_tree::fit allows. Cost O(colours).
template <std::size_t Channels>
color_tree build_color_tree(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts,
                            thread_team& team) {
    return tree_builder<Channels>::build(colors, counts, team);
}

}  // namespace lloyd::inline v0::detail
