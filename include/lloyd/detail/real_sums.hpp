// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// Sums of real numbers in twice the precision of double: a total, and a rest that holds what the total cannot.
///
/// So points may come and go for as long as they like: what is left is the sum of those that are there, wherever the data
/// lies, and the mean of equal points is that point. (-ffast-math takes this away; sums are then those of plain doubles.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <lloyd/detail/buffer.hpp>
#include <lloyd/detail/label_changes.hpp>
#include <lloyd/detail/simd.hpp>

namespace lloyd {
inline namespace v0 {
namespace detail {

/// total + rest += value (Knuth 1969, section 4.2.2, theorem B). A Number is a double, or a vector of them.
template <class Number>
[[gnu::always_inline]] inline void add_exactly(Number& total, Number& rest, const Number& value) {
    const Number sum = total + value;
    const Number taken = sum - total;
    rest = rest + ((total - (sum - taken)) + (value - taken));
    total = sum;
}

/// number = high + low, each of so few bits that the product of two such parts is exact.
[[gnu::always_inline]] inline void split(double number, double& high, double& low) {
    std::uint64_t bits;
    std::memcpy(&bits, &number, sizeof bits);
    bits &= ~std::uint64_t{0x7ff'ffff};
    std::memcpy(&high, &bits, sizeof high);
    low = number - high;
}

template <class Vector>
[[gnu::always_inline]] inline void split(const Vector& numbers, Vector& high, Vector& low) {
    vector<std::uint64_t, static_cast<int>(sizeof(Vector))> bits;
    load(bits, &numbers);
    bits = bits & ~std::uint64_t{0x7ff'ffff};
    load(high, &bits);
    low = numbers - high;
}

/// a · b − product, where product is a · b rounded (Dekker 1971).
inline double lost_by_product(double a, double b, double product) {
    double a_high, a_low, b_high, b_low;
    split(a, a_high, a_low);
    split(b, b_high, b_low);
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
}

/// Adds rows of totals and rests, of a multiple of 4 numbers each, to those of `count` clusters.
struct merge_kernel {
    template <int Bytes>
    [[gnu::always_inline]] static inline void run(double* rows, const double* others, std::ptrdiff_t count,
                                                  std::ptrdiff_t width) {
        constexpr std::ptrdiff_t lanes = Bytes > 32 ? 4 : Bytes / sizeof(double);
        vector<double, lanes * 8> total, rest, more, more_rest;
        for (; count > 0; --count, rows += 2 * width, others += 2 * width)
            for (std::ptrdiff_t c = 0; c < width; c += lanes) {
                load(total, rows + c);
                load(rest, rows + width + c);
                load(more, others + c);
                load(more_rest, others + width + c);
                add_exactly(total, rest, more);
                rest = rest + more_rest;
                store(rows + c, total);
                store(rows + width + c, rest);
            }
    }
};

/// Σ weight · x and Σ weight of each cluster, and which points changed their cluster.
class real_sums {
public:
    real_sums(std::ptrdiff_t k, std::ptrdiff_t channels)
        : channels_(channels),
          rows_(static_cast<std::size_t>(2 * k * width(channels)) + padding),
          members_(static_cast<std::size_t>(k) + padding),
          size_(k) {}

    void clear() {
        rows_.fill(0);
        members_.fill(0);
        changed = 0;
    }

    /// Adds the sums of other points.
    void merge(const real_sums& other) {
        run_kernel<merge_kernel>(rows_.data(), static_cast<const double*>(other.rows_.data()), size_, width(channels_));
        for (std::ptrdiff_t j = 0; j < size_; ++j) members_.data()[j] += other.members_.data()[j];
        changed += other.changed;
    }

    std::ptrdiff_t size() const { return size_; }
    bool is_empty(std::ptrdiff_t j) const { return members_.data()[j] == 0; }
    double weight(std::ptrdiff_t j) const { return row(j)[channels_] + rests(j)[channels_]; }

    /// Rounded once.
    double mean(std::ptrdiff_t j, std::ptrdiff_t c) const {
        const double all = row(j)[channels_], quotient = row(j)[c] / all, product = quotient * all;
        const double left = ((row(j)[c] - product) - lost_by_product(quotient, all, product)) +
                            (rests(j)[c] - quotient * rests(j)[channels_]);
        return quotient + left / all;
    }

    /// Σ weight · (x − origin) of coordinate c.
    double moment(std::ptrdiff_t j, std::ptrdiff_t c, double origin) const {
        const double all = row(j)[channels_], product = all * origin;
        return (row(j)[c] - product) +
               ((rests(j)[c] - rests(j)[channels_] * origin) - lost_by_product(all, origin, product));
    }

    /// What kernels see of it: for each cluster a row of totals and one of rests, each of `width`: the coordinates, the
    /// weight, and zeros up to a whole vector.
    struct view {
        double* rows;
        std::ptrdiff_t* members;  ///< how many points of positive weight
        std::ptrdiff_t channels;
        std::ptrdiff_t width;
    };
    view rows() { return {rows_.data(), members_.data(), channels_, width(channels_)}; }

    std::ptrdiff_t changed = 0;  ///< points of positive weight whose label is not what it was

private:
    /// Sums of other threads may lie behind these, and must not lie on the same line of the cache.
    static constexpr std::size_t padding = 128 / sizeof(double);

    static std::ptrdiff_t width(std::ptrdiff_t channels) { return (channels + 4) / 4 * 4; }
    const double* row(std::ptrdiff_t j) const { return rows_.data() + 2 * j * width(channels_); }
    const double* rests(std::ptrdiff_t j) const { return row(j) + width(channels_); }

    std::ptrdiff_t channels_;
    buffer<double> rows_;
    buffer<std::ptrdiff_t> members_;
    std::ptrdiff_t size_;
};

/// Moves points from one cluster's sums to another's, and tells them so. A label of −1 is no cluster. Returns how many
/// points of positive weight moved.
struct move_kernel {
    template <int Bytes, class T>
    [[gnu::always_inline]] static inline std::ptrdiff_t run(label_moves<T> moves, double scale, real_sums::view sums) {
        switch (sums.channels) {
            case 1: return run_for<Bytes, 1>(moves, scale, sums);
            case 2: return run_for<Bytes, 2>(moves, scale, sums);
            case 3: return run_for<Bytes, 3>(moves, scale, sums);
            default: return run_for<Bytes, 0>(moves, scale, sums);
        }
    }

private:
    template <int Bytes, int Channels, class T>
    [[gnu::always_inline]] static inline std::ptrdiff_t run_for(const label_moves<T>& moves, double scale,
                                                                const real_sums::view& sums) {
        std::ptrdiff_t moved = 0;
        for (std::ptrdiff_t m = 0; m < moves.count; ++m) {
            const std::ptrdiff_t i = moves.indices[m], from = moves.labels[i], to = moves.new_labels[i];
            moves.labels[i] = moves.new_labels[i];
            const double weight = moves.weights == nullptr ? 1.0 : moves.weights[i];
            if (weight == 0) continue;
            ++moved;
            const T* point = moves.points + i * (Channels > 0 ? Channels : sums.channels);
            if (from >= 0) leave<Bytes, Channels>(point, scale, weight, from, sums);
            ++sums.members[to];
            add<Bytes, Channels>(point, scale, weight, sums.rows + 2 * to * sums.width, sums);
        }
        return moved;
    }

    template <int Bytes, int Channels, class T>
    [[gnu::always_inline]] static inline void leave(const T* point, double scale, double weight, std::ptrdiff_t label,
                                                    const real_sums::view& sums) {
        double* row = sums.rows + 2 * label * sums.width;
        if (--sums.members[label] > 0) return add<Bytes, Channels>(point, scale, -weight, row, sums);
        for (std::ptrdiff_t c = 0; c < 2 * sums.width; ++c) row[c] = 0;
    }

    template <int Bytes, int Channels, class T>
    [[gnu::always_inline]] static inline void add(const T* point, double scale, double weight, double* row,
                                                  const real_sums::view& sums) {
        if constexpr (Channels > 0) {
            vector<double, 32> x = {};
            for (int c = 0; c < Channels; ++c) x[c] = static_cast<double>(point[c]) * scale;
            x[Channels] = 1;
            return add_vector(x, weight, row, sums.width);
        }
        std::ptrdiff_t c = 0;
        if constexpr (std::is_floating_point_v<T>) {
            constexpr std::ptrdiff_t lanes = Bytes / sizeof(double);
            for (; c + lanes <= sums.channels; c += lanes) {
                vector<T, static_cast<int>(lanes * sizeof(T))> narrow;
                vector<double, Bytes> x;
                load(narrow, point + c);
                convert(x, narrow);
                x = x * scale;
                add_vector(x, weight, row + c, sums.width);
            }
        }
        for (; c <= sums.channels; ++c) {
            const double x = c < sums.channels ? static_cast<double>(point[c]) * scale : 1;
            add_weighted(row[c], row[sums.width + c], x, weight);
        }
    }

    template <class Vector>
    [[gnu::always_inline]] static inline void add_vector(const Vector& x, double weight, double* row,
                                                         std::ptrdiff_t width) {
        Vector total, rest;
        load(total, row);
        load(rest, row + width);
        add_weighted(total, rest, x, weight);
        store(row, total);
        store(row + width, rest);
    }

    /// total + rest += weight · x, where a product of parts is exact, and that with 1 or −1 anyway.
    template <class Number>
    [[gnu::always_inline]] static inline void add_weighted(Number& total, Number& rest, const Number& x,
                                                           double weight) {
        if (weight == 1 || weight == -1) {
            const Number value = x * weight;
            return add_exactly(total, rest, value);
        }
        Number high, low;
        double weight_high, weight_low;
        split(x, high, low);
        split(weight, weight_high, weight_low);
        for (const double part : {weight_high, weight_low}) {
            const Number large = high * part, little = low * part;
            add_exactly(total, rest, large);
            add_exactly(total, rest, little);
        }
    }
};

}  // namespace detail
}  // namespace v0
}  // namespace lloyd
