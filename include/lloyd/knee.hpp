// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Where a curve of compactness over K bends: four methods, each a function from the curve to a suggestion, of which
/// last_drop decides the knee. docs/elbow.md measures how often they are right.
/// @file
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>

namespace lloyd::inline v0 {

/// One point of the curve.
struct elbow_point {
    int k;        ///< how many centers
    double wcss;  ///< Σ weight · squared distance to the nearest of k centers
};

/// The K that one method suggests.
struct suggestion {
    std::optional<int> k = {};  ///< empty when the curve is too short for the method, or has no bend of its kind
    double strength = 0;        ///< 0 to 1; each method defines its own: see docs/elbow.md
};

/// All methods but calinski_harabasz choose among the inner points, which have a neighbour on both sides. For all
/// methods but kneedle the curve ends at the first K whose WCSS is no larger than the rounding of the data alone would
/// cause: they may suggest that K, but none after it.
struct elbow_suggestions {
    suggestion last_drop;          ///< the last K that gains much more than any after it; this one decides `knee`
    suggestion log_curvature;      ///< the sharpest bend of the logarithm of WCSS
    suggestion calinski_harabasz;  ///< the largest ratio of variances (Calinski and Harabasz 1974); needs k_min = 1
    suggestion kneedle;            ///< the point deepest below the chord (Satopaa et al. 2011)
};

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_detail.inc>

template <class = deferred>
std::optional<int> knee_of(std::span<const elbow_point> curve);

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0 {

/// The knee of any curve: the last K whose drop, ln(WCSS(K − 1) / WCSS(K)), is at least three times as large as any
/// later drop. Empty when there is none, and for fewer than three points.
///
/// A WCSS of 0 is the largest of drops, so its first K is the knee: as many centers as different points. (Not if it is
/// the first K of the curve, whose drop is unknown, unless that is K = 1.) A curve that was not made by elbow_sweep may
/// rise; a rise counts like a drop of its size.
///
/// For sweep.curve the result is sweep.knee if WCSS stays above what the rounding of the data causes, which only
/// elbow_sweep knows: channels / 12 for each point of integer data, 0 for other data.
///
/// Throws std::invalid_argument unless every K is at least 1 and one more than the K before, and every wcss is finite
/// and at least 0.
template <class = detail::deferred>
[[gnu::always_inline]] inline std::optional<int> find_knee(std::span<const elbow_point> curve) {
    return detail::knee_of(curve);
}

}  // namespace lloyd::inline v0

// Below: how.

#include <lloyd/detail/base/open_detail.inc>

using elbow_curve = std::span<const elbow_point>;

/// The drop from point i − 1 to point i ≥ 1: ln(WCSS(K − 1) / WCSS(K)).
inline double drop_at(elbow_curve curve, std::size_t i) { return math::log(curve[i - 1].wcss / curve[i].wcss); }

/// part / total, limited to 0 to 1; 0 where the total is not positive.
inline double strength_of(double part, double total) { return total > 0 ? std::clamp(part / total, 0.0, 1.0) : 0; }

/// The inner K of the largest strength, which is 1 − (largest later drop) / drop(K). Our own rule: one center fewer
/// than true clusters costs much, one more gains little, and so does every center after it. A rise, which elbow_sweep
/// never has, shows how far off WCSS may be, and counts like a drop of its size.
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

/// The inner K with the largest second difference of ln W, which is drop(K) − drop(K + 1); strength is that divided by
/// drop(K).
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

/// The inner K deepest below the chord from the first point of the curve to the last, both axes scaled to 0..1;
/// strength is that depth (Kneedle: Satopaa, Albrecht, Irwin and Raghavan 2011, without smoothing and for the entire
/// curve at once).
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

/// The part of a curve above the rounding of the data, with W scaled to between 0 and 1 by a power of two: so the unit
/// of WCSS changes no bit of the result, and no quotient overflows.
struct curve_above_rounding {
    std::vector<elbow_point> points{};
    bool ends_in_rounding = false;  ///< whether the last point was added, and is not one of the curve

    elbow_curve with_end() const { return points; }
    elbow_curve measured() const { return with_end().first(points.size() - (ends_in_rounding ? 1 : 0)); }
};

/// `resolution` is the WCSS that the rounding of the data alone causes. The curve ends at the first K whose W is no
/// larger, and W is then set to it. What one more center would gain is unknown, so a point is added that assumes a
/// factor of four: the most that two centers gain over one where values are spread evenly between two integers. As
/// doubles are rounded, too, W counts as 0 at 2^-104 of the largest W. Empty where every W is 0.
template <class = deferred>
curve_above_rounding part_above_rounding(elbow_curve curve, double resolution) {
    curve_above_rounding result;
    double largest = 0;
    for (const auto& point : curve) largest = (std::max)(largest, point.wcss);
    if (largest == 0) return result;
    int exponent = 0;
    math::frexp(largest, &exponent);
    const auto scaled = [exponent](double wcss) { return math::ldexp(wcss, -exponent); };
    const double min_wcss = (std::max)(scaled(resolution), scaled(largest) * 0x1p-104);
    for (const auto& [k, wcss] : curve) {
        result.points.push_back({k, (std::max)(scaled(wcss), min_wcss)});
        if (scaled(wcss) > min_wcss) continue;
        result.points.push_back({k + 1, min_wcss / 4});
        result.ends_in_rounding = true;
        break;
    }
    return result;
}

/// last_drop of an entire curve, given its part above rounding. For data of equal points that is K = 1.
template <class = deferred>
suggestion last_drop_of(elbow_curve curve, const curve_above_rounding& part) {
    if (part.points.empty() && !curve.empty() && curve[0].k == 1) return {1, 1};
    return last_drop(part.with_end());
}

/// The suggestions of all methods. `weight` is the number of points, `resolution` as in part_above_rounding.
template <class = deferred>
elbow_suggestions suggestions_for(elbow_curve curve, double weight, double resolution = 0) {
    const auto part = part_above_rounding(curve, resolution);
    return {last_drop_of(curve, part), log_curvature(part.with_end()), calinski_harabasz(part.measured(), weight),
            kneedle(curve)};
}

/// The K of last_drop, if its drop is at least three times as large as any later one.
template <class = deferred>
std::optional<int> clear_knee(const suggestion& last_drop) {
    return last_drop.strength >= 2.0 / 3 ? last_drop.k : std::nullopt;
}

/// Refuses what is no curve.
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

template <class>
std::optional<int> knee_of(std::span<const elbow_point> curve) {
    check_curve(curve);
    return clear_knee(last_drop_of(curve, part_above_rounding(curve, 0)));
}

}  // namespace lloyd::inline v0::detail
