// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Sums of clusters, block by block: what they hold, that they add, and that steps taken with them are those of kmeans.

#include <cmath>
#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

#include <lloyd/cluster_sums.hpp>
#include <lloyd/kmeans.hpp>

#include "sample_points.hpp"
#include "sample_seeds.hpp"

namespace {

using namespace samples;
using numbers = std::vector<double>;

numbers numbers_of(const lloyd::cluster_sums<>& sums) { return {sums.numbers().begin(), sums.numbers().end()}; }

/// Blocks of points and their weights, cut anywhere, some of them without points.
template <class T, class Use>
void for_each_block(dice& random, const lloyd::image<T>& data, const numbers& weights, const Use& use) {
    for (std::ptrdiff_t begin = 0; begin < data.size();) {
        const auto n = (std::min)(data.size() - begin, random.below(data.size() / 2));
        use(data.crop(begin, 0, n, 1), std::span(weights).subspan(weights.empty() ? 0 : static_cast<std::size_t>(begin),
                                                                  weights.empty() ? 0 : static_cast<std::size_t>(n)));
        begin += n;
    }
}

template <class T>
lloyd::cluster_sums<> sum_blocks(dice& random, const lloyd::image<T>& data, const numbers& weights,
                                 const lloyd::image<double>& centers) {
    lloyd::cluster_sums sums;
    for_each_block(random, data, weights,
                   [&](auto block, auto of_block) { sums.accumulate(block, centers, {.weights = of_block}); });
    return sums;
}

TEST_CASE("sums up what lies nearest to each center") {
    const auto data = table<float>(1, {0, 10, 1, 14});
    const auto centers = table<double>(1, {0, 10});
    lloyd::cluster_sums sums;
    sums.accumulate(data, centers);
    CHECK(numbers_of(sums) == numbers{2, 2, 0 + 1, 0 + 4, 1 + 16});
    CHECK(elements_of(sums.means()) == numbers{0.5, 12});
    CHECK(sums.compactness() == 17);
    CHECK((sums.weights()[0] == 2 && sums.weights()[1] == 2 && sums.size() == 2 && !sums.empty()));
    CHECK(same_pixels(sums.centers(), centers));
}

TEST_CASE("sums up 8-bit data about whole numbers from 0 to 255") {
    const auto data = table<u8>(2, {1, 2, 3, 4, 255, 254});
    const auto centers = table<double>(2, {1.5, 2.25, 1e9, -7});
    lloyd::cluster_sums sums;
    sums.accumulate(data, centers);
    // About (2, 2) and (255, 0); the second has no points.
    CHECK(numbers_of(sums) == numbers{3, 0, -1 + 1 + 253, 0 + 2 + 252, 0, 0, 1 + 5 + 253 * 253 + 252 * 252});
    CHECK(elements_of(sums.means()) == numbers{86 + 21845 / 65536.0, 86 + 43691 / 65536.0, 1e9, -7});
}

/// As many iterations as kmeans makes, taken by hand over blocks. False where a cluster was empty, which kmeans repairs.
template <class T>
bool check_same_as_kmeans(dice& random, const lloyd::image<T>& data, const numbers& weights, int k, int iterations) {
    const auto start = some_points(random, data, k);
    const auto result =
        lloyd::kmeans(data, k, {.max_iterations = iterations, .weights = weights, .initial_centers = start});
    auto sums = sum_blocks(random, data, weights, start);
    for (int i = 0; i < result.iterations; ++i) {
        if (std::ranges::count(sums.weights(), 0.0) > 0) return false;
        sums = sum_blocks(random, data, weights, sums.means());
    }
    if (std::is_same_v<T, u8>) {
        CHECK(bits_of(sums.centers().elements()) == bits_of(result.centers.elements()));
        CHECK(bits_of(sums.weights()) == bits_of(result.weights));
        CHECK(bits_of(numbers{sums.compactness()}) == bits_of(numbers{result.compactness}));
        return true;
    }
    for (std::size_t i = 0; i < result.centers.elements().size(); ++i)
        CHECK(close(sums.centers().elements()[i], result.centers.elements()[i], 1e-12));
    for (std::size_t j = 0; j < result.weights.size(); ++j) CHECK(close(sums.weights()[j], result.weights[j], 1e-12));
    CHECK(close(sums.compactness(), result.compactness, 1e-12));
    return true;
}

TEST_CASE_TEMPLATE("makes the steps of kmeans, however points are cut into blocks", T, u8, u16, float, double) {
    dice random;
    CAPTURE(random.seed);
    const double range = std::is_same_v<T, u8> ? 255 : 60000;
    int compared = 0, tried = 0;
    for (const std::ptrdiff_t d : {1, 2, 3, 4, 7})
        for (const int k : {1, 3, 8})
            for (const int iterations : {1, 2, 100}) {
                const auto data = random.below(2) == 0 ? noise<T>(random, 3000, d, range)
                                                       : blobs<T>(random, 700, d, k, range, range / 20);
                numbers weights;
                const std::ptrdiff_t most = random.below(2) == 0 ? 4 : 1 << 22;  // 8-bit sums may need all of 53 bits
                if (random.below(3) != 0) weights = whole_weights(random, data.size(), most);
                ++tried;
                compared += check_same_as_kmeans(random, data, weights, k, iterations);
            }
    CHECK(compared > tried / 2);
}

TEST_CASE("makes the steps of kmeans with weights that are no whole numbers") {
    dice random;
    CAPTURE(random.seed);
    for (const std::ptrdiff_t d : {3, 4}) {
        const auto data = noise<u8>(random, 2000, d, 255);
        numbers weights;
        for (std::ptrdiff_t i = 0; i < data.size(); ++i)
            weights.push_back(static_cast<double>(random.below(1000)) / 300);
        const auto start = some_points(random, data, 5);
        const auto result = lloyd::kmeans(data, 5, {.max_iterations = 3, .weights = weights, .initial_centers = start});
        auto sums = sum_blocks(random, data, weights, start);
        for (int i = 0; i < 3; ++i) sums = sum_blocks(random, data, weights, sums.means());
        for (std::size_t i = 0; i < result.centers.elements().size(); ++i)
            CHECK(std::abs(sums.centers().elements()[i] - result.centers.elements()[i]) <= 0x1p-15);
        CHECK(close(sums.compactness(), result.compactness, 1e-6));
    }
}

TEST_CASE("merges 8-bit sums in any order and grouping to the same bits") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<u8>(random, 5000, 4, 255);
    const auto centers = noise<double>(random, 9, 4, 255);
    lloyd::cluster_sums whole;
    whole.accumulate(data, centers);
    for (int i = 0; i < 10; ++i) {
        std::vector<lloyd::cluster_sums<>> parts;
        for_each_block(random, data, {}, [&](auto block, auto) { parts.emplace_back().accumulate(block, centers); });
        while (parts.size() > 1) {
            std::swap(parts[static_cast<std::size_t>(random.below(std::ssize(parts)))], parts.back());
            const auto last = std::move(parts.back());
            parts.pop_back();
            parts[static_cast<std::size_t>(random.below(std::ssize(parts)))].merge(last);
        }
        CHECK(numbers_of(parts[0]) == numbers_of(whole));
        CHECK(parts[0].compactness() == whole.compactness());
        CHECK(same_pixels(parts[0].means(), whole.means()));
    }
}

