// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Lloyd's algorithm over the octree of an image's distinct colours. lloyd_on_points gives the same bits for the same
/// colours and weights, in more time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/kmeans_common/arithmetic.hpp>
#include <lloyd/detail/kmeans_common/lloyd_engine.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/seeding.hpp>
#include <lloyd/detail/octree/color_seeding.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/filtering_kernel.hpp>
#include <lloyd/detail/octree/filtering_state.hpp>
#include <lloyd/detail/octree/seeding_state.hpp>
#include <lloyd/detail/octree/step_seeding.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The nearest center of each colour, the first one on a tie. `centers` are k × `channels` coordinates.
template <class Form>
image<std::int32_t, 1> label_colors(const basic_color_tree<Form>& tree, const buffer<double>& centers,
                                    std::ptrdiff_t channels) {
    filtering_state state(static_cast<std::ptrdiff_t>(centers.size()) / channels);
    state.set_centers(centers.data(), channels);
    auto labels = uninitialized_image<std::int32_t, 1>(static_cast<std::ptrdiff_t>(tree.root().color_count), 1);
    run_kernel<filtering_kernel<Form>>(&tree, &state, labels.data());
    return labels;
}

/// The steps of an attempt but for its seeds, for attempts one after another. `points` are the colours of the tree.
template <class Form>
class lloyd_on_boxes : public lloyd_engine {
public:
    lloyd_on_boxes(const point_set& points, const basic_color_tree<Form>& tree, std::ptrdiff_t k)
        : points_(points), tree_(tree), filtering_(tree, k), sums_(k, points.channels(), Form::grid) {}

    void begin() override {}

    void assign(const buffer<double>& centers) override {
        filtering_.set_centers(centers.data(), points_.channels());
        filtering_.sums.fill(0);
        run_kernel<filtering_kernel<Form>>(&tree_, &filtering_, nullptr);
        update_sums();
    }

    /// Whether the last assignment changed no label; it is enough that it changed no sum. Suppose that labels changed
    /// and all sums stayed: the compactness stayed, too, so that every change was a tie. On a tie labels only fall, so
    /// Σ weight · label fell; but that is determined by the sums of weights.
    bool settled() const override { return !changed_; }

    double compactness(const buffer<double>& centers) override {
        return sums_.compactness(centers.data(), tree_.squares);
    }

    double weight(std::ptrdiff_t j) const override { return sums_.weight(j); }
    void mean(std::ptrdiff_t j, double* to) const override { sums_.mean(j, to); }
    image<std::int32_t, 1> labels(const buffer<double>& centers) const override {
        return label_colors(tree_, centers, points_.channels());
    }
    /// None: label_colors finds them from the centers of the best attempt.
    image<std::int32_t, 1> take_labels() override { return {}; }

protected:
    const point_set& points() const { return points_; }
    const basic_color_tree<Form>& tree() const { return tree_; }

private:
    /// Reads the sums that the kernel left, and compares them with those before.
    void update_sums() {
        const auto channels = points_.channels();
        changed_ = false;
        for (std::ptrdiff_t j = 0; j < filtering_.k; ++j)
            for (std::ptrdiff_t q = 0; q <= channels; ++q) {
                double total = filtering_.sums[4 * j + q];
                if (q > 0) total -= Form::grid.origin * filtering_.sums[4 * j];
                auto& sum = q == 0 ? sums_.weights[j] : sums_.moments[j * channels + q - 1];
                changed_ = changed_ || sum != static_cast<std::uint64_t>(total);
                sum = static_cast<std::uint64_t>(total);
            }
    }

    const point_set& points_;
    const basic_color_tree<Form>& tree_;
    filtering_state filtering_;
    integer_sums sums_;
    bool changed_ = true;
};

/// On colours whose coordinates are bytes.
template <class = deferred>
class lloyd_on_colors final : public lloyd_on_boxes<byte_form> {
public:
    lloyd_on_colors(const point_set& points, const color_tree& tree, std::ptrdiff_t k)
        : lloyd_on_boxes<byte_form>(points, tree, k), seeding_(tree) {}

    /// `fixed` are integers.
    buffer<double> seed(std::ptrdiff_t count, bool by_distance, random_stream random,
                        std::span<const double> fixed) override {
        if (by_distance) {
            color_d2_sampler<> sampler(points(), tree(), seeding_);
            return draw_seeds(sampler, points(), count, by_distance, random, fixed);
        }
        weight_sampler<> sampler(points(), tree());
        return draw_seeds(sampler, points(), count, by_distance, random, fixed);
    }

private:
    seeding_state seeding_;
};

/// On colours whose coordinates are steps.
template <class = deferred>
class lloyd_on_steps final : public lloyd_on_boxes<step_form> {
public:
    using lloyd_on_boxes<step_form>::lloyd_on_boxes;

    /// `fixed` are whole steps.
    buffer<double> seed(std::ptrdiff_t count, bool by_distance, random_stream random,
                        std::span<const double> fixed) override {
        step_d2_sampler<> sampler(tree(), by_distance);
        return draw_seeds(sampler, points(), count, by_distance, random, fixed);
    }
};

}  // namespace lloyd::inline v0::detail
