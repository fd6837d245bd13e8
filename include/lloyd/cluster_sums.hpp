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

#include <lloyd/detail/base/entry.hpp>
#include <lloyd/detail/base/image_traits.hpp>
#include <lloyd/detail/kmeans_common/point_views.hpp>
#include <lloyd/image.hpp>

namespace lloyd::inline v0 {

/// The weights of a block's points, and how many threads to use.
struct accumulate_options {
    /// One for each point of the block, finite and ≥ 0. Empty: all 1.
    std::span<const double> weights = {};
    /// At least 0; 0 uses as many as can run at a time: the CPUs that the process may use, but no more than a
    /// container's quota. The result does not depend on it.
    int threads = 1;
};

}  // namespace lloyd::inline v0

namespace lloyd::inline v0::detail {

/// What cluster_sums holds, for any number of channels. (Members are written out to be always inlined: otherwise files
/// compiled with different flags would share their code.)
struct any_sums {
    [[gnu::always_inline]] any_sums() = default;
    [[gnu::always_inline]] any_sums(const any_sums&) = default;
    [[gnu::always_inline]] any_sums(any_sums&&) noexcept = default;
    [[gnu::always_inline]] any_sums& operator=(const any_sums&) = default;
    [[gnu::always_inline]] any_sums& operator=(any_sums&&) noexcept = default;
    [[gnu::always_inline]] ~any_sums() = default;

    [[gnu::always_inline]] bool empty() const { return centers.empty(); }

    image<double> centers;           ///< k×1
    std::vector<double> references;  ///< k × channels: the centers, or near them (see reference_of)
    std::vector<double> numbers;     ///< k · (channels + 1) + 1, see sums_layout
    bool bytes = false;              ///< whether the points are of 8-bit elements
};

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

/// `channels` are those of the type of the sums.
template <class T>
void accumulate_block(any_sums& sums, std::size_t channels, image_view<const T> block, image_view<const double> centers,
                      const accumulate_options& options);
template <class = entry>
void merge_sums(any_sums& sums, const any_sums& other);
template <class = entry>
image<double> means_of_sums(const any_sums& sums);
template <class = entry>
double compactness_of_sums(const any_sums& sums);

#include <lloyd/detail/base/close_entries.inc>

namespace lloyd::inline v0 {

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
        using T = value_type_of<Image>;
        static_assert(detail::is_coordinate<T>,
                      "cluster_sums: elements must be std::uint8_t, std::uint16_t, float or double");
        static_assert(std::is_same_v<value_type_of<Centers>, double>, "cluster_sums: centers must be double");
        detail::accumulate_block<T>(sums_, Channels, detail::as_view(block), detail::as_view(centers), options);
    }

    /// Adds the sums of other points with the same centers. Throws std::invalid_argument, and leaves these sums as they
    /// were, when the centers differ or a sum would exceed the range of double. Cost O(k · channels).
    [[gnu::always_inline]] void merge(const cluster_sums& other) { detail::merge_sums(sums_, other.sums_); }

    /// The mean of each cluster, k×1: the next centers. A cluster without weight keeps its center. Means of 8-bit data
    /// lie on the grid of 2^-16, as in kmeans.
    [[gnu::always_inline]] image<double, Channels> means() const {
        return detail::with_channels<Channels>(detail::means_of_sums(sums_));
    }

    /// Σ weight · squared distance to the nearest center, in squared units of the data.
    [[gnu::always_inline]] double compactness() const { return detail::compactness_of_sums(sums_); }

    /// The weight of each cluster: k numbers, valid until the sums change.
    [[gnu::always_inline]] std::span<const double> weights() const& {
        return std::span(sums_.numbers).first(static_cast<std::size_t>(size()));
    }
    void weights() && = delete;

    /// The centers of this step, k×1; those of 8-bit data are rounded to their grid.
    [[gnu::always_inline]] image_view<const double, Channels> centers() const& {
        if (empty()) return {};
        return image_view<const double, Channels>(sums_.centers);
    }
    void centers() && = delete;

    /// All sums, as k · (channels + 1) + 1 numbers. Those of other points with the same centers may be added to them
    /// one by one, in any way: with MPI_Allreduce and MPI_SUM, or from a file.
    ///
    /// First the weight of each cluster; then, cluster by cluster and channel by channel, Σ weight · (x − center); last
    /// Σ weight · |x − center|². For 8-bit data `center` is here the center rounded to integers from 0 to 255. Numbers
    /// are in the units of the data, and rounded to double.
    [[gnu::always_inline]] std::span<double> numbers() & { return sums_.numbers; }
    /// The same, to be read.
    [[gnu::always_inline]] std::span<const double> numbers() const& { return sums_.numbers; }
    void numbers() && = delete;

