// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Labels by scores in float, and the sums of clusters that points leave and enter.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/points/label_changes.hpp>
#include <lloyd/detail/points/nearest_center.hpp>
#include <lloyd/detail/points/point_sums.hpp>
#include <lloyd/detail/points/point_tiles.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"

namespace {

using namespace samples;
using lloyd::detail::center_groups;
using lloyd::detail::point_set;
using lloyd::detail::point_sums;
using lloyd::detail::point_tiles;
using lloyd::detail::run_kernel;
using lloyd::detail::score_kernel;
using numbers = std::vector<double>;

struct two_nearest {
    std::int32_t label = 0;
    double best = std::numeric_limits<double>::infinity(), second = best;
};

template <class T>
two_nearest look(const lloyd::image<T>& data, std::ptrdiff_t i, const lloyd::image<double>& centers) {
    two_nearest found;
    for (std::ptrdiff_t j = 0; j < centers.width(); ++j) {
        double distance = 0;
        for (std::size_t c = 0; c < data(i, 0).size(); ++c) {
            const double difference = static_cast<double>(data(i, 0)[c]) - centers(j, 0)[c];
            distance += difference * difference;
        }
        if (distance < found.best) found.label = static_cast<std::int32_t>(j);
        found.second = std::min(found.second, std::max(found.best, distance));
        found.best = std::min(found.best, distance);
    }
    return found;
}

template <class T>
std::vector<std::int32_t> quick_labels(const lloyd::image<T>& data, const lloyd::image<double>& centers) {
    const point_set points(data);
    lloyd::detail::thread_team alone(1, 1);
    const point_tiles<> tiles(points, alone);
    const auto rows = centers_of(centers);
    const center_groups groups(rows, data.channels(), tiles.middle());
    REQUIRE(groups.fit_float());
    std::vector<std::int32_t> labels(static_cast<std::size_t>((data.width() + 31) / 32 * 32));
    const bool any =
        run_kernel<score_kernel>(tiles.at(0, data.width()), groups.view(), lloyd::detail::scored_points{labels.data()});
    labels.resize(static_cast<std::size_t>(data.width()));
    if (!any) CHECK(std::none_of(labels.begin(), labels.end(), [](auto label) { return label < 0; }));
    return labels;
}

TEST_CASE_TEMPLATE("reads points as planes of one coordinate each, however many there are of both", T, std::uint8_t,
                   std::uint16_t, float, double) {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (std::ptrdiff_t d = 1; d <= 33; ++d) {
            const auto data = noise<T>(random, 100, d, 200);
            const point_set points(data, {}, 0.5);
            for (const std::ptrdiff_t count : {1, 2, 3, 7, 8, 15, 16, 27, 32}) {
                CAPTURE(d);
                CAPTURE(count);
                const std::ptrdiff_t first = random.below(100 - count);
                lloyd::detail::point_block block(d, points.block_size());
                points.read(first, count, block);
                for (std::ptrdiff_t i = 0; i < count; ++i)
                    for (std::ptrdiff_t c = 0; c < d; ++c)
                        REQUIRE(block.plane(c)[i] ==
                                static_cast<double>(data(first + i, 0)[static_cast<std::size_t>(c)]) / 2);
            }
        }
    }
}

TEST_CASE_TEMPLATE("score_kernel labels what it is sure of as doubles do, and doubts little", T, std::uint16_t, float) {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t d : {1, 2, 3, 5, 16, 129})
            for (const std::ptrdiff_t k : {1, 2, 4, 5, 12, 13, 29}) {
                CAPTURE(d);
                CAPTURE(k);
                const auto data = noise<T>(random, 321, d, 1000);
                const auto centers = noise<double>(random, k, d, 1000);
                const auto labels = quick_labels(data, centers);
                std::ptrdiff_t doubts = 0;
                for (std::ptrdiff_t i = 0; i < data.width(); ++i) {
                    const auto told = labels[static_cast<std::size_t>(i)];
                    if (told >= 0) REQUIRE(told == look(data, i, centers).label);
                    doubts += told < 0;
                }
                CHECK(doubts <= 16);
            }
    }
}

TEST_CASE("score_kernel doubts every point that is as near to one center as to another") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t d : {1, 3, 40})
            for (const double apart : {0.0, 1e-9}) {
                const auto data = noise<float>(random, 100, d, 1);
                auto centers = noise<double>(random, 17, d, 1);
                for (std::ptrdiff_t j = 1; j < 17; ++j)  // the last ones repeat the first, or nearly
                    for (std::size_t c = 0; c < centers(j, 0).size(); ++c)
                        centers(j, 0)[c] = centers(j % 4, 0)[c] + (j >= 4 ? apart : 0);
                for (const auto label : quick_labels(data, centers)) REQUIRE(label < 0);
            }
    }
}

