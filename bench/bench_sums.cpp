// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Sums of clusters: exact, in bins, beside a plain loop over doubles. All points come to their clusters, and all but
/// one in a hundred leave again: `residue` is what is then wrong with the means, in parts of the largest coordinate.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include <lloyd/detail/base/random.hpp>
#include <lloyd/detail/kmeans_common/binned_sums.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/points/point_sums.hpp>

namespace {

using lloyd::detail::bin_layout;
using lloyd::detail::point_set;
using lloyd::detail::point_sums;

/// Points of many magnitudes, in k clusters by chance.
struct workload {
    explicit workload(std::ptrdiff_t channels) : d(channels), numbers(static_cast<std::size_t>(points * d)) {
        lloyd::detail::random_stream random(1, 2);
        for (float& x : numbers) {
            const float even = static_cast<float>(random.bits() >> 40) * 0x1p-24F;
            x = even * even;
        }
        for (auto& label : labels) label = static_cast<std::int32_t>(random.bits() % k);
        stay = labels;
        for (std::size_t i = 0; i < stay.size(); ++i)
            if (i % 100 != 0) stay[i] = k;  // the cluster of those that leave
    }

    static constexpr std::ptrdiff_t points = 512 * 32;
    static constexpr std::int32_t k = 16;
    std::ptrdiff_t d;
    std::vector<float> numbers;
    std::vector<std::int32_t> labels = std::vector<std::int32_t>(points), stay;
};

/// The farthest from the true means, mean(j, c) being those found.
template <class Mean>
double residue_of(const workload& work, const Mean& mean) {
    double worst = 0;
    for (std::int32_t j = 0; j < work.k; ++j)
        for (std::ptrdiff_t c = 0; c < work.d; ++c) {
            long double sum = 0;
            std::ptrdiff_t count = 0;
            for (std::size_t i = 0; i < work.stay.size(); ++i) {
                if (work.stay[i] != j) continue;
                sum += static_cast<long double>(
                    work.numbers[i * static_cast<std::size_t>(work.d) + static_cast<std::size_t>(c)]);
                ++count;
            }
            worst = std::max(worst, std::abs(mean(j, c) - static_cast<double>(sum / static_cast<long double>(count))));
        }
    return worst;
}

void binned(benchmark::State& state) {
    const workload work(state.range(0));
    const point_set set(lloyd::points(work.numbers.data(), work.points, work.d), {}, 1, {},
                        bin_layout::of(-2 * 24 - 23, 0, work.points));
    point_sums<> sums(set, work.k + 1);
    const auto room = lloyd::detail::row_room(work.d);
    std::vector<std::int32_t> labels(work.labels.size());
    const auto move = [&](const std::vector<std::int32_t>& to, bool are_new) {
        constexpr auto block = point_set::max_range;
        for (std::ptrdiff_t i = 0; i < work.points; i += block)
            move_points(set, i, std::span(to).subspan(static_cast<std::size_t>(i), block), labels.data(), are_new, sums,
                        room.data());
    };
    for (auto _ : state) {
        sums.clear();
        move(work.labels, true);
        move(work.stay, false);
    }
    state.SetItemsProcessed(state.iterations() * work.points * 2);
    state.counters["residue"] = residue_of(work, [&](auto j, auto c) {
        std::vector<double> mean(static_cast<std::size_t>(work.d));
        sums.mean(j, mean.data());
        return mean[static_cast<std::size_t>(c)];
    });
}

void plain(benchmark::State& state) {
    const workload work(state.range(0));
    const auto width = static_cast<std::size_t>(work.d) + 1;
    std::vector<double> sums((static_cast<std::size_t>(work.k) + 1) * width);
    const auto add = [&](std::size_t i, std::int32_t label, double weight) {
        double* row = sums.data() + static_cast<std::size_t>(label) * width;
        for (std::size_t c = 0; c + 1 < width; ++c)
            row[c] += weight * static_cast<double>(work.numbers[i * (width - 1) + c]);
        row[width - 1] += weight;
    };
    for (auto _ : state) {
        std::ranges::fill(sums, 0.0);
        for (std::size_t i = 0; i < work.labels.size(); ++i) add(i, work.labels[i], 1);
        for (std::size_t i = 0; i < work.labels.size(); ++i) {
            if (work.labels[i] == work.stay[i]) continue;
            add(i, work.labels[i], -1);
            add(i, work.stay[i], 1);
        }
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * work.points * 2);
    state.counters["residue"] = residue_of(work, [&](auto j, auto c) {
        const double* row = sums.data() + static_cast<std::size_t>(j) * width;
        return row[c] / row[width - 1];
    });
}

BENCHMARK(binned)->ArgName("d")->Arg(2)->Arg(3)->Arg(16)->Arg(128);
BENCHMARK(plain)->ArgName("d")->Arg(2)->Arg(3)->Arg(16)->Arg(128);

}  // namespace
