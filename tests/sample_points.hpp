// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Points to cluster, what two results differ in, and the CPU levels to try.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <lloyd/cpu.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_images.hpp"

namespace samples {

using u16 = std::uint16_t;

/// Points of `channels` coordinates, one after another, as they are written in a test.
template <class T>
lloyd::image<T> table(std::ptrdiff_t channels, const std::vector<T>& numbers) {
    return lloyd::image<T>(lloyd::points(numbers.data(), std::ssize(numbers) / channels, channels));
}

/// A number of type T: what T cannot hold is rounded or cut off.
template <class T>
T to_element(double value) {
    if constexpr (std::is_floating_point_v<T>)
        return static_cast<T>(value);
    else
        return static_cast<T>(std::clamp(std::floor(value + 0.5), 0.0, double{(std::numeric_limits<T>::max)()}));
}

/// Coordinates spread evenly over [0, range).
template <class T>
lloyd::image<T> noise(dice& random, std::ptrdiff_t n, std::ptrdiff_t channels, double range) {
    lloyd::image<T> result(n, 1, channels);
    for (auto& element : result.elements())
        element = to_element<T>(static_cast<double>(random.bits() >> 11) * 0x1p-53 * range);
    return result;
}

/// Point i belongs to blob i mod k: blobs of standard deviation `spread` around centers in [0.1, 0.9)·range.
template <class T>
lloyd::image<T> blobs(dice& random, std::ptrdiff_t n, std::ptrdiff_t channels, std::ptrdiff_t k, double range,
                      double spread) {
    const auto places = noise<double>(random, k, channels, 0.8 * range);
    lloyd::image<T> result(n, 1, channels);
    for (std::ptrdiff_t i = 0; i < n; ++i)
        for (std::size_t c = 0; c < result(i, 0).size(); ++c)
            result(i, 0)[c] = to_element<T>(0.1 * range + places(i % k, 0)[c] + spread * random.normal());
    return result;
}

/// k of the points, each another one, as centers.
template <class T>
lloyd::image<double> some_points(dice& random, const lloyd::image<T>& data, std::ptrdiff_t k) {
    std::vector<std::ptrdiff_t> order;
    while (std::ssize(order) < data.size()) order.push_back(std::ssize(order));
    lloyd::image<double> result(k, 1, data.channels());
    for (std::ptrdiff_t j = 0; j < k; ++j) {
        std::swap(order[static_cast<std::size_t>(j)],
                  order[static_cast<std::size_t>(j + random.below(data.size() - j))]);
        std::ranges::copy(data(order[static_cast<std::size_t>(j)], 0), result(j, 0).begin());
    }
    return result;
}

/// Points of the data, or anything in its range and beyond: some clusters then start empty.
template <class T>
lloyd::image<double> start_for(dice& random, const lloyd::image<T>& data, std::ptrdiff_t k, double range) {
    if (random.below(2) == 0) return some_points(random, data, k);
    auto result = noise<double>(random, k, data.channels(), 3 * range);
    for (auto& c : result.elements()) c -= range;
    return result;
}

/// From 0 to 3.33, a thousandth of them 0.
inline std::vector<double> fractional_weights(dice& random, std::ptrdiff_t n) {
    std::vector<double> result;
    for (std::ptrdiff_t i = 0; i < n; ++i) result.push_back(static_cast<double>(random.below(1000)) / 300);
    return result;
}

/// Centers as the library keeps them.
inline lloyd::detail::buffer<double> centers_of(const lloyd::image<double>& rows) {
    lloyd::detail::buffer<double> centers(rows.elements().size());
    std::copy(rows.elements().begin(), rows.elements().end(), centers.begin());
    return centers;
}

/// Every number times `factor`, in the arithmetic of T.
template <class T, std::size_t C>
lloyd::image<T, C> times(const lloyd::image<T, C>& data, T factor) {
    auto result = data;
    for (auto& element : result.elements()) element *= factor;
    return result;
}

/// The bits of each number: -0 is not 0, and a NaN equals itself. (emscripten's older libc++ has no std::bit_cast.)
template <class Numbers>
std::vector<std::uint64_t> bits_of(const Numbers& numbers) {
    std::vector<std::uint64_t> result;
    for (const double number : numbers) result.push_back(__builtin_bit_cast(std::uint64_t, number));
    return result;
}

/// What two results differ in by as much as a bit; empty when they are the same.
template <std::size_t C, std::size_t D>
std::string difference(const lloyd::kmeans_result<C>& a, const lloyd::kmeans_result<D>& b) {
    std::string names;
    if (!same_pixels(a.labels, b.labels)) names += " labels";
    if (a.centers.size() != b.centers.size() || bits_of(a.centers.elements()) != bits_of(b.centers.elements()))
        names += " centers";
    if (bits_of(a.weights) != bits_of(b.weights)) names += " weights";
    if (bits_of(std::vector{a.compactness}) != bits_of(std::vector{b.compactness})) names += " compactness";
    if (a.iterations != b.iterations) names += " iterations";
    if (a.converged != b.converged) names += " converged";
    if (a.attempt != b.attempt) names += " attempt";
    return names;
}

/// Whether two numbers agree but for a part of the larger.
inline bool close(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance * (std::max)(std::abs(a), std::abs(b));
}

/// Limits the CPU level while it lives.
class cpu_limit {
public:
    explicit cpu_limit(lloyd::cpu_level level) { lloyd::limit_cpu_level(level); }
    cpu_limit(const cpu_limit&) = delete;
    cpu_limit& operator=(const cpu_limit&) = delete;
    ~cpu_limit() { lloyd::limit_cpu_level(before_); }

private:
    lloyd::cpu_level before_ = lloyd::active_cpu_level();
};

/// The levels this machine has.
inline std::vector<lloyd::cpu_level> cpu_levels() {
    std::vector<lloyd::cpu_level> result;
    for (const auto level : {lloyd::cpu_level::baseline, lloyd::cpu_level::avx2, lloyd::cpu_level::avx512})
        if (level <= lloyd::active_cpu_level()) result.push_back(level);
    return result;
}

}  // namespace samples
