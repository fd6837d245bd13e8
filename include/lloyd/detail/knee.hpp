// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Where a curve bends: four methods, each a function from the curve to a suggestion. docs/elbow.md tells how well they
/// do. W(K) is the WCSS, and drop(K) = ln(W(K − 1) / W(K)) what one center more gains, on a scale where gains compare.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numbers>
#include <optional>
#include <span>

#include <lloyd/detail/checks.hpp>
#include <lloyd/detail/deferred.hpp>
#include <lloyd/detail/math.hpp>
#include <lloyd/elbow.hpp>

#include <lloyd/detail/open_detail.inc>

using elbow_curve = std::span<const elbow_point>;

/// Of the point at place i ≥ 1. Powers of two are taken out first: the quotient cannot leave the range of double, and the
/// unit of WCSS changes no bit.
inline double drop_at(elbow_curve curve, std::size_t i) {
    int before = 0, after = 0;
    const double quotient = math::frexp(curve[i - 1].wcss, &before) / math::frexp(curve[i].wcss, &after);
    return math::log(quotient) + (before - after) * std::numbers::ln2;
}

/// A share, 0 where the whole is not positive.
inline double strength_of(double part, double whole) { return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0; }

/// The inner K whose drop stands out most from all later ones: strength 1 − (largest later drop) / drop(K). Our own rule:
/// merging two true clusters costs much, splitting a true cluster gains little, and so does every split after it. A rise,
/// which a sweep never has, tells how far WCSS can be trusted: it weighs like a drop of its size.
template <class = deferred>
suggestion last_drop(elbow_curve curve) {
    suggestion best;
    double largest_later = 0;
    for (std::size_t i = curve.size(); i-- > 1;) {
        const double drop = drop_at(curve, i);
        const double strength = strength_of(drop - largest_later, drop);
        const bool is_inner = i + 1 < curve.size();
        if (is_inner && strength > 0 && strength >= best.strength) best = {curve[i].k, strength};
        largest_later = (std::max)(largest_later, math::magnitude(drop));
    }
    return best;
}

/// The inner K with the largest second difference of ln W, which is drop(K) − drop(K + 1), as a share of drop(K).
template <class = deferred>
suggestion log_curvature(elbow_curve curve) {
    suggestion best;
    double sharpest = 0;
    for (std::size_t i = 1; i + 1 < curve.size(); ++i) {
        const double bend = drop_at(curve, i) - drop_at(curve, i + 1);
        if (bend <= sharpest) continue;
        sharpest = bend;
        best = {curve[i].k, strength_of(bend, drop_at(curve, i))};
    }
    return best;
}

/// The K with the largest ratio of the variance between clusters to that within them (Calinski and Harabasz 1974),
/// ((W(1) − W(K)) / (K − 1)) / (W(K) / (n − K)); strength is 1 − (the second largest) / (the largest).
template <class = deferred>
suggestion calinski_harabasz(elbow_curve curve, double n) {
    if (curve.size() < 3 || curve[0].k != 1) return {};
    suggestion best;
    double largest = 0, second = 0;
    n = (std::min)(n, 0x1p53);  // beyond, n − K is n
    for (const auto& [k, wcss] : curve.subspan(1)) {
        const double ratio = (curve[0].wcss / wcss - 1) * (n - k) / (k - 1);
        if (ratio > largest) {
            second = largest;
            largest = ratio;
            best.k = k;
        } else {
            second = (std::max)(second, ratio);
        }
    }
    best.strength = strength_of(largest - second, largest);
    return best;
}

/// The inner K deepest below the chord from the first point of the curve to the last, both axes scaled to 0..1; strength
/// is that depth (Kneedle: Satopaa, Albrecht, Irwin and Raghavan 2011, without smoothing and for the whole curve at
/// once).
template <class = deferred>
suggestion kneedle(elbow_curve curve) {
    suggestion best;
    for (std::size_t i = 1; i + 1 < curve.size() && curve[0].wcss > curve.back().wcss; ++i) {
        const double along = static_cast<double>(i) / static_cast<double>(curve.size() - 1);
        const double height = (curve[i].wcss - curve.back().wcss) / (curve[0].wcss - curve.back().wcss);
        const double depth = 1 - along - height;
        if (depth > best.strength) best = {curve[i].k, depth};
    }
    return best;
}

/// The first K whose WCSS is 0, with strength 1: nothing is left to gain, and more says nothing.
template <class = deferred>
suggestion perfect_fit(elbow_curve curve) {
    for (const auto& [k, wcss] : curve)
        if (wcss == 0) return {k, 1};
    return {};
}

template <class>
elbow_suggestions judge(elbow_curve curve, double weight) {
    const auto perfect = perfect_fit(curve);
    if (perfect.k) return {perfect, perfect, perfect, perfect};
    return {last_drop(curve), log_curvature(curve), calinski_harabasz(curve, weight), kneedle(curve)};
}

/// A drop of three times any later one.
template <class>
std::optional<int> clear_knee(const suggestion& last_drop) {
    return last_drop.strength >= 2.0 / 3 ? last_drop.k : std::nullopt;
}

template <class = deferred>
void check_curve(elbow_curve curve) {
    for (std::size_t i = 0; i < curve.size(); ++i) {
        const auto& [k, wcss] = curve[i];
        if (i == 0 && k < 1) refuse("find_knee: curve[0].k is ", k, ", but must be at least 1");
        if (i > 0 && (k <= curve[i - 1].k || k - 1 != curve[i - 1].k))
            refuse("find_knee: curve[", i, "].k is ", k, ", but must be one more than ", curve[i - 1].k,
                   ", the k before");
        if (!is_finite(wcss) || wcss < 0)
            refuse("find_knee: curve[", i, "].wcss is ", wcss, ", but must be finite and at least 0");
    }
}

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0 {

template <class>
std::optional<int> find_knee(std::span<const elbow_point> curve) {
    detail::check_curve(curve);
    const auto perfect = detail::perfect_fit(curve);
    return detail::clear_knee(perfect.k ? perfect : detail::last_drop(curve));
}

}  // namespace lloyd::inline v0