TEST_CASE_TEMPLATE("merges as its numbers add, one by one", T, u8, float) {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<T>(random, 1000, 5, 255);
    const auto centers = some_points(random, data, 4);
    lloyd::cluster_sums<5> a, b, merged;
    a.accumulate(data.crop(0, 0, 300, 1), centers);
    b.accumulate(data.crop(300, 0, 700, 1), centers);
    merged.merge(a);
    merged.merge(b);
    for (std::size_t i = 0; i < a.numbers().size(); ++i) a.numbers()[i] += b.numbers()[i];
    CHECK(bits_of(a.numbers()) == bits_of(merged.numbers()));
    CHECK(same_pixels(a.means(), merged.means()));
    CHECK(a.compactness() == merged.compactness());
}

TEST_CASE("loses nothing of a small spread far from the origin") {
    dice random;
    CAPTURE(random.seed);
    lloyd::image<double> near(2000, 1, 2), far_away(2000, 1, 2);
    for (std::size_t i = 0; i < near.elements().size(); ++i) {
        near.elements()[i] = static_cast<double>(random.below(1024)) / 1024;  // exact, also beside 10^9
        far_away.elements()[i] = 1e9 + near.elements()[i];
    }
    auto centers = some_points(random, near, 6);
    auto centers_far_away = centers;
    for (auto& c : centers_far_away.elements()) c += 1e9;
    const auto a = sum_blocks(random, near, {}, centers);
    const auto b = sum_blocks(random, far_away, {}, centers_far_away);
    for (std::size_t i = 0; i < a.numbers().size(); ++i) CHECK(close(a.numbers()[i], b.numbers()[i], 1e-13));
    for (std::size_t i = 0; i < 12; ++i)
        CHECK(std::abs(b.means().elements()[i] - 1e9 - a.means().elements()[i]) <= 1.2e-7);  // what a double can hold
    CHECK(close(a.compactness(), b.compactness(), 1e-13));
}