TEST_CASE("labels are those of doubles wherever the data and the centers lie") {
    dice random;
    CAPTURE(random.seed);
    for (const double offset : {0.0, 1e6, -3e9})
        for (const double away : {0.0, 1e3, 1e30}) {
            CAPTURE(offset);
            CAPTURE(away);
            auto data = noise<double>(random, 200, 4, 1);
            auto centers = noise<double>(random, 6, 4, 1);
            for (auto& x : data.elements()) x += offset;
            for (auto& x : centers.elements()) x += offset;
            centers(5, 0)[0] += away;
            const auto labels = lloyd::assign(data, centers);
            for (std::ptrdiff_t i = 0; i < data.width(); ++i) REQUIRE(labels(i, 0)[0] == look(data, i, centers).label);
        }
}

TEST_CASE("a tile reaches as far as its farthest point, and hardly farther") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t d : {1, 2, 3, 7, 300}) {
            const auto data = noise<float>(random, 75, d, 1);
            lloyd::detail::thread_team alone(1, 1);
            const point_set points(data);
            const point_tiles<> tiles(points, alone);
            for (std::ptrdiff_t first = 0; first < 75; first += 32) {
                long double farthest = 0;
                for (auto i = first; i < std::min(first + 32, data.width()); ++i) {
                    long double square = 0;
                    for (std::size_t c = 0; c < data(i, 0).size(); ++c) {
                        const auto x =
                            static_cast<long double>(data(i, 0)[c]) - static_cast<long double>(tiles.middle()[c]);
                        square += x * x;
                    }
                    farthest = std::max(farthest, square);
                }
                const auto found = static_cast<long double>(tiles.at(first, 32).max_squared_norms[0]);
                CHECK(found >= farthest);
                CHECK(found <= farthest * 1.0001L);
            }
        }
    }
}

TEST_CASE("changes_kernel finds the labels that differ, in order") {
    dice random;
    CAPTURE(random.seed);
    const float here = 0;
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (std::size_t count = 0; count < 200; ++count)
            for (const std::ptrdiff_t one_in : {1, 2, 50}) {
                std::vector<std::int32_t> labels(count, 70'000), others(labels), expected, found(count);
                for (std::size_t i = 0; i < count; ++i) {
                    if (random.below(one_in) > 0) continue;
                    others[i] -= random.below(2) == 0 ? 1 : 65'536;
                    expected.push_back(static_cast<std::int32_t>(i));
                }
                const auto length = run_kernel<lloyd::detail::changes_kernel>(
                    labels.data(), others.data(), static_cast<std::ptrdiff_t>(count),
                    reinterpret_cast<const unsigned char*>(&here), std::ptrdiff_t{0}, found.data());
                REQUIRE(static_cast<std::size_t>(length) == expected.size());
                found.resize(expected.size());
                REQUIRE(found == expected);
            }
    }
}

TEST_CASE_TEMPLATE("the magnitudes are found, and what is not finite, wherever it stands", T, float, double) {
    using lloyd::detail::magnitudes_of;
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (std::ptrdiff_t count = 1; count < 70; ++count)
            for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
                lloyd::image<T> data(count, 1, 1);
                for (auto& x : data.elements()) x = T{-2};
                const auto find = [&] { return magnitudes_of("test", "point", lloyd::detail::as_view(data)); };
                data.elements()[i] = T{-5};
                CHECK(find().largest == 5);
                CHECK(find().smallest == (count == 1 ? 5 : 2));
                data.elements()[i] = -std::numeric_limits<T>::denorm_min();
                CHECK(find().smallest == std::numeric_limits<T>::denorm_min());
                data.elements()[i] = T{-0.0};  // is none
                CHECK(find().smallest == (count == 1 ? 0 : 2));
                data.elements()[i] = -std::numeric_limits<T>::quiet_NaN();
                CHECK_THROWS_AS(find(), std::invalid_argument);
            }
    }
}

/// The sums of two clusters after all points have come to the second, in this order, and the first `gone` have left it.
template <class T>
point_sums<> come_and_go(const lloyd::image<T>& data, const numbers& weights, std::ptrdiff_t gone) {
    const lloyd::detail::weight_unit fractions{1, false};
    const auto bins = lloyd::detail::bin_layout::of(-1074, 120, 4 * data.size());
    const point_set points(data, weights, 1, fractions, bins);
    point_sums<> sums(points, 2);
    sums.clear();
    const auto room = lloyd::detail::row_room(data.channels());
    const auto n = static_cast<std::size_t>(data.width());
    std::vector<std::int32_t> labels(n), there(n, 1), left(there);
    std::fill_n(left.begin(), gone, 0);
    sums.changed +=
        move_points(points, 0, std::span<const std::int32_t>(there), labels.data(), true, sums, room.data());
    sums.changed +=
        move_points(points, 0, std::span<const std::int32_t>(left), labels.data(), false, sums, room.data());
    CHECK(labels == left);
    return sums;
}

/// The mean of the second cluster.
numbers mean_of(const point_sums<>& sums, std::ptrdiff_t channels) {
    numbers mean(static_cast<std::size_t>(channels));
    sums.mean(1, mean.data());
    return mean;
}

