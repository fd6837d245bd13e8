// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Seeding over cubes of colours: a cube whose colours are all nearer to a seed they have than to a new one is passed
/// over, one whose colours are all nearer to the new one is summed up from its moments. Draws what point_field draws.
#pragma once

#include <cstddef>
#include <cstdint>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/color_cubes.hpp>
#include <lloyd/detail/cube_kernels.hpp>
#include <lloyd/detail/point_set.hpp>
#include <lloyd/detail/wide.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// Every colour's weight · D², or its weight until the first seed is taken. All of it whole and exact in double.
class color_field {
public:
    using potential = wide;

    color_field(const point_set<std::uint8_t>& points, const color_cubes& cubes, bool by_distance)
        : channels_(points.channels()),
          cubes_(cubes),
          by_distance_(by_distance),
          nearest_(cubes.weights.size(), 1.0F),
          least_(cubes.weight.size(), 1.0),
          most_(cubes.weight.size(), 1.0),
          potentials_(cubes.weight.size(), 0.0),
          kinds_(cubes.weight.size()),
          listed_(cubes.weight.size()) {
        for (std::ptrdiff_t i = 0; i < cubes.cubes; ++i) potentials_.data()[i] = cubes.weight.data()[i];
        sum_up();
    }

    potential total() const { return static_cast<std::uint64_t>(total_); }

    void take(const double* seed, bool first) {
        if (first && by_distance_) {
            nearest_.fill(0x1p100F);
            least_.fill(0x1p100);
            most_.fill(0x1p100);
        }
        const point3 at(seed, channels_);
        reach(at);
        list([](double kind) { return kind > 0; });
        gain_of_listed(at, true);
        sum_up();
    }

    std::ptrdiff_t best(const double* candidates, std::ptrdiff_t tries) {
        std::ptrdiff_t best = 0;
        double most = -1;
        for (std::ptrdiff_t i = 0; i < tries; ++i) {
            const point3 at(candidates + i * channels_, channels_);
            double gain = reach(at);
            list([](double kind) { return kind == 1; });
            gain += gain_of_listed(at, false);
            if (gain > most) {
                most = gain;
                best = i;
            }
        }
        return best;
    }

    std::ptrdiff_t draw(potential number) const {
        auto left = static_cast<double>(number.low);
        std::ptrdiff_t cube = 0;
        for (; left >= potentials_.data()[cube]; ++cube) left -= potentials_.data()[cube];
        const auto first = static_cast<std::ptrdiff_t>(cubes_.place.data()[cube]);
        for (auto place = first;; ++place) {
            const double part = cubes_.weights.data()[place] * static_cast<double>(nearest_.data()[place]);
            if (left < part) return cubes_.color.data()[cube] + (place - first);
            left -= part;
        }
    }

private:
    struct point3 {
        point3(const double* from, std::ptrdiff_t channels) {
            for (std::ptrdiff_t c = 0; c < channels; ++c) at[c] = from[c];
        }
        double at[3] = {0, 0, 0};
    };

    double reach(const point3& seed) {
        return run_kernel<reach_kernel>(&cubes_, &seed.at[0], static_cast<const double*>(least_.data()),
                                        static_cast<const double*>(most_.data()),
                                        static_cast<const double*>(potentials_.data()), kinds_.data());
    }

    template <class Wanted>
    void list(const Wanted& wanted) {
        count_ = 0;
        for (std::ptrdiff_t cube = 0; cube < cubes_.cubes; ++cube) {
            listed_.data()[count_] = static_cast<std::uint32_t>(cube);
            count_ += wanted(kinds_.data()[cube]);
        }
    }

    double gain_of_listed(const point3& seed, bool keep) {
        return run_kernel<gain_kernel>(&cubes_, static_cast<const std::uint32_t*>(listed_.data()), count_, &seed.at[0],
                                       !by_distance_, keep, nearest_.data(), least_.data(), most_.data(),
                                       potentials_.data());
    }

    void sum_up() {
        total_ = 0;
        for (std::ptrdiff_t i = 0; i < cubes_.cubes; ++i) total_ += potentials_.data()[i];
    }

    std::ptrdiff_t channels_;
    const color_cubes& cubes_;
    bool by_distance_;
    buffer<float> nearest_;        ///< D² of each colour: a whole number below 2^18
    buffer<double> least_, most_;  ///< bounds of D² over each cube
    buffer<double> potentials_;    ///< Σ weight · D² over each cube
    buffer<double> kinds_;         ///< what reach_kernel said of each cube
    buffer<std::uint32_t> listed_;
    std::ptrdiff_t count_ = 0;
    double total_ = 0;
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
