// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// K-Means as in a textbook, to compare with: no blocks, no vectors, no threads, no shortcuts.
///
/// Written over two kinds of number. `long double`, in the units of the data, for any data. `integer`, exact, for 8-bit
/// data: coordinates are in steps of the grid 2^-16, squared distances in steps of 2^-32.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/image.hpp>

#include "wide_integer.hpp"

namespace reference {

#if defined(__SIZEOF_INT128__)
__extension__ typedef __int128 integer;
#else
using integer = wide_integer<4>;
#endif

template <class Number>
using row = std::vector<Number>;

/// How many steps make 1.
template <class Number>
inline constexpr int steps = std::is_same_v<Number, integer> ? 65536 : 1;

template <class Number>
struct weighted_points {
    std::vector<row<Number>> points;
    std::vector<Number> weights;
};

template <class Number>
struct clusters {
    std::vector<row<Number>> centers;
    std::vector<std::int32_t> labels;  ///< one per point
    std::vector<Number> weights;       ///< one per center
    Number compactness = 0;
    int iterations = 0;
    bool converged = false;
    /// The least (larger − smaller) / larger of two distances that decided something: where that is no more than
    /// rounding, the other way is as good.
    long double closest_call = 1;
};

struct stop_rules {
    int max_iterations = 100;
    double epsilon = 0;
};

/// Coordinates on the grid, half up.
inline integer to_number(double value, integer) { return static_cast<integer>(std::floor(value * 65536 + 0.5)); }
inline long double to_number(double value, long double) { return static_cast<long double>(value); }

template <class Number, class Image>
std::vector<row<Number>> rows_of(const Image& image) {
    std::vector<row<Number>> result;
    for (std::ptrdiff_t y = 0; y < image.height(); ++y)
        for (std::ptrdiff_t x = 0; x < image.width(); ++x) {
            result.emplace_back();
            for (const auto element : image(x, y))
                result.back().push_back(to_number(static_cast<double>(element), Number{}));
        }
    return result;
}

/// Each pixel is a point; without weights each weighs 1.
template <class Number, class Image>
weighted_points<Number> pixels_of(const Image& image, std::span<const double> weights = {}) {
    weighted_points<Number> result{rows_of<Number>(image), {}};
    for (std::size_t i = 0; i < result.points.size(); ++i)
        result.weights.push_back(weights.empty() ? Number{1} : static_cast<Number>(weights[i]));
    return result;
}

/// The bits of all channels in turn, from the highest; the first channel before the others.
inline std::uint64_t morton(std::span<const std::uint8_t> color) {
    std::uint64_t code = 0;
    for (unsigned bit = 8; bit-- > 0;)
        for (const unsigned channel : color) code = code << 1 | (channel >> bit & 1);
    return code;
}

/// Each distinct colour is a point, in Morton order, that weighs what its pixels do; and the point of each pixel.
template <class Number, class Image>
std::pair<weighted_points<Number>, std::vector<std::size_t>> colors_of(const Image& photo,
                                                                       std::span<const double> weights = {}) {
    const auto pixels = pixels_of<Number>(photo, weights);
    std::vector<std::uint64_t> codes;
    for (std::ptrdiff_t y = 0; y < photo.height(); ++y)
        for (std::ptrdiff_t x = 0; x < photo.width(); ++x) codes.push_back(morton(photo(x, y)));
    std::map<std::uint64_t, std::size_t> index;
    for (const auto code : codes) index[code] = 0;
    std::size_t next = 0;
    for (auto& [code, i] : index) i = next++;
    weighted_points<Number> colors{std::vector<row<Number>>(next), std::vector<Number>(next, 0)};
    std::vector<std::size_t> color_of_pixel;
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const auto color = index[codes[i]];
        colors.points[color] = pixels.points[i];
        colors.weights[color] += pixels.weights[i];
        color_of_pixel.push_back(color);
    }
    return {colors, color_of_pixel};
}

