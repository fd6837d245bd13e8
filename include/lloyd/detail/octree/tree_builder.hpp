// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// From the list of distinct colours to their tree.
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

/// Coordinates count from the corner of the leaf.
struct leaf_sums {
    box_sums sums;
    packed_color low[3], high[3];
};

struct leaf_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const color_octet* octets, std::uint32_t count, leaf_sums* leaf) {
        using lanes = color_lanes<double, Bytes>;
        using numbers = typename lanes::numbers;
        numbers weight = {}, square = {}, moment[3] = {}, low[3], high[3] = {};
        low[0] = low[1] = low[2] = numbers{} + 255.0;
        for (std::uint32_t i = 0; i < count * octet; i += lanes::count) {
            const lanes colors(octets[i / octet], i % octet);
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
            leaf->low[c] = static_cast<packed_color>(least_lane(low[c]));
            leaf->high[c] = static_cast<packed_color>(most_lane(high[c]));
        }
    }
};

struct color_bounds {
    packed_color low[3] = {255, 255, 255}, high[3] = {0, 0, 0};

    void add(const box_family& family, std::uint32_t lane) {
        for (int c = 0; c < 3; ++c) {
            const auto least = family.low[lane] >> 8 * c & 255, most = least + (family.extent[lane] >> 8 * c & 255);
            low[c] = (std::min)(low[c], least);
            high[c] = (std::max)(high[c], most);
        }
    }
    packed_color lowest() const { return pack(low, 3); }
    packed_color extent() const { return pack(high, 3) - pack(low, 3); }
};

/// The bits of packed coordinates that a set of bits of the code stands for.
template <std::size_t Channels>
constexpr packed_color packed_bits(std::uint32_t code) {
    std::uint8_t bits[Channels]{};
    morton_color<Channels>(code, bits);
    return pack(bits, Channels);
}

/// Colours in Morton order, divided from the root down until a box holds few; then leaves are filled, by a team of threads,
/// and what is above them is summed up.
template <std::size_t Channels>
class tree_builder {
public:
    static color_tree build(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts,
                            thread_team& team) {
        tree_builder builder(colors.data(), counts);
        builder.allot_family(0);
        builder.make_box(0, 0, 0, static_cast<std::uint32_t>(counts.size()));
        constexpr std::size_t at_once = 16;
        const auto& leaves = builder.leaves_;
        team.for_each((leaves.size() + at_once - 1) / at_once, [&](std::size_t part) {
            for (auto i = part * at_once; i < (std::min)((part + 1) * at_once, leaves.size()); ++i)
                builder.fill(leaves[i]);
        });
        for (auto level = color_tree::depth; level-- > 0;) builder.sum_up(level);
        return std::move(builder.tree_);
    }

private:
    struct place {
        std::size_t level;
        std::uint32_t box;
    };

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

    /// A family of empty boxes.
    std::uint32_t allot_family(std::size_t level) {
        const auto family = tree_.levels[level].count++;
        tree_.levels[level].families.data()[family] = box_family{};
        std::fill_n(tree_.levels[level].boxes.data() + std::size_t{family} * octet, octet, color_box{});
        return family;
    }

    /// Makes a box of the colours from `first` to `last`, whose codes differ in the lowest bits only.
    void make_box(std::size_t level, std::uint32_t box, std::uint32_t first, std::uint32_t last) {
        color_box& made = tree_.levels[level].boxes.data()[box];
        made.color = first;
        made.colors = last - first;
        made.is_leaf = made.colors <= few || level == color_tree::depth || low_bits(level) == 0;
        if (made.is_leaf) {
            made.first = tree_.octet_count;
            made.count = (made.colors + octet - 1) / octet;
            tree_.octet_count += made.count;
            leaves_.push_back({level, box});
            return;
        }
        made.first = allot_family(level + 1);
        while (first < last) {
            const auto end = end_of_prefix(level + 1, first, last);
            make_box(level + 1, made.first * octet + made.count++, first, end);
            first = end;
        }
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

    void fill(const place& at) {
        color_box& leaf = tree_.levels[at.level].boxes.data()[at.box];
        leaf.corner = pack(colors_ + leaf.color * Channels, Channels) &
                      packed_bits<Channels>(~std::uint32_t{0} << low_bits(at.level));
        color_octet* octets = tree_.octets.data() + leaf.first;
        const std::uint8_t* color = colors_ + leaf.color * Channels;
        const double* weight = counts_ + leaf.color;
        for (std::uint32_t i = 0; i < leaf.colors; ++i, color += Channels) {
            octets[i / octet].coordinates[i % octet] = pack(color, Channels) - leaf.corner;
            octets[i / octet].weights[i % octet] = static_cast<std::int32_t>(weight[i]);
        }
        color_octet& last = octets[leaf.count - 1];
        for (auto l = (leaf.colors - 1) % octet + 1; l < octet; ++l) {
            last.coordinates[l] = last.coordinates[l - 1];
            last.weights[l] = 0;
        }
        set_bounds(at.level, at.box, sum_up(leaf, octets));
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

    /// What boxes hold that are no leaves: of the level below, all is known.
    void sum_up(std::size_t level) {
        const color_level& below = tree_.levels[level + 1];
        for (std::uint32_t box = 0; box < tree_.levels[level].count * octet; ++box) {
            color_box& parent = tree_.levels[level].boxes.data()[box];
            if (parent.is_leaf || parent.count == 0) continue;
            color_bounds bounds;
            for (std::uint32_t lane = 0; lane < parent.count; ++lane) {
                parent.sums += below.boxes.data()[parent.first * octet + lane].sums;
                bounds.add(below.families.data()[parent.first], lane);
            }
            set_bounds(level, box, bounds);
        }
    }

    void set_bounds(std::size_t level, std::uint32_t box, const color_bounds& bounds) {
        box_family& family = tree_.levels[level].families.data()[box / octet];
        family.low[box % octet] = bounds.lowest();
        family.extent[box % octet] = bounds.extent();
    }

    color_tree tree_;
    std::vector<place> leaves_;
    const std::uint8_t* colors_;
    const double* counts_;
};

/// Of colours in Morton order, with weights that fit.
template <std::size_t Channels>
color_tree build_color_tree(image_view<const std::uint8_t, Channels> colors, std::span<const double> counts,
                            thread_team& team) {
    return tree_builder<Channels>::build(colors, counts, team);
}

}  // namespace lloyd::inline v0::detail
