// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Draws seeds from the octree of colours: by D² for k-means++, by weight
/// for random seeding. From equal random numbers color_d2_sampler and point_d2_sampler draw equal seeds; this one
/// compares colours only in boxes that a seed splits.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/kmeans_common/d2_sampler.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/seeding_kernel.hpp>
#include <lloyd/detail/octree/seeding_state.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// A colour of the tree, and the boxes that contain it.
struct drawn_color {
    std::array<std::uint32_t, color_tree::depth + 1> boxes{};  ///< one of each level, from the root to the leaf
    std::size_t level = 0;                                     ///< of the leaf
    std::uint32_t place = 0;                                   ///< its place in the octets
    std::ptrdiff_t color = 0;                                  ///< its index in the list of colours
};

/// The colour at `number`, 0 to below the total, when each colour takes up an interval as long as its part and
/// intervals follow each other in the order of colours. `part_of_box(level, box)` and `part_of_place(place)` are those
/// parts; before they are called for the contents of a box, `enter(level, box)` is.
template <class Enter, class BoxPart, class PlacePart>
drawn_color draw_color(const color_tree& tree, double number, const Enter& enter, const BoxPart& part_of_box,
                       const PlacePart& part_of_place) {
    drawn_color drawn;
    const color_box* box = &tree.root();
    for (enter(0, 0); !box->is_leaf; enter(drawn.level, drawn.boxes[drawn.level])) {
        std::uint32_t child = box->first * max_siblings;
        ++drawn.level;
        for (double part; number >= (part = part_of_box(drawn.level, child)); ++child) number -= part;
        drawn.boxes[drawn.level] = child;
        box = &tree.box(drawn.level, child);
    }
    drawn.place = box->first * octet_size;
    for (double part; number >= (part = part_of_place(drawn.place)); ++drawn.place) number -= part;
    drawn.color = box->color_at(drawn.place);
    return drawn;
}

/// The colour of this index in the list.
inline drawn_color find_color(const color_tree& tree, std::ptrdiff_t color) {
    drawn_color found;
    found.color = color;
    const auto index = static_cast<std::uint32_t>(color);
    const color_box* box = &tree.root();
    while (!box->is_leaf) {
        found.boxes[found.level + 1] = box->first * max_siblings;
        ++found.level;
        for (box = &tree.box(found.level, found.boxes[found.level]); box->first_color + box->color_count <= index;)
            box = &tree.box(found.level, ++found.boxes[found.level]);
    }
    found.place = box->first * octet_size + (index - box->first_color);
    return found;
}

inline double weight_at(const color_tree& tree, std::uint32_t place) {
    const color_octet& octet = tree.octets[place / octet_size];
    return octet.weights[place % octet_size];
}

/// Draws colours by weight · D², the first one by its weight. All numbers are integers and exact in double.
template <class = deferred>
class color_d2_sampler final : public d2_sampler {
public:
    /// `state` is room for the seeds; it may have been used before.
    color_d2_sampler(const point_set& points, const color_tree& tree, seeding_state& state)
        : channels_(static_cast<std::size_t>(points.channels())), tree_(tree), state_(state) {}

    /// Σ weight · D², or Σ weight before there is a seed.
    potential total() const override {
        return {static_cast<std::uint64_t>(has_seed_ ? state_.potential(tree_, 0, 0) : tree_.root().sums.weight), 0};
    }

    void add_seed(const double* seed, bool is_first) override {
        if (is_first)
            state_.levels[0].nearest_seed(0) = pack(seed, channels_);
        else
            gain(pack(seed, channels_), true, 0);
        has_seed_ = true;
    }

