// SPDX-FileCopyrightText: 2026 the lloyd authors
// SPDX-License-Identifier: MIT

/// One step of K-Means over points that are never all in memory at once: blocks of a file, photos one after another,
/// points spread over many machines. Each block is added to the sums, sums are merged, and the means are the next
/// centers.
///
///     lloyd::cluster_sums sums;
///     while (const auto block = next_block()) sums.accumulate(*block, centers);
///     centers = sums.means();
///
/// Repeated until no center moves, this is Lloyd's algorithm: it finds the centers that `kmeans` finds from the same
/// initial centers, as long as no cluster becomes empty. (For 8-bit photos it is faster to merge color_histograms and
/// to cluster their colours.)
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

/// The weights of a block's points, and how many threads to use.
struct accumulate_options {
    /// One for each point of the block, finite and ≥ 0. Empty: all 1.
    std::span<const double> weights = {};
    /// At least 0; 0 uses as many as can run at a time: the CPUs that the process may use, but no more than a
    /// container's quota. The result does not depend on it.
    int threads = 1;
};

/// The sums of the points nearest to each of k centers, from which means, weights and compactness follow. All sums of a
/// step refer to the same centers. Copies are deep.
///
/// For 8-bit data with integer weights the sums are integers, exact up to 2^53 (for photos, some 10^13 pixels): no
/// result depends on how points are split into blocks, or on their order. For other data results agree within rounding.
/// Sums are of x − center, so a mean far from its old center has fewer digits; the next step recovers them.
template <std::size_t Channels = std::dynamic_extent>
class cluster_sums {
public:
    /// No sums and no centers yet.
    [[gnu::always_inline]] cluster_sums() = default;

    /// @name Copied deeply
    /// @{

    // Written out to be always inlined: otherwise files compiled with different flags would share their code.
    /// What is moved from is empty.
    [[gnu::always_inline]] cluster_sums(const cluster_sums&) = default;
    [[gnu::always_inline]] cluster_sums(cluster_sums&&) noexcept = default;
    [[gnu::always_inline]] cluster_sums& operator=(const cluster_sums&) = default;
    [[gnu::always_inline]] cluster_sums& operator=(cluster_sums&&) noexcept = default;
    [[gnu::always_inline]] ~cluster_sums() = default;
    /// @}

    /// Adds the points of a block: any image of std::uint8_t, std::uint16_t, float or double; it may have no points.
    /// `centers` are a k×1 image of double with as many channels, as for `assign`: the same for all blocks of a step.
    ///
    /// Throws std::invalid_argument when points, centers or weights are not finite or do not match, when the sums refer
    /// to other centers, when some blocks are of 8-bit elements and others are not, and when a sum would exceed the
    /// range of double. An exception leaves the sums as they were.
    /// Cost O(points · k · channels), and 4 bytes of memory for each coordinate and each label of the block.
    template <any_image Image, any_image Centers>
    [[gnu::always_inline]] void accumulate(const Image& block, const Centers& centers,
                                           const accumulate_options& options = {}) {
        parts::accumulate(*this, block, centers, options);
    }

    /// Adds the sums of other points with the same centers. Throws std::invalid_argument, and leaves these sums as they
    /// were, when the centers differ or a sum would exceed the range of double. Cost O(k · channels).
    [[gnu::always_inline]] void merge(const cluster_sums& other) { parts::merge(*this, other); }

    /// The mean of each cluster, k×1: the next centers. A cluster without weight keeps its center. Means of 8-bit data
    /// lie on the grid of 2^-16, as in kmeans.
    [[gnu::always_inline]] image<double, Channels> means() const { return parts::means(*this); }

    /// Σ weight · squared distance to the nearest center, in squared units of the data.
    [[gnu::always_inline]] double compactness() const { return parts::compactness(*this); }

    /// The weight of each cluster: k numbers, valid until the sums change.
    [[gnu::always_inline]] std::span<const double> weights() const& {
        return std::span(numbers_).first(static_cast<std::size_t>(size()));
    }
    void weights() && = delete;

    /// The centers of this step, k×1; those of 8-bit data are rounded to their grid.
    [[gnu::always_inline]] image_view<const double, Channels> centers() const& { return centers_; }
    void centers() && = delete;

    /// All sums, as k · (channels + 1) + 1 numbers. Those of other points with the same centers may be added to them
    /// one by one, in any way: with MPI_Allreduce and MPI_SUM, or from a file.
    ///
    /// First the weight of each cluster; then, cluster by cluster and channel by channel, Σ weight · (x − center); last
    /// Σ weight · |x − center|². For 8-bit data `center` is here the center rounded to integers from 0 to 255. Numbers
    /// are in the units of the data, and rounded to double.
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
    std::vector<double> references_;  ///< k × channels: the centers, or near them (see reference_of)
    std::vector<double> numbers_;
    bool bytes_ = false;  ///< whether the points are of 8-bit elements
};

}  // namespace lloyd::inline v0

// Below: how.

#include <lloyd/detail/base/open_detail.inc>

/// The members of cluster_sums, in namespace detail: their code depends on the compiler's flags (see open_detail.inc).
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
        return {layout(sums), sums.numbers_, sums.centers_.elements(), sums.references_, sums.bytes_};
    }
    static all_sums no_sums_for(std::span<const double> centers, std::ptrdiff_t channels, bool bytes);
    static bool refer_to(const all_sums& sums, std::span<const double> centers, std::ptrdiff_t channels, bool bytes);
};

template <std::size_t Channels>
cluster_sums<Channels> sums_parts<Channels>::no_sums_for(std::span<const double> centers, std::ptrdiff_t channels,
                                                         bool bytes) {
    all_sums none;
    none.centers_ = uninitialized_image<double, Channels>(std::ssize(centers) / channels, 1, channels);
    none.bytes_ = bytes;
    std::copy(centers.begin(), centers.end(), none.centers_.data());
    for (const double center : centers) none.references_.push_back(reference_of(center, bytes));
    none.numbers_.resize(layout(none).size());
    return none;
}

template <std::size_t Channels>
bool sums_parts<Channels>::refer_to(const all_sums& sums, std::span<const double> centers, std::ptrdiff_t channels,
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
    check_threads("cluster_sums", options.threads);
    const auto given = start_centers<T>("cluster_sums", "centers", as_view(centers), channels);
    if (!sums.empty() && bytes != sums.bytes_)
        refuse("cluster_sums: elements have ", 8 * sizeof(T), " bits, but those summed had ",
               sums.bytes_ ? "8" : "more");
    if (!sums.empty() && !refer_to(sums, given.span(), channels, bytes))
        refuse("cluster_sums: centers are not those that the sums are about; each step needs sums of its own");
    const auto unit = check_each_weight("cluster_sums", options.weights, points.size());
    const weighted_pixels<T> weighted("cluster_sums", points, options.weights, unit, given);

    auto added = no_sums_for(given.span(), channels, bytes);
    const auto set = weighted.points();
    if (!set.pixels.empty())
        sum_block(set, unit.integer, given.span(), added.references_, options.threads, added.numbers_);
    merge(sums, added);
}

template <std::size_t Channels>
void sums_parts<Channels>::merge(all_sums& sums, const all_sums& other) {
    if (other.empty()) return;
    if (!sums.empty() && !refer_to(sums, other.centers_.elements(), other.centers_.channels(), other.bytes_))
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
