// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// The hot loops over cubes of colours: which centers can win in a cube, and which one wins each colour of it.
///
/// Coordinates are whole numbers to 255 and centers lie on a grid of 2^-16: every product and sum below is exact.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/color_cubes.hpp>
#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// For each cube a bit per center: set when the center may be nearest to some point of the cube's box.
///
/// a is the center nearest to the middle of the box. Center b cannot win where |x − b|² − |x − a|² > 0 on the whole box;
/// the difference is linear in x, so it is least at a corner.
struct candidates_kernel {
    /// `centers` are k×3; `squares` their |c|²; `words` = ⌈k / 64⌉ of `masks` per cube, one plane of cubes each.
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const color_cubes* cubes, std::ptrdiff_t first, std::ptrdiff_t last,
                                                  const double* centers, const double* squares, std::ptrdiff_t k,
                                                  std::int64_t* masks, std::ptrdiff_t mask_stride) {
        using numbers = vector<double, Bytes>;
        using bits = vector<std::int64_t, Bytes>;
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        for (auto i = first; i < last; i += lanes) {
            const numbers zero = {};
            numbers low[3], high[3], nearest[3] = {}, nearest_square = {}, least = zero + 0x1p100;
            for (int c = 0; c < 3; ++c) {
                load(low[c], cubes->low[c].data() + i);
                load(high[c], cubes->high[c].data() + i);
            }
            for (std::ptrdiff_t j = 0; j < k; ++j) {
                numbers distance = {};
                for (int c = 0; c < 3; ++c) {
                    const numbers twice = low[c] + high[c] - 2 * centers[3 * j + c];
                    distance += twice * twice;
                }
                const auto closer = distance < least;
                assign_where(closer, least, distance);
                assign_where(closer, nearest_square, zero + squares[j]);
                for (int c = 0; c < 3; ++c) assign_where(closer, nearest[c], zero + centers[3 * j + c]);
            }
            for (std::ptrdiff_t word = 0; 64 * word < k; ++word) {
                bits mask = {};
                for (std::ptrdiff_t j = 64 * word; j < k && j < 64 * (word + 1); ++j) {
                    numbers margin = squares[j] - nearest_square;
                    for (int c = 0; c < 3; ++c) {
                        const numbers difference = nearest[c] - centers[3 * j + c];
                        numbers corner = high[c];
                        assign_where(zero < difference, corner, low[c]);
                        margin += (corner + corner) * difference;
                    }
                    mask |= (margin <= zero) & static_cast<std::int64_t>(std::uint64_t{1} << (j & 63));
                }
                store(masks + word * mask_stride + i, mask);
            }
        }
    }
};

/// The coordinates and weights of a vector of colours, as doubles.
template <int Bytes>
struct color_lanes {
    static constexpr std::ptrdiff_t count = Bytes / sizeof(double);
    using numbers = vector<double, Bytes>;

    [[gnu::always_inline]] inline color_lanes(const color_cubes* cubes, std::ptrdiff_t i) {
        for (int c = 0; c < 3; ++c) {
            vector<std::uint8_t, static_cast<int>(count)> bytes;
            load(bytes, static_cast<const std::uint8_t*>(cubes->channel[c].data()) + i);
            convert(x[c], bytes);
        }
        vector<std::int32_t, static_cast<int>(count) * 4> counts;
        load(counts, static_cast<const std::int32_t*>(cubes->weights.data()) + i);
        convert(weight, counts);
    }

    [[gnu::always_inline]] inline void squared_distance(numbers& distance, const double* point) const {
        distance = numbers{};
        for (int c = 0; c < 3; ++c) {
            const numbers difference = x[c] - point[c];
            distance += difference * difference;
        }
    }

    numbers x[3];
    numbers weight;
};

/// For one cube and the centers that may win in it: the sums of each, spread over the lanes of `sums` (k × 4 ×
/// widest_lanes: weight and moments), or, where `labels` is not null, each colour's label.
struct contested_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(const color_cubes* cubes, const std::uint32_t* contested,
                                                  std::ptrdiff_t count, const std::int64_t* masks,
                                                  std::ptrdiff_t mask_stride, std::ptrdiff_t words,
                                                  const double* centers, std::int32_t* candidates, double* sums,
                                                  std::int32_t* labels) {
        for (std::ptrdiff_t n = 0; n < count; ++n) {
            const auto cube = static_cast<std::ptrdiff_t>(contested[n]);
            std::ptrdiff_t candidate_count = 0;
            for (std::ptrdiff_t word = 0; word < words; ++word)
                for (auto mask = static_cast<std::uint64_t>(masks[word * mask_stride + cube]); mask != 0;
                     mask &= mask - 1)
                    candidates[candidate_count++] = static_cast<std::int32_t>(64 * word + std::countr_zero(mask));
            const auto end = static_cast<std::ptrdiff_t>(cubes->place.data()[cube + 1]);
            for (auto i = static_cast<std::ptrdiff_t>(cubes->place.data()[cube]); i < end;
                 i += color_lanes<Bytes>::count)
                compare<Bytes>(color_lanes<Bytes>(cubes, i), i, centers, candidates, candidate_count, sums, labels);
        }
    }

