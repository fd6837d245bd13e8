// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// How numbers are cut into bins (see binned_sums.hpp), and where the bins of clusters lie.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>

#include <lloyd/detail/base/math.hpp>

#include <lloyd/detail/base/open_detail.inc>

/// How many bins there are, and their units: powers of two, each 2^bits times the next.
struct bin_layout {
    std::ptrdiff_t count = 2;  ///< even
    int first = 0;             ///< the exponent of the first bin's unit
    int bits = 50;

    /// For sums of up to `numbers` numbers, each a multiple of 2^lowest and at most 2^highest. They fill half the range
    /// of a bin, because bins also take carries.
    static bin_layout of(int lowest, int highest, std::ptrdiff_t numbers) {
        bin_layout bins;
        bins.bits = 53 - (std::max)(static_cast<int>(std::bit_width(static_cast<std::size_t>(numbers))), 3);
        bins.first = highest + 1 - bins.bits;
        const int rest = (std::max)(bins.first - (std::max)(lowest, lowest_exponent), 0);
        const std::ptrdiff_t needed = 1 + divide_up(rest, bins.bits);
        bins.count = needed + needed % 2;
        return bins;
    }

    /// x + rounder − rounder is x rounded to a multiple of the unit of this bin.
    double rounder(std::ptrdiff_t bin) const { return math::ldexp(1.5, 52 + first - static_cast<int>(bin) * bits); }
    double finer() const { return math::ldexp(1.0, -bits); }

private:
    static constexpr int lowest_exponent = -1074;  ///< of any double
};

/// The sums as kernels see them: clusters × bins × width numbers. A row of `width` has the coordinates, the weight,
/// and zeros up to a multiple of 4.
struct binned_rows {
    double* rows;
    std::ptrdiff_t channels;
    std::ptrdiff_t width;
    std::ptrdiff_t bins;
    double rounder;  ///< of the first bin
    double finer;
    std::ptrdiff_t to_second;  ///< from these to the second part of the sums; 0: there is none

    double* cluster(std::ptrdiff_t j) const { return rows + j * bins * width; }
};

}  // namespace lloyd::inline v0::detail
