// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The pixels of an image as weighted points, and the layout of the bins for their sums.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/kmeans_common/bins.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/magnitudes.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/weights.hpp>
#include <lloyd/detail/simd/simd.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// The bins for sums of weight · coordinate, and of weights, over `points` points. Weights are in units; empty: all 1.
template <class = deferred>
bin_layout bins_for(const coordinate_range& range, std::span<const double> weights, bool integer_weights,
                    std::ptrdiff_t points) {
    int lowest = (std::min)(range.lowest, 0), highest = (std::max)(range.highest, 0);
    if (weights.empty()) return bin_layout::of(lowest, highest, points);
    const auto found = run_kernel<magnitudes_kernel<double>>(weights.data(), std::ssize(weights));
    constexpr int min_exponent = -1022, digits = 53;  // of doubles
    if (!integer_weights) lowest += (std::max)(exponent_of(found.smallest), min_exponent) - (digits - 1);
    highest += exponent_of(found.largest) + 1;
    return bin_layout::of(lowest, highest, 4 * points);  // products of two parts each
}

/// One weight for each pixel, in units.
template <class = deferred>
std::vector<double> pixel_weights(std::span<const double> weights, const weight_unit& unit) {
    std::vector<double> result(weights.begin(), weights.end());
    for (double& weight : result) weight = unit.count(weight);
    return result;
}

/// The pixels of positive weight (in units), which are clustered. The others are only labelled, at the end.
template <class T>
class weighted_pixels {
public:
    /// Refuses data that is not finite. Centers, where given, may limit the scale.
    weighted_pixels(const char* who, image_view<const T> data, std::span<const double> weights, const weight_unit& unit,
                    const buffer<double>& centers = {})
        : unit_(unit), pixels_(data), weights_(pixel_weights(weights, unit)) {
        range_ = range_of(who, data, centers);  // of all pixels: those without weight must be finite, too
        if (std::find(weights_.begin(), weights_.end(), 0.0) == weights_.end()) return;
        gather(data);
        range_ = range_of(who, pixels_, centers);
    }
    weighted_pixels(const weighted_pixels&) = delete;
    weighted_pixels& operator=(const weighted_pixels&) = delete;

    /// Whether every pixel has weight.
    bool are_all() const { return gathered_.empty(); }
    point_set points() const {
        const auto bins = bins_for(range_, weights_, unit_.integer, pixels_.size());
        return point_set(pixels_, weights_, range_.scale, unit_, bins);
    }

private:
    /// Copies the pixels of positive weight, one after another.
    [[gnu::cold]] void gather(image_view<const T> data) {
        const auto kept = std::count_if(weights_.begin(), weights_.end(), [](double weight) { return weight > 0; });
        gathered_ = uninitialized_image<T>(kept, 1, data.channels());
        T* to = gathered_.data();
        auto weight = weights_.cbegin();
        for (std::ptrdiff_t y = 0; y < data.height(); ++y)
            for (std::ptrdiff_t x = 0; x < data.width(); ++x)
                if (*weight++ > 0) to = std::copy_n(data(x, y).data(), data.channels(), to);
        std::erase(weights_, 0.0);
        pixels_ = gathered_;
    }

    weight_unit unit_;
    image<T> gathered_;  ///< empty: all pixels have weight
    image_view<const T> pixels_;
    std::vector<double> weights_;  ///< in units; empty: all 1
    coordinate_range range_;
};

}  // namespace lloyd::inline v0::detail
