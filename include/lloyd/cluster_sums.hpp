// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// One step of K-Means over points that are never all in one place: blocks of a file, photos one after another, the
/// memories of many machines. Each block adds to the sums, sums merge, and the means are the next centers.
///
///     lloyd::cluster_sums sums;
///     while (const auto block = next_block()) sums.accumulate(*block, centers);
///     centers = sums.means();
///
/// Repeated until nothing moves, that is Lloyd's algorithm, and gives what `kmeans` gives from the same initial centers,
/// as long as no cluster runs empty. (Photos of 8 bits are better clustered by their colours: see
/// color_histogram.hpp.)
/// @file
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/kmeans/mergeable_sums.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/weighted_pixels.hpp>
#include <lloyd/image.hpp>

#include <lloyd/detail/base/open_detail.inc>

template <std::size_t Channels>
struct sums_parts;

}  // namespace lloyd::inline v0::detail

namespace lloyd::inline v0 {

/// How to take the points of a block.
struct accumulate_options {
    /// One per point of the block, finite and ≥ 0. Empty: all 1.
    std::span<const double> weights = {};
    /// At least 0; 0 takes as many as can run at a time: the CPUs that the process may use, no more than a container's
    /// quota. The result does not depend on it.
    int threads = 1;
};

/// The sums that points leave behind when each goes to the nearest of k centers: what the means, the weights and the
/// compactness follow from. All sums of a step are about the same centers. Copies are deep.
///
/// Of 8-bit data with whole weights the numbers are whole and exact up to 2^53 (for photos, some 10^13 pixels), so that
/// no result depends on how points are cut into blocks, or on the order. Others agree within rounding: that of the way
/// from the center, so that the means of a step from far off have fewer digits, and those of the next one all.
template <std::size_t Channels = std::dynamic_extent>
class cluster_sums {
public:
    /// No sums, about no centers yet.
    [[gnu::always_inline]] cluster_sums() = default;

    /// @name Copied deeply
    /// @{

    /// What is moved from is empty.
    [[gnu::always_inline]] cluster_sums(const cluster_sums&) = default;
    [[gnu::always_inline]] cluster_sums(cluster_sums&&) noexcept = default;
    [[gnu::always_inline]] cluster_sums& operator=(const cluster_sums&) = default;
    [[gnu::always_inline]] cluster_sums& operator=(cluster_sums&&) noexcept = default;
    [[gnu::always_inline]] ~cluster_sums() = default;
    /// @}

    /// Adds the points of a block: any image of std::uint8_t, std::uint16_t, float or double, which may have none.
    /// `centers` are k×1, of double and as many channels, as for `assign`, and the same for all blocks of a step.
    ///
    /// Throws std::invalid_argument when points, centers or weights are not finite or do not match, when the sums are
    /// about other centers or of 8-bit elements while these are not, and when a sum would exceed the range of double.
    /// An exception leaves the sums as they were. Cost O(points · k · channels), and 4 bytes for each coordinate and label.
    template <any_image Image, any_image Centers>
    [[gnu::always_inline]] void accumulate(const Image& block, const Centers& centers,
                                           const accumulate_options& options = {}) {
        parts::accumulate(*this, block, centers, options);
    }

    /// Adds the sums of other points, about the same centers. Throws std::invalid_argument when they are about others, or
    /// would exceed the range of double, and leaves these as they were. Cost O(k · channels).
    [[gnu::always_inline]] void merge(const cluster_sums& other) { parts::merge(*this, other); }

    /// The mean of each cluster, k×1: the next centers. A cluster without weight keeps the center it was given. Those of
    /// 8-bit data lie on the grid of 2^-16, as in kmeans.
    [[gnu::always_inline]] image<double, Channels> means() const { return parts::means(*this); }

    /// Σ weight · squared distance to the nearest of the centers given, in squared units of the data.
    [[gnu::always_inline]] double compactness() const { return parts::compactness(*this); }

    /// The weight that each cluster holds: k numbers, valid until the sums change.
    [[gnu::always_inline]] std::span<const double> weights() const& {
        return std::span(numbers_).first(static_cast<std::size_t>(size()));
    }
    void weights() && = delete;

    /// The centers that the sums are about, k×1; those of 8-bit data on their grid.
    [[gnu::always_inline]] image_view<const double, Channels> centers() const& { return centers_; }
    void centers() && = delete;

    /// All that is summed, as k · (channels + 1) + 1 plain numbers. Those of other points, about the same centers, may be
    /// added to them one by one, by any means: MPI_Allreduce with MPI_SUM, or what was read from a file.
    ///
    /// First the weight of each cluster; then, cluster by cluster and channel by channel, Σ weight · (x − center); last
    /// Σ weight · |x − center|². 8-bit data is summed about the center rounded to a whole number from 0 to 255.
    /// Numbers are in the units of the data, and round as sums of doubles of their size do.
    [[gnu::always_inline]] std::span<double> numbers() & { return numbers_; }
    /// The same, to be read.
    [[gnu::always_inline]] std::span<const double> numbers() const& { return numbers_; }
    void numbers() && = delete;

    /// k, or 0 before anything was accumulated.
    [[gnu::always_inline]] std::ptrdiff_t size() const { return centers_.width(); }
    /// Whether nothing was accumulated, not even a block without points.
    [[gnu::always_inline]] bool empty() const { return size() == 0; }

private:
    using parts = detail::sums_parts<Channels>;
    friend parts;

