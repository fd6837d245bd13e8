// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Seeding over the tree of colours. Draws what point_field draws, and looks only into boxes that a seed has in part.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/color_tree.hpp>
#include <lloyd/detail/point_set.hpp>
#include <lloyd/detail/seed_kernel.hpp>
#include <lloyd/detail/wide.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Where a number below the total falls when the parts of all colours are laid end to end.
struct drawn_color {
    std::array<std::uint32_t, color_tree::depth + 1> boxes{};  ///< the way there, from the root
    std::ptrdiff_t color = 0;
};

/// `enter(level, box)` is called before the parts of what the box holds are asked for.
template <class Enter, class BoxPart, class PlacePart>
drawn_color draw_color(const color_tree& tree, double left, const Enter& enter, const BoxPart& part_of_box,
                       const PlacePart& part_of_place) {
    drawn_color drawn;
    std::uint32_t box = 0;
    for (std::size_t level = 0; level < color_tree::depth; ++level) {
        enter(level, box);
        box = tree.levels[level].child.data()[box];
        for (double part; left >= (part = part_of_box(level + 1, box)); ++box) left -= part;
        drawn.boxes[level + 1] = box;
    }
    enter(color_tree::depth, box);
    const auto first = tree.cubes().child.data()[box];
    auto place = first;
    for (double part; left >= (part = part_of_place(place)); ++place) left -= part;
    drawn.color = tree.cubes().color.data()[box] + (place - first);
    return drawn;
}

/// Every colour's weight · D², or its weight until the first seed is taken. All of it whole and exact in double.
class color_field {
public:
    using potential = wide;

    color_field(const point_set<std::uint8_t>& points, const color_tree& tree)
        : channels_(points.channels()), tree_(tree), seeded_(tree) {}

    potential total() const { return static_cast<std::uint64_t>(seedless_ ? root().weight : root_potential()); }

    void take(const double* seed, bool first) {
        const point3 at(seed, channels_);
        if (first)
            seed_kernel::close(tree_.levels[0], seeded_.levels[0], 0, at.coordinates);
        else
            gain(at, true);
        seedless_ = false;
    }

    std::ptrdiff_t best(const double* candidates, std::ptrdiff_t tries) {
        std::ptrdiff_t best = 0;
        double most = -1;
        for (std::ptrdiff_t i = 0; i < tries; ++i) {
            const double lowered = gain(point3(candidates + i * channels_, channels_), false);
            if (lowered > most) {
                most = lowered;
                best = i;
            }
        }
        return best;
    }

    std::ptrdiff_t draw(potential number) {
        const auto left = static_cast<double>(number.low);
        const auto weight = [&](std::uint32_t place) { return static_cast<double>(tree_.weights.data()[place]); };
        if (seedless_)
            return draw_color(
                       tree_, left, [](std::size_t, std::uint32_t) {},
                       [&](std::size_t level, std::uint32_t box) { return tree_.levels[level].sums.data()[box].weight; },
                       weight)
                .color;
        return draw_color(
                   tree_, left,
                   [&](std::size_t level, std::uint32_t box) {
                       if (seeded_.levels[level].is_open.data()[box] == 0)
                           seed_kernel::open<16>(tree_, seeded_, level, box);
                   },
                   [&](std::size_t level, std::uint32_t box) { return seeded_.levels[level].potential.data()[box]; },
                   [&](std::uint32_t place) {
                       return weight(place) * static_cast<double>(seeded_.nearest.data()[place]);
                   })
            .color;
    }

private:
    struct point3 {
        point3(const double* from, std::ptrdiff_t channels) {
            for (std::ptrdiff_t c = 0; c < channels; ++c) coordinates[c] = static_cast<float>(from[c]);
        }
        float coordinates[3] = {0, 0, 0};
    };

    const box_sums& root() const { return tree_.levels[0].sums.data()[0]; }
    double root_potential() const { return seeded_.levels[0].potential.data()[0]; }

    double gain(const point3& seed, bool keep) {
        return run_kernel<seed_kernel>(&tree_, &seeded_, &seed.coordinates[0], keep);
    }

    std::ptrdiff_t channels_;
    const color_tree& tree_;
    seeded_tree seeded_;
    bool seedless_ = true;
};

/// Draws colours by weight, each at most once: random seeding.
class color_urn {
public:
    using potential = wide;

    explicit color_urn(const color_tree& tree) : tree_(tree), taken_(tree.weights.size(), 0) {
        for (std::size_t level = 0; level < left_.size(); ++level) {
            const color_boxes& boxes = tree.levels[level];
            left_[level] = buffer<double>(static_cast<std::size_t>(boxes.count));
            for (std::ptrdiff_t i = 0; i < boxes.count; ++i) left_[level].data()[i] = boxes.sums.data()[i].weight;
        }
    }

    potential total() const { return static_cast<std::uint64_t>(left_[0][0]); }

    std::ptrdiff_t draw(potential number) {
        drawn_ = draw_color(
            tree_, static_cast<double>(number.low), [](std::size_t, std::uint32_t) {},
            [&](std::size_t level, std::uint32_t box) { return left_[level].data()[box]; },
            [&](std::uint32_t place) { return taken_.data()[place] != 0 ? 0.0 : weight(place); });
        return drawn_.color;
    }

    /// Takes out the colour drawn last; when none is left, seeds repeat others and there is nothing to do.
    void take(const double*, bool) {
        if (left_[0][0] == 0) return;
        const auto cube = drawn_.boxes[color_tree::depth];
        const auto place = tree_.cubes().child.data()[cube] +
                           static_cast<std::uint32_t>(drawn_.color - tree_.cubes().color.data()[cube]);
        taken_.data()[place] = 1;
        for (std::size_t level = 0; level < left_.size(); ++level)
            left_[level].data()[drawn_.boxes[level]] -= weight(place);
    }

    std::ptrdiff_t best(const double*, std::ptrdiff_t) const { return 0; }

private:
    double weight(std::uint32_t place) const { return static_cast<double>(tree_.weights.data()[place]); }

    const color_tree& tree_;
    std::array<buffer<double>, color_tree::depth + 1> left_;  ///< of each box: the weight not yet taken out
    buffer<std::uint8_t> taken_;                              ///< of each place
    drawn_color drawn_;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