TEST_CASE("lets a cluster without weight keep its center, and takes blocks without points") {
    const auto data = table<float>(1, {1, 2, 3});
    const auto centers = table<double>(1, {0.1, 100});
    lloyd::cluster_sums sums, none;
    CHECK((none.empty() && none.size() == 0 && none.weights().empty() && none.numbers().empty()));
    CHECK((none.means().empty() && none.compactness() == 0));
    sums.accumulate(data.crop(1, 0, 0, 1), centers);
    sums.accumulate(lloyd::image<float>(), centers);
    CHECK((numbers_of(sums) == numbers{0, 0, 0, 0, 0} && !sums.empty()));
    CHECK(same_pixels(sums.means(), centers));
    sums.accumulate(data, centers, {.weights = numbers{0, 0, 0}});
    CHECK(numbers_of(sums) == numbers{0, 0, 0, 0, 0});
    sums.accumulate(data, centers, {.weights = numbers{0, 2, 1}});
    CHECK(elements_of(sums.means())[0] == doctest::Approx(7.0 / 3).epsilon(1e-15));
    CHECK(elements_of(sums.means())[1] == 100);
    sums.merge(none);
    none.merge(sums);
    CHECK(numbers_of(none) == numbers_of(sums));
    none.merge(none);
    CHECK(none.weights()[0] == 6);
}

TEST_CASE("counts weight 3 as three copies") {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<u8>(random, 500, 3, 255);
    const auto centers = noise<double>(random, 4, 3, 255);
    lloyd::cluster_sums heavy, copies;
    heavy.accumulate(data, centers, {.weights = numbers(500, 3)});
    for (int i = 0; i < 3; ++i) copies.accumulate(data, centers);
    CHECK(numbers_of(heavy) == numbers_of(copies));
}

TEST_CASE_TEMPLATE("gives the same bits on any number of threads", T, u8, double) {
    dice random;
    CAPTURE(random.seed);
    const auto data = noise<T>(random, 20000, 3, 255);
    const auto centers = some_points(random, data, 7);
    lloyd::cluster_sums alone;
    alone.accumulate(data, centers);
    for (const int threads : {0, 2, 5}) {
        lloyd::cluster_sums together;
        together.accumulate(data, centers, {.threads = threads});
        CHECK(bits_of(together.numbers()) == bits_of(alone.numbers()));
    }
}

TEST_CASE("labels the blocks as it labels the whole") {
    dice random;
    CAPTURE(random.seed);
    const auto photo = photo_like<3>(random, 60, 40);
    const auto centers = lloyd::kmeans(photo, 5, {.max_iterations = 2}).centers;
    const auto floats = noise<float>(random, 900, 4, 100);
    const auto places = some_points(random, floats, 8);
    const auto whole = lloyd::assign(photo, centers), of_floats = lloyd::assign(floats, places);
    for (std::ptrdiff_t y = 0; y < 40; y += 8)
        CHECK(same_pixels(lloyd::assign(photo.crop(0, y, 60, 8), centers), whole.crop(0, y, 60, 8)));
    for (std::ptrdiff_t x = 0; x < 900; x += 90)
        CHECK(same_pixels(lloyd::assign(floats.crop(x, 0, 90, 1), places), of_floats.crop(x, 0, 90, 1)));
}

}  // namespace
