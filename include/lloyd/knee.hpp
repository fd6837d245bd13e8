// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Where a curve of compactness over K bends: four methods, each a function from the curve to a suggestion, and the one
/// that decides. docs/elbow.md shows how well they do.
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

/// What one method makes of a curve.
struct suggestion {
    std::optional<int> k = {};  ///< empty when the curve is too short for the method, or nowhere bends its way
    double strength = 0;        ///< 0 to 1, in the method's own terms: see docs/elbow.md
};

/// Inner points have a neighbour on both sides; all but calinski_harabasz choose among them. Where WCSS comes down to what
/// rounding of the data leaves by itself, the curve ends for all but kneedle: that K may be named, none after it.
struct elbow_suggestions {
    suggestion last_drop;          ///< the last K that gains much more than any after it; this one decides `knee`
    suggestion log_curvature;      ///< the sharpest bend of the logarithm of WCSS
    suggestion calinski_harabasz;  ///< the best ratio of variances (Calinski and Harabasz 1974); needs k_min = 1
    suggestion kneedle;            ///< the point deepest below the chord (Satopaa et al. 2011)
};

/// The knee of any curve: the last K whose drop, ln(WCSS(K − 1) / WCSS(K)), is three times any later drop or more.
/// Empty when there is none, and for fewer than three points. A WCSS of 0 is the largest of drops, so that its first K is
/// the knee: as many centers as there are different points. It is none at the first K of the curve, where no drop is
/// seen, unless that is K = 1. elbow_sweep asks for more, as it knows how far the data are rounded: for sweep.curve the
/// knee is sweep.knee where WCSS stays above channels / 12 a point for whole numbers, or above 0 for real ones.
/// A curve from elsewhere may rise here and there: a rise weighs like a drop of its size on the K before it.
/// Throws std::invalid_argument unless every K is at least 1 and one more than the K before, and every wcss is finite and
/// at least 0.
template <class = detail::deferred>
std::optional<int> find_knee(std::span<const elbow_point> curve);

// Below: how.

}  // namespace lloyd::inline v0

#include <lloyd/detail/base/open_detail.inc>

using elbow_curve = std::span<const elbow_point>;

/// Of the point at place i ≥ 1.
inline double drop_at(elbow_curve curve, std::size_t i) { return math::log(curve[i - 1].wcss / curve[i].wcss); }

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

/// The part of a curve that can be judged, with W between 0 and 1 by a power of two: the unit of WCSS changes no bit, and
/// no quotient leaves the range of double.
struct telling_curve {
    std::vector<elbow_point> points{};
    bool ends_in_rounding = false;  ///< the last point is none of the curve

    elbow_curve with_end() const { return points; }
    elbow_curve measured() const { return with_end().first(points.size() - (ends_in_rounding ? 1 : 0)); }
};

/// `resolution` is the WCSS that the rounding of the data leaves by itself. The first K that comes down to it ends the
/// curve, and W counts as that much there. What one more center would gain cannot be seen: a last point stands for a
/// factor of four, the most that two centers gain over one where values spread evenly between two numbers. Doubles, too,
/// are rounded: 2^-104 of the largest W counts as 0. Empty where every W is 0.
template <class = deferred>
telling_curve telling_part(elbow_curve curve, double resolution) {
    telling_curve result;
    double largest = 0;
    for (const auto& point : curve) largest = (std::max)(largest, point.wcss);
    if (largest == 0) return result;
    int exponent = 0;
    math::frexp(largest, &exponent);
    const auto scaled = [exponent](double wcss) { return math::ldexp(wcss, -exponent); };
    const double least = (std::max)(scaled(resolution), scaled(largest) * 0x1p-104);
    for (const auto& [k, wcss] : curve) {
        result.points.push_back({k, (std::max)(scaled(wcss), least)});
        if (scaled(wcss) > least) continue;
        result.points.push_back({k + 1, least / 4});
        result.ends_in_rounding = true;
        break;
    }
    return result;
}

/// last_drop of a whole curve. For points that are all equal one center is enough.
template <class = deferred>
suggestion last_drop_of(elbow_curve curve, const telling_curve& telling) {
    if (telling.points.empty() && !curve.empty() && curve[0].k == 1) return {1, 1};
    return last_drop(telling.with_end());
}

template <class = deferred>
elbow_suggestions judge(elbow_curve curve, double weight, double resolution) {
    const auto telling = telling_part(curve, resolution);
    return {last_drop_of(curve, telling), log_curvature(telling.with_end()),
            calinski_harabasz(telling.measured(), weight), kneedle(curve)};
}

/// A drop of three times any later one.
template <class = deferred>
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
    return detail::clear_knee(detail::last_drop_of(curve, detail::telling_part(curve, 0)));
}

}  // namespace lloyd::inline v0
