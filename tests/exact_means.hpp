// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Whether centers are the means of their clusters, by sums without rounding.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include <lloyd/kmeans.hpp>

#include "exact_number.hpp"

namespace reference {

/// The sign of Σ weight · (x − place) over coordinate c of cluster j.
template <class T>
int side_of_mean(const lloyd::image<T>& data, const std::vector<double>& weights, const lloyd::kmeans_result<>& result,
                 std::ptrdiff_t j, std::size_t c, double place) {
    exact_number sum;
    const auto labels = result.labels.elements();
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] != j) continue;
        const double weight = weights.empty() ? 1 : weights[i];
        sum.add_product(weight, static_cast<double>(data.elements()[i * result.centers(j, 0).size() + c]));
        sum.add_product(-weight, place);
    }
    return sum.sign();
}

/// The first coordinate of a center that is not the mean of its cluster, but for the last bit; for 8-bit data, but for
/// half a step of the grid. Empty when there is none.
template <class T>
std::string not_a_mean(const lloyd::image<T>& data, const std::vector<double>& weights,
                       const lloyd::kmeans_result<>& result) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    constexpr double half = std::is_same_v<T, std::uint8_t> ? 0x1p-17 + 0x1p-44 : 0;
    for (std::ptrdiff_t j = 0; j < result.centers.width(); ++j) {
        if (result.weights[static_cast<std::size_t>(j)] == 0) continue;
        for (std::size_t c = 0; c < result.centers(j, 0).size(); ++c) {
            const double center = result.centers(j, 0)[c];
            const double below = std::nextafter(center, -infinity) - half,
                         above = std::nextafter(center, infinity) + half;
            if (side_of_mean(data, weights, result, j, c, below) < 0 ||
                side_of_mean(data, weights, result, j, c, above) > 0)
                return "center " + std::to_string(j) + ", coordinate " + std::to_string(c);
        }
    }
    return {};
}

}  // namespace reference
