// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The distinct colours of a photo as points of a space: clustered, and labelled by centers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <lloyd/color.hpp>
#include <lloyd/color_histogram.hpp>
#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/histogram/color_lookup.hpp>
#include <lloyd/detail/kmeans/attempts.hpp>
#include <lloyd/detail/kmeans/color_steps.hpp>
#include <lloyd/detail/kmeans/dispatch.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/octree/color_tree.hpp>
#include <lloyd/detail/octree/lloyd_on_colors.hpp>
#include <lloyd/detail/octree/tree_builder.hpp>
#include <lloyd/detail/segments/space_coordinates.hpp>
#include <lloyd/detail/threads/thread_team.hpp>
#include <lloyd/image.hpp>
#include <lloyd/kmeans_options.hpp>
#include <lloyd/segment_options.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The list that is clustered has one entry for each RGB colour, with two exceptions: several RGB colours may be one of
/// 8-bit HSV, which has the sum of their weights; and where a weight is too large for a tree, the colour has several
/// entries, one after another. Weights are whole numbers; they may be 0.
template <class = deferred>
class colors_in_space {
public:
    /// `colors` are those of RGB, with their weights; they must outlive this. Refuses weights whose sum no tree can hold;
    /// `who` is the function that the message names.
    colors_in_space(const char* who, color_space space, const color_histogram<3>& colors, thread_team& team)
        : space_(space), team_(team), colors_(colors.colors()), weights_(colors.counts()) {
        if (space == color_space::hsv) list_hsv();
        split_heavy_colors();
        if (has_bytes(space)) {
            require_fit<byte_form>(who);
            tree_ = build_color_tree(colors_, weights_, team);
        } else {
            require_fit<step_form>(who);
            const auto steps = coordinates_in(space, colors_);
            points_ = uninitialized_image<float, 3>(colors_.size(), 1);
            for (std::size_t i = 0; i < steps.size(); ++i)
                points_.data()[i] = static_cast<float>(steps[i] / step_form::steps);
            step_tree_ = build_step_tree(colors_, weights_, steps.data(), team);
        }
    }
    colors_in_space(const colors_in_space&) = delete;
    colors_in_space& operator=(const colors_in_space&) = delete;

    /// Centers, and those of the result, are in units of the space, on their grid. The result has no labels.
    attempt_result cluster(int k, const kmeans_options& options, first_centers first) const {
        const auto points = as_points();
        first.scale(points.scale);
        auto result = has_bytes(space_) ? cluster_boxes<lloyd_on_colors<>>(points, tree_, k, options, first, team_)
                                        : cluster_boxes<lloyd_on_steps<>>(points, step_tree_, k, options, first, team_);
        multiply_all(result.centers.span(), 1 / points.scale);
        result.compactness = points.to_compactness(result.compactness);
        return result;
    }

    /// The nearest center of each RGB colour, the lowest on a tie.
    image<std::int32_t, 1> labels(std::span<const double> centers) const {
        buffer<double> scaled(centers.size());
        for (std::size_t i = 0; i < centers.size(); ++i) scaled[i] = centers[i] * steps_of(space_);
        auto found = has_bytes(space_) ? label_colors(tree_, scaled, 3) : label_colors(step_tree_, scaled, 3);
        if (entry_of_color_.empty()) return found;
        auto of_rgb = uninitialized_image<std::int32_t, 1>(std::ssize(entry_of_color_), 1);
        for (std::size_t i = 0; i < entry_of_color_.size(); ++i) of_rgb.data()[i] = found.data()[entry_of_color_[i]];
        return of_rgb;
    }

private:
    void list_hsv() {
        const auto converted = rgb_to_hsv(colors_);
        const image_view<const std::uint8_t, 3> hsv(converted);
        hsv_ = color_histogram<3>(hsv);
        std::vector<double> sums(static_cast<std::size_t>(hsv_.size()));
        for_each_index(hsv, hsv_.colors(), [&](std::int32_t i) {
            sums[static_cast<std::size_t>(i)] += weights_[entry_of_color_.size()];
            entry_of_color_.push_back(i);
        });
        set_list(hsv_.colors(), std::move(sums));
    }

    void split_heavy_colors() {
        constexpr double max_weight = 0x1p31 - 1;
        if (std::all_of(weights_.begin(), weights_.end(), [](double weight) { return weight <= max_weight; })) return;
        std::vector<std::int32_t> entries, colors;  // the first entry of each colour; the colour of each entry
        std::vector<double> weights;
        for (std::size_t i = 0; i < weights_.size(); ++i) {
            entries.push_back(static_cast<std::int32_t>(colors.size()));
            for (double left = weights_[i]; left > 0 || colors.size() == static_cast<std::size_t>(entries[i]);
                 left -= max_weight) {
                colors.push_back(static_cast<std::int32_t>(i));
                weights.push_back((std::min)(left, max_weight));
            }
        }
        split_ = uninitialized_image<std::uint8_t, 3>(std::ssize(colors), 1);
        for (std::ptrdiff_t e = 0; e < split_.width(); ++e)
            std::copy_n(colors_(colors[static_cast<std::size_t>(e)], 0).data(), 3, split_(e, 0).data());
        set_list(split_, std::move(weights));
        if (entry_of_color_.empty())
            entry_of_color_ = std::move(entries);
        else
            for (auto& entry : entry_of_color_) entry = entries[static_cast<std::size_t>(entry)];
    }

    void set_list(image_view<const std::uint8_t, 3> colors, std::vector<double>&& weights) {
        own_weights_ = std::move(weights);
        colors_ = colors;
        weights_ = own_weights_;
    }

    template <class Form>
    void require_fit(const char* who) const {
        double total = 0;
        for (const double weight : weights_) total += weight;
        if (total >= Form::sum_limit)
            refuse(who, ": the weights of all pixels sum up to ", total, ", but must stay below ", Form::sum_limit);
    }

    point_set as_points() const {
        if (has_bytes(space_)) return color_points(colors_, weights_, {});
        return step_points(points_, weights_);
    }

    color_space space_;
    thread_team& team_;
    image_view<const std::uint8_t, 3> colors_;  ///< of each entry, RGB or HSV
    std::span<const double> weights_;           ///< of each entry
    color_histogram<3> hsv_{};
    image<std::uint8_t, 3> split_{};
    std::vector<double> own_weights_{};
    std::vector<std::int32_t> entry_of_color_{};  ///< of each RGB colour, its first one; empty: the same number
    image<float, 3> points_{};                    ///< coordinates that are no bytes; floats hold steps exactly
    color_tree tree_{};
    step_tree step_tree_{};
};

}  // namespace lloyd::inline v0::detail