    /// The candidate that leaves the least potential, the first one on a tie.
    std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) override {
        std::ptrdiff_t best = 0;
        double max_gain = -1;
        for (std::ptrdiff_t i = 0; i < count; ++i, candidates += channels_) {
            const double lowered = gain(pack(candidates, channels_), false, max_gain);
            if (lowered > max_gain) {
                max_gain = lowered;
                best = i;
            }
        }
        return best;
    }

    /// The colour at `number`, 0 to below the potential. Opens the boxes that contain it.
    std::ptrdiff_t draw(potential number) override {
        const auto enter = [&](std::size_t level, std::uint32_t box) {
            if (has_seed_ && !state_.levels[level].is_open(box)) seeding_kernel::open<16>(tree_, state_, level, box);
        };
        const auto part_of_box = [&](std::size_t level, std::uint32_t box) {
            return has_seed_ ? state_.potential(tree_, level, box) : tree_.box(level, box).sums.weight;
        };
        const auto part_of_place = [&](std::uint32_t place) {
            return weight_at(tree_, place) * (has_seed_ ? static_cast<double>(state_.d2[place]) : 1.0);
        };
        return draw_color(tree_, static_cast<double>(number.integer.low), enter, part_of_box, part_of_place).color;
    }

private:
    double gain(packed_color seed, bool keep, double best_gain) {
        return run_kernel<seeding_kernel>(&tree_, &state_, seed, keep, best_gain);
    }

    std::size_t channels_;
    const color_tree& tree_;
    seeding_state& state_;
    bool has_seed_ = false;
};

/// Draws colours by weight, each at most once: random seeding.
template <class = deferred>
class weight_sampler final : public d2_sampler {
public:
    weight_sampler(const point_set& points, const color_tree& tree)
        : points_(points), tree_(tree), is_seed_(std::size_t{tree.octet_count} * octet_size, 0) {
        for (std::size_t level = 0; level < weights_.size(); ++level) {
            weights_[level] = buffer<double>(std::size_t{tree.levels[level].group_count} * max_siblings);
            for (std::size_t i = 0; i < weights_[level].size(); ++i)
                weights_[level][i] = tree.levels[level].boxes[i].sums.weight;
        }
    }

    /// The weight of the colours that are not seeds.
    potential total() const override { return {static_cast<std::uint64_t>(weights_[0][0]), 0}; }

    std::ptrdiff_t draw(potential number) override {
        const auto enter = [](std::size_t, std::uint32_t) {};
        const auto part_of_box = [&](std::size_t level, std::uint32_t box) { return weights_[level][box]; };
        const auto part_of_place = [&](std::uint32_t place) {
            return is_seed_[place] != 0 ? 0.0 : weight_at(tree_, place);
        };
        drawn_ = draw_color(tree_, static_cast<double>(number.integer.low), enter, part_of_box, part_of_place);
        return drawn_.color;
    }

    /// Adds the colour drawn last, with all of its entries, which lie side by side. When all colours are seeds already,
    /// the seed repeats one of them.
    void add_seed(const double*, bool) override {
        if (weights_[0][0] == 0 || is_seed_[drawn_.place] != 0) return;
        const color_box& leaf = tree_.box(drawn_.level, drawn_.boxes[drawn_.level]);
        const auto first = leaf.first * octet_size, end = first + leaf.color_count;
        const auto color = color_at(drawn_.place);
        auto place = drawn_.place;
        while (place > first && color_at(place - 1) == color) --place;
        for (; place < end && color_at(place) == color; ++place) {
            is_seed_[place] = 1;
            for (std::size_t level = 0; level <= drawn_.level; ++level)
                weights_[level][drawn_.boxes[level]] -= weight_at(tree_, place);
        }
    }

    /// Adds a colour, if it occurs.
    void add_fixed_seed(const double* seed, bool is_first) override {
        double color[3];
        for (std::ptrdiff_t i = 0; i < points_.size(); ++i) {
            points_.read_point(i, &color[0]);
            if (!std::equal(seed, seed + points_.channels(), &color[0])) continue;
            drawn_ = find_color(tree_, i);
            return add_seed(seed, is_first);
        }
    }

    std::ptrdiff_t best_candidate(const double*, std::ptrdiff_t) override { return 0; }

private:
    packed_color color_at(std::uint32_t place) const {
        return tree_.octets[place / octet_size].coordinates[place % octet_size];
    }

    const point_set& points_;
    const color_tree& tree_;
    std::array<buffer<double>, color_tree::depth + 1> weights_;  ///< of each box: of its colours that are not seeds
    buffer<std::uint8_t> is_seed_;                               ///< 1 or 0 for each place in the octets
    drawn_color drawn_;
};

}  // namespace lloyd::inline v0::detail
