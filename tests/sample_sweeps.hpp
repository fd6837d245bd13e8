// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// What tests look at in a sweep over K, and what two of them differ in.
#pragma once

#include <string>
#include <vector>

#include <lloyd/elbow.hpp>

#include "sample_points.hpp"

namespace samples {

/// The WCSS of each point of the curve.
template <std::size_t C>
std::vector<double> heights(const lloyd::elbow_result<C>& sweep) {
    std::vector<double> result;
    for (const auto& point : sweep.curve) result.push_back(point.wcss);
    return result;
}

/// What two sweeps differ in by as much as a bit; empty when they are the same.
template <std::size_t C, std::size_t D>
std::string difference(const lloyd::elbow_result<C>& a, const lloyd::elbow_result<D>& b) {
    if (a.curve.size() != b.curve.size() || a.centers.size() != b.centers.size()) return "length";
    std::string names;
    if (bits_of(heights(a)) != bits_of(heights(b))) names += " wcss";
    for (std::size_t i = 0; i < a.curve.size(); ++i)
        if (a.curve[i].k != b.curve[i].k || bits_of(elements_of(a.centers[i])) != bits_of(elements_of(b.centers[i])))
            names += " " + std::to_string(a.curve[i].k);
    const auto same = [](const lloyd::suggestion& x, const lloyd::suggestion& y) {
        return x.k == y.k && x.strength == y.strength;
    };
    const auto &x = a.suggestions, &y = b.suggestions;
    if (a.knee != b.knee || !same(x.last_drop, y.last_drop) || !same(x.log_curvature, y.log_curvature) ||
        !same(x.calinski_harabasz, y.calinski_harabasz) || !same(x.kneedle, y.kneedle))
        names += " judgement";
    return names;
}

}  // namespace samples