template <class Number>
Number squared_distance(const row<Number>& a, const row<Number>& b) {
    Number sum = 0;
    for (std::size_t c = 0; c < a.size(); ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
    return sum;
}

/// The lowest index on a tie.
template <class Number>
std::int32_t nearest(const row<Number>& point, const std::vector<row<Number>>& centers) {
    std::size_t best = 0;
    for (std::size_t j = 1; j < centers.size(); ++j)
        if (squared_distance(point, centers[j]) < squared_distance(point, centers[best])) best = j;
    return static_cast<std::int32_t>(best);
}

/// Half up on the grid, for sums that are not negative.
inline integer mean(integer sum, integer weight) { return (2 * sum + weight) / (2 * weight); }
inline long double mean(long double sum, long double weight) { return sum / weight; }

template <class Number>
using mean_rule = std::function<Number(Number sum, Number weight)>;

/// Lloyd's algorithm, step by step.
template <class Number>
class lloyds {
public:
    /// The first `fixed` centers stay where they are.
    lloyds(const weighted_points<Number>& data, const std::vector<row<Number>>& start, const mean_rule<Number>& rule,
           std::size_t fixed)
        : data_(data), mean_(rule), fixed_(fixed) {
        result_.converged = fixed == start.size();
        result_.centers = start;
        result_.labels.assign(data.points.size(), -1);
        assign();
    }

    const clusters<Number>& run(const stop_rules& stop) {
        while (!result_.converged && result_.iterations < stop.max_iterations) {
            const auto labels = weighted_labels();
            const auto before = result_.centers;
            move();
            assign();
            ++result_.iterations;
            Number shift = 0;
            for (std::size_t j = 0; j < before.size(); ++j)
                shift = (std::max)(shift, squared_distance(before[j], result_.centers[j]));
            const auto epsilon = static_cast<long double>(stop.epsilon * steps<Number>);
            result_.converged = labels == weighted_labels() || static_cast<long double>(shift) <= epsilon * epsilon;
        }
        return result_;
    }

private:
    /// Of the points that have weight: the others have no say in when to stop.
    std::vector<std::int32_t> weighted_labels() const {
        std::vector<std::int32_t> result;
        for (std::size_t i = 0; i < data_.points.size(); ++i)
            if (data_.weights[i] > 0) result.push_back(result_.labels[i]);
        return result;
    }

    void assign() {
        result_.weights.assign(result_.centers.size(), 0);
        result_.compactness = 0;
        for (std::size_t i = 0; i < data_.points.size(); ++i) {
            const auto& point = data_.points[i];
            const auto label = nearest(point, result_.centers);
            result_.labels[i] = label;
            result_.weights[static_cast<std::size_t>(label)] += data_.weights[i];
            result_.compactness +=
                data_.weights[i] * squared_distance(point, result_.centers[static_cast<std::size_t>(label)]);
            note_calls(point, label);
        }
    }

    void note_calls(const row<Number>& point, std::int32_t label) {
        const auto& best = result_.centers[static_cast<std::size_t>(label)];
        for (const auto& center : result_.centers) {
            const auto distance = static_cast<long double>(squared_distance(point, center));
            if (center == best || distance == 0) continue;
            const auto least = static_cast<long double>(squared_distance(point, best));
            result_.closest_call = (std::min)(result_.closest_call, (distance - least) / distance);
        }
    }

    void move() {
        auto means = result_.centers;
        for (auto j = fixed_; j < means.size(); ++j)
            for (std::size_t c = 0; c < means[j].size() && result_.weights[j] > 0; ++c) {
                Number sum = 0;
                for (std::size_t i = 0; i < data_.points.size(); ++i)
                    if (result_.labels[i] == static_cast<std::int32_t>(j)) sum += data_.weights[i] * data_.points[i][c];
                means[j][c] = mean_(sum, result_.weights[j]);
            }
        for (auto j = fixed_; j < means.size(); ++j)
            if (result_.weights[j] == 0) repair(j, means);
        result_.centers = means;
    }

    /// The farthest point from the center of its cluster, the lowest index on a tie, but never the last of a cluster;
    /// where all points lie on their centers, the first.
    void repair(std::size_t empty, std::vector<row<Number>>& centers) {
        std::vector<int> members(centers.size(), 0);
        for (std::size_t i = 0; i < data_.points.size(); ++i)
            if (data_.weights[i] > 0) ++members[static_cast<std::size_t>(result_.labels[i])];
        Number longest = 0;
        long double runner_up = 0;
        std::size_t farthest = data_.points.size();
        for (std::size_t i = 0; i < data_.points.size(); ++i) {
            const auto own = static_cast<std::size_t>(result_.labels[i]);
            const auto distance = squared_distance(data_.points[i], centers[own]);
            if (!(data_.weights[i] > 0) || members[own] < 2) continue;
            runner_up = (std::max)(runner_up, static_cast<long double>((std::min)(distance, longest)));
            if (distance <= longest) continue;
            longest = distance;
            farthest = i;
        }
        if (longest > 0)
            result_.closest_call = (std::min)(result_.closest_call, 1 - runner_up / static_cast<long double>(longest));
        if (farthest < data_.points.size())
            result_.labels[farthest] = static_cast<std::int32_t>(empty);
        else
            for (farthest = 0; !(data_.weights[farthest] > 0);) ++farthest;
        centers[empty] = data_.points[farthest];
    }

    const weighted_points<Number>& data_;
    const mean_rule<Number>& mean_;
    std::size_t fixed_;
    clusters<Number> result_;
};

template <class Number>
Number exact_mean(Number sum, Number weight) {
    return mean(sum, weight);
}

/// From given centers until a stop rule holds.
template <class Number>
clusters<Number> kmeans(const weighted_points<Number>& data, const std::vector<row<Number>>& start,
                        const stop_rules& stop = {},
                        const std::type_identity_t<mean_rule<Number>>& rule = exact_mean<Number>,
                        std::size_t fixed = 0) {
    return lloyds<Number>(data, start, rule, fixed).run(stop);
}

/// Σ weight · squared distance to the center that the labels name.
template <class Number>
Number compactness(const weighted_points<Number>& data, const std::vector<row<Number>>& centers,
                   const std::vector<std::int32_t>& labels) {
    Number sum = 0;
    for (std::size_t i = 0; i < data.points.size(); ++i)
        sum += data.weights[i] * squared_distance(data.points[i], centers[static_cast<std::size_t>(labels[i])]);
    return sum;
}

/// A squared distance, or a sum of them, as a double in the units of the data.
inline double in_data_units(integer squares) { return static_cast<double>(squares) * 0x1p-32; }
inline double in_data_units(long double squares) { return static_cast<double>(squares); }

}  // namespace reference
