// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// K-Means on any data, weights, centers and options: it refuses what its documentation refuses and nothing else, and what
// it returns agrees with itself and with sums in long double, whatever the threads, the layout and the CPU level.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <lloyd/kmeans.hpp>

#include "../exact_means.hpp"
#include "../reference.hpp"
#include "../sample_points.hpp"
#include "bytes.hpp"

namespace {

using fuzz::bytes;
using fuzz::require;
using numbers = std::vector<double>;
using result_type = lloyd::kmeans_result<>;

template <class T>
struct problem {
    lloyd::image<T> data;
    int k = 0;
    numbers weights;
    lloyd::image<double> start;
    lloyd::kmeans_options options;  ///< weights and initial_centers look at the two above
    int last_step = 0;              ///< the iteration after which progress stops; 0: none
};

template <class T>
void fill(bytes& input, std::span<T> elements) {
    if constexpr (std::is_floating_point_v<T>) {
        const int style = input.below(3),
                  exponent = input.any<std::int16_t>() % (2 * std::numeric_limits<T>::max_exponent);
        std::vector<std::uint8_t> values(elements.size());
        if (style == 2)
            for (T& element : elements) element = input.real<T>();
        else
            input.fill(values);
        for (std::size_t i = 0; i < values.size() && style < 2; ++i)
            elements[i] = std::ldexp(static_cast<T>(values[i]) - 100, style == 0 ? 0 : exponent);
    } else {
        const auto levels = input.one_of<std::uint8_t>({255, 255, 7, 0xC0, 1});
        std::vector<std::uint8_t> values(elements.size());
        input.fill(values);
        for (std::size_t i = 0; i < values.size(); ++i)
            elements[i] = static_cast<T>((values[i] & levels) * (std::numeric_limits<T>::max() / 255));
    }
}

numbers read_weights(bytes& input, std::ptrdiff_t points) {
    const int kind = input.below(5);
    if (kind < 2) return {};
    numbers weights(static_cast<std::size_t>(points + (kind == 4 && input.coin())));
    for (double& weight : weights) weight = kind == 2 ? input.below(5) : input.real<double>();
    return weights;
}

template <class T>
lloyd::image<double> read_start(bytes& input, const problem<T>& p) {
    const int kind = input.below(4);
    if (kind < 2 || p.k < 1) return {};
    const int odd = input.below(12);
    lloyd::image<double> start(p.k + (odd == 1), 1, p.data.channels() + (odd == 2));
    for (double& coordinate : start.elements()) coordinate = kind == 2 ? input.byte() : input.real<double>();
    return start;
}

template <class T>
problem<T> read(bytes& input) {
    problem<T> p;
    const bool large = input.below(16) == 1;  // more than one chunk for the threads
    const int channels = large ? 1 + input.below(4) : input.one_of({1, 2, 3, 3, 4, 5, 9, 34});
    p.data = lloyd::image<T>(input.below(large ? 256 : 17), input.below(large ? 12 : 7), channels);
    p.k = input.below(12) - 1;
    p.options.init = input.one_of({lloyd::seeding::random, lloyd::seeding::plus_plus, lloyd::seeding::plus_plus,
                                   static_cast<lloyd::seeding>(-1)});
    p.options.attempts = input.one_of({1, 1, 1, 2, 4, 0, -1});
    p.options.max_iterations = input.one_of({1, 2, 3, 5, 100, std::numeric_limits<int>::max(), 0, -1});
    p.options.epsilon = input.coin() ? 0 : input.real<double>();
    p.options.seed = input.byte();
    p.options.threads = input.one_of({1, 1, 1, 1, 1, 1, 1, -1});
    p.last_step = input.below(4) - 1;
    p.weights = read_weights(input, p.data.size());
    p.start = read_start(input, p);
    fill(input, p.data.elements());
    return p;
}

bool all_finite(const auto& elements) {
    return std::ranges::all_of(elements, [](auto element) { return std::isfinite(static_cast<double>(element)); });
}

/// What the documentation of kmeans takes.
template <class T>
bool is_valid(const problem<T>& p) {
    const auto& o = p.options;
    const bool weighed = p.weights.empty() || (std::ssize(p.weights) == p.data.size() && all_finite(p.weights) &&
                                               std::ranges::min(p.weights) >= 0 && std::ranges::max(p.weights) > 0);
    const bool started = p.start.empty() || (p.start.size() == p.k && p.start.channels() == p.data.channels() &&
                                             all_finite(p.start.elements()) && o.attempts == 1);
    return 1 <= p.k && p.k <= p.data.size() && all_finite(p.data.elements()) && weighed && started && o.attempts >= 1 &&
           o.max_iterations >= 1 && std::isfinite(o.epsilon) && o.epsilon >= 0 && o.threads >= 0 &&
           (o.init == lloyd::seeding::random || o.init == lloyd::seeding::plus_plus);
}

/// Runs it while watching that compactness does not rise.
template <class T>
result_type cluster(const problem<T>& p, lloyd::image_view<const T> data, int threads) {
    auto options = p.options;
    if (threads > 0) options.threads = threads;
    options.weights = p.weights;
    options.initial_centers = p.start;
    double last = 0;
    if (p.last_step > 0)
        options.progress = [&](const lloyd::kmeans_progress& step) {
            const double slack = std::is_same_v<T, std::uint8_t> ? 1 : 1 + 1e-12;
            require(step.iteration == 1 || !(step.compactness > last * slack + 1e-300), "compactness never rises");
            last = step.compactness;
            return step.iteration < p.last_step;
        };
    return lloyd::kmeans(data, p.k, options);
}

template <class T>
void check_shape(const problem<T>& p, const result_type& r) {
    require(r.labels.width() == p.data.width() && r.labels.height() == p.data.height(), "a label for each pixel");
    require(std::ranges::all_of(r.labels.elements(), [&](auto label) { return 0 <= label && label < p.k; }),
            "labels are below k");
    require(r.centers.size() == p.k && r.centers.channels() == p.data.channels(), "k centers");
    require(all_finite(r.centers.elements()), "centers are finite");
    require(1 <= r.iterations && r.iterations <= p.options.max_iterations, "iterations are as many as allowed");
    require(0 <= r.attempt && r.attempt < p.options.attempts, "one of the attempts won");
}

/// But for rounding, and for what vanishes beside `scale` when it is squared.
bool close(double ours, long double exact, long double scale) {
    if (ours == static_cast<double>(exact)) return true;
    if (std::isinf(ours)) return exact > 1.797e308L;
    return std::abs(static_cast<long double>(ours) - exact) <= 1e-11L * exact + 1e-300L * scale + 1e-322L;
}

/// Labels are nearest to centers, as far as their distances differ by more than rounding.
template <class T>
void check_nearest(const lloyd::image<T>& data, const lloyd::image<double>& centers,
                   const std::vector<std::int32_t>& labels, long double vanishing) {
    const auto points = reference::rows_of<long double>(data), means = reference::rows_of<long double>(centers);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto own = reference::squared_distance(points[i], means[static_cast<std::size_t>(labels[i])]);
        for (const auto& other : means)
            require(own <= reference::squared_distance(points[i], other) * (1 + 1e-11L) + vanishing,
                    "every label is that of the nearest center");
    }
}

