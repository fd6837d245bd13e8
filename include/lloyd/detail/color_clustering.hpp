// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The steps of Lloyd's algorithm over the distinct colours of an image, cube by cube: `clustering` of the same points
/// gives the same bits, later.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <lloyd/detail/arithmetic.hpp>
#include <lloyd/detail/center_update.hpp>
#include <lloyd/detail/color_cubes.hpp>
#include <lloyd/detail/color_seeding.hpp>
#include <lloyd/detail/cube_kernels.hpp>
#include <lloyd/detail/nearest.hpp>
#include <lloyd/detail/point_set.hpp>
#include <lloyd/detail/seeding.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Centers of any number of channels up to 3, as the cubes want them: k × 3 and their |c|².
struct cube_centers {
    cube_centers(const buffer<double>& centers, std::ptrdiff_t channels)
        : k(static_cast<std::ptrdiff_t>(centers.size()) / channels),
          coordinates(static_cast<std::size_t>(3 * k), 0.0),
          squares(static_cast<std::size_t>(k), 0.0) {
        for (std::ptrdiff_t j = 0; j < k; ++j)
            for (std::ptrdiff_t c = 0; c < channels; ++c) {
                const double x = centers.data()[j * channels + c];
                coordinates.data()[3 * j + c] = x;
                squares.data()[j] += x * x;
            }
    }
    std::ptrdiff_t words() const { return (k + 63) / 64; }

    std::ptrdiff_t k;
    buffer<double> coordinates;
    buffer<double> squares;
};

/// Which centers may win in each cube, and the cubes where more than one may.
class contest {
public:
    contest(const color_cubes& cubes, std::ptrdiff_t k)
        : cubes_(cubes),
          stride_(static_cast<std::ptrdiff_t>(cubes.weight.size())),
          masks_(static_cast<std::size_t>(stride_ * ((k + 63) / 64))),
          contested_(static_cast<std::size_t>(cubes.cubes)),
          candidates_(static_cast<std::size_t>(k)) {}

    /// Calls won(cube, center) for each cube from `first` to `last` that one center wins whole; lists the others.
    template <class Won>
    void hold(std::ptrdiff_t first, std::ptrdiff_t last, const cube_centers& centers, const Won& won) {
        run_kernel<candidates_kernel>(&cubes_, first, last, static_cast<const double*>(centers.coordinates.data()),
                                      static_cast<const double*>(centers.squares.data()), centers.k, masks_.data(),
                                      stride_);
        count_ = 0;
        for (auto cube = first; cube < last; ++cube) {
            const auto winner = only_candidate(cube, centers.words());
            if (winner >= 0)
                won(cube, winner);
            else
                contested_.data()[count_++] = static_cast<std::uint32_t>(cube);
        }
    }

    /// Sums up the listed cubes' colours by winner, or writes their labels.
    void settle(const cube_centers& centers, double* sums, std::int32_t* labels) {
        run_kernel<contested_kernel>(&cubes_, static_cast<const std::uint32_t*>(contested_.data()), count_,
                                     static_cast<const std::int64_t*>(masks_.data()), stride_, centers.words(),
                                     static_cast<const double*>(centers.coordinates.data()), candidates_.data(), sums,
                                     labels);
    }

    std::span<const std::uint32_t> contested() const { return {contested_.data(), static_cast<std::size_t>(count_)}; }

private:
    std::ptrdiff_t only_candidate(std::ptrdiff_t cube, std::ptrdiff_t words) const {
        std::ptrdiff_t only = -1;
        for (std::ptrdiff_t word = 0; word < words; ++word) {
            const auto mask = static_cast<std::uint64_t>(masks_.data()[word * stride_ + cube]);
            if (mask == 0) continue;
            if (only >= 0 || (mask & (mask - 1)) != 0) return -1;
            only = 64 * word + std::countr_zero(mask);
        }
        return only;
    }

    const color_cubes& cubes_;
    std::ptrdiff_t stride_;
    buffer<std::int64_t> masks_;
    buffer<std::uint32_t> contested_;
    buffer<std::int32_t> candidates_;
    std::ptrdiff_t count_ = 0;
};

/// Whether centers lie among the colours, 0 to 255, where the arithmetic of the cubes is exact.
inline bool are_colors(const buffer<double>& centers) {
    return std::all_of(centers.begin(), centers.end(), [](double c) { return 0 <= c && c <= 255; });
}

