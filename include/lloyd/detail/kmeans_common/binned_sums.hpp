// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Exact sums of doubles, in bins (Demmel and Hida 2004; Demmel and Nguyen, *Fast reproducible floating-point
/// summation*, 2013).
///
/// A number is cut into parts, one for each bin. The parts of a bin are multiples of its unit, and have so few bits
/// that a double holds the sum of all of them. So a number that is added and subtracted again leaves the sums as they
/// were, and sums depend neither on the order nor on the width of vectors. (clang with -ffast-math reduces them to
/// plain sums.)
#pragma once

#include <cstddef>

#include <lloyd/detail/base/buffer.hpp>
#include <lloyd/detail/base/deferred.hpp>
#include <lloyd/detail/base/math.hpp>
#include <lloyd/detail/base/rounding.hpp>
#include <lloyd/detail/kmeans_common/bins.hpp>
#include <lloyd/detail/simd/simd.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// to[i] += from[i] for `count` numbers, a multiple of 4.
struct add_kernel {
    static constexpr int max_bytes = 32;

    template <int Bytes>
    [[gnu::always_inline]] static inline void run(double* to, const double* from, std::ptrdiff_t count) {
        simd<double, Bytes> sum, more;
        for (std::ptrdiff_t i = 0; i < count; i += Bytes / static_cast<int>(sizeof(double))) {
            load(sum, to + i);
            load(more, from + i);
            sum = sum + more;
            store(to + i, sum);
        }
    }
};

/// Σ weight · x and Σ weight of each cluster.
template <class = deferred>
class basic_binned_sums {
public:
    basic_binned_sums(std::ptrdiff_t k, std::ptrdiff_t channels, const bin_layout& bins)
        : size_(k),
          channels_(channels),
          bins_(bins),
          has_second_(bins.count == 2 && width(channels) == 4),
          rows_(static_cast<std::size_t>(length() * (1 + has_second_)) + padding) {}

    void clear() { rows_.fill(0); }

    /// Adds the sums of other points.
    void merge(const basic_binned_sums& other) {
        run_kernel<add_kernel>(rows_.data(), other.rows_.data(), length() * (1 + has_second_));
    }

    std::ptrdiff_t size() const { return size_; }
    std::ptrdiff_t channels() const { return channels_; }
    double weight(std::ptrdiff_t j) const { return total(j, channels_).high; }

    /// Writes the mean of a cluster that has weight: one number for each channel.
    void mean(std::ptrdiff_t j, double* to) const {
        const auto weight = total(j, channels_);
        for (std::ptrdiff_t c = 0; c < channels_; ++c) to[c] = quotient(total(j, c), weight);
    }

    /// Σ weight · (x − reference) of coordinate c.
    double moment(std::ptrdiff_t j, std::ptrdiff_t c, double reference) const {
        const auto sum = total(j, c), weight = total(j, channels_);
        const double product = rounded_product(weight.high, reference);
        return (sum.high - product) +
               ((sum.low - rounded_product(weight.low, reference)) - lost_by_product(weight.high, reference, product));
    }

    binned_rows rows() {
        return {rows_.data(),     channels_,     width(channels_),          bins_.count,
                bins_.rounder(0), bins_.finer(), has_second_ ? length() : 0};
    }

private:
    /// Keeps the sums of other threads, which may lie behind these, off the same cache line.
    static constexpr std::size_t padding = 128 / sizeof(double);

    static std::ptrdiff_t width(std::ptrdiff_t channels) { return divide_up(channels + 1, 4) * 4; }
    std::ptrdiff_t length() const { return size_ * bins_.count * width(channels_); }

    /// The sum of all bins of coordinate c, or of the weight (c = channels), from the last bin to the first. Each bin
    /// first hands on the multiple of the next larger unit that is nearest to it, exactly: otherwise large parts of two
    /// bins could cancel out, and the rounding of their sum would remain.
    [[gnu::noinline]] double_double total(std::ptrdiff_t j, std::ptrdiff_t c) const {
        double_double sum;
        double carry = 0;
        for (auto bin = bins_.count - 1; bin >= 0; --bin) {
            const auto at = (j * bins_.count + bin) * width(channels_) + c;
            double part = rows_[at] + carry;
            if (has_second_) part += rows_[at + length()];
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
    bool has_second_;  ///< whether the sums are in two parts: so that one point need not wait for the one before
    buffer<double> rows_;
};

using binned_sums = basic_binned_sums<>;

}  // namespace lloyd::inline v0::detail