template <class T>
void check_parts_agree(const problem<T>& p, const result_type& r) {
    const auto heaviest = static_cast<long double>(p.weights.empty() ? 1.0 : std::ranges::max(p.weights));
    long double largest = 0;
    for (const auto element : p.data.elements())
        largest = std::max(largest, std::abs(static_cast<long double>(element)));
    const auto labels = samples::elements_of(r.labels);
    check_nearest(p.data, r.centers, labels, largest * largest * 1e-300L);
    const auto points = reference::pixels_of<long double>(p.data, p.weights);
    std::vector<long double> held(r.weights.size(), 0);
    for (std::size_t i = 0; i < labels.size(); ++i) held.at(static_cast<std::size_t>(labels[i])) += points.weights[i];
    require(std::ssize(held) == p.k, "k weights");
    for (std::size_t j = 0; j < held.size(); ++j)
        require(close(r.weights[j], held[j], heaviest), "a cluster's weight is the sum of its points'");
    const auto compactness = reference::compactness(points, reference::rows_of<long double>(r.centers), labels);
    require(close(r.compactness, compactness, heaviest * largest * largest),
            "compactness is measured on labels and centers");
}

/// In whole numbers everything is exact.
void check_exactly(const problem<std::uint8_t>& p, const result_type& r) {
    double total = 0;
    for (const double weight : p.weights) total += weight;
    if (!std::ranges::all_of(p.weights, [](double w) { return w == std::floor(w); }) || total > 0x1p53) return;
    const auto points = reference::pixels_of<reference::integer>(p.data, p.weights);
    const auto centers = reference::rows_of<reference::integer>(r.centers);
    const auto labels = samples::elements_of(r.labels);
    for (std::size_t i = 0; i < labels.size(); ++i)
        require(labels[i] == reference::nearest(points.points[i], centers),
                "8-bit labels are nearest, the lowest on a tie");
    require(r.compactness == reference::in_data_units(reference::compactness(points, centers, labels)),
            "compactness of 8-bit data is exact");
}