    image<double, Channels> centers_;
    std::vector<double> origins_;  ///< what the sums are about
    std::vector<double> numbers_;
    bool bytes_ = false;  ///< of 8-bit elements
};

}  // namespace lloyd::inline v0

// Below: how.

#include <lloyd/detail/base/open_detail.inc>

/// What the members of sums do, under names of the unit's own.
template <std::size_t Channels>
struct sums_parts {
    using all_sums = cluster_sums<Channels>;

    template <class Image, class Centers>
    static void accumulate(all_sums& sums, const Image& block, const Centers& centers,
                           const accumulate_options& options);
    static void merge(all_sums& sums, const all_sums& other);

    static image<double, Channels> means(const all_sums& sums) {
        auto means = sums.centers_;
        write_means(summed(sums), means.elements());
        return means;
    }
    static double compactness(const all_sums& sums) { return sums.empty() ? 0 : compactness_of(summed(sums)); }

private:
    static sums_layout layout(const all_sums& sums) {
        return {static_cast<std::size_t>(sums.size()), static_cast<std::size_t>(sums.centers_.channels())};
    }
    static summed_points summed(const all_sums& sums) {
        return {layout(sums), sums.numbers_, sums.centers_.elements(), sums.origins_, sums.bytes_};
    }
    static all_sums none_about(std::span<const double> centers, std::ptrdiff_t channels, bool bytes);
    static bool are_about(const all_sums& sums, std::span<const double> centers, std::ptrdiff_t channels, bool bytes);
};

template <std::size_t Channels>
cluster_sums<Channels> sums_parts<Channels>::none_about(std::span<const double> centers, std::ptrdiff_t channels,
                                                        bool bytes) {
    all_sums none;
    none.centers_ = image<double, Channels>(uninitialized, std::ssize(centers) / channels, 1, channels);
    none.bytes_ = bytes;
    std::copy(centers.begin(), centers.end(), none.centers_.data());
    for (const double center : centers) none.origins_.push_back(origin_of(center, bytes));
    none.numbers_.resize(layout(none).size());
    return none;
}

template <std::size_t Channels>
bool sums_parts<Channels>::are_about(const all_sums& sums, std::span<const double> centers, std::ptrdiff_t channels,
                                     bool bytes) {
    const auto own = sums.centers_.elements();
    return bytes == sums.bytes_ && channels == sums.centers_.channels() &&
           std::equal(centers.begin(), centers.end(), own.begin(), own.end());
}

template <std::size_t Channels>
template <class Image, class Centers>
void sums_parts<Channels>::accumulate(all_sums& sums, const Image& block, const Centers& centers,
                                      const accumulate_options& options) {
    using T = value_type_of<Image>;
    constexpr bool bytes = std::is_same_v<T, std::uint8_t>;
    static_assert(is_coordinate<T>, "cluster_sums: elements must be std::uint8_t, std::uint16_t, float or double");
    static_assert(std::is_same_v<value_type_of<Centers>, double>, "cluster_sums: centers must be double");
    const image_view<const T> points = as_view(block);
    const auto channels = points.empty() ? centers.channels() : points.channels();
    if (centers.empty()) refuse("cluster_sums: centers is empty, but needs at least 1 center");
    if (Channels != std::dynamic_extent && channels != static_cast<std::ptrdiff_t>(Channels))
        refuse("cluster_sums: the data has ", channels, " channels, but the sums have ", Channels);
    if (options.threads < 0) refuse("cluster_sums: threads is ", options.threads, ", but must be at least 0 (0: all)");
    const auto given = start_centers<T>("cluster_sums", "centers", as_view(centers), channels);
    if (!sums.empty() && bytes != sums.bytes_)
        refuse("cluster_sums: elements have ", 8 * sizeof(T), " bits, but those summed had ",
               sums.bytes_ ? "8" : "more");
    if (!sums.empty() && !are_about(sums, given.span(), channels, bytes))
        refuse("cluster_sums: centers are not those that the sums are about; each step needs sums of its own");
    const auto unit = check_each_weight("cluster_sums", options.weights, points.size());
    const weighted_pixels<T> weighted("cluster_sums", points, options.weights, unit, given);

    auto added = none_about(given.span(), channels, bytes);
    const auto set = weighted.points();
    if (!set.pixels.empty()) sum_block(set, unit.whole, given.span(), added.origins_, options.threads, added.numbers_);
    merge(sums, added);
}

template <std::size_t Channels>
void sums_parts<Channels>::merge(all_sums& sums, const all_sums& other) {
    if (other.empty()) return;
    if (!sums.empty() && !are_about(sums, other.centers_.elements(), other.centers_.channels(), other.bytes_))
        refuse("cluster_sums: the sums to merge are about other centers, or of other elements");
    auto sum = other;
    for (std::size_t i = 0; i < sums.numbers_.size(); ++i) sum.numbers_[i] += sums.numbers_[i];
    for (std::size_t i = 0; i + 1 < sum.numbers_.size(); ++i)  // the last may be infinite, as compactness may
        if (!is_finite(sum.numbers_[i]))
            refuse("cluster_sums: numbers[", i, "] is ", sum.numbers_[i],
                   ", but must be finite; scale data or weights down");
    sums = std::move(sum);
}

}  // namespace lloyd::inline v0::detail