TEST_CASE("a point that leaves its cluster leaves nothing behind") {
    dice random;
    CAPTURE(random.seed);
    for (const auto level : cpu_levels()) {
        const cpu_limit limit(level);
        for (const std::ptrdiff_t d : {1, 2, 3, 4, 7, 8, 21})
            for (const bool weighted : {false, true}) {
                CAPTURE(d);
                CAPTURE(weighted);
                auto data = noise<double>(random, 60, d, 1);
                for (std::ptrdiff_t i = 0; i < 20; ++i)
                    for (auto& x : data(i, 0)) x *= 1e12;  // those that will go
                numbers weights;
                for (int i = 0; weighted && i < 60; ++i) weights.push_back(0.1 + static_cast<double>(random.below(7)));
                const auto sums = come_and_go(data, weights, 20);
                for (std::ptrdiff_t c = 0; c < d; ++c) {
                    long double moment = 0, weight = 0;
                    for (std::size_t i = 20; i < 60; ++i) {
                        const auto w = static_cast<long double>(weighted ? weights[i] : 1);
                        moment += w * static_cast<long double>(
                                          data(static_cast<std::ptrdiff_t>(i), 0)[static_cast<std::size_t>(c)]);
                        weight += w;
                    }
                    const auto mean = static_cast<double>(moment / weight);
                    CHECK(mean_of(sums, d)[static_cast<std::size_t>(c)] == doctest::Approx(mean).epsilon(1e-15));
                    CHECK(sums.weight(1) == doctest::Approx(static_cast<double>(weight)).epsilon(1e-15));
                }
            }
    }
}

TEST_CASE("the mean of equal points is that point, in any company before and with any weight") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {2, 9}) {
        auto data = noise<double>(random, 70, d, 1e6);
        numbers weights;
        for (std::ptrdiff_t i = 0; i < 70; ++i) {
            weights.push_back(i % 2 == 0 ? 1 : 0.7);
            for (std::size_t c = 0; i > 8 && c < data(i, 0).size(); ++c)
                data(i, 0)[c] = 0.1 * static_cast<double>(c + 1);
        }
        const auto sums = come_and_go(data, weights, 8 + 1);
        const auto mean = mean_of(sums, d);
        for (std::size_t c = 0; c < mean.size(); ++c) CHECK(mean[c] == 0.1 * static_cast<double>(c + 1));
    }
}

TEST_CASE("sums far from the origin are merged without loss, and told about any origin") {
    dice random;
    CAPTURE(random.seed);
    auto data = noise<double>(random, 50, 3, 1e-3);
    for (auto& x : data.elements()) x += 1e9;
    auto sums = come_and_go(data, {}, 0);
    sums.merge(come_and_go(data, {}, 0));
    CHECK(sums.weight(1) == 100);
    for (std::ptrdiff_t c = 0; c < 3; ++c) {
        long double moment = 0;
        for (std::ptrdiff_t i = 0; i < 50; ++i)
            moment += 2 * (static_cast<long double>(data(i, 0)[static_cast<std::size_t>(c)]) - 1e9L);
        CHECK(sums.moment(1, c, 1e9) == doctest::Approx(static_cast<double>(moment)).epsilon(1e-12));
        CHECK(mean_of(sums, 3)[static_cast<std::size_t>(c)] == static_cast<double>(1e9L + moment / 100));
    }
}

TEST_CASE("sums are rounded once where large parts of bins cancel out") {
    // With bins of 2^-49, 2^-99, 2^-149 …: what is left of the first three numbers are 2^-49 in one bin and -2^-49 in the
    // next. The sum of the others is a little below the middle of two doubles.
    lloyd::image<double> data(5, 1, 1);
    std::ranges::copy(numbers{0x1p-49, -0x1p-50, -0x1p-50, 0x1p-102 + 0x1p-104, 0x3p-155 - 0x1p-190}, data.data());
    const auto bins = lloyd::detail::bin_layout::of(-200, 0, 7);
    const point_set points(data, {}, 1, {1, false}, bins);
    point_sums<> sums(points, 1);
    sums.clear();
    const auto room = lloyd::detail::row_room(1);
    std::vector<std::int32_t> labels(5);
    const std::vector<std::int32_t> there(5, 0);
    move_points(points, 0, std::span<const std::int32_t>(there), labels.data(), true, sums, room.data());
    CHECK(sums.moment(0, 0, 0) == 0x1p-102 + 0x1p-104 + 0x1p-154);
}

TEST_CASE("a cluster that all have left keeps nothing of what its sums have lost") {
    lloyd::image<double> data(3, 1, 1);
    std::ranges::copy(numbers{1, 1e-30, 1e30}, data.data());  // 1e-30 is lost beside the last, and not when it leaves
    CHECK(come_and_go(data, {}, 3).moment(1, 0, 0) == 0);
}

TEST_CASE("a cluster that has been empty begins anew, and points without weight are not counted") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<float>(random, 30, 5, 1);
    numbers weights(30, 0.1);
    weights[3] = 0;
    const auto sums = come_and_go(data, weights, 30);
    CHECK(sums.weight(1) == 0);
    for (std::ptrdiff_t c = 0; c < 5; ++c) CHECK(sums.moment(1, c, 0) == 0);
    CHECK(sums.weight(0) == doctest::Approx(2.9));
    CHECK(sums.changed == 2 * 29);
}

}  // namespace
