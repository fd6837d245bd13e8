// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Seeding over the tree of colours. Draws what point_d2_sampler draws, and looks only into boxes that a seed has in part.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/seeding_kernel.hpp>
#include <lloyd/detail/octree/seeding_state.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// Where a number below the total falls when the parts of all colours are laid end to end.
struct drawn_color {
    std::array<std::uint32_t, color_tree::depth + 1> boxes{};  ///< the way there, from the root
    std::size_t level = 0;                                     ///< of the leaf
    std::uint32_t place = 0;                                   ///< its lane, counted through all octets
    std::ptrdiff_t color = 0;
};

/// `enter(level, box)` is called before the parts of what the box holds are asked for.
template <class Enter, class BoxPart, class PlacePart>
drawn_color draw_color(const color_tree& tree, double left, const Enter& enter, const BoxPart& part_of_box,
                       const PlacePart& part_of_place) {
    drawn_color drawn;
    const color_box* box = &tree.root();
    for (enter(0, 0); !box->is_leaf; enter(drawn.level, drawn.boxes[drawn.level])) {
        std::uint32_t child = box->first * octet;
        ++drawn.level;
        for (double part; left >= (part = part_of_box(drawn.level, child)); ++child) left -= part;
        drawn.boxes[drawn.level] = child;
        box = &tree.box(drawn.level, child);
    }
    drawn.place = box->first * octet;
    for (double part; left >= (part = part_of_place(drawn.place)); ++drawn.place) left -= part;
    drawn.color = box->color + (drawn.place - box->first * octet);
    return drawn;
}

inline double weight_at(const color_tree& tree, std::uint32_t place) {
    const color_octet& eight = tree.octets.data()[place / octet];
    return eight.weights[place % octet];
}

/// Every colour's weight · D², or its weight until the first seed is taken. All of it whole and exact in double.
template <class = deferred>
class color_d2_sampler {
public:
    using potential_type = uint128;

    /// `seeded` is room for what is found out; it may have been used before.
    color_d2_sampler(const point_set<std::uint8_t>& points, const color_tree& tree, seeding_state& seeded)
        : channels_(static_cast<std::size_t>(points.channels())), tree_(tree), seeded_(seeded) {}

    potential_type potential() const {
        return static_cast<std::uint64_t>(seedless_ ? tree_.root().sums.weight : seeded_.potential(tree_, 0, 0));
    }

    void add_seed(const double* seed, bool is_first) {
        if (is_first)
            seeded_.levels[0].owner(0) = pack(seed, channels_);
        else
            gain(pack(seed, channels_), true);
        seedless_ = false;
    }

    std::ptrdiff_t best_candidate(const double* candidates, std::ptrdiff_t count) {
        std::ptrdiff_t best = 0;
        double most = -1;
        for (std::ptrdiff_t i = 0; i < count; ++i, candidates += channels_) {
            const double lowered = gain(pack(candidates, channels_), false);
            if (lowered > most) {
                most = lowered;
                best = i;
            }
        }
        return best;
    }

    std::ptrdiff_t draw(potential_type number) const {
        const auto enter = [&](std::size_t level, std::uint32_t box) {
            if (!seedless_ && !seeded_.levels[level].is_open(box)) seeding_kernel::open<16>(tree_, seeded_, level, box);
        };
        const auto part_of_box = [&](std::size_t level, std::uint32_t box) {
            return seedless_ ? tree_.box(level, box).sums.weight : seeded_.potential(tree_, level, box);
        };
        const auto part_of_place = [&](std::uint32_t place) {
            return weight_at(tree_, place) * (seedless_ ? 1.0 : static_cast<double>(seeded_.nearest.data()[place]));
        };
        return draw_color(tree_, static_cast<double>(number.low), enter, part_of_box, part_of_place).color;
    }

private:
    double gain(packed_color seed, bool keep) { return run_kernel<seeding_kernel>(&tree_, &seeded_, seed, keep); }

    std::size_t channels_;
    const color_tree& tree_;
    seeding_state& seeded_;
    bool seedless_ = true;
};

/// Draws colours by weight, each at most once: random seeding.
template <class = deferred>
class weight_sampler {
public:
    using potential_type = uint128;

    explicit weight_sampler(const color_tree& tree) : tree_(tree), taken_(std::size_t{tree.octet_count} * octet, 0) {
        for (std::size_t level = 0; level < left_.size(); ++level) {
            left_[level] = buffer<double>(std::size_t{tree.levels[level].count} * octet);
            for (std::size_t i = 0; i < left_[level].size(); ++i)
                left_[level].data()[i] = tree.levels[level].boxes.data()[i].sums.weight;
        }
    }

    potential_type potential() const { return static_cast<std::uint64_t>(left_[0][0]); }

    std::ptrdiff_t draw(potential_type number) {
        const auto enter = [](std::size_t, std::uint32_t) {};
        const auto part_of_box = [&](std::size_t level, std::uint32_t box) { return left_[level].data()[box]; };
        const auto part_of_place = [&](std::uint32_t place) {
            return taken_.data()[place] != 0 ? 0.0 : weight_at(tree_, place);
        };
        drawn_ = draw_color(tree_, static_cast<double>(number.low), enter, part_of_box, part_of_place);
        return drawn_.color;
    }

    /// Takes out the colour drawn last; when none is left, seeds repeat others and there is nothing to do.
    void add_seed(const double*, bool) {
        if (left_[0][0] == 0) return;
        taken_.data()[drawn_.place] = 1;
        for (std::size_t level = 0; level <= drawn_.level; ++level)
            left_[level].data()[drawn_.boxes[level]] -= weight_at(tree_, drawn_.place);
    }

    std::ptrdiff_t best_candidate(const double*, std::ptrdiff_t) const { return 0; }

private:
    const color_tree& tree_;
    std::array<buffer<double>, color_tree::depth + 1> left_;  ///< of each box: the weight not yet taken out
    buffer<std::uint8_t> taken_;                              ///< of each lane of the octets
    drawn_color drawn_;
};

}  // namespace lloyd::inline v0::detail