/// The nearest center of every colour.
inline image<std::int32_t, 1> label_colors(const color_cubes& cubes, const buffer<double>& centers,
                                           std::ptrdiff_t channels) {
    const cube_centers prepared(centers, channels);
    contest contest(cubes, prepared.k);
    image<std::int32_t, 1> labels(uninitialized, cubes.colors(), 1);
    buffer<std::int32_t> of_places(cubes.weights.size());
    contest.hold(0, cubes.cubes, prepared, [&](std::ptrdiff_t cube, std::ptrdiff_t center) {
        std::fill(labels.data() + cubes.color.data()[cube], labels.data() + cubes.color.data()[cube + 1],
                  static_cast<std::int32_t>(center));
    });
    contest.settle(prepared, nullptr, of_places.data());
    for (const auto cube : contest.contested())
        std::copy_n(of_places.data() + cubes.place[cube], cubes.color[cube + 1] - cubes.color[cube],
                    labels.data() + cubes.color[cube]);
    return labels;
}

/// The state of one attempt, with the interface of `clustering`.
class color_clustering {
    using sums_type = cluster_sums<std::uint64_t>;

public:
    color_clustering(const point_set<std::uint8_t>& points, const color_cubes& cubes, std::ptrdiff_t k)
        : points_(points),
          cubes_(cubes),
          contest_(cubes, k),
          sums_(k, points.channels()),
          held_(static_cast<std::size_t>(4 * k)),
          spread_(static_cast<std::size_t>(4 * k * widest_lanes)) {
        for (std::ptrdiff_t cube = 0; cube < cubes.cubes; ++cube)
            squares_ += wide(static_cast<std::uint64_t>(cubes.square.data()[cube]));
    }

    buffer<double> seed(bool by_distance, random_stream random) {
        color_field field(points_, cubes_, by_distance);
        return draw_seeds(field, points_, static_cast<std::ptrdiff_t>(sums_.weights.size()), by_distance, random);
    }

    void assign(const buffer<double>& centers) {
        const cube_centers prepared(centers, points_.channels());
        held_.fill(0);
        spread_.fill(0);
        contest_.hold(0, cubes_.cubes, prepared, [&](std::ptrdiff_t cube, std::ptrdiff_t center) {
            double* sum = held_.data() + 4 * center;
            sum[0] += cubes_.weight.data()[cube];
            for (int c = 0; c < 3; ++c) sum[c + 1] += cubes_.moment[c].data()[cube];
        });
        contest_.settle(prepared, spread_.data(), nullptr);
        sum_up(prepared.k);
    }

    double move_to_means(buffer<double>& centers) {
        const auto moved = detail::move_to_means<whole_arithmetic>(points_, sums_, centers,
                                                                   [&] { return nearest_labels(points_, centers); });
        repaired_ = moved.repaired;
        return moved.farthest;
    }

    /// Points of positive weight change clusters only if a sum changes: a swap that keeps all sums would keep the
    /// compactness, so every changed label would be a tie, and ties move labels one way: down.
    bool settled() const { return !changed_ && !repaired_; }

    double compactness(const buffer<double>& centers) const {
        return whole_arithmetic::compactness(sums_, centers.data(), squares_);
    }

    double weight(std::ptrdiff_t j) const { return static_cast<double>(sums_.weights[static_cast<std::size_t>(j)]); }

    /// None: they are found from the centers, once, when the best attempt is known.
    image<std::int32_t, 1> take_labels() { return {}; }

private:
    void sum_up(std::ptrdiff_t k) {
        const auto channels = points_.channels();
        changed_ = false;
        for (std::ptrdiff_t j = 0; j < k; ++j)
            for (std::ptrdiff_t q = 0; q <= channels; ++q) {
                double total = held_.data()[4 * j + q];
                for (std::ptrdiff_t l = 0; l < widest_lanes; ++l)
                    total += spread_.data()[(4 * j + q) * widest_lanes + l];
                auto& sum = q == 0 ? sums_.weights.data()[j] : sums_.moments.data()[j * channels + q - 1];
                changed_ = changed_ || sum != static_cast<std::uint64_t>(total);
                sum = static_cast<std::uint64_t>(total);
            }
    }

    const point_set<std::uint8_t>& points_;
    const color_cubes& cubes_;
    contest contest_;
    sums_type sums_;
    wide squares_{};
    buffer<double> held_;    ///< k × 4: of cubes that one center holds
    buffer<double> spread_;  ///< k × 4 × lanes: of contested cubes
    bool changed_ = true;
    bool repaired_ = false;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