/// To any centers that are not so far that all are equally far; of 8-bit data they lie on a grid.
template <class T>
void check_assign(const problem<T>& p) {
    auto centers = p.start;
    double reach = 0;
    for (const auto element : p.data.elements()) reach = std::max(reach, std::abs(static_cast<double>(element)));
    for (double& c : centers.elements()) {
        if (std::abs(c) / 1000 > reach) return;
        if constexpr (std::is_same_v<T, std::uint8_t>) c = std::floor(c * 65536 + 0.5) / 65536;
    }
    const auto vanishing = static_cast<long double>(reach) * static_cast<long double>(reach) * 1e-300L;
    check_nearest(p.data, centers, samples::elements_of(lloyd::assign(p.data, p.start)), vanishing);
}

/// Whether the smallest number there is, with the smallest weight, can be added to the largest with the largest.
template <class T>
bool spans_little(const problem<T>& p) {
    double least = 1, most = 1;
    const auto include = [&](double number) {
        if (number == 0) return;
        least = std::min(least, std::abs(number));
        most = std::max(most, std::abs(number));
    };
    for (const auto element : p.data.elements()) include(static_cast<double>(element));
    const double data = std::log2(most) - std::log2(least);
    least = most = 1;
    for (const double weight : p.weights) include(weight);
    return data + std::log2(most) - std::log2(least) < 850;
}

/// What has converged are the means of the points that are there, and stays. (A stop by epsilon is no fixed point.)
template <class T>
void check_converged(const problem<T>& p, const result_type& r) {
    if (!r.converged || p.options.epsilon != 0 || !spans_little(p)) return;
    require(reference::not_a_mean(p.data, p.weights, r).empty(), "centers are the means of their clusters");
    if (std::ranges::min(r.weights) == 0) return;
    auto again = lloyd::kmeans(p.data, p.k, {.weights = p.weights, .initial_centers = r.centers});
    require(again.iterations == 1, "what has converged stays");
    again.iterations = r.iterations;
    again.attempt = r.attempt;
    require(samples::difference(again, r).empty(), "what has converged stays, to the last bit");
}

/// 8-bit data in any case, all data from given centers.
template <class T>
void check_levels(const problem<T>& p, const result_type& r) {
    if (!std::is_same_v<T, std::uint8_t> && p.start.empty()) return;
    for (const auto level : samples::cpu_levels()) {
        const samples::cpu_limit limit(level);
        require(samples::difference(cluster(p, lloyd::image_view<const T>(p.data), 0), r).empty(),
                "every CPU level gives the same bits");
    }
}

/// Half of the centers found are fixed, and the others found again.
template <class T>
void check_fixed(const problem<T>& p, const result_type& r) {
    const auto fixed = r.centers.crop(0, 0, (p.k + 1) / 2, 1);
    const auto found = lloyd::kmeans(
        p.data, p.k, {.max_iterations = 3, .seed = p.options.seed, .weights = p.weights, .fixed_centers = fixed});
    require(samples::bits_of(found.centers.crop(0, 0, fixed.width(), 1).elements()) ==
                samples::bits_of(fixed.elements()),
            "fixed centers stay");
    check_parts_agree(p, found);
    require(samples::same_pixels(lloyd::assign(p.data, found.centers), found.labels), "assign repeats the labels");
}

template <class T>
void check_result(bytes& input, const problem<T>& p, const result_type& r) {
    check_shape(p, r);
    check_parts_agree(p, r);
    check_converged(p, r);
    check_levels(p, r);
    check_fixed(p, r);
    if constexpr (std::is_same_v<T, std::uint8_t>) check_exactly(p, r);
    require(samples::same_pixels(lloyd::assign(p.data, r.centers), r.labels), "assign repeats the labels");
    const auto elsewhere = fuzz::place(input, p.data);
    require(samples::difference(cluster(p, lloyd::image_view<const T>(elsewhere.view), 3), r).empty(),
            "3 threads and any layout give the same bits");
    if (!p.start.empty()) check_assign(p);
}

template <class T>
void run(bytes& input) {
    const auto p = read<T>(input);
    result_type result;
    const bool refused =
        fuzz::is_refused("kmeans: ", [&] { result = cluster(p, lloyd::image_view<const T>(p.data), 0); });
    require(refused == !is_valid(p), "what is valid is clustered, and nothing else");
    if (!refused) check_result(input, p, result);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    bytes input(data, size);
    const int type = input.below(4);
    static const auto levels = samples::cpu_levels();
    const samples::cpu_limit limit(levels[input.byte() % levels.size()]);
    if (type == 0) run<std::uint8_t>(input);
    if (type == 1) run<std::uint16_t>(input);
    if (type == 2) run<float>(input);
    if (type == 3) run<double>(input);
    return 0;
}