    /// k, or 0 before anything was accumulated.
    [[gnu::always_inline]] std::ptrdiff_t size() const { return sums_.centers.width(); }
    /// Whether nothing was accumulated, not even a block without points.
    [[gnu::always_inline]] bool empty() const { return size() == 0; }

private:
    detail::any_sums sums_;
};

}  // namespace lloyd::inline v0

// Below: how.
#if !defined(LLOYD_COMPILED) || defined(LLOYD_COMPILING)

#include <lloyd/detail/base/checks.hpp>
#include <lloyd/detail/kmeans/mergeable_sums.hpp>
#include <lloyd/detail/kmeans_common/inputs.hpp>
#include <lloyd/detail/kmeans_common/point_set.hpp>
#include <lloyd/detail/kmeans_common/weighted_pixels.hpp>
#include <lloyd/detail/kmeans_common/weights.hpp>

#include <lloyd/detail/base/open_detail.inc>

inline sums_layout layout_of(const any_sums& sums) {
    return {static_cast<std::size_t>(sums.centers.width()), static_cast<std::size_t>(sums.centers.channels())};
}

inline summed_points summed(const any_sums& sums) {
    return {layout_of(sums), sums.numbers, sums.centers.elements(), sums.references, sums.bytes};
}

inline any_sums no_sums_for(std::span<const double> centers, std::ptrdiff_t channels, bool bytes) {
    any_sums none;
    none.centers = uninitialized_image<double>(std::ssize(centers) / channels, 1, channels);
    none.bytes = bytes;
    std::copy(centers.begin(), centers.end(), none.centers.data());
    for (const double center : centers) none.references.push_back(reference_of(center, bytes));
    none.numbers.resize(layout_of(none).size());
    return none;
}

inline bool refer_to(const any_sums& sums, std::span<const double> centers, std::ptrdiff_t channels, bool bytes) {
    const auto own = sums.centers.elements();
    return bytes == sums.bytes && channels == sums.centers.channels() &&
           std::equal(centers.begin(), centers.end(), own.begin(), own.end());
}

}  // namespace lloyd::inline v0::detail

#include <lloyd/detail/base/open_entries.inc>

template <class T>
void accumulate_block(any_sums& sums, std::size_t channels_of_sums, image_view<const T> block,
                      image_view<const double> centers, const accumulate_options& options) {
    constexpr bool bytes = std::is_same_v<T, std::uint8_t>;
    const auto channels = block.empty() ? centers.channels() : block.channels();
    if (centers.empty()) refuse("cluster_sums: centers is empty, but needs at least 1 center");
    if (channels_of_sums != std::dynamic_extent && channels != static_cast<std::ptrdiff_t>(channels_of_sums))
        refuse("cluster_sums: the data has ", channels, " channels, but the sums have ", channels_of_sums);
    check_threads("cluster_sums", options.threads);
    const auto given = start_centers("cluster_sums", "centers", centers, channels, bytes);
    if (!sums.empty() && bytes != sums.bytes)
        refuse("cluster_sums: elements have ", 8 * sizeof(T), " bits, but those summed had ",
               sums.bytes ? "8" : "more");
    if (!sums.empty() && !refer_to(sums, given.span(), channels, bytes))
        refuse("cluster_sums: centers are not those that the sums are about; each step needs sums of its own");
    const auto unit = check_each_weight("cluster_sums", options.weights, block.size());
    const weighted_pixels<T> weighted("cluster_sums", block, options.weights, unit, given);

    auto added = no_sums_for(given.span(), channels, bytes);
    const auto points = weighted.points();
    if (points.size() > 0) sum_block(points, given.span(), added.references, options.threads, added.numbers);
    merge_sums(sums, added);
}

template <class>
void merge_sums(any_sums& sums, const any_sums& other) {
    if (other.empty()) return;
    if (!sums.empty() && !refer_to(sums, other.centers.elements(), other.centers.channels(), other.bytes))
        refuse("cluster_sums: the sums to merge are about other centers, or of other elements");
    auto sum = other;
    for (std::size_t i = 0; i < sums.numbers.size(); ++i) sum.numbers[i] += sums.numbers[i];
    for (std::size_t i = 0; i + 1 < sum.numbers.size(); ++i)  // the last may be infinite, as compactness may
        if (!is_finite(sum.numbers[i]))
            refuse("cluster_sums: numbers[", i, "] is ", sum.numbers[i],
                   ", but must be finite; scale data or weights down");
    sums = std::move(sum);
}

template <class>
image<double> means_of_sums(const any_sums& sums) {
    auto means = sums.centers;
    write_means(summed(sums), means.elements());
    return means;
}

template <class>
double compactness_of_sums(const any_sums& sums) {
    return sums.empty() ? 0 : compactness_of(summed(sums));
}

#include <lloyd/detail/base/close_entries.inc>

#endif
