// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The colour farthest from its nearest center: branch and bound over the octree of colours, the box with the largest
/// bound first. All numbers are exact.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/octree/color_tree.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <class = deferred>
class farthest_color_search {
public:
    /// `centers` are k × `channels` coordinates, on their grid.
    farthest_color_search(const color_tree& tree, std::span<const double> centers, std::ptrdiff_t channels)
        : tree_(tree), centers_(3 * centers.size() / static_cast<std::size_t>(channels), 0.0) {
        for (std::size_t i = 0; i < centers.size(); ++i)
            centers_[i / static_cast<std::size_t>(channels) * 3 + i % static_cast<std::size_t>(channels)] = centers[i];
    }

    /// The index in the list of colours, the lowest on a tie; never a colour without weight, nor the only one of its
    /// cluster, whose weight is that of the cluster in `weights`; −1 when every colour lies on its center.
    std::ptrdiff_t find(std::span<const double> weights) {
        std::vector<bounded_box> boxes{{(std::numeric_limits<double>::max)(), 0, 0}};  // a heap
        while (!boxes.empty() && boxes.front().max_d2 >= max_d2_) {
            std::pop_heap(boxes.begin(), boxes.end());
            const auto [bound, level, index] = boxes.back();
            const color_box& box = tree_.box(level, index);
            boxes.pop_back();
            if (box.is_leaf) {
                search_leaf(box, weights);
                continue;
            }
            for (std::uint32_t l = 0; l < box.count; ++l) {
                boxes.push_back(
                    {bound_of(tree_.levels[level + 1].bounds[box.first], l), level + 1, box.first * max_siblings + l});
                std::push_heap(boxes.begin(), boxes.end());
            }
        }
        return farthest_;
    }

private:
    /// No colour of the box is farther from its nearest center.
    struct bounded_box {
        double max_d2;
        std::size_t level;
        std::uint32_t box;

        bool operator<(const bounded_box& other) const { return max_d2 < other.max_d2; }
    };

    /// The least, over all centers, of the squared distance from the center to the farthest corner of a box.
    double bound_of(const sibling_bounds& siblings, std::uint32_t lane) const {
        double low[3], extent[3], bound = (std::numeric_limits<double>::max)();
        unpack(siblings.low[lane], &low[0]);
        unpack(siblings.extent[lane], &extent[0]);
        for (std::size_t i = 0; i < centers_.size(); i += 3) {
            double sum = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                const double above_low = centers_[i + c] - low[c];
                const double farther = (std::max)(above_low, extent[c] - above_low);
                sum += farther * farther;
            }
            bound = (std::min)(bound, sum);
        }
        return bound;
    }

    void search_leaf(const color_box& leaf, std::span<const double> weights) {
        double corner[3];
        unpack(leaf.corner, &corner[0]);
        for (std::uint32_t i = 0; i < leaf.color_count; ++i) {
            const color_octet& octet = tree_.octets[leaf.first + i / octet_size];
            const double weight = octet.weights[i % octet_size];
            double x[3];
            unpack(octet.coordinates[i % octet_size], &x[0]);
            for (std::size_t c = 0; c < 3; ++c) x[c] += corner[c];
            std::size_t nearest = 0;
            const double d2 = nearest_d2(x, nearest);
            const std::ptrdiff_t color = leaf.color_at(leaf.first * octet_size + i);
            const bool is_farther = d2 > max_d2_ || (d2 == max_d2_ && color < farthest_);
            if (!is_farther || weight == 0 || weight == weights[nearest]) continue;
            max_d2_ = d2;
            farthest_ = color;
        }
    }

    /// The squared distance to the nearest center, the lowest on a tie; or some number below the largest so far.
    double nearest_d2(const double (&x)[3], std::size_t& nearest) const {
        double least = (std::numeric_limits<double>::max)();
        for (std::size_t i = 0; i < centers_.size() && least >= max_d2_; i += 3) {
            double sum = 0;
            for (std::size_t c = 0; c < 3; ++c) sum += (x[c] - centers_[i + c]) * (x[c] - centers_[i + c]);
            if (sum >= least) continue;
            least = sum;
            nearest = i / 3;
        }
        return least;
    }

    const color_tree& tree_;
    buffer<double> centers_;  ///< k × 3
    double max_d2_ = 0;
    std::ptrdiff_t farthest_ = -1;
};

}  // namespace lloyd::inline v0::detail
