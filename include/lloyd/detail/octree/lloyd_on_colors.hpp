// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of Lloyd's algorithm over the distinct colours of an image, box by box: `lloyd_on_points` of the same points
/// gives the same bits, later.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/base/uint128.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/center_update.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>
#include <lloyd/detail/octree/color_seeding.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/filtering_kernel.hpp>
#include <lloyd/detail/octree/filtering_state.hpp>
#include <lloyd/detail/octree/seeding_state.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The nearest center of every colour.
template <class = deferred>
image<std::int32_t, 1> label_colors(const color_tree& tree, const buffer<double>& centers, std::ptrdiff_t channels) {
    filtering_state state(static_cast<std::ptrdiff_t>(centers.size()) / channels);
    state.set_centers(centers.data(), channels);
    image<std::int32_t, 1> labels(uninitialized, static_cast<std::ptrdiff_t>(tree.root().colors), 1);
    run_kernel<filtering_kernel>(&tree, &state, labels.data());
    return labels;
}

/// The state of one attempt after another, with the interface of `lloyd_on_points`.
template <class = deferred>
class lloyd_on_colors {
    using sums_type = integer_sums;

public:
    lloyd_on_colors(const point_set<std::uint8_t>& points, const color_tree& tree, std::ptrdiff_t k)
        : points_(points), tree_(tree), seeded_(tree), contest_(k), sums_(k, points.channels()) {}

    void begin() {}

    buffer<double> seed(bool by_distance, random_stream random) {
        if (by_distance) {
            color_d2_sampler field(points_, tree_, seeded_);
            return draw_seeds(field, points_, contest_.k, by_distance, random);
        }
        weight_sampler urn(tree_);
        return draw_seeds(urn, points_, contest_.k, by_distance, random);
    }

    void assign(const buffer<double>& centers) {
        contest_.set_centers(centers.data(), points_.channels());
        contest_.sums.fill(0);
        run_kernel<filtering_kernel>(&tree_, &contest_, nullptr);
        sum_up();
    }

    double move_to_means(buffer<double>& centers) {
        return detail::move_to_means<integer_arithmetic>(
            points_, sums_, centers, [&] { return label_colors(tree_, centers, points_.channels()); });
    }

    /// Points of positive weight change clusters only if a sum changes: a swap that keeps all sums would keep the
    /// compactness, so every changed label would be a tie, and ties move labels one way: down.
    bool settled() const { return !changed_; }

    double compactness(const buffer<double>& centers) const {
        return integer_arithmetic::compactness(sums_, centers.data(),
                                               uint128(static_cast<std::uint64_t>(tree_.root().sums.square)));
    }

    double weight(std::ptrdiff_t j) const { return sums_.weight(j); }

    /// None: they are found from the centers, once, when the best attempt is known.
    image<std::int32_t, 1> take_labels() { return {}; }

private:
    void sum_up() {
        const auto channels = points_.channels();
        changed_ = false;
        for (std::ptrdiff_t j = 0; j < contest_.k; ++j)
            for (std::ptrdiff_t q = 0; q <= channels; ++q) {
                const double total = contest_.sums.data()[4 * j + q];
                auto& sum = q == 0 ? sums_.weights.data()[j] : sums_.moments.data()[j * channels + q - 1];
                changed_ = changed_ || sum != static_cast<std::uint64_t>(total);
                sum = static_cast<std::uint64_t>(total);
            }
    }

    const point_set<std::uint8_t>& points_;
    const color_tree& tree_;
    seeding_state seeded_;
    filtering_state contest_;
    sums_type sums_;
    bool changed_ = true;
};

}  // namespace lloyd::inline v0::detail
