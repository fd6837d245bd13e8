// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Exact sums of doubles, in bins (Demmel and Hida 2004; Demmel and Nguyen, *Fast reproducible floating-point summation*,
/// 2013).
///
/// A number is cut into parts, one for each bin. The parts of a bin are multiples of its unit, and so few bits long that
/// a double holds the sum of all of them. So adding a number and taking it away again leaves no trace, and sums depend
/// neither on an order nor on the width of vectors. (clang with -ffast-math makes plain sums of them.)
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// How many bins there are, an even number, and their units: powers of two, each 2^bits times the next.
struct bin_layout {
    std::ptrdiff_t count = 2;
    int first = 0;  ///< the exponent of the first bin's unit
    int bits = 50;

    /// For sums of up to `numbers` numbers, each a multiple of 2^lowest and at most 2^highest: half a bin's range, since
    /// bins also take carries.
    static bin_layout of(int lowest, int highest, std::ptrdiff_t numbers) {
        bin_layout bins;
        bins.bits = 53 - (std::max)(static_cast<int>(std::bit_width(static_cast<std::size_t>(numbers))), 3);
        bins.first = highest + 1 - bins.bits;
        const int rest = (std::max)(bins.first - (std::max)(lowest, lowest_exponent), 0);
        const std::ptrdiff_t needed = 1 + (rest + bins.bits - 1) / bins.bits;
        bins.count = needed + needed % 2;
        return bins;
    }

    /// x + rounder − rounder is x rounded to a multiple of the unit of this bin.
    double rounder(std::ptrdiff_t bin) const { return math::ldexp(1.5, 52 + first - static_cast<int>(bin) * bits); }
    double finer() const { return math::ldexp(1.0, -bits); }

private:
    static constexpr int lowest_exponent = -1074;  ///< of any double
};

/// to[i] += from[i] for a multiple of 4 numbers.
struct add_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(double* to, const double* from, std::ptrdiff_t count) {
        constexpr int bytes = (std::min)(Bytes, 32);
        simd<double, bytes> sum, more;
        for (std::ptrdiff_t i = 0; i < count; i += bytes / static_cast<int>(sizeof(double))) {
            load(sum, to + i);
            load(more, from + i);
            sum = sum + more;
            store(to + i, sum);
        }
    }
};

/// Σ weight · x and Σ weight of each cluster, and how many points changed their cluster.
template <class = deferred>
class basic_binned_sums {
public:
    basic_binned_sums(std::ptrdiff_t k, std::ptrdiff_t channels, const bin_layout& bins)
        : size_(k),
          channels_(channels),
          bins_(bins),
          rows_(static_cast<std::size_t>(k * bins.count * width(channels)) + padding) {}

    void clear() {
        rows_.fill(0);
        changed = 0;
    }

    /// Adds the sums of other points.
    void merge(const basic_binned_sums& other) {
        run_kernel<add_kernel>(rows_.data(), other.rows_.data(), size_ * bins_.count * width(channels_));
        changed += other.changed;
    }

    std::ptrdiff_t size() const { return size_; }
    bool is_empty(std::ptrdiff_t j) const { return total(j, channels_).high == 0; }
    double weight(std::ptrdiff_t j) const { return total(j, channels_).high; }
    double mean(std::ptrdiff_t j, std::ptrdiff_t c) const { return quotient(total(j, c), total(j, channels_)); }

    /// Σ weight · (x − origin) of coordinate c.
    double moment(std::ptrdiff_t j, std::ptrdiff_t c, double origin) const {
        const auto sum = total(j, c), weight = total(j, channels_);
        const double product = rounded_product(weight.high, origin);
        return (sum.high - product) +
               ((sum.low - rounded_product(weight.low, origin)) - lost_by_product(weight.high, origin, product));
    }

    /// What kernels see of it: for each cluster a row of `width` numbers for each bin: the coordinates, the weight, and
    /// zeros up to a whole vector.
    struct view {
        double* rows;
        std::ptrdiff_t channels;
        std::ptrdiff_t width;
        std::ptrdiff_t bins;
        double rounder;  ///< of the first bin
        double finer;

        double* cluster(std::ptrdiff_t j) const { return rows + j * bins * width; }
    };
    view rows() { return {rows_.data(), channels_, width(channels_), bins_.count, bins_.rounder(0), bins_.finer()}; }

    std::ptrdiff_t changed = 0;  ///< points of positive weight whose label is not what it was

private:
    /// Sums of other threads may lie behind these, and must not lie on the same line of the cache.
    static constexpr std::size_t padding = 128 / sizeof(double);

    static std::ptrdiff_t width(std::ptrdiff_t channels) { return (channels + 4) / 4 * 4; }

    /// The sum of all bins, from the last on. What is a multiple of the next unit is carried over, exactly, so that what
    /// is left of two bins cannot cancel out.
    double_double total(std::ptrdiff_t j, std::ptrdiff_t c) const {
        double_double sum;
        double carry = 0;
        for (auto bin = bins_.count - 1; bin >= 0; --bin) {
            double part = rows_.data()[(j * bins_.count + bin) * width(channels_) + c] + carry;
            carry = 0;
            if (bin > 0) {
                const double rounder = bins_.rounder(bin - 1);
                rounded(carry, part + rounder);
                carry -= rounder;
                part -= carry;
            }
            double lost;
            add_exactly(part, sum.high, sum.high, lost);
            sum.low += lost;
        }
        return sum;
    }

    std::ptrdiff_t size_;
    std::ptrdiff_t channels_;
    bin_layout bins_;
    buffer<double> rows_;
};

using binned_sums = basic_binned_sums<>;

}  // namespace lloyd::inline v0::detail
