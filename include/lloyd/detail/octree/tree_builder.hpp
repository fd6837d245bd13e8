// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Builds the octree from a list of distinct colours in Morton order: every box is a range of that list.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/histogram/morton.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/leaf_sums.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The packed colour that has exactly the bits of a Morton code.
template <std::size_t Channels>
constexpr packed_color packed_bits(std::uint32_t code) {
    std::uint8_t bits[Channels]{};
    morton_color<Channels>(code, bits);
    return pack(bits, Channels);
}

/// Divides the list of colours from the root down, until boxes have at most leaf_capacity colours. Then a team of
/// threads fills the leaves, and the boxes above them are summed from the bottom up.
template <std::size_t Channels, class Form>
class tree_builder {
public:
    using tree_type = basic_color_tree<Form>;

    /// `steps` are three for each color, in the form of steps only.
    static tree_type build(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts,
                           thread_team& team, const std::int32_t* steps = nullptr) {
        tree_builder builder(colors.data(), counts, steps);
        builder.add_siblings(0);
        builder.build_box(0, 0, 0, static_cast<std::uint32_t>(counts.size()));
        constexpr std::size_t leaves_per_task = 16;
        const auto& leaves = builder.tree_.leaves;
        std::vector<uint128> squares(leaves.size());  // of each: Σ weight · |x|², counted from the origin of the grid
        team.for_each((leaves.size() + leaves_per_task - 1) / leaves_per_task, [&](std::size_t task) {
            const auto end = (std::min)((task + 1) * leaves_per_task, leaves.size());
            for (auto i = task * leaves_per_task; i < end; ++i) builder.fill_leaf(leaves[i], squares[i]);
        });
        for (auto level = tree_type::depth; level-- > 0;) builder.sum_children(level);
        for (const auto& part : squares) builder.tree_.squares += part;
        return std::move(builder.tree_);
    }

private:
    static constexpr bool in_steps = std::is_same_v<Form, step_form>;

    /// The fixed cost of a leaf with several candidates is about that of ten octets of colours, so dividing less is
    /// faster, although more colours are compared.
    static constexpr std::uint32_t leaf_capacity = 384;

    tree_builder(const std::uint8_t* colors, std::span<const double> counts, const std::int32_t* steps)
        : colors_(colors), counts_(counts.data()), steps_(steps) {
        std::size_t boxes = 1, groups = 1;
        for (auto& level : tree_.levels) {
            level = color_level<typename Form::bounds>(groups);
            boxes += groups * max_siblings;
            groups = (std::min)(groups * max_siblings, counts.size() / leaf_capacity + 1);
        }
        tree_.octets = buffer<typename Form::octet>(counts.size() / octet_size + boxes);
    }

    /// How many of the lower bits of a Morton code differ among the colours of a box.
    static constexpr std::uint32_t low_bits(std::size_t level) {
        const auto high = 3 * level, all = 8 * Channels;
        return static_cast<std::uint32_t>(high < all ? all - high : 0);
    }

    /// The bits of a packed colour that name its box.
    static packed_color prefix_mask(std::size_t level) {
        return packed_bits<Channels>(~std::uint32_t{0} << low_bits(level));
    }

    packed_color packed_at(std::uint32_t color) const { return pack(colors_ + color * Channels, Channels); }

    /// The number of a new group of siblings, all empty.
    std::uint32_t add_siblings(std::size_t level) {
        const auto group = tree_.levels[level].group_count++;
        tree_.levels[level].bounds[group] = {};
        std::fill_n(tree_.levels[level].boxes.data() + std::size_t{group} * max_siblings, max_siblings, color_box{});
        return group;
    }

    /// Makes a box of colours `first` to `last` − 1, and those below it.
    void build_box(std::size_t level, std::uint32_t box, std::uint32_t first, std::uint32_t last) {
        color_box& built = tree_.levels[level].boxes[box];
        built.first_color = first;
        built.color_count = last - first;
        built.is_leaf = built.color_count <= leaf_capacity || level == tree_type::depth || low_bits(level) == 0;
        if (built.is_leaf) {
            built.first = tree_.octet_count;
            built.count = (built.color_count + octet_size - 1) / octet_size;
            tree_.octet_count += built.count;
            built.leaf_index = static_cast<std::uint16_t>(tree_.leaves.size());
            tree_.leaves.push_back({level, box});
            return;
        }
        built.first = add_siblings(level + 1);
        const auto mask = prefix_mask(level + 1);
        while (first < last) {
            const auto end = end_of_prefix(mask, first, last);
            build_box(level + 1, built.first * max_siblings + built.count++, first, end);
            first = end;
        }
    }