private:
    template <int Bytes>
    [[gnu::always_inline]] static inline void compare(const color_lanes<Bytes>& colors, std::ptrdiff_t i,
                                                      const double* centers, const std::int32_t* candidates,
                                                      std::ptrdiff_t count, double* sums, std::int32_t* labels) {
        using numbers = vector<double, Bytes>;
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        numbers least, winner = {};
        colors.squared_distance(least, centers + std::ptrdiff_t{3} * candidates[0]);
        for (std::ptrdiff_t t = 1; t < count; ++t) {
            numbers distance, index;
            colors.squared_distance(distance, centers + std::ptrdiff_t{3} * candidates[t]);
            broadcast(index, static_cast<double>(t));
            const auto closer = distance < least;
            assign_where(closer, least, distance);
            assign_where(closer, winner, index);
        }
        if (labels != nullptr) {
            for (std::ptrdiff_t l = 0; l < lanes; ++l)
                labels[i + l] = candidates[static_cast<std::ptrdiff_t>(static_cast<double>(winner[l]))];
            return;
        }
        for (std::ptrdiff_t t = 0; t < count; ++t) {
            numbers index, weight = {};
            broadcast(index, static_cast<double>(t));
            assign_where(winner == index, weight, colors.weight);
            double* sum = sums + candidates[t] * (4 * widest_lanes);
            add(sum, weight);
            for (int c = 0; c < 3; ++c) add(sum + (c + 1) * widest_lanes, weight * colors.x[c]);
        }
    }

    template <class Vector>
    [[gnu::always_inline]] static inline void add(double* sum, const Vector& value) {
        Vector total;
        load(total, static_cast<const double*>(sum));
        total += value;
        store(sum, total);
    }
};

/// What a candidate seed is to each cube: 0 where no colour is nearer to it than to its nearest seed so far, 1 where
/// some may be, 2 where all are. Returns by how much the cubes of kind 2 would lower the potential.
struct reach_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline double run(const color_cubes* cubes, const double* seed, const double* least,
                                                    const double* most, const double* potentials, double* kinds) {
        using numbers = vector<double, Bytes>;
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        numbers gain = {}, one, two;
        broadcast(one, 1.0);
        broadcast(two, 2.0);
        const double seed_square = seed[0] * seed[0] + seed[1] * seed[1] + seed[2] * seed[2];
        for (std::ptrdiff_t i = 0; i < cubes->cubes; i += lanes) {
            numbers closest = {}, farthest = {}, product = {};
            for (int c = 0; c < 3; ++c) {
                numbers low, high, moment;
                load(low, cubes->low[c].data() + i);
                load(high, cubes->high[c].data() + i);
                load(moment, cubes->moment[c].data() + i);
                const numbers below = low - seed[c], above = seed[c] - high;
                numbers outside = {}, across = numbers{} - below;
                assign_where(outside < below, outside, below);
                assign_where(outside < above, outside, above);
                const numbers other = numbers{} - above;
                assign_where(across < other, across, other);
                closest += outside * outside;
                farthest += across * across;
                product += moment * seed[c];
            }
            numbers lower, upper, potential, weight, square, kind = {}, won = {};
            load(lower, least + i);
            load(upper, most + i);
            load(potential, potentials + i);
            load(weight, cubes->weight.data() + i);
            load(square, cubes->square.data() + i);
            assign_where(closest < upper, kind, one);
            const auto whole = farthest <= lower;
            assign_where(whole, kind, two);
            const numbers saved = potential - (square - (product + product) + weight * seed_square);
            assign_where(whole, won, saved);
            gain += won;
            store(kinds + i, kind);
        }
        double total = 0;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) total += gain[l];
        return total;
    }
};

/// By how much a seed would lower the potential of the listed cubes. With `keep` it does so: each colour's D² and each
/// cube's potential and bounds are written back.
struct gain_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline double run(const color_cubes* cubes, const std::uint32_t* listed,
                                                    std::ptrdiff_t count, const double* seed, bool alike, bool keep,
                                                    float* nearest, double* least, double* most, double* potentials) {
        using numbers = vector<double, Bytes>;
        constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
        using floats = vector<float, static_cast<int>(lanes) * 4>;
        numbers gain = {}, one;
        broadcast(one, 1.0);
        for (std::ptrdiff_t n = 0; n < count; ++n) {
            const auto cube = static_cast<std::ptrdiff_t>(listed[n]);
            const auto end = static_cast<std::ptrdiff_t>(cubes->place.data()[cube + 1]);
            numbers lower, upper = {}, sum = {};
            broadcast(lower, 0x1p100);
            for (auto i = static_cast<std::ptrdiff_t>(cubes->place.data()[cube]); i < end; i += lanes) {
                const color_lanes<Bytes> colors(cubes, i);
                numbers distance, current;
                floats stored;
                colors.squared_distance(distance, seed);
                if (alike) assign_where(numbers{} < distance, distance, one);
                load(stored, static_cast<const float*>(nearest + i));
                convert(current, stored);
                const auto closer = distance < current;
                if (!keep) {
                    numbers saved = {};
                    assign_where(closer, saved, current - distance);
                    gain += colors.weight * saved;
                    continue;
                }
                assign_where(closer, current, distance);
                sum += colors.weight * current;
                convert(stored, current);
                store(nearest + i, stored);
                assign_where(current < lower, lower, current);
                assign_where(upper < current, upper, current);
            }
            if (keep) write_bounds(lower, upper, sum, least + cube, most + cube, potentials + cube);
        }
        double total = 0;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) total += gain[l];
        return total;
    }

private:
    template <class Numbers>
    [[gnu::always_inline]] static inline void write_bounds(const Numbers& lower, const Numbers& upper,
                                                           const Numbers& sum, double* least, double* most,
                                                           double* potential) {
        constexpr std::ptrdiff_t lanes = sizeof(Numbers) / sizeof(double);
        *least = lower[0];
        *most = upper[0];
        *potential = 0;
        for (std::ptrdiff_t l = 0; l < lanes; ++l) {
            *least = lower[l] < *least ? lower[l] : *least;
            *most = upper[l] > *most ? upper[l] : *most;
            *potential += sum[l];
        }
    }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
