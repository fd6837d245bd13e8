// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

// The public interface, line by line as it is promised to users. A change that breaks one of these lines breaks them.

#include <lloyd/lloyd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "sample_images.hpp"

namespace {

using samples::u8;

template <class Expected, class Actual>
constexpr bool is = std::is_same_v<Expected, std::remove_cvref_t<Actual>>;

TEST_CASE("image.hpp reads as promised") {
    const std::ptrdiff_t width = 4, height = 3, channels = 2, row_stride = 14;
    std::vector<u8> memory(row_stride * height, 9);
    const u8* data = memory.data();
    std::vector<float> numbers(width * height * channels);

    lloyd::image<u8, 3> photo(width, height);
    lloyd::image_view<const u8, 3> view(data, width, height);
    lloyd::image_view<const u8, 3> roi(data, width, height, row_stride);
    lloyd::image_view<const float> packed(numbers.data(), width, height, channels);
    lloyd::image_view<const float> any(numbers.data(), width, height, channels, width * channels);
    CHECK(view(3, 2)[0] == 9);
    CHECK(view.row(2).size() == 12);
    CHECK((view.width() == 4 && view.height() == 3 && view.channels() == 3 && view.size() == 12));
    CHECK(view.crop(1, 1, 2, 2).size() == 4);
    CHECK((view.data() == data && roi.row_stride() == 14 && !view.empty()));
    CHECK((view.is_contiguous() && !roi.is_contiguous() && view.elements().size() == 36));
    lloyd::image<float> samples(width, height, channels);
    lloyd::image<u8, 3> copy(view);
    CHECK(samples::same_pixels(copy, view));

    lloyd::image_view<const u8> any_view = photo;
    lloyd::image_view<const u8, 3> rgb(any_view);
    lloyd::image_view<const float> also_any = samples;
    CHECK((rgb.data() == photo.data() && also_any.channels() == 2 && packed.size() == any.size()));

    const lloyd::image<u8, 3> bgr = copy;
    CHECK(lloyd::select_channels<2, 1, 0>(bgr)(0, 0)[0] == 9);
    static_assert(is<lloyd::image<u8, 3>, decltype(lloyd::select_channels<2, 1, 0>(bgr))>);

    const std::ptrdiff_t n = 12, d = 2;
    auto data_set = lloyd::points(numbers.data(), n, d);
    CHECK((data_set.width() == n && data_set.height() == 1 && data_set.channels() == d));
}

TEST_CASE("kmeans.hpp reads as promised") {
    samples::dice random;
    const auto photo = samples::photo_like<3>(random, 24, 16);

    auto result = lloyd::kmeans(photo, 3, {.attempts = 10, .max_iterations = 10, .epsilon = 1.0, .seed = 42});
    CHECK((result.centers.width() == 3 && result.centers.height() == 1));
    CHECK(result.centers(2, 0)[1] >= 0);
    CHECK((result.labels.width() == 24 && result.labels.height() == 16));
    CHECK((result.labels(23, 15)[0] >= 0 && result.labels(23, 15)[0] < 3));
    CHECK(result.weights.size() == 3);
    CHECK(result.compactness > 0);
    CHECK((result.iterations >= 1 && result.iterations <= 10 && result.attempt >= 0 && result.attempt < 10));
    const bool converged = result.converged;
    CHECK((converged || result.iterations == 10));
    auto labels = lloyd::assign(photo, result.centers);
    CHECK(samples::same_pixels(labels, result.labels));

    static_assert(is<lloyd::image<double, 3>, decltype(result.centers)> && is<double, decltype(result.compactness)>);
    static_assert(is<lloyd::image<std::int32_t, 1>, decltype(labels)> && is<decltype(labels), decltype(result.labels)>);
    static_assert(is<std::vector<double>, decltype(result.weights)> && is<lloyd::kmeans_result<3>, decltype(result)>);

    lloyd::kmeans_result<3> stored;
    CHECK((stored.centers.empty() && stored.labels.empty() && stored.weights.empty() && stored.compactness == 0));
    stored = std::move(result);
    CHECK(stored.centers.width() == 3);
}

TEST_CASE("kmeans takes every option by name, in this order") {
    const std::vector<float> numbers{0, 1, 10, 11};
    const std::vector<double> weights{1, 1, 2, 2}, start{0, 10};
    int calls = 0;
    const auto result = lloyd::kmeans(lloyd::points(numbers.data(), 4, 1), 2,
                                      {.init = lloyd::seeding::random,
                                       .attempts = 1,
                                       .max_iterations = 50,
                                       .epsilon = 0.25,
                                       .seed = 1,
                                       .weights = weights,
                                       .initial_centers = lloyd::points(start.data(), 2, 1),
                                       .progress =
                                           [&](const lloyd::kmeans_progress& p) {
                                               const auto& [k, attempt, iteration, compactness, max_shift] = p;
                                               CHECK((k == 2 && attempt == 0 && iteration == ++calls));
                                               CHECK((compactness == 1.5 && max_shift >= 0));
                                               return true;
                                           },
                                       .threads = 0});
    CHECK(result.compactness == 1.5);
    CHECK(result.weights == std::vector<double>{2, 4});
    CHECK(calls == result.iterations);
}

TEST_CASE("options have these defaults") {
    const lloyd::kmeans_options options;
    CHECK(options.init == lloyd::seeding::plus_plus);
    CHECK((options.attempts == 1 && options.max_iterations == 100 && options.epsilon == 0 && options.seed == 0));
    CHECK((options.weights.empty() && options.initial_centers.empty() && !options.progress && options.threads == 1));
    const lloyd::segment_options segmenting;
    CHECK(segmenting.space == lloyd::color_space::rgb);
    CHECK((segmenting.kmeans.attempts == 1 && segmenting.kmeans.max_iterations == 100));
    const lloyd::elbow_options sweeping;
    CHECK((sweeping.k_min == 1 && sweeping.k_max == 10 && sweeping.kmeans.attempts == 1));
    static_assert(is<std::span<const double>, decltype(options.weights)> && is<std::uint64_t, decltype(options.seed)>);
    static_assert(is<lloyd::image_view<const double>, decltype(options.initial_centers)>);
    static_assert(is<std::function<bool(const lloyd::kmeans_progress&)>, decltype(options.progress)>);
}

TEST_CASE("color_histogram.hpp reads as promised") {
    samples::dice random;
    const auto photo = samples::photo_like<3>(random, 24, 16);
    const auto another_photo = samples::photo_like<3>(random, 20, 10);

    lloyd::color_histogram colors(photo);
    const lloyd::color_histogram another_histogram(another_photo);
    colors.add(another_photo);
    colors.merge(another_histogram);
    const auto weights = lloyd::select_channels<0>(photo);
    const lloyd::color_histogram masked(photo, weights);
    colors.add(photo, weights);
    CHECK((colors.colors().width() == colors.size() && colors.colors().height() == 1));
    CHECK(colors.counts().size() == static_cast<std::size_t>(colors.size()));
    const auto palette = lloyd::kmeans(colors.colors(), 8, {.weights = colors.counts()});
    CHECK(palette.centers.width() == 8);
    const auto sweep = lloyd::elbow_sweep(colors.colors(), {.k_max = 10, .kmeans = {.weights = colors.counts()}});
    CHECK(sweep.curve.size() == 10);

    static_assert(is<lloyd::color_histogram<3>, decltype(colors)>);
    static_assert(is<lloyd::color_histogram<3>, decltype(masked)>);
    static_assert(is<lloyd::image_view<const u8, 3>, decltype(colors.colors())>);
    static_assert(is<std::span<const double>, decltype(colors.counts())>);
}

TEST_CASE("cluster_sums.hpp reads as promised") {
    const std::vector<float> numbers{0, 1, 10, 11};
    const std::vector<double> weights{1, 1, 2, 2}, start{0, 10};
    const auto block = lloyd::points(numbers.data(), 4, 1);
    const auto centers = lloyd::points(start.data(), 2, 1);

    lloyd::cluster_sums sums, other_sums;
    sums.accumulate(block, centers);
    other_sums.accumulate(block, centers, {.weights = weights, .threads = 2});
    sums.merge(other_sums);
    auto next = sums.means();
    CHECK((next(0, 0)[0] == 0.5 && next(1, 0)[0] == 10.5));
    CHECK((sums.weights()[0] == 4 && sums.weights()[1] == 6 && sums.compactness() == 5));
    CHECK((sums.size() == 2 && !sums.empty() && sums.centers().width() == 2));
    for (double& number : sums.numbers()) number *= 2;
    CHECK(sums.weights()[1] == 12);

    static_assert(is<lloyd::cluster_sums<>, decltype(sums)> && is<lloyd::image<double>, decltype(next)>);
    static_assert(is<lloyd::image<double, 3>, decltype(lloyd::cluster_sums<3>().means())>);
    static_assert(is<lloyd::image_view<const double>, decltype(sums.centers())>);
    static_assert(is<std::span<const double>, decltype(sums.weights())>);
    static_assert(is<std::span<double>, decltype(sums.numbers())>);
    static_assert(std::is_aggregate_v<lloyd::accumulate_options>);
}

TEST_CASE("segment.hpp reads as promised") {
    samples::dice random;
    const auto photo = samples::photo_like<3>(random, 24, 16);

    auto s = lloyd::segment(photo, 3, {.space = lloyd::color_space::rgb, .kmeans = {.attempts = 10}});
    CHECK((s.labels.width() == 24 && s.palette.width() == 3 && s.palette.height() == 1 && s.shares.size() == 3));
    CHECK((s.compactness > 0 && s.iterations > 0 && s.converged));
    auto painted = lloyd::recolor(s.labels, s.palette);
    const auto result = lloyd::kmeans(photo, 3);
    auto painted_too = lloyd::recolor(result.labels, result.centers);
    auto inside = lloyd::mask(s.labels, 2);
    auto dots = lloyd::dither(photo, s.palette);
    CHECK((painted.width() == 24 && painted_too.height() == 16 && inside.size() == 384 && dots.size() == 384));

    static_assert(is<lloyd::image<u8, 3>, decltype(painted)> && is<lloyd::image<u8, 3>, decltype(painted_too)>);
    static_assert(is<lloyd::image<u8, 1>, decltype(inside)> && is<lloyd::image<u8, 1>, decltype(s.labels)>);
    static_assert(is<lloyd::image<u8, 1>, decltype(dots)>);
    static_assert(is<lloyd::image<u8, 3>, decltype(s.palette)> && is<std::vector<double>, decltype(s.shares)>);

    lloyd::segmentation stored;
    CHECK((stored.labels.empty() && stored.shares.empty() && !stored.converged));
    stored = std::move(s);
    CHECK(stored.palette.width() == 3);
}

TEST_CASE("elbow.hpp reads as promised") {
    samples::dice random;
    const auto photo = samples::photo_like<3>(random, 24, 16);

    auto sweep = lloyd::elbow_sweep(photo, {.k_max = 10, .kmeans = {.attempts = 3}});
    for (const auto& [k, wcss] : sweep.curve) CHECK((k >= 1 && wcss > 0));
    const int k = sweep.knee.value_or(5);
    const auto& centers = sweep.centers[static_cast<std::size_t>(k - 1)];  // the curve begins at K = 1
    const auto labels = lloyd::assign(photo, centers);
    const auto painted = lloyd::recolor(labels, centers);

    CHECK((sweep.curve.size() == 10 && centers.width() == k && painted.width() == 24));
    CHECK(lloyd::find_knee(sweep.curve) == sweep.knee);
    const auto& says = sweep.suggestions;
    for (const lloyd::suggestion& one : {says.last_drop, says.log_curvature, says.calinski_harabasz, says.kneedle})
        CHECK((one.k.value_or(2) >= 2 && one.strength >= 0 && one.strength <= 1));
    CHECK(lloyd::elbow_sweep(photo).curve.back().wcss > 0);

    static_assert(is<std::vector<lloyd::elbow_point>, decltype(sweep.curve)>);
    static_assert(is<std::vector<lloyd::image<double, 3>>, decltype(sweep.centers)>);
    static_assert(is<std::optional<int>, decltype(sweep.knee)> && is<lloyd::elbow_result<3>, decltype(sweep)>);
    static_assert(std::is_aggregate_v<lloyd::elbow_result<>> && std::is_aggregate_v<lloyd::elbow_options>);
    static_assert(std::is_aggregate_v<lloyd::elbow_point> && std::is_aggregate_v<lloyd::suggestion>);
    lloyd::elbow_result<3> stored;
    CHECK((stored.curve.empty() && stored.centers.empty() && !stored.knee && !stored.suggestions.kneedle.k));
    stored = std::move(sweep);
    CHECK(stored.centers.size() == 10);
}

TEST_CASE("cpu.hpp reads as promised") {
    const lloyd::cpu_level level = lloyd::active_cpu_level();
    lloyd::limit_cpu_level(lloyd::cpu_level::baseline);
    CHECK(lloyd::active_cpu_level() == lloyd::cpu_level::baseline);
    lloyd::limit_cpu_level(level);
    CHECK(lloyd::active_cpu_level() == level);
    static_assert(lloyd::cpu_level::baseline < lloyd::cpu_level::avx2 &&
                  lloyd::cpu_level::avx2 < lloyd::cpu_level::avx512);
}

static_assert(std::is_aggregate_v<lloyd::kmeans_options> && std::is_aggregate_v<lloyd::segment_options>);
static_assert(std::is_aggregate_v<lloyd::kmeans_progress> && std::is_aggregate_v<lloyd::segmentation>);
static_assert(std::is_aggregate_v<lloyd::kmeans_result<>> && std::is_aggregate_v<lloyd::kmeans_result<3>>);
static_assert(is<lloyd::v0::image<u8, 3>, lloyd::image<u8, 3>>);  // two versions can meet in one program

}  // namespace