    /// The first colour after `first`, but at most `last`, that has another prefix: a binary search.
    std::uint32_t end_of_prefix(packed_color mask, std::uint32_t first, std::uint32_t last) const {
        const auto wanted = packed_at(first) & mask;
        while (last - first > 1) {
            const auto middle = first + (last - first) / 2;
            ((packed_at(middle) & mask) == wanted ? first : last) = middle;
        }
        return last;
    }

    /// Sets everything of a leaf but its range of colours and octets.
    void fill_leaf(const leaf_place& place, uint128& squares) {
        color_box& leaf = tree_.levels[place.level].boxes[place.box];
        color_bounds bounds;
        if constexpr (in_steps) {
            bounds = fill_steps(leaf, squares);
        } else {
            bounds = fill_bytes(leaf, place.level);
            squares = static_cast<std::uint64_t>(leaf.sums.square);
        }
        set_bounds(place.level, place.box, bounds);
    }

    color_bounds fill_bytes(color_box& leaf, std::size_t level) {
        leaf.corner = packed_at(leaf.first_color) & prefix_mask(level);
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
        return sum_leaf(leaf, octets);
    }

    color_bounds fill_steps(color_box& leaf, uint128& squares) {
        constexpr auto origin = static_cast<std::int32_t>(Form::grid.origin);
        const std::int32_t* steps = steps_ + std::size_t{3} * leaf.first_color;
        const double* weight = counts_ + leaf.first_color;
        color_bounds bounds;
        for (std::uint32_t i = 0; i < leaf.color_count; ++i)
#pragma GCC unroll 3
            for (std::uint32_t c = 0; c < 3; ++c) bounds.add(c, steps[3 * i + c], steps[3 * i + c]);
        step_octet* octets = tree_.octets.data() + leaf.first;
        std::int64_t weight_sum = 0, moment[3] = {};
        std::uint64_t high = 0, low = 0;  // Σ weight · |x|² / 2^18, and of the rest: |x|² has 36 bits, Σ weight 35
        for (std::uint32_t i = 0; i < leaf.count * octet_size; ++i) {
            const auto color = (std::min)(i, leaf.color_count - 1);  // the last one is repeated without weight
            const auto of_color = i == color ? static_cast<std::int32_t>(weight[color]) : 0;
            step_octet& octet = octets[i / octet_size];
            std::uint64_t square = 0;
#pragma GCC unroll 3
            for (std::uint32_t c = 0; c < 3; ++c) {
                octet.coordinates[c][i % octet_size] = steps[3 * color + c] - bounds.low[c];
                moment[c] += std::int64_t{of_color} * steps[3 * color + c];
                const auto x = static_cast<std::uint64_t>(steps[3 * color + c] - origin);
                square += x * x;
            }
            octet.weights[i % octet_size] = of_color;
            weight_sum += of_color;
            high += static_cast<std::uint64_t>(of_color) * (square >> 18);
            low += static_cast<std::uint64_t>(of_color) * (square & 0x3'ffff);
        }
        squares = (uint128(high) << 18) + low;
        leaf.sums.weight = static_cast<double>(weight_sum);
        for (int c = 0; c < 3; ++c) leaf.sums.moment[c] = static_cast<double>(moment[c]);
        return bounds;
    }

    /// Sets the sums of a leaf, from those about its corner; returns its bounds.
    static color_bounds sum_leaf(color_box& leaf, const color_octet* octets) {
        leaf_sums local;
        run_kernel<leaf_kernel>(octets, leaf.count, &local);
        leaf.sums = local.sums;
        color_bounds bounds;
        std::int32_t corner[3];
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
        const auto& below = tree_.levels[level + 1];
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
        bounds.write(tree_.levels[level].bounds[box / max_siblings], box % max_siblings);
    }

    tree_type tree_;
    const std::uint8_t* colors_;
    const double* counts_;
    const std::int32_t* steps_;
};

/// The octree of colours in Morton order, with weights that color_tree::fit allows. Cost O(colours).
template <std::size_t Channels>
color_tree build_color_tree(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts,
                            thread_team& team) {
    return tree_builder<Channels, byte_form>::build(colors, counts, team);
}

/// The same for colours compared in another space, where each has the three coordinates `steps`. They are from
/// −step_form::limit to step_form::limit; weights are those that step_tree::fit allows.
template <class = deferred>
step_tree build_step_tree(image_view<const std::uint8_t, 3> colors, std::span<const double> weights,
                          const std::int32_t* steps, thread_team& team) {
    return tree_builder<3, step_form>::build(colors, weights, team, steps);
}

}  // namespace lloyd::inline v0::detail
